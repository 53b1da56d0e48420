//! `cardan pythons`: which Python interpreters are on this machine, and what each can and cannot do.

use std::process::ExitCode;

use crate::error::{Error, Result};

/// List the Pythons on this machine, and what each can and cannot do
#[derive(clap::Args)]
pub struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Finds the interpreters, asks each what it is, and prints the list.
pub fn run(args: Args) -> Result<ExitCode> {
    Err(Error::new(format!("cannot list the Pythons (JSON: {}): not written yet", args.json)))
}
