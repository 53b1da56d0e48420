//! A fresh environment for one Python: requirements from the cache, the wheel installed anew.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, FileTimes};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::pip::{Order, Pip};
use super::wheel::WheelUnderTest;
use crate::error::{Context, Error, Result};
use crate::folders;
use crate::output::Task;
use crate::platform::{self, link, make_executable};
use crate::process;
use crate::pythons::python::{InstallRoute, Python};
use crate::requirement::distribution;

/// How long making a virtual environment may take.
const VENV_LIMIT: Duration = Duration::from_secs(300);

/// After this time the cached requirements are installed again, so that new releases of them are seen.
const FRESH: Duration = Duration::from_secs(7 * 24 * 3600);

/// The file that says that a cached environment is whole.
const COMPLETE: &str = ".complete";

/// The folder of an environment that is put on `PYTHONPATH` where there is no virtual environment.
const SITE: &str = "site";

/// What is installed beside the wheel, and how.
pub struct Wanted {
    /// Requirements and files that the command needs.
    pub with: Vec<OsString>,
    /// Whether what has no wheel is refused.
    pub only_binary: bool,
    /// Whether what the wheel requires is left out.
    pub no_deps: bool,
}

/// An environment that is removed when it is dropped.
pub struct Environment {
    folder: TempDir,
    route: InstallRoute,
}

impl Environment {
    /// Makes an environment for `python` with the requirements and the wheel in it. `task` is told what is being done.
    pub fn new(python: &Python, wheel: &WheelUnderTest, wanted: &Wanted, pip: &Pip, task: &Task<'_>) -> Result<Self> {
        // What lies in a file or folder may change between two runs: it is installed anew, like the wheel.
        let (local, named): (Vec<_>, Vec<_>) = wanted.with.iter().cloned().partition(|what| Path::new(what).exists());
        let route = python.facts.install_route();
        task.step("requirements");
        // What a local wheel brings is not taken from the index first: pip would keep that.
        let brought: Vec<_> = local.iter().filter_map(|path| wheel_project(path)).collect();
        let is_brought = |line: &String| distribution(line).is_ok_and(|name| brought.contains(&name));
        let required = wheel.requires.iter().filter(|line| !wanted.no_deps && !is_brought(line)).cloned();
        let requirements: Vec<_> = named.into_iter().chain(required.map(OsString::from)).collect();
        let on_source = |name: &str| {
            task.step(&format!("building {name}"));
            task.note(&format!(
                "building {name} from source, since there is no wheel of it for this Python; that may take minutes, and \
                 --only-binary refuses it"
            ));
        };
        let order =
            Order { what: &requirements, only_binary: wanted.only_binary, no_deps: false, on_source: &on_source };
        let layer = layer(python, &order, pip)?;
        let environment = Self { folder: folders::new_temporary("test-")?, route };
        environment.copy_from(&layer)?;
        task.step("installing");
        refuse_taken(&scripts(environment.folder.path()), &wheel.scripts)?;
        let mut what = vec![environment.with_text_path(&wheel.path)?];
        for path in &local {
            let path = std::path::absolute(path).context(|| format!("cannot find {}", path.display()))?;
            what.push(environment.with_text_path(&path)?);
        }
        let platforms: Vec<_> =
            wheel.platforms.iter().cloned().chain(local.iter().flat_map(|path| wheel_platforms(path))).collect();
        let order = Order { what: &what, no_deps: wanted.no_deps, ..order };
        install(environment.folder.path(), route, python, pip, &platforms, &order)?;
        Ok(environment)
    }

