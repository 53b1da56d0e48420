//! `cargo xtask safety`: random calls, changed definitions, binaries of three headers, sanitizers, failing allocations.
//!
//! `tests/safety/run.py` does it, on every Python found; this gives it what it tests.

use std::process::Command;

use anyhow::{Context, Result};

use crate::hpy_suite;
use crate::native_module;
use crate::repository;
use crate::sanitized;
use crate::tools::{self, Tools};
use crate::wheel;

#[derive(clap::Args, Default)]
pub struct Arguments {
    /// A few minutes instead of a quarter of an hour, and no results are written
    #[arg(long)]
    pub short: bool,
    /// Only this part: hostile, model, headers, sanitizers or allocations; the tables of the others stay as they are
    #[arg(long, value_name = "PART")]
    pub part: Option<String>,
}

/// Runs the parts; fails if a row of a table is not as it should be.
pub fn run(arguments: &Arguments) -> Result<()> {
    tools::system()?;
    let tools = Tools::get()?;
    let cardan = tools::cardan()?;
    let folder = repository::path("target/safety");
    for name in ["toolchain", "wheel", "sanitized-toolchain"] {
        hpy_suite::remove(&folder.join(name))?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    tools::run(Command::new(&cardan).arg("toolchain").arg(folder.join("toolchain")))?;
    let wheel = wheel::build(None, &folder.join("wheel"))?;
    let mut command = tools.command("python");
    command.arg(repository::path("tests/safety/run.py")).arg("--cardan").arg(&cardan);
    command.arg("--toolchain").arg(folder.join("toolchain")).arg("--wheel").arg(wheel);
    if arguments.part.as_deref().is_none_or(|part| part == "sanitizers") {
        let runtime = sanitized::build("crates/cardan-static/Cargo.toml")?.join("libcardan_static.a");
        let toolchain = folder.join("sanitized-toolchain");
        tools::run(Command::new(&cardan).arg("toolchain").arg(&toolchain).arg("--runtime").arg(runtime))?;
        let module = sanitized::build(native_module::MANIFEST)?.join(native_module::file());
        command.arg("--sanitized-toolchain").arg(toolchain).arg("--sanitized-module").arg(module);
    }
    command.arg("--sdist").arg(hpy_suite::sdist(&tools)?).arg("--work").arg(&folder);
    if let Some(part) = &arguments.part {
        command.args(["--part", part]);
    }
    if arguments.short {
        command.arg("--short");
    } else {
        command.arg("--results").arg(repository::path("tests/safety/results.md"));
    }
    tools::run(&mut command)
}
