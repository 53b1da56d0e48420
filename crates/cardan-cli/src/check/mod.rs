//! `cardan check`: is a wheel or a module really universal, and what does it need from a host.

mod hosts;
pub mod report;
pub mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::error::Result;
use crate::output;
use report::Report;

/// Check that a wheel or a module file is really universal, and list what it needs from a host
///
/// The exit code is 0 only if the file is universal.
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
    let report = Report::of(&args.file)?;
    if args.json {
        output::print_json(&report)?;
    } else {
        text::print(&report)?;
    }
    Ok(if report.universal { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
