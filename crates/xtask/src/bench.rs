//! `cargo xtask bench`: measurements, side by side.

use anyhow::Result;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Import time of the same module, universal and native; file sizes; build time
    Load,
}

/// Measures.
pub fn run(arguments: &Arguments) -> Result<()> {
    match arguments.what {
        What::Load => Ok(()),
    }
}
