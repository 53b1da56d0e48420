//! The compiler wrapper: what a back end runs during `cardan build` in place of the compiler.

use std::path::Path;
use std::process::ExitCode;

use crate::error::{Error, Result};

/// Whether this process was started under a compiler's name.
pub fn called_as_compiler() -> bool {
    const NAMES: [&str; 6] = ["cc", "gcc", "clang", "c++", "g++", "clang++"];
    std::env::args_os()
        .next()
        .and_then(|path| Path::new(&path).file_name()?.to_str().map(|name| NAMES.contains(&name)))
        .unwrap_or(false)
}

/// Runs the real compiler with the arguments of this process and what a universal module needs.
pub fn run() -> Result<ExitCode> {
    Err(Error::new("the compiler wrapper is not written yet"))
}
