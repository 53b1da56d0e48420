//! Builds the runtime that goes into every module, and lists the files that the command carries inside it: the headers
//! and that runtime. So the command is one file, and what it builds with is always of its own version.

// What cargo reads is written to its stdout, which is open.
#![allow(clippy::disallowed_macros)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let output = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let crates = here.parent().expect("the crate is in a folder").to_owned();
    for watched in ["cardan-abi", "cardan-host", "cardan-capi", "cardan-runtime", "cardan-static"] {
        println!("cargo::rerun-if-changed={}", crates.join(watched).join("src").display());
        println!("cargo::rerun-if-changed={}", crates.join(watched).join("Cargo.toml").display());
    }
    let mut list = String::from("pub(super) const HEADERS: &[(&str, &[u8])] = &[\n");
    for include in ["cardan-capi/include", "cardan-runtime/include"].map(|folder| crates.join(folder)) {
        println!("cargo::rerun-if-changed={}", include.display());
        for file in files(&include) {
            let name = file.strip_prefix(&include).expect("it is inside").display().to_string();
            writeln!(list, "    ({name:?}, include_bytes!({:?})),", file.display().to_string())
                .expect("a string takes all");
        }
    }
    let runtime = runtime(&crates.join("cardan-static"), &output.join("runtime"));
    writeln!(list, "];\npub(super) const RUNTIME: &[u8] = include_bytes!({:?});", runtime.display().to_string())
        .expect("a string takes all");
    fs::write(output.join("kit.rs"), list).expect("cargo's output folder can be written");
}

/// The files below a folder, sorted, so that the output is the same each time.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the headers are there") {
        let path = entry.expect("the headers can be read").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Compiles the runtime: always for release, and for the target of the command itself.
fn runtime(package: &Path, target: &Path) -> PathBuf {
    let cargo = env::var_os("CARGO").expect("cargo sets it");
    let mut command = Command::new(cargo);
    command.args(["build", "--release", "--quiet", "--manifest-path"]).arg(package.join("Cargo.toml"));
    command.arg("--target-dir").arg(target);
    // What the outer cargo sets for this crate (flags, lints' wrapper) is not meant for the runtime.
    for (name, _) in env::vars_os() {
        let inherited = name.to_string_lossy().into_owned();
        if inherited.starts_with("CARGO_") && inherited != "CARGO_HOME" && inherited != "CARGO_NET_OFFLINE"
            || inherited.starts_with("RUSTC_WORKSPACE")
            || inherited == "RUSTFLAGS"
        {
            command.env_remove(&name);
        }
    }
    let status = command.status().expect("cargo can be run");
    assert!(status.success(), "the runtime could not be compiled: see cargo's words above");
    target.join("release/libcardan_static.a")
}
