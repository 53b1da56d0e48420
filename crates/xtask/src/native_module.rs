//! Builds the native module of the Python package, which is a workspace of its own.

use std::path::PathBuf;

use anyhow::Result;

use crate::repository;
use crate::tools::{self, cargo};

/// The crate's manifest.
pub const MANIFEST: &str = "crates/cardan-python-module/Cargo.toml";

/// The name of what comes out.
pub fn file() -> String {
    format!("libcardan_python_module{}", std::env::consts::DLL_SUFFIX)
}

/// Builds the module for release; the path of the library.
pub fn build() -> Result<PathBuf> {
    let target = repository::path("target/python-module");
    let manifest = repository::path(MANIFEST).display().to_string();
    let mut command = cargo(&["build", "--quiet", "--release", "--locked", "--manifest-path", &manifest]);
    tools::run(command.arg("--target-dir").arg(&target).env_remove("CARGO_TARGET_DIR"))?;
    Ok(target.join("release").join(file()))
}
