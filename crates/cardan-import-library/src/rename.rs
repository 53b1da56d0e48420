//! Gives the author's `PyInit_X` another name, in an object file that is about to be linked.

use crate::Error;
use crate::elf::RENAMED;
use object::build::elf::Builder;
use object::elf;

/// The names of the modules that an ELF object defines a `PyInit_` function for, and the object with those functions
/// renamed to `cardan_module_PyInit_X`; `None` when it defines none, or is not an ELF object.
///
/// # Errors
/// When the object is damaged.
///
/// # Examples
/// ```
/// assert!(cardan_import_library::rename_entry(b"int main(void) { return 0; }").unwrap().is_none());
/// ```
pub fn rename_entry(object: &[u8]) -> Result<Option<(Vec<String>, Vec<u8>)>, Error> {
    if !object.starts_with(b"\x7fELF") || !contains(object, b"PyInit_") {
        return Ok(None);
    }
    let mut builder = Builder::read(object).map_err(|error| Error::wrap("the object file is damaged", error))?;
    let mut modules = Vec::new();
    for symbol in &mut builder.symbols {
        let global = matches!(symbol.st_bind(), elf::STB_GLOBAL | elf::STB_WEAK);
        let Some(module) = symbol.name.strip_prefix(b"PyInit_") else { continue };
        if symbol.section.is_some() && global {
            modules.push(String::from_utf8_lossy(module).into_owned());
            symbol.name = [RENAMED.as_bytes(), symbol.name.as_slice()].concat().into();
        }
    }
    if modules.is_empty() {
        return Ok(None);
    }
    let mut output = Vec::new();
    builder.write(&mut output).map_err(|error| Error::wrap("the object file cannot be rewritten", error))?;
    Ok(Some((modules, output)))
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
