//! `cargo xtask served`: which names a module can be given on each host, by the host itself or by a stand-in.
//!
//! What a host exports (`cargo xtask survey`) does not tell that: a stand-in may need what the host lacks, or a layout that
//! is not known there. So a module with all names is imported by every Python found, and asked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use cardan_import_library::{Kind, SYMBOLS, Target, archive};
use cardan_spec::{Availability, Presence};
use serde::Deserialize;

use crate::repository;
use crate::tools::{self, cargo};

/// Where the answers are kept.
const TABLE: &str = "spec/hosts/served.tsv";

/// Imports the module at the path that it is given.
const IMPORT: &str = "import sys, importlib.machinery as m, importlib.util as u; \
                      loader = m.ExtensionFileLoader('probe', sys.argv[1]); \
                      u.module_from_spec(u.spec_from_file_location('probe', sys.argv[1], loader=loader))";

#[derive(clap::Args)]
pub struct Arguments {}

#[derive(Deserialize)]
struct Pythons {
    pythons: Vec<Python>,
}

#[derive(Deserialize)]
struct Python {
    name: String,
    executable: String,
}

/// Asks every Python that is a column of the survey, and writes the table.
pub fn run(_: &Arguments) -> Result<()> {
    let surveyed = Availability::load(&repository::path("spec/hosts/available.tsv"))?;
    let folder = repository::path("target/served");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let module = build(&folder)?;
    let cardan = tools::cardan()?;
    let found = tools::output(Command::new(cardan).args(["pythons", "--json"]))?.stdout;
    let found: Pythons = serde_json::from_slice(&found).context("not the JSON of `cardan pythons`")?;
    let mut columns = BTreeMap::new();
    for python in &found.pythons {
        let Some(column) = surveyed.hosts.iter().find(|host| column_of(&python.name) == **host) else { continue };
        columns.insert(column.clone(), missing(&python.executable, &module)?);
        eprintln!("{column}: {} names missing", columns[column].len());
    }
    let hosts: Vec<_> = surveyed.hosts.iter().filter(|host| columns.contains_key(*host)).cloned().collect();
    if hosts.is_empty() {
        bail!("no Python of the survey was found: `cargo xtask hosts` gets them");
    }
    let row = |name: &str| {
        let answer = |host: &String| if columns[host].contains(name) { Presence::Absent } else { Presence::Present };
        hosts.iter().map(answer).collect()
    };
    let symbols = SYMBOLS.iter().map(|symbol| (symbol.name.to_owned(), row(symbol.name))).collect();
    let path = repository::path(TABLE);
    fs::write(&path, Availability { hosts, symbols }.to_tsv())
        .with_context(|| format!("cannot write {}", path.display()))?;
    eprintln!("wrote {TABLE}");
    Ok(())
}

/// The survey's name for a Python: PyPy and GraalPy go by their own version.
pub fn column_of(python: &str) -> String {
    let parts: Vec<_> = python.split('-').collect();
    match parts[..] {
        ["pypy", _, version] if version.starts_with("8.0") => "pypy-8.0".to_owned(),
        [name @ ("pypy" | "graalpy"), _, version] => {
            let version =
                if name == "graalpy" { version.rsplit_once('.').map_or(version, |(minor, _)| minor) } else { version };
            format!("{name}-{version}")
        }
        _ => python.to_owned(),
    }
}

/// A module that has a record of every name.
fn build(folder: &Path) -> Result<std::path::PathBuf> {
    let package = repository::path("crates/cardan-static");
    let target = folder.join("runtime");
    let manifest = package.join("Cargo.toml").display().to_string();
    let mut runtime = cargo(&["build", "--quiet", "--release", "--manifest-path", &manifest]);
    tools::run(runtime.arg("--target-dir").arg(&target))?;
    let runtime = fs::read(target.join("release/libcardan_static.a")).context("the runtime was not built")?;
    let library = folder.join("libcardan.a");
    fs::write(&library, archive(Target::host()?, &runtime)?).context("cannot write the import library")?;
    // The linker takes the members that are asked for by name.
    let names = SYMBOLS.iter().map(|symbol| match symbol.kind {
        Kind::Function | Kind::ObjectVariable => format!("-Wl,--undefined={}\n", symbol.name),
        Kind::Address | Kind::Variable => format!("-Wl,--undefined=cardan_data_{}\n", symbol.name),
    });
    let response = folder.join("names.txt");
    fs::write(&response, names.collect::<String>()).context("cannot write the list of names")?;
    let module = folder.join("probe.so");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-w", "-DPy_LIMITED_API=0x030C0000", "-I"]);
    compiler.arg(repository::path("crates/cardan-capi/include")).arg("-o").arg(&module);
    compiler
        .arg(repository::path("crates/xtask/src/served/probe.c"))
        .arg(format!("@{}", response.display()))
        .arg(&library);
    tools::run(&mut compiler)?;
    Ok(module)
}

/// The names that a Python cannot be given.
fn missing(executable: &str, module: &Path) -> Result<BTreeSet<String>> {
    let output = tools::output(Command::new(executable).args(["-c", IMPORT]).arg(module).env_remove("CARDAN_HOST"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !said.lines().any(|line| line == "end") {
        bail!("{executable} did not finish: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(said.lines().filter_map(|line| line.strip_prefix("missing ")).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::column_of;

    #[test]
    fn names_of_pythons_are_those_of_the_survey() {
        let names = ["cpython-3.13t", "pypy-3.9-7.3.11", "pypy-3.11-8.0.1", "graalpy-3.12-25.2.4"];
        assert_eq!(names.map(column_of), ["cpython-3.13t", "pypy-7.3.11", "pypy-8.0", "graalpy-25.2"]);
    }
}
