//! What a source tree says of itself: its build back end (PEP 517 and 518) and which Pythons it accepts.

use std::path::Path;
use std::str::FromStr;

use pep440_rs::VersionSpecifiers;
use serde::Deserialize;

use crate::error::{Context, Error, Result};
use crate::requirement::distribution;

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct PyProject {
    build_system: Option<BuildSystem>,
    project: Option<ProjectTable>,
    #[serde(default)]
    tool: Tool,
}

/// Other tools' tables may be of any kind.
#[derive(Default, Deserialize)]
struct Tool {
    cardan: Option<CardanTable>,
}

/// What `[tool.cardan]` may say: the project's own back end, where the declared one is ours.
#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct CardanTable {
    build_backend: Option<String>,
    #[serde(default)]
    backend_path: Vec<String>,
    #[serde(default)]
    allow_missing_extensions: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct BuildSystem {
    requires: Vec<String>,
    build_backend: Option<String>,
    #[serde(default)]
    backend_path: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ProjectTable {
    requires_python: Option<String>,
}

/// What a build has to know of a project.
#[derive(Debug)]
pub struct Project {
    /// Requirements of the build, as pip takes them.
    pub requires: Vec<String>,
    /// The back end, `module` or `module:object`.
    pub backend: String,
    /// Folders of the source tree in which the back end is looked for first.
    pub backend_path: Vec<String>,
    /// The versions of Python that it accepts.
    pub requires_python: Option<VersionSpecifiers>,
    /// Whether it can do without extensions that the compiler fails on.
    pub allow_missing_extensions: bool,
}

/// What projects without a declaration are built with.
const LEGACY_BACKEND: &str = "setuptools.build_meta:__legacy__";

/// The back end that calls this command, in the distribution `cardan`.
const OUR_DISTRIBUTION: &str = "cardan";
const OUR_BACKEND: &str = "cardan.backend";

/// What our back end stands in for where the project does not say, and the distribution that has it.
const DEFAULT_DISTRIBUTION: &str = "setuptools";
const DEFAULT_BACKEND: &str = "setuptools.build_meta";

impl Project {
    /// Reads the source tree at `root`; `source` is what errors call it.
    ///
    /// # Errors
    /// There is no build system, or `pyproject.toml` is not what the standard asks.
    pub fn read(root: &Path, source: &Path) -> Result<Self> {
        let pyproject = match std::fs::read_to_string(root.join("pyproject.toml")) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(error).context(|| unreadable(source)),
        };
        let information = std::fs::read_to_string(root.join("PKG-INFO")).ok();
        let legacy = root.join("setup.py").exists() || root.join("setup.cfg").exists();
        Self::of(pyproject.as_deref(), information.as_deref(), legacy, source)
    }

    /// What a project says by its `pyproject.toml`, by the `PKG-INFO` of an sdist, and by whether it has a `setup.py` or a
    /// `setup.cfg`.
    ///
    /// # Errors
    /// As for [`Project::read`].
    pub fn of(pyproject: Option<&str>, information: Option<&str>, legacy: bool, source: &Path) -> Result<Self> {
        let pyproject: PyProject = match pyproject {
            Some(text) => toml::from_str(text).context(|| unreadable(source))?,
            None => PyProject::default(),
        };
        if pyproject.build_system.is_none() && pyproject.project.is_none() && !legacy {
            return Err(Error::new(format!(
                "{} has no build system: expected a pyproject.toml with [build-system] or a setup.py, found neither",
                source.display()
            ))
            .help("give `cardan build` the folder of a Python project, or an sdist"));
        }
        let requires_python = match pyproject.project.and_then(|project| project.requires_python) {
            Some(text) => Some(text),
            None => information.and_then(from_package_info),
        };
        // A specifier that is written wrongly is the back end's to report.
        let requires_python = requires_python.and_then(|text| VersionSpecifiers::from_str(&text).ok());
        let system = pyproject.build_system;
        let table = pyproject.tool.cardan.unwrap_or_default();
        let allow_missing_extensions = table.allow_missing_extensions;
        let (requires, backend, backend_path) = match system {
            Some(BuildSystem { requires, build_backend: Some(backend), .. }) if backend == OUR_BACKEND => {
                own_back_end(requires, table, source)?
            }
            Some(BuildSystem { requires, build_backend: Some(backend), backend_path }) => {
                (requires, backend, backend_path)
            }
            Some(BuildSystem { requires, .. }) => (requires, LEGACY_BACKEND.into(), Vec::new()),
            None => (vec!["setuptools".into()], LEGACY_BACKEND.into(), Vec::new()),
        };
        for requirement in &requires {
            distribution(requirement).map_err(|reason| {
                Error::new(format!(
                    "the pyproject.toml of {} requires {requirement:?} for the build, which is not a requirement: {reason}",
                    source.display()
                ))
            })?;
        }
        if let Some(folder) = backend_path.iter().find(|folder| !is_inside(folder)) {
            return Err(Error::new(format!(
                "the pyproject.toml of {} has the backend-path {folder:?}: expected a folder inside of the project",
                source.display()
            )));
        }
        Ok(Self { requires, backend, backend_path, requires_python, allow_missing_extensions })
    }
}

