//! `cargo xtask bench`: measurements, side by side.

use anyhow::Result;

use crate::repository;
use crate::tools::{self, Tools};

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
}

/// Measures, and writes a table to bench/results/.
pub fn run(arguments: &Arguments) -> Result<()> {
    tools::system()?;
    let What::Load { on, runs } = &arguments.what;
    let (cardan, tools) = (tools::cardan()?, Tools::get()?);
    let mut command = tools.command("python");
    command.arg(repository::path("bench/load.py")).arg("--cardan").arg(cardan);
    command.arg("--source").arg(repository::path("examples/c-inventory")).args(["--module", "inventory._inventory"]);
    command.arg("--output").arg(repository::path("bench/results/load.md")).arg("--runs").arg(runs.to_string());
    command.args(on.iter().flat_map(|name| ["--on", name]));
    tools::run(&mut command)
}
