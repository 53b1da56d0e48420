//! Choosing among the Pythons that were found: the list given to `--on`.

use std::ffi::OsString;
use std::path::Path;

use super::discover::Found;
use super::probe::probe;
use super::python::{OLDEST, Python};
use crate::error::{Error, Result};

/// A Python that was chosen.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The Python.
    pub python: Python,
    /// Whether it was asked for by name, so that it is a failure if it cannot run the wheel.
    pub asked_for: bool,
}

/// The Pythons that `requests` name, in the order in which they were found, each once; without requests, the newest
/// of each family, leaving out those that are too old.
///
/// A request is `all`, a path, a name, or the beginning of one: `pypy`, `3.13`, `cpython-3.13.0`, `graalpy-25.2`.
/// A request that fits none is an error that lists what there is.
pub fn select(found: &Found, requests: &[OsString]) -> Result<Vec<Chosen>> {
    let mut pythons = found.pythons.clone();
    let mut wanted = vec![false; pythons.len()];
    for request in requests {
        let name = request.to_string_lossy();
        if name.contains(std::path::MAIN_SEPARATOR) {
            let facts = probe(Path::new(request))?;
            let path = std::path::absolute(request).unwrap_or_else(|_| request.into());
            match pythons.iter().position(|python| python.executable == path) {
                Some(index) => wanted[index] = true,
                None => {
                    let python = Python::new(&path, facts);
                    let taken = pythons.iter().any(|other| other.name == python.name);
                    let name = if taken { name.into_owned() } else { python.name.clone() };
                    pythons.push(Python { name, ..python });
                    wanted.push(true);
                }
            }
            continue;
        }
        let indices = matching(&pythons, &name);
        if indices.is_empty() {
            return Err(not_there(&name, &pythons));
        }
        indices.into_iter().for_each(|index| wanted[index] = true);
    }
    if pythons.is_empty() {
        return Err(nothing_found());
    }
    if requests.is_empty() && pythons.iter().all(|python| python.refusal.is_some()) {
        return Err(nothing_usable(&pythons));
    }
    let chosen = pythons.into_iter().zip(wanted).filter_map(|(python, wanted)| {
        let by_default = requests.is_empty() && python.newest && python.facts.version.minor() >= OLDEST;
        (wanted || by_default).then_some(Chosen { python, asked_for: wanted })
    });
    Ok(chosen.collect())
}

/// The indices of the Pythons that a request (not a path) means.
fn matching(pythons: &[Python], request: &str) -> Vec<usize> {
    if request == "all" {
        return (0..pythons.len()).filter(|&index| pythons[index].refusal.is_none()).collect();
    }
    if let Some(index) = pythons.iter().position(|python| python.name == request) {
        return vec![index];
    }
    let fits: Vec<_> = (0..pythons.len()).filter(|&index| fits(&pythons[index], request)).collect();
    // A request that leaves the last number open means the newest.
    let newest: Vec<_> = fits.iter().copied().filter(|&index| pythons[index].newest).collect();
    if newest.is_empty() { fits } else { newest }
}

/// Whether each part of the request, cut at the hyphens, is the implementation or the beginning of a version of it. A
/// version alone means the reference implementation.
fn fits(python: &Python, request: &str) -> bool {
    let facts = &python.facts;
    if request.starts_with(|first: char| first.is_ascii_digit()) && !facts.is_reference() {
        return false;
    }
    request.split('-').enumerate().all(|(position, part)| {
        let version = part.trim_end_matches(['t', 'd']);
        let flags = &part[version.len()..];
        (position == 0 && part == facts.implementation)
            || (flags == facts.flags() && facts.version.starts_with(version))
            || (flags.is_empty() && facts.implementation_version.starts_with(version) && !facts.is_reference())
    })
}

fn not_there(request: &str, pythons: &[Python]) -> Error {
    let names: Vec<_> = pythons.iter().map(|python| python.name.as_str()).collect();
    let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    Error::new(format!("--on {request}: no such Python was found on this machine; found: {names}"))
        .help("`cardan pythons` says more; a path, or CARDAN_PYTHONS (a path list of executables), adds one")
}

fn nothing_found() -> Error {
    Error::new("no Python was found on this machine (looked in PATH, pyenv, uv and the system's folders)")
        .help("install one, or list executables in CARDAN_PYTHONS, separated as in PATH")
}

fn nothing_usable(pythons: &[Python]) -> Error {
    let lines = pythons.iter().map(|python| {
        format!("  {} ({}): {}\n", python.name, python.executable.display(), python.refusal.as_deref().unwrap_or(""))
    });
    Error::new("no Python on this machine can run a universal wheel")
        .details(lines.collect::<String>())
        .help("install another one, or list executables in CARDAN_PYTHONS, separated as in PATH")
}

