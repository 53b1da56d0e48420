//! The only file that reads ELF: what a shared object exports, imports and asks for.

use object::elf;
use object::read::elf::{Dyn, FileHeader, ProgramHeader, SectionHeader, Sym};
use object::{Endianness, FileKind};

use crate::error::{Context, Error, Result};

/// A symbol that a shared object takes from another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undefined {
    /// The symbol's name.
    pub name: String,
    /// Whether the object loads without it.
    pub weak: bool,
}

/// A symbol version that a shared object asks of a library, such as `GLIBC_2.14` of `libc.so.6`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The library's file name.
    pub library: String,
    /// The version's name.
    pub name: String,
}

/// What the dynamic linker sees of a shared object.
#[derive(Debug, Clone, Default)]
pub struct SharedObject {
    /// The processor as platform tags name it, such as `x86_64`.
    pub processor: String,
    /// The file names of the libraries that are loaded with it.
    pub needed: Vec<String>,
    /// The symbol versions that it asks for, sorted.
    pub versions: Vec<Version>,
    /// The symbols that it takes from others.
    pub undefined: Vec<Undefined>,
    /// The symbols that it offers to others, sorted.
    pub exports: Vec<String>,
    /// Whether its relocations are packed in the way that only recent loaders know (`DT_RELR`).
    pub packed_relocations: bool,
}

/// Whether the bytes begin as an ELF file does.
pub fn is_elf(data: &[u8]) -> bool {
    data.starts_with(&elf::ELFMAG)
}

/// Reads a shared object. `name` is what errors call it.
///
/// # Errors
/// The file is not an ELF shared object, or shorter than its own headers say.
pub fn read(name: &str, data: &[u8]) -> Result<SharedObject> {
    match FileKind::parse(data) {
        Ok(FileKind::Elf64) => read_class::<elf::FileHeader64<Endianness>>(name, data),
        Ok(FileKind::Elf32) => read_class::<elf::FileHeader32<Endianness>>(name, data),
        Ok(kind) => Err(not_a_shared_object(name, &format!("a file of the kind {kind:?}"))),
        Err(_) => Err(not_a_shared_object(name, &describe_start(data))),
    }
}

fn not_a_shared_object(name: &str, found: &str) -> Error {
    Error::new(format!("{name} is not an extension module: expected an ELF shared object, found {found}"))
}

fn describe_start(data: &[u8]) -> String {
    if data.is_empty() {
        return "an empty file".into();
    }
    let start: Vec<String> = data.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("a file that starts with the bytes {}", start.join(" "))
}

fn read_class<H: FileHeader<Endian = Endianness>>(name: &str, data: &[u8]) -> Result<SharedObject> {
    let broken = || format!("{name} is damaged");
    let header = H::parse(data).map_err(|_| truncated(name, std::mem::size_of::<H>() as u64, data))?;
    let endian = header.endian().context(broken)?;
    check_length(name, header, endian, data)?;
    if header.e_type(endian) != elf::ET_DYN {
        let found = match header.e_type(endian) {
            elf::ET_REL => "an object file that is not linked yet",
            elf::ET_EXEC => "a program",
            _ => "another kind of ELF file",
        };
        return Err(not_a_shared_object(name, found));
    }
    let mut object = SharedObject {
        processor: processor(header.e_machine(endian), endian == Endianness::Little).into(),
        ..SharedObject::default()
    };

    let sections = header.sections(endian, data).context(broken)?;
    if let Some((dynamic, index)) = sections.dynamic(endian, data).context(broken)? {
        let strings = sections.strings(endian, data, index).context(broken)?;
        for entry in dynamic {
            let tag: u64 = entry.d_tag(endian).into();
            if tag == u64::from(elf::DT_NEEDED) {
                object.needed.push(text(entry.string(endian, strings).context(broken)?));
            } else if tag == DT_RELR {
                object.packed_relocations = true;
            }
        }
    }
    if let Some((mut needs, index)) = sections.gnu_verneed(endian, data).context(broken)? {
        let strings = sections.strings(endian, data, index).context(broken)?;
        while let Some((need, mut entries)) = needs.next().context(broken)? {
            let library = text(need.file(endian, strings).context(broken)?);
            while let Some(entry) = entries.next().context(broken)? {
                let name = text(entry.name(endian, strings).context(broken)?);
                object.versions.push(Version { library: library.clone(), name });
            }
        }
    }
    let symbols = sections.symbols(endian, data, elf::SHT_DYNSYM).context(broken)?;
    for symbol in symbols.iter().skip(1) {
        let name = text(symbol.name(endian, symbols.strings()).context(broken)?);
        if symbol.is_undefined(endian) {
            object.undefined.push(Undefined { name, weak: symbol.st_bind() == elf::STB_WEAK });
        } else if symbol.st_bind() != elf::STB_LOCAL && visible(symbol.st_visibility()) {
            object.exports.push(name);
        }
    }
    object.exports.sort();
    object.versions.sort();
    Ok(object)
}