    /// The command `words` (at least one), with this environment's Python first on `PATH`.
    pub fn command(&self, words: &[OsString]) -> Result<Command> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(scripts(self.folder.path())).chain(std::env::split_paths(&path));
        let path = std::env::join_paths(folders).context(|| "cannot extend PATH".to_owned())?;
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).env("PATH", path).env_remove("PYTHONHOME").env_remove("PYTHONPATH");
        // Several Pythons run in one folder: they leave no caches there. A crash shows where it happened.
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONFAULTHANDLER", "1");
        match self.route {
            InstallRoute::Venv => command.env("VIRTUAL_ENV", self.folder.path()),
            InstallRoute::Folder => command.env_remove("VIRTUAL_ENV").env("PYTHONPATH", self.folder.path().join(SITE)),
        };
        Ok(command)
    }

    /// The folder that it is in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A path by which pip can find a file: one that is not text is too much for it, so it gets a copy in this environment.
    fn with_text_path(&self, path: &Path) -> Result<OsString> {
        let Some(name) = path.file_name().filter(|_| path.to_str().is_none()) else { return Ok(path.into()) };
        let copy = self.folder.path().join(name);
        fs::copy(path, &copy).context(|| format!("cannot copy {}", path.display()))?;
        Ok(copy.into_os_string())
    }

    /// Copies a cached environment here, and points its scripts here.
    fn copy_from(&self, layer: &Path) -> Result<()> {
        copy_tree(layer, self.folder.path()).context(|| format!("cannot copy {}", layer.display()))?;
        let own = self.folder.path();
        relocate_scripts(&scripts(own), layer, own).context(|| format!("cannot adapt the scripts in {}", own.display()))
    }
}

/// The distribution of a wheel by its file's name.
fn wheel_project(path: &OsStr) -> Option<String> {
    let file = Path::new(path).file_name()?.to_str()?.strip_suffix(".whl")?;
    distribution(file.split('-').next()?).ok()
}