#[cfg(test)]
mod tests {
    use super::super::python::{sort_and_name, tests::python};
    use super::*;

    fn found() -> Found {
        let mut pythons = vec![
            python("cpython", [3, 8, 18], None, false),
            python("cpython", [3, 13, 0], None, false),
            python("cpython", [3, 13, 15], None, false),
            python("cpython", [3, 13, 15], None, true),
            python("cpython", [3, 12, 1], None, false),
            python("pypy", [3, 9, 16], Some([7, 3, 11]), false),
            python("pypy", [3, 11, 11], Some([7, 3, 19]), false),
            python("graalpy", [3, 12, 8], Some([25, 2, 4]), false),
        ];
        sort_and_name(&mut pythons);
        Found { pythons, broken: Vec::new() }
    }

    fn names(requests: &[&str]) -> Vec<String> {
        let requests: Vec<_> = requests.iter().map(OsString::from).collect();
        let chosen = select(&found(), &requests).expect("all requests fit");
        chosen.into_iter().map(|chosen| chosen.python.name).collect()
    }

    #[test]
    fn a_request_is_a_name_or_the_beginning_of_one() {
        assert_eq!(names(&["3.13"]), ["cpython-3.13"]);
        assert_eq!(names(&["3.13t"]), ["cpython-3.13t"]);
        assert_eq!(names(&["3.12"]), ["cpython-3.12"]);
        assert_eq!(names(&["3.13.0"]), ["cpython-3.13.0"]);
        assert_eq!(names(&["cpython-3.13"]), ["cpython-3.13"]);
        assert_eq!(names(&["cpython-3.13.15"]), ["cpython-3.13"]);
        assert_eq!(names(&["pypy"]), ["pypy-3.9-7.3.11", "pypy-3.11-7.3.19"]);
        assert_eq!(names(&["pypy-7.3.19"]), ["pypy-3.11-7.3.19"]);
        assert_eq!(names(&["graalpy-25.2", "pypy-3.9"]), ["graalpy-3.12-25.2.4", "pypy-3.9-7.3.11"]);
        assert_eq!(names(&["all"]).len(), 7);
        assert_eq!(names(&["cpython"]), ["cpython-3.8", "cpython-3.12", "cpython-3.13", "cpython-3.13t"]);
    }

    #[test]
    fn without_a_request_the_newest_of_each_family_is_tested() {
        let chosen = select(&found(), &[]).expect("there are some");
        assert!(chosen.iter().all(|chosen| !chosen.asked_for));
        let names: Vec<_> = chosen.iter().map(|chosen| chosen.python.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "cpython-3.12",
                "cpython-3.13",
                "cpython-3.13t",
                "graalpy-3.12-25.2.4",
                "pypy-3.9-7.3.11",
                "pypy-3.11-7.3.19"
            ]
        );
    }

    #[test]
    fn a_python_that_is_not_there_is_an_error_that_lists_what_is() {
        let error = select(&found(), &["3.7".into()]).expect_err("there is no 3.7");
        assert_eq!(
            error.to_string(),
            "error: --on 3.7: no such Python was found on this machine; found: cpython-3.8, cpython-3.12, cpython-3.13, \
             cpython-3.13.0, cpython-3.13t, graalpy-3.12-25.2.4, pypy-3.9-7.3.11, pypy-3.11-7.3.19\n  \
             help: `cardan pythons` says more; a path, or CARDAN_PYTHONS (a path list of executables), adds one"
        );
    }

    #[test]
    fn no_python_at_all_is_an_error_that_says_where_it_was_looked_for() {
        let error = select(&Found { pythons: Vec::new(), broken: Vec::new() }, &[]).expect_err("there are none");
        assert_eq!(
            error.to_string(),
            "error: no Python was found on this machine (looked in PATH, pyenv, uv and the system's folders)\n  \
             help: install one, or list executables in CARDAN_PYTHONS, separated as in PATH"
        );
    }

    #[test]
    fn only_refused_pythons_is_an_error_with_their_reasons() {
        let pythons = vec![python("cpython", [3, 8, 18], None, false)];
        let error = select(&Found { pythons, broken: Vec::new() }, &[]).expect_err("3.8 is too old");
        assert_eq!(
            error.to_string(),
            "error: no Python on this machine can run a universal wheel\n  \
             cpython-3.8 (/cpython/[3, 8, 18]): older than Python 3.9, the oldest that is supported\n  \
             help: install another one, or list executables in CARDAN_PYTHONS, separated as in PATH"
        );
    }
}
