//! The command `cardan`: builds one wheel for every Python, checks it, and tests it on every Python found. It is a library so
//! that its readers can be fuzzed.

#![deny(clippy::disallowed_macros)]

mod build;
mod check;
mod compiler;
mod error;
mod folders;
pub mod fuzz;
mod kit;
mod limits;
mod output;
mod platform;
mod policies;
mod process;
mod pythons;
mod requirement;
mod test;
mod text;
mod toolchain;
mod wheel;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::{Error, Result};
use platform::Guarded;

/// One binary per platform, for every Python.
#[derive(Parser)]
#[command(name = "cardan", version, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Each command has its own module with `Args` (what it accepts) and `run` (what it does).
#[derive(Subcommand)]
enum Command {
    Build(build::Args),
    Test(test::Args),
    Check(check::Args),
    Pythons(pythons::Args),
    #[command(hide = true)]
    Toolchain(toolchain::Args),
}

fn run() -> Result<ExitCode> {
    // During a build the back end finds this program under a compiler's name, and the arguments are the compiler's.
    if compiler::called_as_compiler() {
        return compiler::run();
    }
    let command = Cli::parse().command;
    // What starts other programs has a guard, which sees to it that none of them stays, nor what they wrote.
    match command {
        Command::Build(_) | Command::Test(_) => guarded(command, Some(folders::make_temporary()?)),
        Command::Pythons(_) => guarded(command, None),
        Command::Check(_) | Command::Toolchain(_) => execute(command),
    }
}

fn execute(command: Command) -> Result<ExitCode> {
    match command {
        Command::Build(args) => build::run(args),
        Command::Test(args) => test::run(args),
        Command::Check(args) => check::run(args),
        Command::Pythons(args) => pythons::run(args),
        Command::Toolchain(args) => toolchain::run(args),
    }
}

fn guarded(command: Command, folder: Option<PathBuf>) -> Result<ExitCode> {
    let work = || {
        process::listen();
        execute(command).unwrap_or_else(failure)
    };
    let clean = || folder.iter().for_each(|folder| folders::remove(folder));
    match platform::guarded(work, clean) {
        Guarded::Ended(code) => Ok(code),
        Guarded::Interrupted => Err(Error::new("interrupted")),
        Guarded::Died(signal) => Err(Error::new(format!("the command died by {}", process::signal_name(signal)))),
    }
}

fn failure(error: Error) -> ExitCode {
    output::tell(error);
    ExitCode::FAILURE
}

/// Does what the arguments of this process say.
pub fn main() -> ExitCode {
    run().unwrap_or_else(failure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
