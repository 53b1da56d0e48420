//! What a build needs besides a compiler: the headers and the import library, both carried inside this command.

use crate::error::{Context, Error, Result};
use cardan_import_library::{Target, archive};
use std::fs;
use std::path::{Path, PathBuf};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/kit.rs"));
}

/// The unpacked kit.
#[derive(Clone, Debug)]
pub struct Kit {
    /// The folder with `Python.h`.
    pub include: PathBuf,
    /// The import library.
    pub library: PathBuf,
}

/// Unpacks the headers into `FOLDER/include` and writes the import library for this machine as `FOLDER/libcardan.a`,
/// with this runtime in it if it is not the command's own.
///
/// # Errors
/// When the folder cannot be written, or there is no import library for this machine.
pub fn unpack(folder: &Path, runtime: Option<&[u8]>) -> Result<Kit> {
    let kit = Kit { include: folder.join("include"), library: folder.join("libcardan.a") };
    for (name, bytes) in embedded::HEADERS {
        write(&kit.include.join(name), bytes)?;
    }
    let target = Target::host().map_err(|error| Error::new(error.to_string()))?;
    let library =
        archive(target, runtime.unwrap_or(embedded::RUNTIME)).map_err(|error| Error::new(error.to_string()))?;
    write(&kit.library, &library)?;
    Ok(kit)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).context(|| format!("the folder {} cannot be made", folder.display()))?;
    }
    fs::write(path, bytes).context(|| format!("the file {} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::unpack;

    #[test]
    fn the_kit_has_headers_and_a_library_with_members_for_names() {
        let folder = tempfile::tempdir().unwrap();
        let kit = unpack(folder.path(), None).unwrap();
        assert!(kit.include.join("Python.h").is_file());
        assert!(kit.include.join("cardan/object.h").is_file());
        let library = std::fs::read(kit.library).unwrap();
        let names = object::read::archive::ArchiveFile::parse(library.as_slice()).unwrap();
        assert!(names.members().any(|member| member.unwrap().name() == b"PyList_New.o"));
    }
}
