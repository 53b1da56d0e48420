//! A linked module, read by the addresses that it has when it is loaded at 0.

use crate::Error;
use object::read::elf::ElfFile64;
use object::{Object, ObjectSection, RelocationTarget};
use std::collections::HashMap;

/// A linked module.
pub struct Image<'a> {
    file: ElfFile64<'a>,
    /// Pointers are relocations, relative to where the file is loaded: their places and what they point to.
    pointers: HashMap<u64, u64>,
}

impl<'a> Image<'a> {
    /// Reads a module.
    ///
    /// # Errors
    /// It is no ELF file.
    pub fn parse(module: &'a [u8]) -> Result<Self, Error> {
        let file: ElfFile64 = ElfFile64::parse(module).map_err(|_| Error::new("not an ELF file"))?;
        let mut pointers = HashMap::new();
        for (address, relocation) in file.dynamic_relocations().into_iter().flatten() {
            if let RelocationTarget::Absolute = relocation.target() {
                pointers.insert(address, relocation.addend() as u64);
            }
        }
        Ok(Self { file, pointers })
    }

    /// A section's address and content, if there is one of this name.
    ///
    /// # Errors
    /// The section reaches beyond the file.
    pub fn section(&self, name: &str) -> Result<Option<(u64, &'a [u8])>, Error> {
        let Some(section) = self.file.section_by_name(name) else { return Ok(None) };
        let data = section.data().map_err(|error| Error::wrap(&format!("the section {name}"), error))?;
        Ok(Some((section.address(), data)))
    }

    /// The pointer or the 64-bit number at an address; `None` where the file has nothing.
    pub fn word(&self, address: u64) -> Option<u64> {
        if let Some(&target) = self.pointers.get(&address) {
            return Some(target);
        }
        self.bytes(address)?.get(..8)?.try_into().ok().map(u64::from_le_bytes)
    }

    /// The 32-bit number at an address.
    pub fn half(&self, address: u64) -> Option<u32> {
        self.bytes(address)?.get(..4)?.try_into().ok().map(u32::from_le_bytes)
    }

    /// The C string at an address.
    pub fn string(&self, address: u64) -> Option<String> {
        let data = self.bytes(address)?;
        let end = data.iter().position(|&byte| byte == 0)?;
        String::from_utf8(data[..end].to_vec()).ok()
    }

    /// What follows an address in its section.
    fn bytes(&self, address: u64) -> Option<&'a [u8]> {
        let section = self
            .file
            .sections()
            .find(|section| section.address() <= address && address - section.address() < section.size())?;
        section.data().ok()?.get((address - section.address()) as usize..)
    }
}
