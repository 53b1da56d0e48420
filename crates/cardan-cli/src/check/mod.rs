//! `cardan check`: is a wheel or a module really universal, and what does it need from a host.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::error::{Error, Result};

/// Check that a wheel or a module file is really universal, and list what it needs from a host
#[derive(clap::Args)]
pub struct Args {
    /// A wheel or an extension module
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Checks the file; the exit code is 0 only if it is universal.
pub fn run(args: Args) -> Result<ExitCode> {
    Err(Error::new(format!("cannot check {} (JSON: {}): not written yet", args.file.display(), args.json)))
}
