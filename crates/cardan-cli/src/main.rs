//! `cardan`: builds one wheel for every Python, checks it, and tests it on every Python found.

mod build;
mod check;
mod compiler;
mod error;
mod folders;
mod kit;
mod output;
mod platform;
mod process;
mod pythons;
mod requirement;
mod test;
mod toolchain;
mod wheel;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::Result;

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
    match Cli::parse().command {
        Command::Build(args) => build::run(args),
        Command::Test(args) => test::run(args),
        Command::Check(args) => check::run(args),
        Command::Pythons(args) => pythons::run(args),
        Command::Toolchain(args) => toolchain::run(args),
    }
}

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        anstream::eprintln!("{error}");
        ExitCode::FAILURE
    })
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
