//! What `cardan build` tells the compiler wrapper and the build's Python: one JSON file per build.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Context, Error, Result};
use crate::kit::Kit;
use crate::platform::link;
use crate::text;

/// The environment variable that names the file.
pub const VARIABLE: &str = "CARDAN_TOOLCHAIN";

/// The compilers' names that the wrapper answers to, and whether each is a C++ compiler.
pub const NAMES: [(&str, bool); 6] =
    [("cc", false), ("gcc", false), ("clang", false), ("c++", true), ("g++", true), ("clang++", true)];

/// Everything that a build's compiler wrapper and Python have to know.
#[derive(Debug, Serialize, Deserialize)]
pub struct Toolchain {
    /// The folder of our `Python.h`.
    #[serde(with = "text::path")]
    pub include: PathBuf,
    /// The folder that the build's Python names as that of its headers.
    #[serde(with = "text::path")]
    pub announced_include: PathBuf,
    /// The import library.
    #[serde(with = "text::path")]
    pub library: PathBuf,
    /// The folder of compiler names that lead to the wrapper.
    #[serde(with = "text::path")]
    pub links: PathBuf,
    /// The real compilers by the name that they are called with, each a command in words.
    pub compilers: BTreeMap<String, Vec<String>>,
    /// The prefixes of the build's own Python: libraries and run paths below them are dropped.
    #[serde(with = "text::paths")]
    pub python_prefixes: Vec<PathBuf>,
    /// The folder that the whole build happens in; it is kept out of the binary.
    #[serde(with = "text::path")]
    pub build: PathBuf,
    /// A folder for the wrapper's own files, one folder per call.
    #[serde(with = "text::path")]
    pub scratch: PathBuf,
    /// A folder in which a failed call leaves its [`Failure`].
    #[serde(with = "text::path")]
    pub failures: PathBuf,
    /// Whether symbols and debug information stay in the module.
    pub keep_symbols: bool,
    /// What `sysconfig` answers in the build's Python.
    pub sysconfig: BTreeMap<String, serde_json::Value>,
}

impl Toolchain {
    /// Makes the parts of a tool chain in `folder`: the compilers' names, in `links`, lead to this program, and the real
    /// compilers are those of `path`. It belongs to no Python.
    ///
    /// # Errors
    /// There is no C compiler, or the folder cannot be written.
    pub fn install(folder: &Path, links: &Path, kit: &Kit, path: &OsStr, keep_symbols: bool) -> Result<Self> {
        let user = |name: &str| std::env::var(name).ok();
        let compilers = compilers(path, user("CC").as_deref(), user("CXX").as_deref())?;
        let (scratch, failures) = (folder.join("scratch"), folder.join("failures"));
        for folder in [links, &scratch, &failures] {
            std::fs::create_dir_all(folder).context(|| format!("cannot make {}", folder.display()))?;
        }
        let program = std::env::current_exe().context(|| "cannot find this program's own file".into())?;
        for (name, _) in NAMES.iter().filter(|(name, _)| compilers.contains_key(*name)) {
            let path = links.join(name);
            link(&program, &path).context(|| format!("cannot make {}", path.display()))?;
        }
        Ok(Self {
            include: kit.include.clone(),
            announced_include: kit.include.clone(),
            library: kit.library.clone(),
            links: links.to_path_buf(),
            compilers,
            python_prefixes: Vec::new(),
            build: folder.to_path_buf(),
            scratch,
            failures,
            keep_symbols,
            sysconfig: BTreeMap::new(),
        })
    }

    /// Writes the file that [`VARIABLE`] is to name.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).context(|| "cannot describe the tool chain".into())?;
        std::fs::write(file, text).context(|| format!("cannot write {}", file.display()))
    }

    /// Reads the file that the environment names.
    ///
    /// # Errors
    /// There is no such variable, or the file cannot be read.
    pub fn from_environment() -> Result<Self> {
        let path = std::env::var_os(VARIABLE).map(PathBuf::from).ok_or_else(|| {
            Error::new(format!("the compiler wrapper was called outside a build: {VARIABLE} is not set"))
                .help("use `cardan build`, which sets it")
        })?;
        let text = std::fs::read(&path).context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_slice(&text).context(|| format!("cannot read {}", path.display()))
    }

    /// The real compiler behind a name.
    ///
    /// # Errors
    /// There is none.
    pub fn compiler(&self, name: &str) -> Result<&[String]> {
        self.compilers.get(name).map(Vec::as_slice).ok_or_else(|| {
            Error::new(format!("there is no compiler `{name}` on this machine"))
                .help("install one, or name yours in the environment variables CC and CXX")
        })
    }
}

/// Why a call of the compiler failed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Failure {
    /// What the compiler was to make or read: a source file, a module.
    pub subject: String,
    /// The compiler's own words, or the wrapper's.
    pub output: String,
    /// Whether the wrapper refused what the compiler had made.
    pub refused: bool,
    /// What to do, where it is known.
    pub help: Option<String>,
    /// The sources that were to be compiled; none for a link, or for a program, as checks of the system are.
    #[serde(with = "text::paths")]
    pub sources: Vec<PathBuf>,
    /// Whether an extension module was to be linked.
    pub is_module: bool,
}