/// The platform tags of a wheel by its file's name; none of anything else.
fn wheel_platforms(path: &OsStr) -> Vec<String> {
    let stem = Path::new(path).file_name().and_then(|name| name.to_str()?.strip_suffix(".whl"));
    let tags = stem.and_then(|stem| stem.rsplit('-').next()).unwrap_or_default();
    tags.split('.').filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// Where an environment has its Python and its commands.
fn scripts(environment: &Path) -> PathBuf {
    environment.join(platform::COMMANDS)
}

/// The cached environment with these requirements, made if it is not there or no longer fresh.
fn layer(python: &Python, order: &Order, pip: &Pip) -> Result<PathBuf> {
    let layers = folders::cache()?.join("test");
    fs::create_dir_all(&layers).context(|| format!("cannot create {}", layers.display()))?;
    let name = layer_name(python, order.what, order.only_binary, pip.version());
    let folder = layers.join(&name);
    let lock = lock_file(&layers, &name);
    let lock = File::create(&lock).context(|| format!("cannot create {}", lock.display()))?;
    lock.lock().context(|| format!("cannot lock {}", folder.display()))?;
    let complete = folder.join(COMPLETE);
    if age(&complete).is_some_and(|age| age < FRESH) {
        return Ok(folder);
    }
    remove_old(&layers);
    if folder.exists() {
        fs::remove_dir_all(&folder).context(|| format!("cannot remove {}", folder.display()))?;
    }
    create(&folder, python)?;
    if !order.what.is_empty() {
        let platforms = [python.facts.platform.replace(['-', '.'], "_")];
        install(&folder, python.facts.install_route(), python, pip, &platforms, order)?;
    }
    File::create(&complete).context(|| format!("cannot create {}", complete.display()))?;
    Ok(folder)
}

/// The file whose lock the user of a cached environment holds while it is made.
fn lock_file(layers: &Path, name: &str) -> PathBuf {
    layers.join(format!("{name}.lock"))
}

/// The time since a file was written; none if it is not there.
fn age(file: &Path) -> Option<Duration> {
    fs::metadata(file).and_then(|metadata| metadata.modified()).ok()?.elapsed().ok()
}

/// Removes cached environments that nobody will want. What cannot be removed stays until the next time.
fn remove_old(layers: &Path) {
    for name in names(layers) {
        let folder = layers.join(&name);
        let lock = lock_file(layers, &name.to_string_lossy());
        let is_old = age(&folder.join(COMPLETE)).is_some_and(|age| age > FRESH * 4);
        if is_old && File::create(&lock).is_ok_and(|lock| lock.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(&folder).and_then(|()| fs::remove_file(&lock));
        }
    }
}

/// A folder name that differs wherever the content would.
fn layer_name(python: &Python, requirements: &[OsString], only_binary: bool, pip: &str) -> String {
    let mut requirements: Vec<_> = requirements.iter().map(|text| text.as_encoded_bytes()).collect();
    requirements.sort_unstable();
    let mut hash = Sha256::new();
    let (executable, name) = (python.executable.as_os_str().as_encoded_bytes(), python.facts.full_name());
    let kind = if only_binary { "wheels" } else { "" };
    for part in [pip.as_bytes(), kind.as_bytes(), executable, name.as_bytes()].into_iter().chain(requirements) {
        hash.update(part);
        hash.update([0]);
    }
    let digest: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{digest}", python.facts.full_name())
}

/// An environment with nothing installed.
fn create(folder: &Path, python: &Python) -> Result<()> {
    if python.facts.install_route() == InstallRoute::Folder {
        let bin = scripts(folder);
        fs::create_dir_all(folder.join(SITE)).context(|| format!("cannot create {}", folder.display()))?;
        fs::create_dir_all(&bin).context(|| format!("cannot create {}", bin.display()))?;
        for name in ["python", "python3"] {
            link(&python.executable, &bin.join(name)).context(|| format!("cannot create {}/{name}", bin.display()))?;
        }
        return Ok(());
    }
    let mut command = Command::new(&python.executable);
    command.args(["-I", "-m", "venv", "--without-pip"]).arg(folder);
    let output = process::capture_merged(command, VENV_LIMIT)
        .context(|| format!("{} could not be started", python.executable.display()))?;
    if output.end.is_success() {
        return Ok(());
    }
    Err(Error::new("`python -m venv` failed").details(output.stdout))
}

fn install(
    folder: &Path,
    route: InstallRoute,
    python: &Python,
    pip: &Pip,
    platforms: &[String],
    order: &Order,
) -> Result<()> {
    if route == InstallRoute::Venv {
        return pip.install_into_venv(folder, order);
    }
    let site = folder.join(SITE);
    pip.install_into_folder(python, &site, platforms, order)?;
    move_scripts(&site.join("bin"), &scripts(folder))
}

/// Moves the scripts that pip put into `from` to `to`, and gives them the Python that is there: pip gives them the one that
/// it ran on, and a place of their own.
///
/// # Errors
/// A file or a link of that name is there already: a script takes the place of nothing, least of all of the link to the
/// interpreter.
fn move_scripts(from: &Path, to: &Path) -> Result<()> {
    for name in names(from) {
        let (old, path) = (from.join(&name), to.join(&name));
        if !old.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) {
            continue;
        }
        let script = fs::read(&old).context(|| format!("cannot read {}", old.display()))?;
        let python = to.join(platform::PYTHON).into_os_string();
        let body = match script.iter().position(|&byte| byte == b'\n') {
            Some(end) if script.starts_with(b"#!") => {
                [b"#!", python.as_encoded_bytes(), b"\n", &script[end + 1..]].concat()
            }
            _ => script,
        };
        // A file that is made anew, or not at all: this neither follows a link nor writes over a file.
        let mut file = File::create_new(&path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => taken(&name),
            _ => Error::new(format!("cannot write {}: {error}", path.display())),
        })?;
        file.write_all(&body).context(|| format!("cannot write {}", path.display()))?;
        make_executable(&path).context(|| format!("cannot make {} executable", path.display()))?;
        fs::remove_file(&old).context(|| format!("cannot remove {}", old.display()))?;
    }
    // What is no script stays, and its folder with it.
    let _ = fs::remove_dir(from);
    Ok(())
}

/// The error for a script whose name is not free in an environment.
fn taken(name: &OsStr) -> Error {
    let name = name.display();
    Error::new(format!("the script {name} cannot be installed: the environment has a command {name} already"))
}

