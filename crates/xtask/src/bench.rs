//! `cargo xtask bench`: measurements, side by side.

use anyhow::Result;

use crate::tools::{self, Tools};
use crate::{repository, wheel};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Import time of the same module, universal and native, on each Python; file sizes; build time
    Load {
        /// A Python by its full name in `cardan pythons`; may be given several times [default: all]
        #[arg(long, value_name = "NAME")]
        on: Vec<String>,
        /// How many processes for each number
        #[arg(long, default_value_t = 40)]
        runs: u32,
    },
    /// Handles beside hand-written C and HPy, debug mode, and what growth costs, on each Python
    Handles {
        /// A Python by its full name in `cardan pythons`; may be given several times [default: all]
        #[arg(long, value_name = "NAME")]
        on: Vec<String>,
        /// How many rounds for each number
        #[arg(long, default_value_t = 60)]
        rounds: u32,
    },
}

/// Measures, and writes a table to bench/results/.
pub fn run(arguments: &Arguments) -> Result<()> {
    tools::system()?;
    let (cardan, tools) = (tools::cardan()?, Tools::get()?);
    let mut command = tools.command("python");
    let on = match &arguments.what {
        What::Load { on, runs } => {
            command.arg(repository::path("bench/load.py")).arg("--cardan").arg(cardan);
            command
                .arg("--source")
                .arg(repository::path("examples/c-inventory"))
                .args(["--module", "inventory._inventory"]);
            command.arg("--output").arg(repository::path("bench/results/load.md")).arg("--runs").arg(runs.to_string());
            on
        }
        What::Handles { on, rounds } => {
            let wheel = wheel::build(None, &repository::path("target/bench"))?;
            command.arg(repository::path("bench/handles/run.py")).arg("--cardan").arg(cardan).arg("--wheel").arg(wheel);
            command.arg("--output").arg(repository::path("bench/results/handles.md"));
            command.arg("--rounds").arg(rounds.to_string());
            on
        }
    };
    command.args(on.iter().flat_map(|name| ["--on", name]));
    tools::run(&mut command)
}
