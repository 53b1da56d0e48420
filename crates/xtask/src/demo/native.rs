//! The same package, built for one Python in the usual way: beside a test that is known to fail there.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::report::Column;
use crate::packages::Package;
use crate::repository;
use crate::tools::{self, Tools};

/// How long the tests may run, in seconds.
const LIMIT: &str = "120";

#[derive(Deserialize)]
struct Pythons {
    pythons: Vec<Python>,
}

#[derive(Deserialize)]
struct Python {
    name: String,
    executable: String,
}

/// Adds a note for each Python with known failures: how the package's tests end there when it is built for that Python.
pub fn compare(column: &mut Column, package: &Package, cardan: &Path, tools: &Tools) -> Result<()> {
    let hosts: Vec<_> = column.outcomes.iter().map(|(name, ..)| name.clone()).collect();
    for host in hosts.iter().filter(|host| !package.known_on(host, false).is_empty()) {
        let line = match run(column, package, host, cardan, tools) {
            Ok(line) => line,
            Err(error) => format!("{error:#}"),
        };
        column.notes.push(format!("{} on {host}, built for it in the usual way: {line}", column.name));
    }
    Ok(())
}

/// pytest's closing line.
fn run(column: &Column, package: &Package, host: &str, cardan: &Path, tools: &Tools) -> Result<String> {
    let pythons = tools::output(Command::new(cardan).args(["pythons", "--json"]))?.stdout;
    let pythons: Pythons = serde_json::from_slice(&pythons).context("not the JSON of `cardan pythons`")?;
    let python = pythons.pythons.iter().find(|python| python.name == host);
    let python = python.with_context(|| format!("{host} is gone"))?;
    let folder = repository::path("target/demo/native").join(&column.name).join(host);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    tools::run(Command::new(&python.executable).args(["-I", "-m", "venv", "--without-pip"]).arg(&folder))?;
    let own = folder.join("bin/python");
    let mut pip = tools.command("python");
    pip.args(["-m", "pip", "--python"]).arg(&own).args(["install", "--quiet", "--no-input"]);
    pip.arg("--disable-pip-version-check").args(package.requirements()).arg(&column.source);
    tools::run(&mut pip)?;
    // A test that never ends here may be why it is known.
    let mut command = Command::new("timeout");
    command.args(["--signal=KILL", LIMIT]).arg(&own).args(package.native_test_command());
    command.current_dir(repository::path("target/demo/tests").join(&column.name));
    command.env_remove("PYTHONPATH").env("PYTHONDONTWRITEBYTECODE", "1");
    let output = tools::output(&mut command)?;
    if output.status.code().is_none_or(|code| code > 128) {
        return Ok(format!("it did not end within {LIMIT} s, or died ({})", output.status));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let line = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no output");
    Ok(line.trim_matches(['=', ' ']).to_owned())
}