/// Refuses a wheel whose scripts have the names of commands that the environment has already, such as its Python: pip
/// would put them in their place.
fn refuse_taken(scripts: &Path, wheel: &[String]) -> Result<()> {
    match wheel.iter().find(|name| scripts.join(name).symlink_metadata().is_ok()) {
        Some(name) => Err(taken(OsStr::new(name))),
        None => Ok(()),
    }
}

fn names(folder: &Path) -> Vec<OsString> {
    // A folder that is not there has no entries.
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect()
}

/// Replaces the path of the environment that the scripts were made for.
fn relocate_scripts(folder: &Path, old: &Path, new: &Path) -> std::io::Result<()> {
    let [old, new] = [old, new].map(|path| path.as_os_str().as_encoded_bytes());
    for name in names(folder) {
        let path = folder.join(name);
        if path.is_symlink() || !path.is_file() {
            continue;
        }
        let script = fs::read(&path)?;
        // A binary is no text: a path in it cannot become another one of another length.
        if script.contains(&0) {
            continue;
        }
        let moved = replaced(&script, old, new);
        if moved != script {
            fs::write(&path, moved)?;
        }
    }
    Ok(())
}

/// The bytes with each `old` replaced.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let (mut all, mut rest) = (Vec::with_capacity(bytes.len()), bytes);
    while let Some(place) = rest.windows(old.len()).position(|window| window == old) {
        all.extend_from_slice(&rest[..place]);
        all.extend_from_slice(new);
        rest = &rest[place + old.len()..];
    }
    all.extend_from_slice(rest);
    all
}

/// Copies a folder with all in it; links stay links, and files keep their times, by which compiled files are recognised.
fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_symlink() {
            link(&fs::read_link(&source)?, &target)?;
        } else if kind.is_dir() {
            copy_tree(&source, &target)?;
        } else {
            fs::copy(&source, &target)?;
            let modified: SystemTime = entry.metadata()?.modified()?;
            File::options().append(true).open(&target)?.set_times(FileTimes::new().set_modified(modified))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pythons::python::tests::python;

    #[test]
    fn a_layer_is_shared_only_by_the_same_python_and_the_same_requirements() {
        let (one, other) = (python("cpython", [3, 12, 1], None, false), python("cpython", [3, 12, 2], None, false));
        let name = |python: &Python, requirements: &[&str]| {
            let requirements: Vec<_> = requirements.iter().map(OsString::from).collect();
            layer_name(python, &requirements, false, "26")
        };
        assert_eq!(name(&one, &["a", "b"]), name(&one, &["b", "a"]));
        assert_ne!(name(&one, &["a", "b"]), name(&one, &["ab"]));
        assert_ne!(name(&one, &["a"]), name(&other, &["a"]));
        assert!(name(&one, &[]).starts_with("cpython-3.12.1-"));
    }

    #[test]
    fn a_copy_keeps_links_times_and_points_its_scripts_to_itself() {
        let folder = tempfile::tempdir().expect("a folder");
        let (layer, copy) = (folder.path().join("layer"), folder.path().join("copy"));
        fs::create_dir_all(layer.join("bin")).expect("a folder");
        fs::write(layer.join("bin/tool"), format!("#!{}/bin/python\n", layer.display())).expect("a file");
        link(Path::new("/usr/bin/env"), &layer.join("bin/python")).expect("a link");
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let module = layer.join("module.py");
        File::create(&module).and_then(|file| file.set_modified(long_ago)).expect("a file with a time");

        copy_tree(&layer, &copy).expect("a copy");
        relocate_scripts(&copy.join("bin"), &layer, &copy).expect("scripts");

        assert_eq!(
            fs::read_to_string(copy.join("bin/tool")).expect("a script"),
            format!("#!{}/bin/python\n", copy.display())
        );
        assert_eq!(fs::read_link(copy.join("bin/python")).expect("a link"), Path::new("/usr/bin/env"));
        assert_eq!(fs::metadata(copy.join("module.py")).and_then(|data| data.modified()).expect("a time"), long_ago);
    }
}
