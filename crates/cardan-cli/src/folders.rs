//! Where the command keeps what it can make again.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::error::{Context, Result};

/// The cache folder of the command, `$XDG_CACHE_HOME/cardan` or its like; it may not exist yet.
pub fn cache() -> Result<PathBuf> {
    Ok(base()?.cache_dir().join("cardan"))
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

fn base() -> Result<impl BaseStrategy> {
    etcetera::choose_base_strategy().context(|| "cannot find the home folder of this user".to_owned())
}
