//! `cargo xtask hpy-suite`: HPy's own test suite, unchanged, over our runtime.
//!
//! The suite comes from HPy's last release. A first Python compiles what the tests have written in C, with `cardan
//! toolchain`; the others load those files. `tests/hpy_suite/` has what stands in for HPy's package, and what runs the
//! tests on one Python.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use comfy_table::{Table, presets};
use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};

use crate::hosts;
use crate::repository;
use crate::tools::{self, Tools};
use crate::wheel;

/// The release whose suite is run.
const VERSION: &str = "0.9.0";

/// How modules are loaded, as the suite calls it, in the order of the table's columns.
const ABIS: [&str; 6] = ["universal", "debug", "trace", "hybrid", "hybrid+debug", "other"];

/// The Python that compiles, unless others are asked for: the suite was written for it.
const FIRST: &str = "cpython-3.11";

#[derive(clap::Args, Default)]
pub struct Arguments {
    /// The Pythons, as `cardan test --on` takes them [default: the newest of each kind]
    #[arg(long, value_name = "LIST")]
    pub on: Option<String>,
    /// Use no knowledge of any host's struct layouts (CARDAN_HOST=generic)
    #[arg(long)]
    pub generic: bool,
    /// Do not look for more hosts than there are
    #[arg(long)]
    pub no_hosts: bool,
    /// Load the modules that an earlier run compiled
    #[arg(long)]
    pub reuse: bool,
    /// Arguments for pytest, such as `-k NAME`
    #[arg(last = true)]
    pub pytest: Vec<String>,
}

/// What `known.toml` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    #[serde(default)]
    known: Vec<Known>,
}

/// Tests that fail on some hosts for a reason of the host's own.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Known {
    hosts: Vec<String>,
    tests: Vec<String>,
    reason: String,
    #[serde(default)]
    unsteady: bool,
    /// Whether they fail only where no host's layouts are known (`--generic`).
    #[serde(default)]
    generic: bool,
}

/// What `run.py` writes for one Python.
#[derive(Deserialize)]
struct Report {
    results: BTreeMap<String, Outcome>,
    errors: Vec<String>,
    seconds: f64,
}

#[derive(Deserialize)]
struct Outcome {
    abi: String,
    outcome: String,
}

/// Runs the suite and prints the table.
pub fn run(arguments: &Arguments) -> Result<()> {
    tools::system()?;
    let tools = Tools::get()?;
    if !arguments.no_hosts && arguments.on.is_none() {
        hosts::run(&hosts::Arguments::default())?;
    }
    let cardan = tools::cardan()?;
    let suite = Suite::prepare(&tools, &cardan, arguments)?;
    let mut passed = true;
    match &arguments.on {
        Some(on) => passed &= suite.test(on, if on.contains(',') { 1 } else { 2 }, arguments)?,
        None => {
            passed &= suite.test(FIRST, 2, arguments)?;
            let others = suite.others()?;
            passed &= suite.test(&others.join(","), 1, arguments)?;
        }
    }
    let table = suite.table()?;
    println!("{table}");
    if !passed {
        bail!("HPy's suite does not pass everywhere; the whole of each result is in target/hpy-suite/reports");
    }
    Ok(())
}

/// What every Python is given.
struct Suite {
    cardan: PathBuf,
    folder: PathBuf,
    wheel: PathBuf,
    toolchain: PathBuf,
}

