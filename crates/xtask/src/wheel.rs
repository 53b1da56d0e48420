//! `cargo xtask wheel`: the distribution `cardan`, which is the command and the Python package in one wheel.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use object::Endianness;
use object::elf::{DT_NEEDED, FileHeader64};
use object::read::elf::{Dyn, FileHeader};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;

use crate::native_module;
use crate::repository;
use crate::tools;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The native module in the package. Like every module that is built with Cardan, it has the bare suffix, and a loader in
/// Python beside it for hosts that do not look for that.
const MODULE: &str = "_runtime.so";
const LOADER: &str = "crates/cardan-cli/src/wheel/loader.py";

#[derive(clap::Args)]
pub struct Arguments {
    /// The folder for the wheel
    #[arg(short, long, value_name = "DIR", default_value = "dist")]
    output: PathBuf,
    /// A command that is built already [default: it is built for release]
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Only the Python package, without the command
    #[arg(long, conflicts_with = "binary")]
    package_only: bool,
}

/// Builds the wheel and prints its path.
pub fn run(arguments: &Arguments) -> Result<()> {
    let binary = match &arguments.binary {
        _ if arguments.package_only => None,
        Some(binary) => Some(binary.clone()),
        None => Some(release()?),
    };
    let read = |path: PathBuf| fs::read(&path).with_context(|| format!("cannot read {}", path.display()));
    println!("{}", build(binary.map(read).transpose()?, &arguments.output)?.display());
    Ok(())
}

/// Builds the wheel with this command, or only the Python package, for tests of that; its path.
pub fn build(binary: Option<Vec<u8>>, output: &Path) -> Result<PathBuf> {
    let module = native_module::build()?;
    let module = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    let tags = platform_tags(binary.as_ref().unwrap_or(&module))?;
    let information = format!("cardan-{VERSION}.dist-info");
    let mut files = package()?;
    files.push((format!("cardan/{MODULE}"), module, 0o755));
    if let Some(binary) = binary {
        files.push((format!("cardan-{VERSION}.data/scripts/cardan"), binary, 0o755));
    }
    files.push((format!("{information}/METADATA"), metadata()?.into_bytes(), 0o644));
    let tag_lines: String = tags.iter().map(|tag| format!("Tag: py3-none-{tag}\n")).collect();
    let wheel = format!("Wheel-Version: 1.0\nGenerator: cardan {VERSION}\nRoot-Is-Purelib: false\n{tag_lines}");
    files.push((format!("{information}/WHEEL"), wheel.into_bytes(), 0o644));
    let entries = "[pytest11]\ncardan = cardan.pytest_plugin\n";
    files.push((format!("{information}/entry_points.txt"), entries.into(), 0o644));
    for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
        files.push((format!("{information}/licenses/{license}"), text(license)?.into_bytes(), 0o644));
    }
    // No path of ours has a comma or a quote in it, so the lines are CSV as they are.
    let mut record = String::new();
    for (path, data, _) in &files {
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(data));
        record.push_str(&format!("{path},sha256={hash},{}\n", data.len()));
    }
    record.push_str(&format!("{information}/RECORD,,\n"));
    files.push((format!("{information}/RECORD"), record.into_bytes(), 0o644));

    fs::create_dir_all(output).with_context(|| format!("cannot make {}", output.display()))?;
    let path = output.join(format!("cardan-{VERSION}-py3-none-{}.whl", tags.join(".")));
    write(&path, &files).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// A file of the wheel: its path there, its content and its permission bits.
type Entry = (String, Vec<u8>, u32);

