//! The programs that the commands run: cargo, the `cardan` command, and Python tools in an environment under target/.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};

use crate::repository;

/// What the commands need from the system, and the Debian package that has it.
const SYSTEM: &[(&str, &str)] =
    &[("gcc", "gcc"), ("g++", "g++"), ("make", "make"), ("curl", "curl"), ("xz", "xz-utils")];

/// Runs a command to its end; an error names it if it fails. It has no stdin.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start {}", line(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", line(command));
    }
    Ok(())
}

/// Runs a command to its end and returns its stdout, whatever its exit code; stderr is passed on.
pub fn output(command: &mut Command) -> Result<Output> {
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    command.output().with_context(|| format!("cannot start {}", line(command)))
}

/// The program and its arguments in one line.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// A cargo command in the repository.
pub fn cargo(words: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words).current_dir(repository::path(""));
    command
}

/// Builds the `cardan` command; its path.
pub fn cardan() -> Result<PathBuf> {
    run(&mut cargo(&["build", "--quiet", "--package", "cardan-cli"]))?;
    let folder = match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => repository::path("target"),
    };
    Ok(folder.join("debug").join("cardan"))
}

/// Makes sure that what the commands need from the system is there: as root it is installed, else the error says how.
pub fn system() -> Result<()> {
    let missing: Vec<_> = SYSTEM.iter().filter(|(program, _)| on_path(program).is_none()).map(|item| item.1).collect();
    if missing.is_empty() { Ok(()) } else { install(&missing) }
}

/// The first executable of this name on PATH.
fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Installs Debian packages.
fn install(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if on_path("apt-get").is_none() {
        bail!("these are missing: {names} (Debian's names); install them with this system's package manager");
    }
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if !root {
        bail!("these packages are missing: {names}; as root: apt-get install {names}");
    }
    eprintln!("installing {names} with apt-get");
    let mut update = Command::new("apt-get");
    run(update.args(["update", "--quiet=2"]))?;
    let mut install = Command::new("apt-get");
    run(install.env("DEBIAN_FRONTEND", "noninteractive").args(["install", "--quiet=2", "--yes"]).args(packages))
}

/// The Python tools: pytest, ruff, mkdocs and pip, in a virtual environment under target/.
pub struct Tools {
    folder: PathBuf,
}

impl Tools {
    /// Takes the environment, or makes it if it is not there or what it should hold has changed.
    pub fn get() -> Result<Self> {
        let requirements = repository::path("requirements-tools.txt");
        let wanted = fs::read_to_string(&requirements).with_context(|| requirements.display().to_string())?;
        let folder = repository::path("target/tools");
        let complete = folder.join("requirements.txt");
        let tools = Self { folder };
        if fs::read_to_string(&complete).is_ok_and(|found| found == wanted) {
            return Ok(tools);
        }
        eprintln!("installing pytest, ruff and mkdocs into target/tools");
        tools.create()?;
        run(tools
            .command("python")
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(["--no-input", "--upgrade", "--requirement"])
            .arg(&requirements))?;
        fs::write(&complete, wanted).with_context(|| format!("cannot write {}", complete.display()))?;
        Ok(tools)
    }

    /// One of the programs, with all of them first on PATH.
    pub fn command(&self, program: &str) -> Command {
        let programs = self.folder.join("bin");
        let mut command = Command::new(programs.join(program));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(programs).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(folders).unwrap_or(path));
        command.env_remove("PYTHONPATH").env_remove("PYTHONHOME").env("PYTHONDONTWRITEBYTECODE", "1");
        command.current_dir(repository::path(""));
        command
    }

    fn create(&self) -> Result<()> {
        if self.created()? {
            return Ok(());
        }
        // Debian's Python comes without the module that makes environments.
        install(&["python3", "python3-venv"])?;
        if self.created()? {
            return Ok(());
        }
        bail!("no Python was found that has the modules tomllib, venv and ensurepip; install a recent CPython");
    }

    fn created(&self) -> Result<bool> {
        for python in candidates()? {
            // The tests read TOML with the standard library; only a Python that can install pip is of use.
            let usable = Command::new(&python).args(["-I", "-c", "import tomllib, venv, ensurepip"]).output();
            if !usable.is_ok_and(|output| output.status.success()) {
                continue;
            }
            run(Command::new(&python).args(["-I", "-m", "venv", "--clear"]).arg(&self.folder))?;
            return Ok(true);
        }
        Ok(false)
    }
}

/// Pythons that may run the tools: those on PATH, then pyenv's, the newest first.
fn candidates() -> Result<Vec<PathBuf>> {
    let mut found: Vec<_> = ["python3", "python"].iter().filter_map(|name| on_path(name)).collect();
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let pyenv = std::env::var_os("PYENV_ROOT").map_or_else(|| home.join(".pyenv"), PathBuf::from).join("versions");
    let mut versions: Vec<_> = names(&pyenv).into_iter().map(|name| pyenv.join(name).join("bin/python")).collect();
    versions.reverse();
    found.extend(versions);
    Ok(found)
}

/// The names in a folder, sorted; none if it cannot be read.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<_> =
        entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
    names.sort();
    names
}