impl Suite {
    fn prepare(tools: &Tools, cardan: &Path, arguments: &Arguments) -> Result<Self> {
        let folder = repository::path("target/hpy-suite");
        // A run's reports are its own; what was compiled belongs to the compiler of then.
        for name in ["reports", "toolchain", "wheel"] {
            remove(&folder.join(name))?;
        }
        if !arguments.reuse {
            remove(&folder.join("modules"))?;
        }
        for name in ["reports", "modules"] {
            let path = folder.join(name);
            fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        }
        unpack(&sdist(tools)?, &folder.join("source"))?;
        tools::run(Command::new(cardan).arg("toolchain").arg(folder.join("toolchain")))?;
        let wheel = wheel::build(None, &folder.join("wheel"))?;
        let path = repository::path("tests/hpy_suite/known.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut catalogue: Catalogue = toml::from_str(&text).with_context(|| path.display().to_string())?;
        catalogue.known.retain(|known| arguments.generic || !known.generic);
        let known = folder.join("known.json");
        fs::write(&known, serde_json::to_vec(&catalogue.known)?).context("cannot write the known failures")?;
        let toolchain = folder.join("toolchain/toolchain.json");
        Ok(Self { cardan: cardan.to_path_buf(), folder, wheel, toolchain })
    }

    /// Runs the tests on these Pythons, several at a time; each may use `jobs` processes. False if something failed.
    fn test(&self, on: &str, jobs: usize, arguments: &Arguments) -> Result<bool> {
        let script = repository::path("tests/hpy_suite/run.py");
        let mut command = Command::new(&self.cardan);
        command.arg("test").arg(&self.wheel).args(["--on", on, "--cwd"]).arg(&self.folder);
        command.args(["--timeout", "3600", "--with", "pytest", "--with", "setuptools", "--with", "filelock"]);
        command.args(["--", "python"]).arg(script).arg("--suite").arg(self.folder.join("source"));
        command.arg("--known").arg(self.folder.join("known.json"));
        command.arg("--report").arg(self.folder.join("reports"));
        command.args(["--jobs", &jobs.to_string(), "--"]).args(&arguments.pytest);
        command.env("CARDAN_TOOLCHAIN", &self.toolchain).env("CARDAN_SUITE_CACHE", self.folder.join("modules"));
        if arguments.generic {
            command.env("CARDAN_HOST", "generic");
        }
        let status = command.stdin(std::process::Stdio::null()).status();
        Ok(status.with_context(|| format!("cannot start {}", self.cardan.display()))?.success())
    }

    /// The Pythons that are tested by default, but for the first.
    fn others(&self) -> Result<Vec<String>> {
        let mut names = hosts::default_names(&self.cardan)?;
        names.retain(|name| name != FIRST);
        Ok(names)
    }

    /// The table of the reports, and what was compiled.
    fn table(&self) -> Result<String> {
        let folder = self.folder.join("reports");
        let mut table = Table::new();
        table.load_preset(presets::ASCII_MARKDOWN);
        table.set_header([&["Python"][..], &ABIS, &["seconds"]].concat());
        for file in tools::names(&folder) {
            let path = folder.join(&file);
            let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let report: Report = serde_json::from_slice(&text).with_context(|| path.display().to_string())?;
            let mut row = vec![file.trim_end_matches(".json").to_owned()];
            row.extend(ABIS.iter().map(|abi| cell(&report, abi)));
            row.push(format!("{:.0}", report.seconds));
            if !report.errors.is_empty() {
                row.push("pytest failed".to_owned());
            }
            table.add_row(row);
        }
        let record = fs::read_to_string(self.folder.join("modules/compiled.txt")).unwrap_or_default();
        let mut by: BTreeMap<&str, usize> = BTreeMap::new();
        for host in record.lines().filter_map(|line| line.split_once(' ')).map(|(_, host)| host) {
            *by.entry(host).or_default() += 1;
        }
        let compiled: Vec<String> = by.iter().map(|(host, count)| format!("{count} by {host}")).collect();
        Ok(format!("{table}\n\nsources compiled: {}", if by.is_empty() { "none".into() } else { compiled.join(", ") }))
    }
}

/// What happened to the tests of one way of loading: how many passed, and how many did otherwise.
fn cell(report: &Report, abi: &str) -> String {
    let count =
        |outcome: &str| report.results.values().filter(|result| result.abi == abi && result.outcome == outcome).count();
    let mut text = count("passed").to_string();
    for (outcome, word) in [("known", "known"), ("skipped", "skipped"), ("failed", "FAILED")] {
        match count(outcome) {
            0 => {}
            number => text.push_str(&format!(", {number} {word}")),
        }
    }
    text
}

pub fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// The release as source, fetched into the user's cache if it is not there.
pub fn sdist(tools: &Tools) -> Result<PathBuf> {
    let cache = hosts::cache().context("HOME does not say where to keep HPy's sources; expected the user's folder")?;
    let folder = cache.join("hpy-suite");
    let path = folder.join(format!("hpy-{VERSION}.tar.gz"));
    if path.exists() {
        return Ok(path);
    }
    eprintln!("fetching HPy {VERSION}");
    let mut pip = tools.command("python");
    pip.args(["-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]);
    pip.args(["--no-binary", "hpy", "--dest"]).arg(&folder).arg(format!("hpy=={VERSION}"));
    tools::run(&mut pip).with_context(|| format!("cannot fetch the sources of HPy {VERSION}"))?;
    if !path.exists() {
        bail!("pip fetched no {}", path.display());
    }
    Ok(path)
}

/// Puts the suite into `folder`, and nothing else: what it tests is ours.
fn unpack(sdist: &Path, folder: &Path) -> Result<()> {
    remove(folder)?;
    let file = File::open(sdist).with_context(|| format!("cannot read {}", sdist.display()))?;
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    for entry in archive.entries().with_context(|| format!("cannot read {}", sdist.display()))? {
        let mut entry = entry.with_context(|| format!("cannot read {}", sdist.display()))?;
        let path = entry.path().context("a path in the sdist")?.into_owned();
        let inside: PathBuf = path.components().skip(1).collect();
        if inside.starts_with("test") {
            let target = folder.join(&inside);
            fs::create_dir_all(target.parent().unwrap_or(folder)).context("a folder for the suite")?;
            entry.unpack(&target).with_context(|| format!("cannot write {}", target.display()))?;
        }
    }
    if !folder.join("test/support.py").exists() {
        bail!("{} has no folder test with the suite in it", sdist.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_failures_can_be_read() {
        let text = fs::read_to_string(repository::path("tests/hpy_suite/known.toml")).unwrap();
        let catalogue: Catalogue = toml::from_str(&text).unwrap();
        assert!(catalogue.known.iter().all(|known| !known.hosts.is_empty() && !known.tests.is_empty()));
    }

    #[test]
    fn a_cell_counts_what_did_not_pass() {
        let outcome = |abi: &str, outcome: &str| Outcome { abi: abi.into(), outcome: outcome.into() };
        let results = [("a", "passed"), ("b", "passed"), ("c", "known"), ("d", "failed")];
        let results = results.map(|(id, how)| (id.to_owned(), outcome("debug", how))).into_iter().collect();
        let report = Report { results, errors: Vec::new(), seconds: 1.0 };
        assert_eq!(cell(&report, "debug"), "2, 1 known, 1 FAILED");
        assert_eq!(cell(&report, "trace"), "0");
    }
}
