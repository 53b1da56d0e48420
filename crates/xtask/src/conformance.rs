//! `cargo xtask conformance`: the conformance suite of the handle API, from modules that are compiled once.
//!
//! Each Python runs it in the production context, in the same without any knowledge of the host's layouts
//! (`CARDAN_HOST=generic`), and in the debug context (`CARDAN=debug`). What the suite is and how others can run it says
//! `conformance/README.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use comfy_table::{Table, presets};
use serde::Deserialize;

use crate::hosts;
use crate::repository;
use crate::tools::{self, Tools};
use crate::wheel;

/// A way of running the suite: the column of the table, and the variable that asks for it.
struct Way {
    name: &'static str,
    variable: Option<(&'static str, &'static str)>,
}

const WAYS: [Way; 3] = [
    Way { name: "production", variable: None },
    Way { name: "generic", variable: Some(("CARDAN_HOST", "generic")) },
    Way { name: "debug", variable: Some(("CARDAN", "debug")) },
];

#[derive(clap::Args, Default)]
pub struct Arguments {
    /// The Pythons, as `cardan test --on` takes them [default: the newest of each kind]
    #[arg(long, value_name = "LIST")]
    pub on: Option<String>,
    /// Only one way of running it: production, generic or debug
    #[arg(long, value_name = "NAME")]
    pub way: Option<String>,
    /// Do not look for more hosts than there are
    #[arg(long)]
    pub no_hosts: bool,
    /// Arguments for pytest, such as `-k NAME`
    #[arg(last = true)]
    pub pytest: Vec<String>,
}

/// What the suite writes for one Python.
#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    passed: usize,
    #[serde(default)]
    skipped: usize,
    #[serde(default)]
    failed: usize,
}

/// Compiles the modules, runs the suite everywhere and prints the table.
pub fn run(arguments: &Arguments) -> Result<()> {
    tools::system()?;
    Tools::get()?;
    if !arguments.no_hosts && arguments.on.is_none() {
        hosts::run(&hosts::Arguments::default())?;
    }
    let ways: Vec<&Way> =
        WAYS.iter().filter(|way| arguments.way.as_deref().is_none_or(|name| name == way.name)).collect();
    if ways.is_empty() {
        bail!("--way takes one of production, generic and debug, found {:?}", arguments.way.as_deref().unwrap_or(""));
    }
    let cardan = tools::cardan()?;
    let folder = repository::path("target/conformance");
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot remove {}", folder.display()));
        }
        _ => {}
    }
    let on = match &arguments.on {
        Some(on) => on.clone(),
        None => finished(&cardan)?,
    };
    let modules = compile(&cardan, &folder)?;
    let wheel = wheel::build(None, &folder.join("wheel"))?;
    let mut passed = true;
    for way in &ways {
        passed &= test(&cardan, &wheel, &modules, &folder, way, (&on, arguments))?;
    }
    println!("{}", table(&folder, &ways)?);
    if !passed {
        bail!("the suite does not pass everywhere");
    }
    Ok(())
}

/// What `conformance/hosts.toml` says.
#[derive(Deserialize)]
struct Unfinished {
    #[serde(default)]
    unfinished: Vec<UnfinishedHost>,
}

/// A host that the suite does not pass on yet.
#[derive(Deserialize)]
struct UnfinishedHost {
    name: String,
    reason: String,
}

/// The Pythons that the suite runs on when none is asked for, as a list. Says which are left out.
fn finished(cardan: &Path) -> Result<String> {
    let path = repository::path("conformance/hosts.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let known: Unfinished = toml::from_str(&text).with_context(|| path.display().to_string())?;
    let names = hosts::default_names(cardan)?;
    let mut kept = Vec::new();
    for name in names {
        match known.unfinished.iter().find(|host| name.starts_with(&host.name)) {
            Some(host) => eprintln!("{name}: the conformance suite is skipped: {}", host.reason),
            None => kept.push(name),
        }
    }
    if kept.is_empty() {
        bail!("no Python was found that the suite passes on; name some with --on");
    }
    Ok(kept.join(","))
}

/// Compiles each source of the suite; the folder of the modules.
fn compile(cardan: &Path, folder: &Path) -> Result<PathBuf> {
    let modules = folder.join("modules");
    fs::create_dir_all(&modules).with_context(|| format!("cannot make {}", modules.display()))?;
    let toolchain = folder.join("toolchain");
    tools::run(Command::new(cardan).arg("toolchain").arg(&toolchain).stdout(Stdio::null()))?;
    let sources = repository::path("conformance/handles/modules");
    for name in tools::names(&sources) {
        let Some(stem) = name.strip_suffix(".c") else { continue };
        let mut compiler = Command::new(toolchain.join("bin/cc"));
        compiler.env("CARDAN_TOOLCHAIN", toolchain.join("toolchain.json"));
        compiler.args(["-shared", "-O2", "-pthread", "-Wall", "-Wextra", "-Werror"]).arg(sources.join(&name));
        compiler.arg("-o").arg(modules.join(format!("cases_{stem}.so")));
        tools::run(&mut compiler)?;
    }
    Ok(modules)
}

/// Runs the suite in one way on all Pythons. False if something failed.
fn test(
    cardan: &Path,
    wheel: &Path,
    modules: &Path,
    folder: &Path,
    way: &Way,
    (on, arguments): (&str, &Arguments),
) -> Result<bool> {
    let mut command = Command::new(cardan);
    command.arg("test").arg(wheel).args(["--timeout", "1800", "--with", "pytest", "--cwd"]).arg(repository::path(""));
    command.args(["--on", on]);
    command.args(["--", "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "conformance/handles", "--modules"]);
    command.arg(modules).arg("--report").arg(folder.join("reports").join(way.name)).args(&arguments.pytest);
    if let Some((variable, value)) = way.variable {
        command.env(variable, value);
    }
    eprintln!("the {} context:", way.name);
    let status = command.stdin(Stdio::null()).status();
    Ok(status.with_context(|| format!("cannot start {}", cardan.display()))?.success())
}

/// One row for each Python, one column for each way.
fn table(folder: &Path, ways: &[&Way]) -> Result<Table> {
    let mut rows: BTreeMap<String, BTreeMap<&str, Report>> = BTreeMap::new();
    for way in ways {
        let reports = folder.join("reports").join(way.name);
        for file in tools::names(&reports) {
            let path = reports.join(&file);
            let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let report = serde_json::from_slice(&text).with_context(|| path.display().to_string())?;
            rows.entry(file.trim_end_matches(".json").to_owned()).or_default().insert(way.name, report);
        }
    }
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN);
    table.set_header(std::iter::once("Python").chain(ways.iter().map(|way| way.name)));
    for (python, reports) in rows {
        let cells = ways.iter().map(|way| reports.get(way.name).map_or("ended early".to_owned(), cell));
        table.add_row(std::iter::once(python).chain(cells));
    }
    Ok(table)
}

/// How many cases passed, and how many did otherwise.
fn cell(report: &Report) -> String {
    let mut text = report.passed.to_string();
    for (count, word) in [(report.skipped, "skipped"), (report.failed, "FAILED")] {
        if count > 0 {
            text.push_str(&format!(", {count} {word}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_counts_what_did_not_pass() {
        assert_eq!(cell(&Report { passed: 5, skipped: 0, failed: 0 }), "5");
        assert_eq!(cell(&Report { passed: 5, skipped: 1, failed: 2 }), "5, 1 skipped, 2 FAILED");
    }
}
