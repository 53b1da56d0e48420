//! Where the command keeps what it can make again, and what goes when it ends.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use etcetera::BaseStrategy;

use crate::error::{Context, Error, Result};
use crate::platform;

/// The cache folder of the command, `$XDG_CACHE_HOME/cardan` or its like; it may not exist yet. Python and pip cannot work in a
/// folder whose path is not text: then it is one that lasts as long as this run.
pub fn cache() -> Result<PathBuf> {
    let cache = base()?.cache_dir().join("cardan");
    Ok(match temporary() {
        Some(run) if cache.to_str().is_none() => run.join("cache"),
        _ => cache,
    })
}

/// The folder with the interpreters that `cargo xtask hosts` gets for development; it may not exist.
pub fn development_hosts() -> Result<PathBuf> {
    match std::env::var_os("CARDAN_HOSTS") {
        Some(folder) if !folder.is_empty() => Ok(folder.into()),
        _ => Ok(cache()?.join("hosts")),
    }
}

/// The user's data folder, `$XDG_DATA_HOME` or its like.
pub fn data() -> Result<PathBuf> {
    Ok(base()?.data_dir())
}

/// The user's home folder.
pub fn home() -> Result<PathBuf> {
    Ok(base()?.home_dir().to_owned())
}

/// The folder of this run of the command, once [`make_temporary`] has made it.
static TEMPORARY: OnceLock<PathBuf> = OnceLock::new();

/// Makes a folder for everything that this run of the command writes and that is to go with it. Who calls this removes it.
///
/// # Errors
/// There is no folder for temporary files that this user can write to.
pub fn make_temporary() -> Result<PathBuf> {
    let mut refused = None;
    for parent in platform::temporary_folders() {
        // Compilers and back ends see this path: without symbolic links, so that it is the same for all. Many of them cannot
        // use one with a space, a quote or a line break in it, so such a folder is passed over.
        let Ok(parent) = parent.canonicalize() else { continue };
        if !parent.to_str().is_some_and(platform::is_plain) {
            continue;
        }
        match tempfile::Builder::new().prefix("cardan-").tempdir_in(&parent) {
            Ok(folder) => return Ok(TEMPORARY.get_or_init(|| folder.keep()).clone()),
            Err(error) => {
                refused.get_or_insert(format!("{}: {error}", parent.display()));
            }
        }
    }
    let refused = refused.map_or(String::new(), |refused| format!(" ({refused})"));
    Err(Error::new(format!("cannot make a temporary folder{refused}"))
        .help("name a folder that can be written to in TMPDIR, with no space and no special character in its path"))
}

/// The folder of this run of the command, in which temporary files go; none where the command needs none.
pub fn temporary() -> Option<&'static Path> {
    TEMPORARY.get().map(PathBuf::as_path)
}

/// Makes a new folder in that of this run, or where temporary files are, with a name that begins like this.
///
/// # Errors
/// The folder cannot be made.
pub fn new_temporary(prefix: &str) -> Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    let folder = builder.prefix(prefix);
    let folder = temporary().map_or_else(|| folder.tempdir(), |run| folder.tempdir_in(run));
    folder.context(|| "cannot make a temporary folder".to_owned())
}

/// Removes a folder with all that is in it, also what others have closed to this user. What cannot be removed stays.
pub fn remove(folder: &Path) {
    if std::fs::remove_dir_all(folder).is_ok() {
        return;
    }
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_dir()) {
        let _ = platform::open_folder(entry.path());
    }
    let _ = std::fs::remove_dir_all(folder);
}

fn base() -> Result<impl BaseStrategy> {
    etcetera::choose_base_strategy().context(|| "cannot find the home folder of this user".to_owned())
}
