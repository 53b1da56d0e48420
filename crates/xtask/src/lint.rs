//! `cargo xtask lint`: format, clippy, ruff, generated files.

use std::process::Command;

use anyhow::{Result, bail};

use crate::native_module;
use crate::repository;
use crate::tools::{self, Tools, cargo};

#[derive(clap::Args)]
pub struct Arguments {}

/// Runs every check, also after one that fails.
pub fn run(_arguments: &Arguments) -> Result<()> {
    let tools = Tools::get()?;
    let runtime = repository::path("crates/cardan-static/Cargo.toml").display().to_string();
    let module = repository::path(native_module::MANIFEST).display().to_string();
    let fuzzer = repository::path("crates/cardan-fuzz/Cargo.toml").display().to_string();
    let module_target = repository::path("target/python-module").display().to_string();
    let python = |words: &[&str]| {
        let mut command = tools.command("ruff");
        command.args(words).args([".", "--exclude", "target"]);
        command
    };
    let checks: Vec<(&str, Command)> = vec![
        ("cargo fmt", cargo(&["fmt", "--all", "--check"])),
        ("cargo fmt, the runtime", cargo(&["fmt", "--manifest-path", &runtime, "--check"])),
        ("cargo fmt, the native module", cargo(&["fmt", "--manifest-path", &module, "--check"])),
        ("cargo fmt, the fuzzer", cargo(&["fmt", "--manifest-path", &fuzzer, "--check"])),
        ("cargo clippy", cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])),
        (
            "cargo clippy, the runtime",
            cargo(&["clippy", "--quiet", "--release", "--manifest-path", &runtime, "--", "-D", "warnings"]),
        ),
        (
            "cargo clippy, the native module",
            cargo(&[
                "clippy",
                "--quiet",
                "--release",
                "--manifest-path",
                &module,
                "--target-dir",
                &module_target,
                "--",
                "-D",
                "warnings",
            ]),
        ),
        ("ruff check", python(&["check", "--quiet"])),
        ("ruff format", python(&["format", "--quiet", "--check"])),
        ("generated files", cargo(&["xtask", "generate", "--check"])),
    ];
    let mut failed = Vec::new();
    match crate::rules::check() {
        Ok(()) => println!("rules: passed"),
        Err(error) => {
            println!("rules: failed");
            eprintln!("{error:#}");
            failed.push("rules");
        }
    }
    for (name, mut command) in checks {
        match tools::run(&mut command) {
            Ok(()) => println!("{name}: passed"),
            Err(error) => {
                println!("{name}: failed");
                eprintln!("{error:#}");
                failed.push(name);
            }
        }
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join("; "));
    }
    Ok(())
}
