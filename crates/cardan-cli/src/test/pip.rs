//! The pip that installs for every Python: one version, kept in the cache, fetched with the user's own pip settings.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::error::{Context, Error, Result};
use crate::folders;
use crate::platform;
use crate::process::{self, End};
use crate::pythons::python::{OLDEST, Python};

/// The version of pip: the last that serves the oldest Python that is supported, and recent enough for the newest.
const VERSION: &str = "26.0.1";

/// How long an installation may take; a requirement may have to be built from source.
const LIMIT: Duration = Duration::from_secs(1200);

/// pip, and the interpreters that may run it.
pub struct Pip {
    program: PathBuf,
    runners: Vec<Python>,
}

impl Pip {
    /// Takes pip from the cache, or fetches it with the pip of one of these Pythons.
    pub fn get(pythons: &[Python]) -> Result<Self> {
        let runners: Vec<_> =
            pythons.iter().filter(|python| python.refusal.is_none() && !python.facts.java).cloned().collect();
        let tools = folders::cache()?.join("tools");
        let folder = tools.join(format!("pip-{VERSION}"));
        let program = folder.join("pip");
        std::fs::create_dir_all(&tools).context(|| format!("cannot create {}", tools.display()))?;
        let lock = File::create(tools.join("pip.lock")).context(|| format!("cannot write to {}", tools.display()))?;
        lock.lock().context(|| format!("cannot lock {}", tools.display()))?;
        if !program.exists() {
            fetch(&runners, &tools, &folder)?;
        }
        Ok(Self { program, runners })
    }

    /// The version of pip.
    pub fn version(&self) -> &'static str {
        VERSION
    }

    /// Installs into a virtual environment, from wheels or source, whatever pip chooses for its Python.
    pub fn install_into_venv(&self, environment: &Path, order: &Order) -> Result<()> {
        let runner = self.runner(None)?;
        let mut command = self.command(runner);
        command.arg("--python").arg(environment).args(COMMON).args(order.options()).arg("--").args(order.what);
        order.run(command)
    }

    /// Installs into a folder for a Python that is not run for it: wheels only, for that Python's version.
    ///
    /// pip judges environment markers by the Python that it runs on, so it runs on one of the same version if there is
    /// one. `platforms` are the platform tags of the wheels that are accepted beside pure ones.
    pub fn install_into_folder(&self, host: &Python, folder: &Path, platforms: &[String], order: &Order) -> Result<()> {
        let runner = self.runner(Some(host))?;
        let (major, minor) = host.facts.version.minor();
        let mut command = self.command(runner);
        command.args(COMMON).arg("--target").arg(folder).args([
            "--only-binary=:all:",
            "--implementation=py",
            "--abi=none",
        ]);
        command.arg(format!("--python-version={major}.{minor}"));
        command.args(platforms.iter().map(|platform| format!("--platform={platform}")));
        command.args(order.options()).arg("--").args(order.what);
        order.run(command)
    }

    fn command(&self, runner: &Python) -> Command {
        let mut command = Command::new(&runner.executable);
        command.arg("-I").arg(&self.program).env_remove("PYTHONPATH").env_remove("PYTHONHOME");
        command
    }

    /// The interpreter that runs pip: the reference implementation (which starts fastest) of the host's version or the
    /// newest.
    fn runner(&self, host: Option<&Python>) -> Result<&Python> {
        let minor = host.map(|host| host.facts.version.minor());
        let best = self.runners.iter().max_by_key(|runner| {
            let facts = &runner.facts;
            (Some(facts.version.minor()) == minor, facts.is_reference(), !facts.free_threaded, facts.version.clone())
        });
        best.ok_or_else(no_runner)
    }
}

/// What is to be installed, and how.
pub struct Order<'a> {
    /// Requirements and files: none of them is taken for an option.
    pub what: &'a [OsString],
    /// Whether what has no wheel is refused. Otherwise it is built from source.
    pub only_binary: bool,
    /// Whether what these require is left out.
    pub no_deps: bool,
    /// Is told the name of each source that is going to be built.
    pub on_source: &'a dyn Fn(&str),
}

impl Order<'_> {
    fn options(&self) -> impl Iterator<Item = &'static str> {
        let only_binary = self.only_binary.then_some("--only-binary=:all:");
        only_binary.into_iter().chain(self.no_deps.then_some("--no-deps"))
    }

    fn run(&self, command: Command) -> Result<()> {
        let mut told = BTreeSet::new();
        run(command, &mut |line| {
            let asked_for = |name: &str| self.what.iter().any(|what| what.to_string_lossy().ends_with(name));
            if let Some((file, name)) = source_in(line)
                && !asked_for(file)
                && told.insert(name.to_owned())
            {
                (self.on_source)(name);
            }
        })
    }
}

