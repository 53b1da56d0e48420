//! Reads back from a finished module what it needs from a host.

use crate::elf::RECORDS;
use crate::{Error, Kind};
use cardan_host::bind::{RECORD_SIZE, kind};
use object::read::elf::ElfFile64;
use object::{Object, ObjectSection, RelocationTarget};
use std::collections::HashMap;

/// One name that a module needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Import {
    /// The plain name, as CPython spells it.
    pub name: String,
    /// What it stands for.
    pub kind: Kind,
    /// Whether the module carries a stand-in for hosts that lack it.
    pub has_polyfill: bool,
    /// The hosts on which it is exported without working, as bits.
    pub stub_on: u32,
}

/// The names that a module needs from a host, sorted; `None` when the file is no module of this kind.
///
/// # Errors
/// When the file is no ELF file, or its records are damaged.
///
/// # Examples
/// ```
/// assert_eq!(cardan_import_library::imports(b"MZ").unwrap_err().to_string(), "not an ELF file");
/// ```
pub fn imports(module: &[u8]) -> Result<Option<Vec<Import>>, Error> {
    let file: ElfFile64 = ElfFile64::parse(module).map_err(|_| Error::new("not an ELF file"))?;
    let Some(section) = file.section_by_name(RECORDS) else { return Ok(None) };
    let data = section.data().map_err(|error| Error::wrap("the section cdn_imports", error))?;
    // In a linked file the pointers of the records are relocations, relative to where the file is loaded.
    let mut pointers = HashMap::new();
    for (address, relocation) in file.dynamic_relocations().into_iter().flatten() {
        if let RelocationTarget::Absolute = relocation.target() {
            pointers.insert(address, relocation.addend() as u64);
        }
    }
    let damaged = |index: usize| Error::new(format!("record {index} of the section cdn_imports is damaged"));
    let mut imports = Vec::new();
    for (index, record) in data.chunks(RECORD_SIZE).enumerate() {
        let place = section.address() + (index * RECORD_SIZE) as u64;
        let word = |offset: u64| {
            let stored = record.get(offset as usize..offset as usize + 8).and_then(|bytes| bytes.try_into().ok());
            pointers.get(&(place + offset)).copied().or(stored.map(u64::from_le_bytes))
        };
        let half = |offset: usize| {
            let bytes = record.get(offset..offset + 4).and_then(|bytes| bytes.try_into().ok());
            bytes.map(u32::from_le_bytes).ok_or_else(|| damaged(index))
        };
        let name = word(0).and_then(|address| string(&file, address)).ok_or_else(|| damaged(index))?;
        let kind = match half(32)? {
            kind::FUNCTION => Kind::Function,
            kind::OBJECT => Kind::ObjectVariable,
            kind::ADDRESS => Kind::Address,
            _ => return Err(damaged(index)),
        };
        imports.push(Import {
            name,
            kind,
            has_polyfill: word(16).is_some_and(|address| address != 0),
            stub_on: half(36)?,
        });
    }
    imports.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(Some(imports))
}

/// The C string at an address of the file.
fn string(file: &ElfFile64, address: u64) -> Option<String> {
    let section =
        file.sections().find(|section| section.address() <= address && address < section.address() + section.size())?;
    let data = section.data().ok()?.get((address - section.address()) as usize..)?;
    let end = data.iter().position(|&byte| byte == 0)?;
    String::from_utf8(data[..end].to_vec()).ok()
}
