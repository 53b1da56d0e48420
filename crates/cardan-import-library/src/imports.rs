//! Reads back from a finished module what it needs from a host.

use crate::elf::read::Image;
use crate::elf::write::RECORDS;
use crate::{Error, Kind};
use cardan_host::bind::{RECORD_SIZE, kind};

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
    let image = Image::parse(module)?;
    let Some((start, data)) = image.section(RECORDS)? else { return Ok(None) };
    let damaged = |index: usize| Error::new(format!("record {index} of the section cdn_imports is damaged"));
    let mut imports = Vec::new();
    for index in 0..data.len().div_ceil(RECORD_SIZE) {
        let at = |offset: usize| start.checked_add((index * RECORD_SIZE + offset) as u64);
        let half = |offset| at(offset).and_then(|place| image.half(place)).ok_or_else(|| damaged(index));
        let name = at(0)
            .and_then(|place| image.word(place))
            .and_then(|address| image.string(address))
            .ok_or_else(|| damaged(index))?;
        let kind = match half(32)? {
            kind::FUNCTION => Kind::Function,
            kind::OBJECT => Kind::ObjectVariable,
            kind::ADDRESS => Kind::Address,
            _ => return Err(damaged(index)),
        };
        imports.push(Import {
            name,
            kind,
            has_polyfill: at(16).and_then(|place| image.word(place)).is_some_and(|address| address != 0),
            stub_on: half(36)?,
        });
    }
    imports.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(Some(imports))
}
