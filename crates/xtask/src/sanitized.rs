//! The runtime under AddressSanitizer, for `cargo xtask safety`: each access to memory that it makes is checked.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::repository;
use crate::tools::{self, cargo};

/// Compiles a crate that is a workspace of its own; the folder with what came out.
///
/// The stable compiler can do that, but takes the flag only as if it compiled itself. What is shipped is not compiled so.
pub fn build(manifest: &str) -> Result<PathBuf> {
    let target = repository::path("target/safety/sanitized");
    let manifest = repository::path(manifest).display().to_string();
    // With its name the target's flags are not those of build scripts.
    let triple = triple()?;
    let mut command = cargo(&["build", "--quiet", "--release", "--locked", "--manifest-path", &manifest]);
    command.args(["--target", &triple, "--target-dir"]).arg(&target).env_remove("CARGO_TARGET_DIR");
    command.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Zsanitizer=address");
    // For the lines in a report.
    command.env("CARGO_PROFILE_RELEASE_STRIP", "none").env("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only");
    tools::run(&mut command)?;
    Ok(target.join(triple).join("release"))
}

/// The compiler's own target.
fn triple() -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = tools::output(std::process::Command::new(rustc).arg("-vV"))?;
    let said = String::from_utf8(said.stdout)?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.into())
}
