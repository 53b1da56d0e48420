//! The packages that are built once and tested on every host: tests/packages.toml, which says what each field means.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;
use serde::Deserialize;

use crate::repository;
use crate::tools::{self, Tools};

/// After this time the newest sdist is asked for again.
const FRESH: Duration = Duration::from_secs(24 * 3600);

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The beginnings of the names of the hosts for development.
    pub hosts: Vec<String>,
    /// The packages, by name.
    pub packages: BTreeMap<String, Package>,
}

/// What has to be known of a package.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    source: Option<PathBuf>,
    tests: Option<PathBuf>,
    pyargs: Option<String>,
    #[serde(default)]
    requires: Vec<String>,
    /// Packages of the catalogue whose wheels are installed with it.
    #[serde(default)]
    pub needs: Vec<String>,
    extensions: Vec<String>,
    in_use: Vec<String>,
    #[serde(default)]
    gil_off: bool,
    /// Whether it is written in C++, so that its modules may need that language's library. For the tests.
    #[serde(default, rename = "cpp")]
    _cpp: bool,
    /// `passes`, or the function that the import must name in generic mode.
    pub generic: String,
    #[serde(default)]
    known: Vec<Known>,
}

/// Tests that fail on some hosts for a reason of the host's own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    hosts: Vec<String>,
    tests: Vec<String>,
    reason: String,
    /// They fail only where every use of a layout is turned off.
    #[serde(default)]
    generic_only: bool,
    /// They may pass, fail or never end, and are not run.
    #[serde(default)]
    unsteady: bool,
}