// The `object` crate has no name for it.
const DT_RELR: u64 = 36;

fn visible(visibility: u8) -> bool {
    visibility == elf::STV_DEFAULT || visibility == elf::STV_PROTECTED
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The processor's name in platform tags.
fn processor(machine: u16, little_endian: bool) -> &'static str {
    match (machine, little_endian) {
        (elf::EM_X86_64, _) => "x86_64",
        (elf::EM_386, _) => "i686",
        (elf::EM_AARCH64, _) => "aarch64",
        (elf::EM_ARM, _) => "armv7l",
        (elf::EM_PPC64, true) => "ppc64le",
        (elf::EM_PPC64, false) => "ppc64",
        (elf::EM_S390, _) => "s390x",
        (elf::EM_RISCV, _) => "riscv64",
        (elf::EM_LOONGARCH, _) => "loongarch64",
        _ => "unknown",
    }
}

/// Refuses a file that is shorter than what its headers describe: half a download, or a full disk.
fn check_length<H: FileHeader<Endian = Endianness>>(
    name: &str,
    header: &H,
    endian: Endianness,
    data: &[u8],
) -> Result<()> {
    let section_table = header.e_shoff(endian).into()
        + u64::from(header.e_shnum(endian)) * std::mem::size_of::<H::SectionHeader>() as u64;
    let mut end = section_table;
    if let Ok(segments) = header.program_headers(endian, data) {
        for segment in segments {
            end = end.max(segment.p_offset(endian).into().saturating_add(segment.p_filesz(endian).into()));
        }
    }
    if end <= data.len() as u64 {
        let sections = header.section_headers(endian, data).context(|| format!("{name} is damaged"))?;
        for section in sections {
            if let Some((offset, size)) = section.file_range(endian) {
                end = end.max(offset.saturating_add(size));
            }
        }
    }
    if end > data.len() as u64 { Err(truncated(name, end, data)) } else { Ok(()) }
}

fn truncated(name: &str, expected: u64, data: &[u8]) -> Error {
    let found = data.len();
    Error::new(format!("{name} is truncated: its headers describe {expected} bytes, the file has {found}"))
        .help("copy or build the file again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_elf_is_named() {
        let error = read("a.so", b"#!/bin/sh").unwrap_err().to_string();
        assert_eq!(
            error,
            "error: a.so is not an extension module: expected an ELF shared object, found a file that starts with the \
             bytes 23 21 2f 62"
        );
        assert_eq!(
            read("a.so", b"").unwrap_err().to_string(),
            "error: a.so is not an extension module: expected an ELF shared object, found an empty file"
        );
    }

    #[test]
    fn a_cut_header_is_truncated() {
        let mut start = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0];
        start.resize(20, 0);
        assert_eq!(
            read("a.so", &start).unwrap_err().to_string(),
            "error: a.so is truncated: its headers describe 64 bytes, the file has 20\n  help: copy or build the file again"
        );
    }
}
