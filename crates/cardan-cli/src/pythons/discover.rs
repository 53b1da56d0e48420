//! Finding the interpreters on this machine.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::memory::Memory;
use super::python::{Facts, Python, sort_and_name};
use crate::error::Result;
use crate::folders;
use crate::platform::os_string;

/// What was found.
pub struct Found {
    /// The interpreters, sorted and named.
    pub pythons: Vec<Python>,
    /// Files that look like an interpreter and did not answer as one, with the reason.
    pub broken: Vec<(PathBuf, String)>,
}

/// Looks in all places and asks each interpreter what it is, several at a time.
pub fn discover() -> Result<Found> {
    let candidates = candidates()?;
    let memory = Memory::load();
    let answers = ask(&candidates, &memory);
    memory.keep(candidates.iter().zip(&answers).filter_map(|(path, answer)| Some((path, answer.as_ref().ok()?))));
    let mut found = Found { pythons: Vec::new(), broken: Vec::new() };
    let mut known: HashMap<_, usize> = HashMap::new();
    for (candidate, answer) in candidates.into_iter().zip(answers) {
        match answer {
            Ok(facts) => {
                let in_venv = facts.prefix != facts.base_prefix;
                let executable = executable(&candidate, &facts);
                let python = Python::new(&executable, facts);
                match known.get(&identity(&python.facts)) {
                    None => {
                        known.insert(identity(&python.facts), found.pythons.len());
                        found.pythons.push(python);
                    }
                    // The interpreter itself is a better witness than an environment made from it.
                    Some(&index) if !in_venv && is_in_venv(&found.pythons[index]) => found.pythons[index] = python,
                    Some(_) => {}
                }
            }
            Err(reason) => found.broken.push((candidate, reason.message().to_owned())),
        }
    }
    sort_and_name(&mut found.pythons);
    Ok(found)
}

fn is_in_venv(python: &Python) -> bool {
    python.facts.prefix != python.facts.base_prefix
}

/// The executable behind a candidate: what it says, and for a virtual environment what that was made from.
fn executable(candidate: &Path, facts: &Facts) -> PathBuf {
    let said = if facts.prefix == facts.base_prefix { &facts.executable } else { &facts.base_executable };
    if said.is_absolute() && said.exists() { said.clone() } else { candidate.to_owned() }
}

/// What makes two executables the same interpreter.
fn identity(facts: &Facts) -> impl Eq + std::hash::Hash + use<> {
    let prefix = facts.base_prefix.canonicalize().unwrap_or_else(|_| facts.base_prefix.clone());
    (facts.full_name(), facts.version.clone(), facts.implementation_version.clone(), prefix)
}

/// Probes all candidates, as many at a time as there are processors.
fn ask(candidates: &[PathBuf], memory: &Memory) -> Vec<Result<Facts>> {
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, usize::from).min(candidates.len());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(candidate) = candidates.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let answer = memory.ask(candidate);
                    if let Ok(mut answers) = answers.lock() {
                        answers.push((candidate, answer));
                    }
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap_or_default();
    answers.sort_by_key(|(candidate, _)| candidates.iter().position(|other| other == *candidate));
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// Every file that may be an interpreter, each file once, in the order in which the places are named in the manual.
fn candidates() -> Result<Vec<PathBuf>> {
    let mut all = listed();
    for folder in folders_to_search()? {
        all.extend(interpreters_in(&folder));
    }
    if let Ok(list) = std::fs::read(folders::development_hosts()?.join("pythons.txt")) {
        let lines = list.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        all.extend(lines.map(|line| os_string(line.to_vec()).into()).filter(|path: &PathBuf| path.exists()));
    }
    let mut seen = HashSet::new();
    all.retain(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
    Ok(all)
}

/// The executables that `CARDAN_PYTHONS` lists.
fn listed() -> Vec<PathBuf> {
    let list = std::env::var_os("CARDAN_PYTHONS").unwrap_or_default();
    std::env::split_paths(&list).filter(|path| !path.as_os_str().is_empty()).collect()
}

/// The folders of executables: `PATH`, pyenv's, uv's, the system's. A folder may be named twice, or be missing.
fn folders_to_search() -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for folder in std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()) {
        if !folder.is_absolute() {
            continue;
        }
        // pyenv's shims are scripts that choose among the versions beside them: look at those themselves.
        let versions = folder.parent().map(|root| root.join("versions"));
        match versions {
            Some(versions) if folder.ends_with("shims") && versions.is_dir() => all.extend(binaries_below(&versions)),
            _ => all.push(folder),
        }
    }
    let pyenv = match std::env::var_os("PYENV_ROOT") {
        Some(root) if !root.is_empty() => PathBuf::from(root),
        _ => folders::home()?.join(".pyenv"),
    };
    all.extend(binaries_below(&pyenv.join("versions")));
    let uv = match std::env::var_os("UV_PYTHON_INSTALL_DIR") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => folders::data()?.join("uv").join("python"),
    };
    all.extend(binaries_below(&uv));
    all.extend(["/usr/bin", "/usr/local/bin"].map(PathBuf::from));
    all.extend(binaries_below(Path::new("/opt")));
    Ok(all)
}

/// `FOLDER/*/bin`, sorted.
fn binaries_below(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().map(|entry| entry.join("bin")).collect()
}

/// The files in `folder` that are named like an interpreter, sorted.
fn interpreters_in(folder: &Path) -> Vec<PathBuf> {
    let named = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).is_some_and(is_interpreter_name);
    entries(folder).into_iter().filter(|path| named(path) && path.is_file()).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    // A folder that is missing or closed to this user has nothing to offer.
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

/// Whether a file of this name is an interpreter of Python 3: a known word, a version, and flags, with nothing else.
fn is_interpreter_name(name: &str) -> bool {
    let name = name.strip_suffix(std::env::consts::EXE_SUFFIX).unwrap_or(name);
    let rest = ["python", "pypy", "graalpy", "rustpython"].iter().find_map(|word| name.strip_prefix(word));
    rest.map(|rest| rest.trim_end_matches(['t', 'd'])).is_some_and(|version| {
        (version.is_empty() || version.starts_with(|first: char| first.is_ascii_digit() && first != '2'))
            && version.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_interpreters_of_python_3_are_run() {
        for name in ["python", "python3", "python3.13", "python3.13t", "python3.14td", "pypy3", "pypy3.11", "graalpy"] {
            assert!(is_interpreter_name(name), "{name}");
        }
        for name in ["python2", "python2.7", "python3-config", "python3.13-gdb.py", "pythonw", "pypy3-c-jit", "py"] {
            assert!(!is_interpreter_name(name), "{name}");
        }
    }
}
