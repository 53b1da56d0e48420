//! `cargo xtask fuzz`: looks for bytes on which a reader of the command panics, hangs, or takes too much memory.
//!
//! The fuzzer is LLVM's libFuzzer, from a crate: guided by which code an input reaches, it gets far into archives and tables in
//! minutes, where blind changes get stuck at the first checksum or length. The compiler marks the code by flags that its stable
//! version has; only sanitizers would need another one, and the readers have no `unsafe` code of their own to look at.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::repository;
use crate::tools;

/// Which code an input reaches, and what it is compared with.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
                     -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg=fuzzing";

#[derive(clap::Args)]
pub struct Arguments {
    /// How long, for all readers together
    #[arg(long, default_value_t = 300)]
    seconds: u64,
    /// Only this reader: elf, metadata, record, tar, wheel or zip
    #[arg(long)]
    reader: Option<String>,
    /// Run this file only, once: an input that was found before
    input: Option<PathBuf>,
}

/// Builds the fuzzer and runs it for each reader. What is found is kept in `target/fuzz/found`, and the inputs that reach
/// new code in `target/fuzz/corpus`, from which the next run goes on.
pub fn run(arguments: &Arguments) -> Result<()> {
    let target = repository::path("target/fuzz");
    let fuzzer = build(&target)?;
    let seeds = repository::path("crates/cardan-cli/seeds");
    let mut readers: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(&seeds).context("the seeds")? {
        let entry = entry?;
        if entry.path().is_dir() {
            readers.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    readers.sort();
    if let Some(reader) = &arguments.reader {
        readers.retain(|own| own == reader);
    }
    if readers.is_empty() {
        bail!("there is no reader of this name: expected that of a folder in {}", seeds.display());
    }
    let found = target.join("found");
    std::fs::create_dir_all(&found)?;
    let seconds = (arguments.seconds / readers.len() as u64).max(1);
    for reader in &readers {
        let corpus = target.join("corpus").join(reader);
        std::fs::create_dir_all(&corpus)?;
        let mut command = Command::new(&fuzzer);
        command.env("CARDAN_FUZZ", reader);
        match &arguments.input {
            Some(input) => command.arg(input),
            None => command
                .arg(format!("-max_total_time={seconds}"))
                // What takes longer, or more memory, hangs or breaks the command for its user.
                .args(["-timeout=10", "-rss_limit_mb=2048", "-max_len=65536", "-print_final_stats=1", "-verbosity=0"])
                .arg(format!("-artifact_prefix={}/{reader}-", found.display()))
                .arg(&corpus)
                .arg(seeds.join(reader)),
        };
        println!("{reader}: {seconds} s");
        tools::run(&mut command).with_context(|| {
            format!(
                "the reader {reader} fails on a file in {}: cargo xtask fuzz --reader {reader} FILE",
                found.display()
            )
        })?;
    }
    Ok(())
}

fn build(target: &std::path::Path) -> Result<PathBuf> {
    let manifest = repository::path("crates/cardan-fuzz/Cargo.toml").display().to_string();
    let machine = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let mut command =
        tools::cargo(&["build", "--release", "--quiet", "--manifest-path", &manifest, "--target", &machine]);
    // With a target named, the flags are not for build scripts and macros.
    command.arg("--target-dir").arg(target).env("RUSTFLAGS", FLAGS);
    tools::run(&mut command).context("the fuzzer cannot be built: it needs a C++ compiler")?;
    Ok(target.join(machine).join("release/cardan-fuzz"))
}
