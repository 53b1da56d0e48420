//! A back end's wheel becomes the universal one: files renamed, loaders added, tags and record rewritten.

use std::path::{Path, PathBuf};

use cardan_import_library::SharedObject;

use super::elf_files::{Binary, binaries};
use super::{File, Wheel, loader, metadata, record};
use crate::compiler::is_api_name;
use crate::error::{Error, Result};
use crate::policies::manylinux::{self, Violation};
use crate::policies::musl;

/// The wheel at `built`, made universal, and what the user should know of it. `said` are the back end's last lines, for an
/// error.
///
/// # Errors
/// The wheel has no extension module, or one that is not linked with the import library.
pub fn universal(built: &Path, said: &str) -> Result<(Wheel, Vec<String>)> {
    let wheel = Wheel::read(built)?;
    wheel.refuse_obstacles()?;
    make_universal(wheel, said)
}

/// Writes a wheel to the folder `output`, and returns its path.
///
/// # Errors
/// The folder cannot be written.
pub fn write(wheel: &Wheel, output: &Path) -> Result<PathBuf> {
    wheel.write(output, source_date())
}

/// The time of all files: SOURCE_DATE_EPOCH, or the first moment of the archive format.
fn source_date() -> i64 {
    std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The wheel made universal, and what the user should know of it. `said` are the back end's last lines, for an error.
///
/// # Errors
/// As for [`universal`].
pub fn make_universal(mut wheel: Wheel, said: &str) -> Result<(Wheel, Vec<String>)> {
    let binaries = binaries(&wheel)?;
    let modules: Vec<&Binary> = binaries.iter().filter(|binary| binary.module().is_some()).collect();
    if modules.is_empty() {
        let release = &wheel.name.release;
        return Err(Error::new(format!(
            "the wheel of {release} has no extension module: there is nothing to make universal"
        ))
        .details(said)
        .help("a package of Python files alone is universal already; one that left its extension out says so above"));
    }
    for binary in &binaries {
        refuse_undefined(binary)?;
    }
    let platform = platform_tags(&binaries);
    let renamed: Vec<(String, String)> =
        modules.iter().map(|module| (module.file.path.clone(), bare(module.file))).collect();
    let dist_info = wheel.dist_info().unwrap_or_default();

    let mut loaders = Vec::new();
    for (old, new) in renamed {
        let loader_path = format!("{}.py", new.trim_end_matches(".so"));
        let has_own = wheel.file(&loader_path).is_some();
        for file in wheel.files.iter_mut().filter(|file| file.path == old) {
            file.path.clone_from(&new);
            if !has_own {
                loaders.push(File::new(loader_path.clone(), loader::text(file.file_name()).into_bytes()));
            }
        }
    }
    // The metadata comes last in a wheel.
    let (mut files, metadata): (Vec<File>, Vec<File>) =
        wheel.files.into_iter().partition(|file| !file.path.starts_with(&dist_info));
    files.extend(loaders);
    wheel.name.python = "py3".into();
    wheel.name.abi = "none".into();
    wheel.name.platform = platform.tags.join(".");
    let record_path = format!("{dist_info}RECORD");
    for mut file in metadata {
        if file.path == format!("{dist_info}WHEEL") {
            file.data = metadata::universal(&String::from_utf8_lossy(&file.data), &wheel.name.tags()).into_bytes();
        }
        if !file.path.starts_with(&record_path) {
            files.push(file);
        }
    }
    let record = record::write(&files, &record_path)?;
    files.push(File::new(record_path, record));
    wheel.files = files;
    Ok((wheel, platform.warnings))
}

/// The path of a module with the bare suffix.
fn bare(file: &File) -> String {
    let stem = file.file_name().split('.').next().unwrap_or_default();
    format!("{}{stem}.so", file.folder())
}

fn refuse_undefined(binary: &Binary) -> Result<()> {
    let undefined = binary.object.undefined.iter().map(|symbol| symbol.name.as_str());
    let names: Vec<&str> = undefined.filter(|name| is_api_name(name)).collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!(
        "{} has undefined symbols of the C API: {}. It was not linked by the compiler that the build was given",
        binary.file.path,
        names.join(", ")
    ))
    .help("let the project's build use the compiler in CC and CXX"))
}

/// The platform tags that are true for a wheel with these binaries.
pub struct PlatformTags {
    /// The tags, the most telling first.
    pub tags: Vec<String>,
    /// Why there is no better one.
    pub warnings: Vec<String>,
}

/// Works out the platform tags that are true for a wheel with these binaries.
pub fn platform_tags(binaries: &[Binary]) -> PlatformTags {
    let objects: Vec<&SharedObject> = binaries.iter().map(|binary| &binary.object).collect();
    let own: Vec<String> = binaries.iter().map(|binary| binary.file.file_name().to_string()).collect();
    let processor = objects.first().map_or("unknown", |object| object.processor.as_str());
    match manylinux::oldest_policy(&objects, &own) {
        Ok(policy) => {
            let mut tags = policy.tags(processor);
            if objects.iter().all(|object| musl::obstacles(object).is_empty()) {
                tags.push(musl::tag(processor));
            }
            PlatformTags { tags, warnings: Vec::new() }
        }
        Err(violations) => {
            let tag = format!("linux_{processor}");
            let warnings = violations.iter().map(|violation| match violation {
                Violation::Library(library) => format!(
                    "the wheel is tagged {tag}, which package indexes do not accept: it needs {library}, which no manylinux \
                     policy promises; link it statically, or put it into the wheel"
                ),
                Violation::Version(version) => format!(
                    "the wheel is tagged {tag}, which package indexes do not accept: it needs {version}, which is newer than \
                     every manylinux policy"
                ),
                Violation::Processor(name) => {
                    format!("the wheel is tagged {tag}: there is no manylinux policy for the processor {name}")
                }
            });
            PlatformTags { tags: vec![tag.clone()], warnings: warnings.collect() }
        }
    }
}