/// Builds the command for release; its path.
fn release() -> Result<PathBuf> {
    tools::run(&mut tools::cargo(&["build", "--quiet", "--release", "--locked", "--package", "cardan-cli"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository::path("target"), PathBuf::from);
    Ok(target.join("release/cardan"))
}

/// The Python files of the package.
fn package() -> Result<Vec<Entry>> {
    let folder = repository::path("python/cardan");
    let names = tools::names(&folder).into_iter().filter(|name| name.ends_with(".py"));
    let mut files: Vec<Entry> = names
        .map(|name| Ok((format!("cardan/{name}"), text(&format!("python/cardan/{name}"))?.into_bytes(), 0o644)))
        .collect::<Result<_>>()?;
    files.push(("cardan/_runtime.py".into(), text(LOADER)?.replace("{file}", MODULE).into_bytes(), 0o644));
    let expected = format!("__version__ = \"{VERSION}\"\n");
    if !text("python/cardan/__init__.py")?.contains(&expected) {
        bail!("python/cardan/__init__.py is of another version than the workspace: expected {}", expected.trim_end());
    }
    Ok(files)
}

fn metadata() -> Result<String> {
    let readme = text("README.md")?;
    Ok(format!(
        "Metadata-Version: 2.4\nName: cardan\nVersion: {VERSION}\nSummary: {}\nLicense-Expression: MIT OR Apache-2.0\n\
         License-File: LICENSE-APACHE\nLicense-File: LICENSE-MIT\nRequires-Python: >=3.9\n\
         Requires-Dist: tomli >= 2; python_version < \"3.11\"\nDescription-Content-Type: text/markdown\n\n{readme}",
        env!("CARGO_PKG_DESCRIPTION"),
    ))
}

fn text(path: &str) -> Result<String> {
    fs::read_to_string(repository::path(path)).with_context(|| format!("cannot read {path}"))
}

/// The same files give the same bytes: the archive's times are its format's first moment.
fn write(path: &Path, files: &[Entry]) -> Result<()> {
    let mut archive = zip::ZipWriter::new(File::create(path)?);
    for (name, data, mode) in files {
        let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
        archive.start_file(name.as_str(), options.unix_permissions(*mode))?;
        archive.write_all(data)?;
    }
    archive.finish()?;
    Ok(())
}

#[derive(Deserialize)]
struct Policies {
    /// Symbol versions without a number, and the glibc release that has them first.
    named: BTreeMap<String, Vec<u32>>,
    policy: Vec<Policy>,
}

#[derive(Deserialize)]
struct Policy {
    glibc: Vec<u32>,
    legacy_name: Option<String>,
    processors: Vec<String>,
    #[serde(default)]
    libraries: Vec<String>,
}

/// The tags of the oldest manylinux policy that a program keeps. It is one of ours: in Rust, with libgcc's unwinder.
fn platform_tags(binary: &[u8]) -> Result<Vec<String>> {
    let policies: Policies = toml::from_str(&text("spec/platforms/manylinux.toml")?)?;
    let processor = std::env::consts::ARCH;
    let (floor, needed) =
        requirements(binary, &policies.named).context("the command is not a 64-bit ELF program: expected Linux")?;
    let mut libraries = Vec::new();
    for policy in &policies.policy {
        libraries.extend(policy.libraries.iter().map(String::as_str));
        let has = |name: &String| libraries.contains(&name.as_str()) || name.starts_with("ld-linux");
        if policy.glibc >= floor && policy.processors.iter().any(|name| name == processor) && needed.iter().all(has) {
            let release: Vec<String> = policy.glibc.iter().map(u32::to_string).collect();
            let mut tags = vec![format!("manylinux_{}_{processor}", release.join("_"))];
            tags.extend(policy.legacy_name.iter().map(|name| format!("{name}_{processor}")));
            return Ok(tags);
        }
    }
    bail!("no manylinux policy holds for the command on {processor}: it needs glibc {floor:?} and {needed:?}")
}

/// The newest glibc that a program asks for, and the libraries that are loaded with it.
fn requirements(binary: &[u8], named: &BTreeMap<String, Vec<u32>>) -> Result<(Vec<u32>, Vec<String>)> {
    let header = FileHeader64::<Endianness>::parse(binary)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, binary)?;
    let mut needed = Vec::new();
    if let Some((dynamic, index)) = sections.dynamic(endian, binary)? {
        let strings = sections.strings(endian, binary, index)?;
        for entry in dynamic.iter().filter(|entry| entry.tag32(endian) == Some(DT_NEEDED)) {
            needed.push(String::from_utf8(entry.string(endian, strings)?.to_vec())?);
        }
    }
    let mut floor = Vec::new();
    if let Some((mut needs, index)) = sections.gnu_verneed(endian, binary)? {
        let strings = sections.strings(endian, binary, index)?;
        while let Some((_, mut entries)) = needs.next()? {
            while let Some(entry) = entries.next()? {
                let name = String::from_utf8(entry.name(endian, strings)?.to_vec())?;
                if let Some(since) = named.get(&name) {
                    floor = floor.max(since.clone());
                } else if let Some(number) = name.strip_prefix("GLIBC_") {
                    let number = number.split('.').map(str::parse).collect::<Result<Vec<u32>, _>>();
                    floor = floor.max(number.with_context(|| format!("the symbol version {name} is unknown"))?);
                }
            }
        }
    }
    Ok((floor, needed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_program_is_refused() {
        assert_eq!(
            platform_tags(b"#!/bin/sh\n").unwrap_err().to_string(),
            "the command is not a 64-bit ELF program: expected Linux"
        );
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[test]
    fn a_program_of_this_machine_has_a_tag() {
        let own = fs::read(std::env::current_exe().unwrap()).unwrap();
        let tags = platform_tags(&own).unwrap();
        assert!(tags[0].starts_with("manylinux_2_") && tags[0].ends_with(std::env::consts::ARCH), "{tags:?}");
    }
}