/// The requirements, the back end and its path of a project that declares our back end: its own ones.
fn own_back_end(
    requires: Vec<String>,
    table: CardanTable,
    source: &Path,
) -> Result<(Vec<String>, String, Vec<String>)> {
    let requires: Vec<String> = requires
        .into_iter()
        .filter(|requirement| distribution(requirement).as_deref() != Ok(OUR_DISTRIBUTION))
        .collect();
    let backend = match table.build_backend {
        Some(backend) if backend.split(':').next() == Some(OUR_BACKEND) => {
            return Err(Error::new(format!(
                "the pyproject.toml of {} has the build-backend {backend:?} under [tool.cardan] too: expected the \
                 project's own back end, such as {DEFAULT_BACKEND:?}",
                source.display()
            )));
        }
        Some(backend) => backend,
        None if requires.iter().any(|requirement| distribution(requirement).as_deref() == Ok(DEFAULT_DISTRIBUTION)) => {
            DEFAULT_BACKEND.into()
        }
        None => {
            return Err(Error::new(format!(
                "the pyproject.toml of {} does not say what builds the project: expected build-backend under \
                 [tool.cardan], or {DEFAULT_DISTRIBUTION:?} in requires of [build-system], found neither",
                source.display()
            ))
            .help(format!("without a build-backend under [tool.cardan], {DEFAULT_BACKEND} is used")));
        }
    };
    Ok((requires, backend, table.backend_path))
}

fn unreadable(source: &Path) -> String {
    format!("cannot read the pyproject.toml of {}", source.display())
}