impl Failure {
    /// Leaves the failure where the build looks for it.
    pub fn record(&self, folder: &Path) -> Result<()> {
        let file = tempfile::Builder::new().suffix(".json").tempfile_in(folder).context(failures)?;
        serde_json::to_writer(&file, self).context(failures)?;
        file.keep().map(drop).context(failures)
    }

    /// Writes the failure to this file, in place of an earlier one.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_vec(self).context(failures)?;
        std::fs::write(path, text).context(failures)
    }

    /// All failures, in the order of their time.
    pub fn all(folder: &Path) -> Result<Vec<Self>> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).context(failures)? {
            let entry = entry.context(failures)?;
            files.push((entry.metadata().and_then(|data| data.modified()).context(failures)?, entry.path()));
        }
        files.sort();
        files
            .iter()
            .map(|(_, path)| serde_json::from_slice(&std::fs::read(path).context(failures)?).context(failures))
            .collect()
    }
}

fn failures() -> String {
    "cannot keep the compiler's errors".into()
}

/// Finds the machine's real compilers: what CC and CXX say, else what is on `path`.
pub fn compilers(path: &OsStr, cc: Option<&str>, cxx: Option<&str>) -> Result<BTreeMap<String, Vec<String>>> {
    let current = std::env::current_dir().context(|| "cannot tell the current folder".into())?;
    let find = |name: &str| which::which_in(name, Some(path), &current).ok();
    let mut compilers = BTreeMap::new();
    for (name, _) in NAMES {
        if let Some(found) = find(name) {
            compilers.insert(name.to_string(), vec![found.display().to_string()]);
        }
    }
    let chosen = |variable: &str, value: Option<&str>| -> Result<Option<Vec<String>>> {
        let Some(words) = value.and_then(shlex::split).filter(|words| !words.is_empty()) else { return Ok(None) };
        let found = find(&words[0]).ok_or_else(|| {
            Error::new(format!("{variable} names the compiler `{}`, which is not on PATH", words[0]))
                .help(format!("set {variable} to a compiler of this machine, or unset it"))
        })?;
        Ok(Some([vec![found.display().to_string()], words[1..].to_vec()].concat()))
    };
    let cc = chosen("CC", cc)?;
    let cxx = match chosen("CXX", cxx)? {
        Some(words) => Some(words),
        // A compiler that was chosen for C brings its own for C++: `zig cc` and `zig c++`.
        None => cc.as_ref().and_then(|words| cxx_of(words)).filter(|words| find(&words[0]).is_some()),
    };
    for (own, others, words) in [("cc", ["gcc", "clang"], cc), ("c++", ["g++", "clang++"], cxx)] {
        if let Some(words) = words {
            compilers.insert(own.into(), words);
        } else if let Some(words) = others.iter().find_map(|name| compilers.get(*name)).cloned() {
            compilers.entry(own.into()).or_insert(words);
        }
    }
    if !compilers.contains_key("cc") {
        return Err(Error::new("there is no C compiler on this machine: none of `cc`, `gcc` and `clang` is on PATH")
            .help("install one, or name yours in the environment variable CC"));
    }
    Ok(compilers)
}

/// The C++ side of a C compiler's command: its last word's ending.
fn cxx_of(words: &[String]) -> Option<Vec<String>> {
    let (last, before) = words.split_last()?;
    let stem = last.strip_suffix("gcc").map(|stem| format!("{stem}g++"));
    let stem = stem.or_else(|| last.strip_suffix("clang").map(|stem| format!("{stem}clang++")));
    let stem = stem.or_else(|| last.strip_suffix("cc").map(|stem| format!("{stem}c++")))?;
    Some([before.to_vec(), vec![stem]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_c_compiler_brings_its_own_for_cxx() {
        let of = |line: &str| cxx_of(&shlex::split(line).unwrap()).map(|words| words.join(" "));
        assert_eq!(of("/usr/bin/gcc").as_deref(), Some("/usr/bin/g++"));
        assert_eq!(of("clang").as_deref(), Some("clang++"));
        assert_eq!(of("zig cc").as_deref(), Some("zig c++"));
        assert_eq!(of("tcc-like"), None);
    }

    #[test]
    fn a_compiler_that_is_not_there_is_named() {
        let error = compilers(OsStr::new("/nonexistent"), Some("mycc -m64"), None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "error: CC names the compiler `mycc`, which is not on PATH\n  help: set CC to a compiler of this machine, or \
             unset it"
        );
    }

    #[test]
    fn no_compiler_at_all_is_said() {
        let error = compilers(OsStr::new("/nonexistent"), None, None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "error: there is no C compiler on this machine: none of `cc`, `gcc` and `clang` is on PATH\n  help: install \
             one, or name yours in the environment variable CC"
        );
    }
}
