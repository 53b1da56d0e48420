//! `cardan test`: one wheel, installed into every Python, and a command run there.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::error::{Error, Result};

/// Install one wheel into every Python, run a command there, and show one table
#[derive(clap::Args)]
pub struct Args {
    /// The wheel
    wheel: PathBuf,
    /// The command to run in each environment; `python` is that Python
    #[arg(last = true)]
    command: Vec<String>,
}

/// Runs the command on every host; the exit code is 0 only if all passed.
pub fn run(args: Args) -> Result<ExitCode> {
    Err(Error::new(format!("cannot run {:?} with {}: not written yet", args.command, args.wheel.display())))
}