fn is_inside(folder: &str) -> bool {
    use std::path::Component;
    Path::new(folder).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// What an sdist's PKG-INFO says of the Pythons that the project accepts.
fn from_package_info(text: &str) -> Option<String> {
    let headers = text.lines().take_while(|line| !line.is_empty());
    headers.filter_map(|line| line.strip_prefix("Requires-Python:")).next().map(|value| value.trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    fn read(files: &[(&str, &str)]) -> Result<Project> {
        Project::read(tree(files).path(), Path::new("thing"))
    }

    #[test]
    fn the_declared_back_end_is_used() {
        let text = "[build-system]\nrequires = [\"a\"]\nbuild-backend = \"b.c\"\nbackend-path = [\"d\"]\n[project]\n\
                    name = \"x\"\nrequires-python = \">=3.10\"\n";
        let project = read(&[("pyproject.toml", text)]).unwrap();
        assert_eq!(
            (project.requires, project.backend.as_str(), project.backend_path),
            (vec!["a".into()], "b.c", vec!["d".into()])
        );
        assert_eq!(project.requires_python.unwrap().to_string(), ">=3.10");
    }

    #[test]
    fn a_setup_py_alone_is_the_legacy_back_end() {
        let project = read(&[("setup.py", ""), ("PKG-INFO", "Name: x\nRequires-Python: >=3.8\n\ntext\n")]).unwrap();
        assert_eq!((project.requires, project.backend.as_str()), (vec!["setuptools".to_string()], LEGACY_BACKEND));
        assert_eq!(project.requires_python.unwrap().to_string(), ">=3.8");
    }

    #[test]
    fn a_tree_without_a_build_system_is_refused() {
        let words = "error: thing has no build system: expected a pyproject.toml with [build-system] or a setup.py, found \
                     neither\n  help: give `cardan build` the folder of a Python project, or an sdist";
        assert_eq!(read(&[]).unwrap_err().to_string(), words);
        assert_eq!(read(&[("pyproject.toml", "[tool.ruff]\n")]).unwrap_err().to_string(), words);
    }

    #[test]
    fn a_back_end_outside_of_the_tree_is_refused() {
        let text = "[build-system]\nrequires = []\nbuild-backend = \"b\"\nbackend-path = [\"../x\"]\n";
        assert_eq!(
            read(&[("pyproject.toml", text)]).unwrap_err().to_string(),
            "error: the pyproject.toml of thing has the backend-path \"../x\": expected a folder inside of the project"
        );
    }

    #[test]
    fn what_is_no_requirement_of_the_build_is_refused() {
        let text = "[build-system]\nrequires = [\"a\", \"--target=b\"]\nbuild-backend = \"c\"\n";
        assert_eq!(
            read(&[("pyproject.toml", text)]).unwrap_err().to_string(),
            "error: the pyproject.toml of thing requires \"--target=b\" for the build, which is not a requirement: expected \
             package name starting with an alphanumeric character, found `-`"
        );
    }

    fn declares_ours(requires: &str, table: &str) -> Result<Project> {
        let text = format!("[build-system]\nrequires = [{requires}]\nbuild-backend = \"cardan.backend\"\n{table}");
        read(&[("pyproject.toml", &text)])
    }

    #[test]
    fn our_back_end_stands_for_the_projects_own() {
        let project = declares_ours("\"Cardan >= 0.1\", \"cardan-extras\", \"setuptools>=70\"", "").unwrap();
        assert_eq!(project.requires, ["cardan-extras", "setuptools>=70"]);
        assert_eq!((project.backend.as_str(), project.backend_path.len()), ("setuptools.build_meta", 0));
        let table = "[tool.cardan]\nbuild-backend = \"b:c\"\nbackend-path = [\"d\"]\n[tool.other]\nx = 1\n";
        let project = declares_ours("\"cardan@file:///a.whl\"", table).unwrap();
        assert!(project.requires.is_empty());
        assert_eq!((project.backend.as_str(), project.backend_path), ("b:c", vec!["d".into()]));
    }

    #[test]
    fn our_back_end_twice_is_refused() {
        assert_eq!(
            declares_ours("", "[tool.cardan]\nbuild-backend = \"cardan.backend\"\n").unwrap_err().to_string(),
            "error: the pyproject.toml of thing has the build-backend \"cardan.backend\" under [tool.cardan] too: expected \
             the project's own back end, such as \"setuptools.build_meta\""
        );
    }

    #[test]
    fn our_back_end_alone_is_refused() {
        assert_eq!(
            declares_ours("\"cardan\"", "").unwrap_err().to_string(),
            "error: the pyproject.toml of thing does not say what builds the project: expected build-backend under \
             [tool.cardan], or \"setuptools\" in requires of [build-system], found neither\n  help: without a \
             build-backend under [tool.cardan], setuptools.build_meta is used"
        );
    }

    #[test]
    fn our_back_end_does_not_look_outside_of_the_tree() {
        let table = "[tool.cardan]\nbuild-backend = \"b\"\nbackend-path = [\"../x\"]\n";
        assert_eq!(
            declares_ours("", table).unwrap_err().to_string(),
            "error: the pyproject.toml of thing has the backend-path \"../x\": expected a folder inside of the project"
        );
    }
}
