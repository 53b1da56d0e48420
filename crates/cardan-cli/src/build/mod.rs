//! `cardan build`: a source tree or an sdist, unchanged, becomes one wheel for every Python.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::error::{Error, Result};

/// Build one wheel for every Python from a project folder or an sdist, unchanged
#[derive(clap::Args)]
pub struct Args {
    /// A project folder or an sdist
    #[arg(default_value = ".")]
    source: PathBuf,
    /// The folder that the wheel is written to
    #[arg(short, long, value_name = "DIR", default_value = "dist")]
    output: PathBuf,
}

/// Builds the wheel and prints its path as the last line of stdout.
pub fn run(args: Args) -> Result<ExitCode> {
    Err(Error::new(format!("cannot build {} into {}: not written yet", args.source.display(), args.output.display())))
}
