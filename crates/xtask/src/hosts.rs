//! `cargo xtask hosts`: gets the interpreters that Cardan is developed with.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{repository, tools};

#[derive(clap::Args, Default)]
pub struct Arguments {
    /// Where to put them [default: $CARDAN_HOSTS, or else cardan/hosts in the user's cache]
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// The hosts, by name [default: all; an unknown name lists them]
    names: Vec<String>,
}

/// Runs `scripts/hosts.sh`, which reports on each host.
pub fn run(arguments: &Arguments) -> Result<()> {
    let script = repository::path("scripts/hosts.sh");
    let into = match &arguments.into {
        Some(folder) => folder.clone(),
        None => default_folder()?,
    };
    let status = Command::new(&script).arg(into).args(&arguments.names).status();
    let status = status.with_context(|| format!("cannot run {}", script.display()))?;
    if !status.success() {
        bail!("scripts/hosts.sh ended with {status}; it says above what is missing");
    }
    Ok(())
}

fn default_folder() -> Result<PathBuf> {
    let folder = variable("CARDAN_HOSTS").or_else(|| Some(cache()?.join("hosts")));
    folder.context("neither CARDAN_HOSTS nor HOME says where to put the interpreters; expected one, or --into DIR")
}

/// Where what is fetched stays: the folder `cardan` in the user's cache. None if nothing says where that is.
pub fn cache() -> Option<PathBuf> {
    let cache = variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")));
    Some(cache?.join("cardan"))
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The names of the Pythons that tests run on when none is asked for, as `cardan pythons` has them.
pub fn default_names(cardan: &Path) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Found {
        pythons: Vec<Python>,
    }
    #[derive(Deserialize)]
    struct Python {
        name: String,
        tested_by_default: bool,
    }
    let output = tools::output(Command::new(cardan).args(["pythons", "--json"]))?;
    let found: Found = serde_json::from_slice(&output.stdout).context("the output of cardan pythons")?;
    Ok(found.pythons.into_iter().filter(|python| python.tested_by_default).map(|python| python.name).collect())
}
