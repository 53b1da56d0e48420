//! The binary files of a wheel, and which of them are extension modules.

use super::{File, Wheel};
use crate::error::Result;
use cardan_import_library::{SharedObject, is_elf, module_of};

/// A binary file of a wheel.
pub struct Binary<'a> {
    /// The file.
    pub file: &'a File,
    /// What is in it.
    pub object: SharedObject,
}

impl Binary<'_> {
    /// The name of the module that this file is, if it has the entry point for its own name.
    pub fn module(&self) -> Option<&str> {
        let name = module_name(self.file)?;
        self.object.exports.iter().any(|export| module_of(export).as_deref() == Some(name)).then_some(name)
    }
}

/// The module's name as its file's place gives it: the file name up to its first dot, or the folder's name.
fn module_name(file: &File) -> Option<&str> {
    let (stem, _) = file.file_name().split_once('.')?;
    if stem == "__init__" { file.folder().trim_end_matches('/').rsplit('/').next() } else { Some(stem) }
}

/// Whether a file is named like a shared object: `x.so`, `libx.so.1`.
fn is_named_shared_object(file: &File) -> bool {
    file.file_name().ends_with(".so") || file.file_name().contains(".so.")
}

/// All binary files of a wheel.
///
/// # Errors
/// A file that is named like a shared object cannot be read as one.
pub fn binaries(wheel: &Wheel) -> Result<Vec<Binary<'_>>> {
    let mut binaries = Vec::new();
    for file in &wheel.files {
        if is_named_shared_object(file) {
            binaries.push(Binary { file, object: SharedObject::read(&file.path, &file.data)? });
        } else if is_elf(&file.data)
            && let Ok(object) = SharedObject::read(&file.path, &file.data)
        {
            // A program that the wheel carries.
            binaries.push(Binary { file, object });
        }
    }
    Ok(binaries)
}
