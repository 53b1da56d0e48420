//! A host's own headers, and what they say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cardan_host::hosts::cpython::FIRST_UNKNOWN;
use serde::Deserialize;

use crate::{repository, tools};

/// What a Python is asked: itself and the folders of its headers.
const QUESTION: &str = "import json, sys, sysconfig; \
    own = getattr(sys, 'pypy_version_info', sys.implementation.version); \
    paths = sysconfig.get_paths(); \
    print(json.dumps({'implementation': sys.implementation.name, 'version': list(own[:2]), \
    'free_threaded': bool(sysconfig.get_config_var('Py_GIL_DISABLED')), \
    'include': [paths['include'], paths['platinclude']]}))";

/// What the headers say: a number for each name of `facts.c`.
pub type Facts = BTreeMap<String, u64>;

/// The headers of one Python.
#[derive(Deserialize)]
pub struct Headers {
    /// The implementation, as `sys.implementation.name` has it.
    pub implementation: String,
    /// The implementation's own version, major and minor.
    pub version: (u32, u32),
    free_threaded: bool,
    include: Vec<PathBuf>,
}

/// A way of building a Python with the same headers.
#[derive(Clone, Copy)]
pub struct Build {
    /// What the name of such a build ends with.
    pub suffix: &'static str,
    /// Whether it is for debugging.
    pub debug: bool,
    defines: &'static [&'static str],
}

/// As the headers are installed.
const INSTALLED: Build = Build { suffix: "", debug: false, defines: &[] };
const DEBUG: Build = Build { suffix: "d", debug: true, defines: &["-DPy_DEBUG=1"] };
const FREE_THREADED: Build = Build { suffix: "t", debug: false, defines: &["-DPy_GIL_DISABLED=1"] };
const FREE_THREADED_DEBUG: Build =
    Build { suffix: "td", debug: true, defines: &["-DPy_GIL_DISABLED=1", "-DPy_DEBUG=1"] };

impl Headers {
    /// Asks a Python where its headers are.
    pub fn of(executable: &Path) -> Result<Self> {
        let mut command = Command::new(executable);
        let output = tools::output(command.args(["-c", QUESTION]))?;
        let headers: Self = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("{} did not say where its headers are", executable.display()))?;
        let main = headers.include[0].join("Python.h");
        if !main.exists() {
            bail!("{}: {} is missing", executable.display(), main.display());
        }
        Ok(headers)
    }

    /// The builds that these headers describe. Of a version that was not looked at nothing is claimed in any build.
    pub fn builds(&self) -> &'static [Build] {
        let unknown = (FIRST_UNKNOWN >> 24, FIRST_UNKNOWN >> 16 & 0xFF);
        match (self.implementation.as_str(), self.free_threaded) {
            ("cpython", _) if self.version >= unknown => &[INSTALLED],
            ("cpython", true) => &[INSTALLED, DEBUG],
            ("cpython", false) if self.version >= (3, 13) => &[INSTALLED, DEBUG, FREE_THREADED, FREE_THREADED_DEBUG],
            ("cpython", false) => &[INSTALLED, DEBUG],
            _ => &[INSTALLED],
        }
    }

    /// What the headers say of such a build.
    pub fn facts(&self, build: Build) -> Result<Facts> {
        let folder = repository::path("target/offsets");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let program = folder.join("facts");
        let mut compiler = Command::new("cc");
        // The headers of PyPy 7.3.11 define a function that calls one of the host's: it is left out as long as nobody calls it.
        compiler.args(["-w", "-O1", "-ffunction-sections", "-Wl,--gc-sections"]).args(build.defines);
        for folder in &self.include {
            compiler.arg("-I").arg(folder);
        }
        compiler.arg(repository::path("crates/xtask/src/offsets/facts.c")).arg("-o").arg(&program);
        tools::run(&mut compiler)?;
        let output = tools::output(&mut Command::new(&program))?;
        parse(&String::from_utf8_lossy(&output.stdout))
    }
}

fn parse(text: &str) -> Result<Facts> {
    let line = |line: &str| {
        let (name, number) = line.split_once('\t')?;
        Some((name.to_owned(), number.parse().ok()?))
    };
    let facts: Option<Facts> = text.lines().map(line).collect();
    facts.filter(|facts| !facts.is_empty()).with_context(|| format!("facts.c said {text:?}, not names and numbers"))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_fact_is_a_name_and_a_number() {
        let facts = parse("sizeof PyObject\t16\nslot 47 tp_alloc\t304\n").unwrap();
        assert_eq!(facts["slot 47 tp_alloc"], 304);
        assert!(parse("sizeof PyObject 16\n").is_err() && parse("").is_err());
    }
}