/// The file and the name of a source, where pip says that it fetches one.
fn source_in(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let rest = ["Downloading ", "Using cached ", "Processing "].iter().find_map(|begin| line.strip_prefix(begin))?;
    let file = rest.split_whitespace().next()?.rsplit('/').next()?;
    let endings = [".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip"];
    Some((file, endings.iter().find_map(|ending| file.strip_suffix(ending))?))
}

/// What every installation is run with: no questions, no bars, no remarks about things that do not matter here.
const COMMON: [&str; 6] = [
    "install",
    "--no-input",
    "--progress-bar=off",
    "--disable-pip-version-check",
    "--no-warn-script-location",
    "--root-user-action=ignore",
];

fn no_runner() -> Error {
    Error::new(format!("no Python on this machine can run pip {VERSION}, which installs the wheel"))
        .help(format!("install a CPython, version {}.{} or later", OLDEST.0, OLDEST.1))
}

/// Fetches pip into `folder`, whole or not at all.
fn fetch(runners: &[Python], tools: &Path, folder: &Path) -> Result<()> {
    let temporary = tempfile::tempdir_in(tools).context(|| format!("cannot write to {}", tools.display()))?;
    let fetcher = match runners.iter().find(|python| python.facts.pip) {
        Some(python) => python.executable.clone(),
        None => with_bundled_pip(runners, &temporary.path().join("venv"))?,
    };
    let target = temporary.path().join("pip");
    let mut command = Command::new(fetcher);
    command.args(["-I", "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--target"]);
    command.arg(&target).arg(format!("pip=={VERSION}"));
    run(command, &mut |_| {}).map_err(|error| {
        Error::new(format!("cannot fetch pip {VERSION}, which installs the wheel: {}", error.message()))
            .help("pip's own settings (index, proxy) apply: `pip config list` shows them")
    })?;
    std::fs::rename(&target, folder).context(|| format!("cannot create {}", folder.display()))
}

/// A Python with the pip that its standard library bundles, in a virtual environment made for it.
fn with_bundled_pip(runners: &[Python], environment: &Path) -> Result<PathBuf> {
    for python in runners {
        let mut command = Command::new(&python.executable);
        command.args(["-I", "-m", "venv"]).arg(environment);
        if process::capture(command, LIMIT).is_ok_and(|output| output.end.is_success()) {
            return Ok(environment.join(platform::COMMANDS).join(platform::PYTHON));
        }
        // Where the bundled pip is left out, an environment without it stays behind.
        let _ = std::fs::remove_dir_all(environment);
    }
    Err(no_runner())
}

/// Runs pip; an error has pip's last error line as its message, and all its words as details.
fn run(command: Command, line: &mut dyn FnMut(&str)) -> Result<()> {
    let output = process::watch_merged(command, LIMIT, line).context(|| "pip could not be started".to_owned())?;
    let message = match output.end {
        End::Exited(0) => return Ok(()),
        End::Exited(_) => error_line(&output.stdout).unwrap_or_else(|| format!("pip {}", output.end.in_words(LIMIT))),
        End::Interrupted => "interrupted".to_owned(),
        end => format!("pip {}", end.in_words(LIMIT)),
    };
    Err(Error::new(message).details(output.stdout))
}

/// The last line in which pip says what went wrong.
fn error_line(output: &str) -> Option<String> {
    let mut errors = output.lines().filter_map(|line| line.trim_start().strip_prefix("ERROR: "));
    errors.next_back().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_told_from_a_wheel() {
        for line in [
            "  Downloading numpy-2.0.2.tar.gz (18.9 MB)",
            "  Using cached numpy-2.0.2.tar.gz (18.9 MB)",
            "  Downloading https://example.org/a/numpy-2.0.2.tar.gz (18.9 MB)",
            "Processing ./there/numpy-2.0.2.tar.gz",
        ] {
            assert_eq!(source_in(line), Some(("numpy-2.0.2.tar.gz", "numpy-2.0.2")), "{line}");
        }
        for line in
            ["Collecting numpy", "  Downloading numpy-2.0.2-cp312-cp312-linux_x86_64.whl (1 MB)", "Processing /a.whl"]
        {
            assert_eq!(source_in(line), None, "{line}");
        }
    }

    #[test]
    fn pips_last_error_is_the_message() {
        let output = "WARNING: slow\nERROR: Could not find it (from versions: none)\nERROR: No matching distribution found for x\n\n";
        assert_eq!(error_line(output).as_deref(), Some("No matching distribution found for x"));
        assert_eq!(error_line("Traceback"), None);
    }
}