impl Catalogue {
    /// Reads the file.
    pub fn read() -> Result<Self> {
        let path = repository::path("tests/packages.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let catalogue: Self = toml::from_str(&text).with_context(|| format!("cannot understand {}", path.display()))?;
        for (name, package) in &catalogue.packages {
            if package.tests.is_some() == package.pyargs.is_some() {
                bail!("{}: {name} must have either `tests` or `pyargs`", path.display());
            }
            if let Some(unknown) = package.needs.iter().find(|need| !catalogue.packages.contains_key(*need)) {
                bail!("{}: {name} needs {unknown}, which is not in the file", path.display());
            }
        }
        Ok(catalogue)
    }

    /// The named packages (all, without names), each after those that it needs; the latter are only built.
    pub fn in_order<'a>(&'a self, names: &'a [String]) -> Result<Vec<&'a str>> {
        let all: Vec<_> = self.packages.keys().cloned().collect();
        let mut order = Vec::new();
        let wanted = if names.is_empty() { &all } else { names };
        for name in wanted {
            let Some((name, package)) = self.packages.get_key_value(name) else {
                bail!("--package {name}: there is no such package; there are: {}", all.join(", "));
            };
            for need in package.needs.iter().chain([name]) {
                let (need, _) = self.packages.get_key_value(need).context("needs are in the catalogue")?;
                if !order.contains(&need.as_str()) {
                    order.push(need.as_str());
                }
            }
        }
        Ok(order)
    }
}

impl Package {
    /// The source: a folder of the repository, or the newest sdist, fetched into `folder`.
    pub fn source(&self, name: &str, folder: &Path, tools: &Tools) -> Result<PathBuf> {
        if let Some(source) = &self.source {
            return Ok(repository::path("").join(source));
        }
        let folder = folder.join(name);
        let found = || tools::names(&folder).into_iter().next_back().map(|file| folder.join(file));
        let age = |path: &PathBuf| fs::metadata(path).ok()?.modified().ok()?.elapsed().ok();
        if let Some(sdist) = found().filter(|sdist| age(sdist).is_some_and(|age| age < FRESH)) {
            return Ok(sdist);
        }
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        eprintln!("fetching the newest sdist of {name}");
        let mut pip = tools.command("python");
        pip.args(["-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]);
        // Only this package as a source: what its build requires may come as wheels.
        pip.args(["--no-binary", name, "--dest"]).arg(&folder).arg(name);
        tools::run(&mut pip).with_context(|| format!("cannot fetch the sdist of {name}"))?;
        let sdist = found().with_context(|| format!("pip fetched no sdist of {name} into {}", folder.display()))?;
        // pip keeps the time of the release.
        let file = File::options().append(true).open(&sdist).with_context(|| sdist.display().to_string())?;
        file.set_modified(SystemTime::now()).with_context(|| sdist.display().to_string())?;
        Ok(sdist)
    }

    /// Puts the package's tests, and nothing else of it, into `folder`, so that they cannot import its source.
    pub fn unpack_tests(&self, source: &Path, folder: &Path) -> Result<()> {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let Some(tests) = &self.tests else { return Ok(()) };
        if source.is_dir() {
            return copy(&source.join(tests), &folder.join(tests));
        }
        let file = File::open(source).with_context(|| format!("cannot read {}", source.display()))?;
        let mut archive = tar::Archive::new(GzDecoder::new(file));
        let mut found = false;
        for entry in archive.entries().with_context(|| format!("cannot read {}", source.display()))? {
            let mut entry = entry.with_context(|| format!("cannot read {}", source.display()))?;
            let path = entry.path().context("a path in the sdist")?.into_owned();
            let inside: PathBuf = path.components().skip(1).collect();
            if inside.starts_with(tests) {
                let target = folder.join(&inside);
                fs::create_dir_all(target.parent().unwrap_or(folder)).context("a folder for the tests")?;
                entry.unpack(&target).with_context(|| format!("cannot write {}", target.display()))?;
                found = true;
            }
        }
        if !found {
            bail!("{} has no folder {}", source.display(), tests.display());
        }
        Ok(())
    }

    /// Builds the wheel with `cardan build` into `folder`, which holds nothing else afterwards; its path. With `reuse` a
    /// wheel that is there is taken.
    pub fn build(&self, cardan: &Path, source: &Path, folder: &Path, reuse: bool) -> Result<PathBuf> {
        if let Some(file) = tools::names(folder).into_iter().next().filter(|_| reuse) {
            return Ok(folder.join(file));
        }
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        let output = tools::output(Command::new(cardan).arg("build").arg(source).arg("--output").arg(folder))?;
        if !output.status.success() {
            bail!("cardan build {} failed", source.display());
        }
        let text = String::from_utf8(output.stdout).context("the output of cardan build")?;
        let wheel = text.lines().last().with_context(|| format!("cardan build {} named no wheel", source.display()))?;
        Ok(PathBuf::from(wheel))
    }

    /// The command that tests the package: for `cardan test`, after `--`.
    pub fn test_command(&self, generic: bool) -> Vec<String> {
        let script = repository::path("tests/packages/run_tests.py").display().to_string();
        let mut words = vec!["python".to_owned(), script];
        words.extend(self.extensions.iter().map(|module| format!("--extension={module}")));
        words.extend(self.in_use.iter().map(|expression| format!("--in-use={expression}")));
        if self.gil_off {
            words.push("--gil-off".to_owned());
        }
        for known in self.known.iter().filter(|known| generic || !known.generic_only) {
            for test in &known.tests {
                let option = if known.unsteady { "--unsteady" } else { "--known" };
                words.extend([option.to_owned(), known.hosts.join(","), test.clone(), known.reason.clone()]);
            }
        }
        words.extend(self.pytest_arguments());
        words
    }

    /// The arguments of the Python for which the package was built in the usual way: its tests, and nothing else.
    pub fn native_test_command(&self) -> Vec<String> {
        let mut words = vec!["-m".to_owned(), "pytest".to_owned()];
        words.extend(self.pytest_arguments());
        words
    }

    /// No settings of the package's own, which ask for plugins: only its tests.
    fn pytest_arguments(&self) -> Vec<String> {
        let mut words: Vec<_> =
            ["-q", "-c", "/dev/null", "--rootdir", ".", "-p", "no:cacheprovider"].map(str::to_owned).into();
        match (&self.tests, &self.pyargs) {
            (Some(tests), _) => words.push(tests.display().to_string()),
            (None, Some(package)) => words.extend(["--pyargs".to_owned(), package.clone()]),
            (None, None) => {}
        }
        words
    }

    /// What is installed beside the wheel.
    pub fn requirements(&self) -> impl Iterator<Item = &str> {
        std::iter::once("pytest").chain(self.requires.iter().map(String::as_str))
    }

    /// The reasons of the known failures on a host.
    pub fn known_on(&self, host: &str, generic: bool) -> Vec<&str> {
        let on_host =
            |known: &&Known| (generic || !known.generic_only) && known.hosts.iter().any(|name| is_host(host, name));
        self.known.iter().filter(on_host).map(|known| known.reason.as_str()).collect()
    }
}

/// Whether a host of `cardan pythons` is the one that a name of the catalogue means.
pub fn is_host(host: &str, name: &str) -> bool {
    host == name || host.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    for name in tools::names(from) {
        let (source, target) = (from.join(&name), to.join(&name));
        if source.is_dir() {
            copy(&source, &target)?;
        } else {
            fs::copy(&source, &target).with_context(|| format!("cannot copy {}", source.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_can_be_read_and_ordered() {
        let catalogue = Catalogue::read().expect("the file is right");
        let wanted = ["preshed".to_owned()];
        let order = catalogue.in_order(&wanted).expect("it is there");
        assert_eq!(order, ["cymem", "murmurhash", "preshed"]);
        let error = catalogue.in_order(&["none".to_owned()]).expect_err("it is not there").to_string();
        assert!(error.starts_with("--package none: there is no such package; there are: "), "{error}");
    }

    #[test]
    fn a_host_is_told_from_its_neighbours() {
        assert!(is_host("cpython-3.13", "cpython-3.13"));
        assert!(!is_host("cpython-3.13t", "cpython-3.13"));
        assert!(!is_host("cpython-3.13", "cpython-3.1"));
        assert!(is_host("pypy-3.11-7.3.19", "pypy-3.11-7.3"));
        assert!(!is_host("pypy-3.11-8.0.1", "pypy-3.11-7.3"));
    }
}
