//! Which Python runs the build.

use std::ffi::OsStr;

use pep440_rs::{Version, VersionSpecifiers};

use crate::error::{Error, Result};
use crate::pythons::discover::Found;
use crate::pythons::python::Python;
use crate::pythons::select::select;

/// The oldest and newest Python that the build is run with: current back ends need the first, and what is newer than
/// the second is not yet known to every back end.
const OLDEST: (u32, u32) = (3, 10);
const NEWEST: (u32, u32) = (3, 14);

/// Why a Python cannot run a build, if it cannot.
fn obstacle(python: &Python, requires: Option<&VersionSpecifiers>) -> Option<String> {
    let facts = &python.facts;
    let version = facts.version.minor();
    if facts.implementation != "cpython" || facts.free_threaded || facts.debug {
        return Some("the build needs CPython with the GIL".into());
    }
    if version < OLDEST {
        return Some(format!("older than {}.{}", OLDEST.0, OLDEST.1));
    }
    if !facts.venv {
        return Some("it has no venv module".into());
    }
    if !facts.pip {
        return Some("it has no pip".into());
    }
    let Ok(version) = facts.version.release().parse::<Version>() else { return Some("its version is not one".into()) };
    let refused = requires.filter(|specifiers| !specifiers.contains(&version))?;
    Some(format!("the project requires Python {refused}"))
}

/// The Python that was asked for, or the best of those found.
///
/// # Errors
/// There is none that can run a build; the error says why each cannot.
pub fn choose(found: &Found, asked: Option<&OsStr>, requires: Option<&VersionSpecifiers>) -> Result<Python> {
    if let Some(request) = asked {
        let chosen = select(found, &[request.to_owned()])?;
        let asked_for: Vec<&Python> = chosen.iter().map(|chosen| &chosen.python).collect();
        return best(&asked_for, requires).ok_or_else(|| {
            none(&format!("`--python {}` cannot run a build", request.display()), &asked_for, requires)
        });
    }
    let all: Vec<&Python> = found.pythons.iter().collect();
    best(&all, requires).ok_or_else(|| none("no Python on this machine can run the build", &all, requires))
}

fn best(pythons: &[&Python], requires: Option<&VersionSpecifiers>) -> Option<Python> {
    let usable = pythons.iter().filter(|python| obstacle(python, requires).is_none());
    usable
        .max_by_key(|python| (python.facts.version.minor() <= NEWEST, python.facts.version.clone()))
        .map(|&python| python.clone())
}

fn none(message: &str, pythons: &[&Python], requires: Option<&VersionSpecifiers>) -> Error {
    let error = Error::new(format!("{message}: expected CPython {}.{} or later with venv and pip", OLDEST.0, OLDEST.1))
        .help("install one, or name it with --python or in CARDAN_PYTHONS");
    let reasons: Vec<String> = pythons
        .iter()
        .filter_map(|python| Some(format!("  {}: {}", python.name, obstacle(python, requires)?)))
        .collect();
    if reasons.is_empty() { error } else { error.details(reasons.join("\n")) }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;
    use crate::pythons::python::tests::python;

    fn found(pythons: Vec<Python>) -> Found {
        let mut pythons = pythons;
        crate::pythons::python::sort_and_name(&mut pythons);
        Found { pythons, broken: Vec::new() }
    }

    fn all() -> Found {
        found(vec![
            python("cpython", [3, 9, 18], None, false),
            python("cpython", [3, 12, 1], None, false),
            python("cpython", [3, 13, 0], None, false),
            python("cpython", [3, 14, 0], None, true),
            python("cpython", [3, 15, 0], None, false),
            python("pypy", [3, 11, 11], Some([7, 3, 19]), false),
        ])
    }

    #[test]
    fn the_newest_that_back_ends_know_is_chosen() {
        assert_eq!(choose(&all(), None, None).unwrap().name, "cpython-3.13");
    }

    #[test]
    fn the_projects_requirement_is_kept() {
        let requires = VersionSpecifiers::from_str("<3.13").unwrap();
        assert_eq!(choose(&all(), None, Some(&requires)).unwrap().name, "cpython-3.12");
    }

    #[test]
    fn a_newer_one_is_better_than_none() {
        let only = found(vec![python("cpython", [3, 15, 0], None, false)]);
        assert_eq!(choose(&only, None, None).unwrap().name, "cpython-3.15");
    }

    #[test]
    fn where_none_fits_each_has_its_reason() {
        let few = found(vec![
            python("cpython", [3, 9, 18], None, false),
            python("pypy", [3, 11, 11], Some([7, 3, 19]), false),
        ]);
        assert_eq!(
            choose(&few, None, None).unwrap_err().to_string(),
            "error: no Python on this machine can run the build: expected CPython 3.10 or later with venv and pip\n  \
             cpython-3.9: older than 3.10\n  pypy-3.11-7.3.19: the build needs CPython with the GIL\n  help: install one, \
             or name it with --python or in CARDAN_PYTHONS"
        );
    }
}
