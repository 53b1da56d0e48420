//! Reads linked ELF files as the system that loads them does: by their segments. Section headers are for other tools, and only
//! the places of what Cardan leaves in a module are taken from them.
//!
//! The files are anybody's: nothing in them is believed, and what one file can cost is bounded by its size.

use std::cell::Cell;
use std::collections::HashMap;

use object::elf;
use object::read::elf::{Dyn, ElfFile64, FileHeader, ProgramHeader, Rel, Rela, SectionHeader, Sym};
use object::{Architecture, Endianness, FileKind, Object, ObjectKind, ObjectSymbol, Pod, pod};

use crate::{Error, Target};

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
    /// Whether it has section headers, by which is found what Cardan leaves in a module.
    pub has_sections: bool,
}

impl SharedObject {
    /// Reads a shared object. `name` is what errors call it.
    ///
    /// # Errors
    /// The file is not an ELF shared object, or shorter than its own headers say.
    pub fn read(name: &str, data: &[u8]) -> Result<Self, Error> {
        match FileKind::parse(data) {
            Ok(FileKind::Elf64) => Linked::<elf::FileHeader64<Endianness>>::read(name, data)?.facts(name),
            Ok(FileKind::Elf32) => Linked::<elf::FileHeader32<Endianness>>::read(name, data)?.facts(name),
            Ok(kind) => Err(not_a_shared_object(name, &format!("a file of the kind {kind:?}"))),
            Err(_) => Err(not_a_shared_object(name, &describe_start(data))),
        }
    }
}

/// The target that a file is for.
pub(crate) fn target(data: &[u8]) -> Result<Target, Error> {
    let file: ElfFile64 = ElfFile64::parse(data).map_err(|_| Error::new("not an ELF file"))?;
    match file.architecture() {
        Architecture::X86_64 => Ok(Target::X86_64Linux),
        Architecture::Aarch64 => Ok(Target::Aarch64Linux),
        other => Err(Error::new(format!("expected an ELF file for x86_64 or aarch64, found one for {other:?}"))),
    }
}

/// The names that an object file defines.
pub(crate) fn defined_by_object(data: &[u8]) -> Result<Vec<String>, object::Error> {
    let file = object::File::parse(data)?;
    let defined = file.symbols().filter(ObjectSymbol::is_definition);
    Ok(defined.filter_map(|symbol| Some(symbol.name().ok()?.to_owned())).collect())
}

/// The names that an object file takes from others; none for what is no object file.
pub fn taken_by_object(data: &[u8]) -> Option<Vec<String>> {
    let object = object::File::parse(data).ok().filter(|object| object.kind() == ObjectKind::Relocatable)?;
    let undefined = object.symbols().filter(|symbol| symbol.is_undefined());
    Some(undefined.filter_map(|symbol| symbol.name().ok().map(str::to_owned)).collect())
}

/// Whether the bytes begin as an ELF file does.
pub fn is_elf(data: &[u8]) -> bool {
    data.starts_with(&elf::ELFMAG)
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

fn damaged(name: &str, what: &str) -> Error {
    Error::new(format!("{name} is damaged: {what}"))
}

fn truncated(name: &str, expected: u64, data: &[u8]) -> Error {
    let found = data.len();
    Error::new(format!("{name} is truncated: its headers describe {expected} bytes, the file has {found}"))
        .help("copy or build the file again")
}

/// A linked file.
struct Linked<'a, H: FileHeader<Endian = Endianness>> {
    header: &'a H,
    endian: Endianness,
    data: &'a [u8],
    /// What is loaded, by its address: the content of the file there.
    loaded: Vec<(u64, &'a [u8])>,
    /// The entries of the dynamic segment, tag and value.
    dynamic: Vec<(u64, u64)>,
    /// How many more bytes of strings are read. The strings of a table may overlap, so a small file could have many long ones.
    budget: Cell<usize>,
}

impl<'a, H: FileHeader<Endian = Endianness>> Linked<'a, H> {
    /// Reads the headers of a shared object.
    fn read(name: &str, data: &'a [u8]) -> Result<Self, Error> {
        let header = H::parse(data).map_err(|_| truncated(name, size_of::<H>() as u64, data))?;
        let endian = header.endian().map_err(|error| damaged(name, &error.to_string()))?;
        check_length(name, header, endian, data)?;
        if header.e_type(endian) != elf::ET_DYN {
            let found = match header.e_type(endian) {
                elf::ET_REL => "an object file that is not linked yet",
                elf::ET_EXEC => "a program",
                _ => "another kind of ELF file",
            };
            return Err(not_a_shared_object(name, found));
        }
        let segments = header.program_headers(endian, data).map_err(|error| damaged(name, &error.to_string()))?;
        let mut loaded: Vec<(u64, &[u8])> = segments
            .iter()
            .filter(|segment| segment.p_type(endian) == elf::PT_LOAD)
            .filter_map(|segment| Some((segment.p_vaddr(endian).into(), segment.data(endian, data).ok()?)))
            .collect();
        loaded.sort_by_key(|(address, _)| *address);
        let dynamic = segments.iter().find_map(|segment| segment.dynamic(endian, data).transpose());
        let Some(dynamic) = dynamic else {
            return Err(not_a_shared_object(name, "an ELF file that no dynamic linker can load"));
        };
        let dynamic = dynamic.map_err(|error| damaged(name, &error.to_string()))?;
        let dynamic = dynamic.iter().map(|entry| (entry.d_tag(endian).into(), entry.d_val(endian).into()));
        let dynamic = dynamic.take_while(|(tag, _)| *tag != u64::from(elf::DT_NULL)).collect();
        let budget = Cell::new(data.len().saturating_mul(16).saturating_add(1 << 16));
        Ok(Self { header, endian, data, loaded, dynamic, budget })
    }

    /// The value of the first dynamic entry with a tag.
    fn entry(&self, tag: u32) -> Option<u64> {
        self.dynamic.iter().find(|(own, _)| *own == u64::from(tag)).map(|(_, value)| *value)
    }

    /// What is loaded from an address on, to the end of the file's part of its segment.
    fn at(&self, address: u64) -> Option<&'a [u8]> {
        let after = self.loaded.partition_point(|(start, _)| *start <= address);
        let (start, bytes) = self.loaded.get(after.checked_sub(1)?)?;
        bytes.get(usize::try_from(address - start).ok()?..)
    }

    /// A table of `size` bytes at an address, where entries are given by their tags.
    fn table<T: Pod>(&self, address: u32, size: u32) -> Option<&'a [T]> {
        let (Some(address), Some(size)) = (self.entry(address), self.entry(size)) else { return Some(&[]) };
        let bytes = self.at(address)?.get(..usize::try_from(size).ok()?)?;
        Some(pod::slice_from_bytes(bytes, bytes.len() / size_of::<T>()).ok()?.0)
    }

    /// The strings that the dynamic entries refer to.
    fn strings(&self) -> Option<&'a [u8]> {
        let size = usize::try_from(self.entry(elf::DT_STRSZ)?).ok()?;
        self.at(self.entry(elf::DT_STRTAB)?)?.get(..size)
    }

    /// The string that begins at an offset. What would disturb a terminal is spelled out.
    fn string(&self, bytes: &[u8], offset: u64) -> Option<String> {
        let bytes = bytes.get(usize::try_from(offset).ok()?..)?;
        let bytes = &bytes[..bytes.iter().take(self.budget.get()).position(|&byte| byte == 0)?];
        self.budget.set(self.budget.get() - bytes.len());
        let text = String::from_utf8_lossy(bytes);
        let is_plain = !text.contains(char::is_control);
        Some(if is_plain { text.into_owned() } else { text.escape_debug().to_string() })
    }

    fn facts(&self, name: &str) -> Result<SharedObject, Error> {
        let endian = self.endian;
        let strings = self.strings().ok_or_else(|| damaged(name, "its dynamic strings are not in it"))?;
        let string = |offset: u64| self.string(strings, offset).ok_or_else(|| damaged(name, "a name is not in it"));
        let mut object = SharedObject {
            processor: processor(self.header.e_machine(endian), endian == Endianness::Little).into(),
            packed_relocations: self.entry(DT_RELR).is_some(),
            has_sections: self.header.sections(endian, self.data).is_ok_and(|sections| !sections.is_empty()),
            ..SharedObject::default()
        };
        for (_, offset) in self.dynamic.iter().filter(|(tag, _)| *tag == u64::from(elf::DT_NEEDED)) {
            object.needed.push(string(*offset)?);
        }
        for (library, version) in self.versions().ok_or_else(|| damaged(name, "its table of versions is not in it"))? {
            object.versions.push(Version { library: string(library.into())?, name: string(version.into())? });
        }
        let symbols = self.symbols().ok_or_else(|| damaged(name, "its table of symbols is not in it"))?;
        for symbol in symbols.iter().skip(1) {
            let offset = u64::from(symbol.st_name(endian));
            if symbol.is_undefined(endian) {
                object.undefined.push(Undefined { name: string(offset)?, weak: symbol.st_bind() == elf::STB_WEAK });
            } else if symbol.st_bind() != elf::STB_LOCAL && is_visible(symbol.st_visibility()) {
                object.exports.push(string(offset)?);
            }
        }
        object.exports.sort();
        object.versions.sort();
        Ok(object)
    }

    /// The dynamic symbols. Their number is written nowhere: it follows from the tables by which they are found, and from
    /// the relocations that name them.
    fn symbols(&self) -> Option<&'a [H::Sym]> {
        let Some(address) = self.entry(elf::DT_SYMTAB) else { return Some(&[]) };
        let mut count = self.count_by_relocations()?;
        if let Some(table) = self.entry(elf::DT_HASH) {
            // The second number: so many chains as symbols.
            count = count.max(self.word(self.at(table)?, 1)? as usize);
        }
        if let Some(table) = self.entry(elf::DT_GNU_HASH) {
            count = count.max(self.count_by_gnu_hash(self.at(table)?)?);
        }
        Some(pod::slice_from_bytes(self.at(address)?, count).ok()?.0)
    }

    /// The 32-bit number at a place of a table.
    fn word(&self, table: &[u8], index: usize) -> Option<u32> {
        let bytes = table.get(index.checked_mul(4)?..)?.get(..4)?.try_into().ok()?;
        Some(if self.endian == Endianness::Little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    /// The number of symbols by the GNU hash table: its last chain ends with the last symbol.
    fn count_by_gnu_hash(&self, table: &[u8]) -> Option<usize> {
        let number = |index: usize| Some(self.word(table, index)? as usize);
        let (buckets, first, bloom) = (number(0)?, number(1)?, number(2)?);
        let start = bloom.checked_mul(size_of::<H::Word>() / 4)?.checked_add(4)?;
        let chains = start.checked_add(buckets)?;
        let mut last = 0;
        for bucket in start..chains {
            last = last.max(number(bucket)?);
        }
        if last < first {
            return Some(first);
        }
        // The lowest bit marks the end of a chain.
        while number(chains.checked_add(last - first)?)? & 1 == 0 {
            last += 1;
        }
        Some(last + 1)
    }

    fn count_by_relocations(&self) -> Option<usize> {
        let (endian, mut last) = (self.endian, 0);
        let jumps_with_addend = self.entry(elf::DT_PLTREL) != Some(u64::from(elf::DT_REL));
        let jumps = |is_wanted| if is_wanted { elf::DT_JMPREL } else { elf::DT_NULL };
        for address in [elf::DT_RELA, jumps(jumps_with_addend)] {
            let size = if address == elf::DT_RELA { elf::DT_RELASZ } else { elf::DT_PLTRELSZ };
            for relocation in self.table::<H::Rela>(address, size)? {
                last = last.max(relocation.r_sym(endian, false));
            }
        }
        for address in [elf::DT_REL, jumps(!jumps_with_addend)] {
            let size = if address == elf::DT_REL { elf::DT_RELSZ } else { elf::DT_PLTRELSZ };
            for relocation in self.table::<H::Rel>(address, size)? {
                last = last.max(relocation.r_sym(endian));
            }
        }
        Some(last as usize + 1)
    }

    /// The versions that it asks for, as offsets of the library's name and the version's.
    fn versions(&self) -> Option<Vec<(u32, u32)>> {
        let (Some(address), Some(count)) = (self.entry(elf::DT_VERNEED), self.entry(elf::DT_VERNEEDNUM)) else {
            return Some(Vec::new());
        };
        let endian = self.endian;
        let mut versions = Vec::new();
        let mut table = self.at(address)?;
        for _ in 0..count {
            let (need, _) = pod::from_bytes::<elf::Verneed<Endianness>>(table).ok()?;
            let mut entries = table.get(need.vn_aux.get(endian) as usize..)?;
            for _ in 0..need.vn_cnt.get(endian) {
                let (entry, _) = pod::from_bytes::<elf::Vernaux<Endianness>>(entries).ok()?;
                versions.push((need.vn_file.get(endian), entry.vna_name.get(endian)));
                // Each entry has bytes of its own in a file that is in order.
                if versions.len() > self.data.len() / size_of::<elf::Vernaux<Endianness>>() {
                    return None;
                }
                entries = entries.get(entry.vna_next.get(endian) as usize..)?;
            }
            match need.vn_next.get(endian) {
                0 => break,
                next => table = table.get(next as usize..)?,
            }
        }
        Some(versions)
    }
}

// The `object` crate has no name for it.
const DT_RELR: u32 = 36;

fn is_visible(visibility: u8) -> bool {
    visibility == elf::STV_DEFAULT || visibility == elf::STV_PROTECTED
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
) -> Result<(), Error> {
    let sections = u64::from(header.e_shnum(endian)) * size_of::<H::SectionHeader>() as u64;
    let mut end = header.e_shoff(endian).into().saturating_add(sections);
    if let Ok(segments) = header.program_headers(endian, data) {
        for segment in segments {
            end = end.max(segment.p_offset(endian).into().saturating_add(segment.p_filesz(endian).into()));
        }
    }
    if end <= data.len() as u64 {
        let sections = header.section_headers(endian, data).map_err(|error| damaged(name, &error.to_string()))?;
        for section in sections {
            if let Some((offset, size)) = section.file_range(endian) {
                end = end.max(offset.saturating_add(size));
            }
        }
    }
    if end > data.len() as u64 { Err(truncated(name, end, data)) } else { Ok(()) }
}

/// A linked module for a 64-bit processor, read by the addresses that it has when it is loaded at 0.
pub struct Image<'a> {
    linked: Linked<'a, elf::FileHeader64<Endianness>>,
    /// Pointers are relocations, relative to where the file is loaded: their places and what they point to.
    pointers: HashMap<u64, u64>,
}

impl<'a> Image<'a> {
    /// Reads a module.
    ///
    /// # Errors
    /// It is no ELF file for a 64-bit processor, or damaged.
    pub fn parse(module: &'a [u8]) -> Result<Self, Error> {
        if !matches!(FileKind::parse(module), Ok(FileKind::Elf64)) {
            return Err(Error::new("not an ELF file"));
        }
        let linked = Linked::read("the module", module)?;
        let mut pointers = HashMap::new();
        let relocations = linked.table::<elf::Rela64<Endianness>>(elf::DT_RELA, elf::DT_RELASZ);
        for relocation in relocations.ok_or_else(|| damaged("the module", "its relocations are not in it"))? {
            if relocation.r_sym(linked.endian, false) == 0 {
                let addend = relocation.r_addend.get(linked.endian);
                pointers.insert(relocation.r_offset.get(linked.endian), addend.cast_unsigned());
            }
        }
        Ok(Self { linked, pointers })
    }

    /// A section's address and content, if there is one of this name.
    ///
    /// # Errors
    /// The sections are damaged, or reach beyond the file.
    pub fn section(&self, name: &str) -> Result<Option<(u64, &'a [u8])>, Error> {
        let (endian, data) = (self.linked.endian, self.linked.data);
        let wrong = |error| Error::wrap(&format!("the section {name}"), error);
        let sections = self.linked.header.sections(endian, data).map_err(wrong)?;
        let Some((_, section)) = sections.section_by_name(endian, name.as_bytes()) else { return Ok(None) };
        Ok(Some((section.sh_addr(endian), section.data(endian, data).map_err(wrong)?)))
    }

    /// The pointer or the 64-bit number at an address; `None` where the file has nothing.
    pub fn word(&self, address: u64) -> Option<u64> {
        if let Some(&target) = self.pointers.get(&address) {
            return Some(target);
        }
        let bytes = self.linked.at(address)?.get(..8)?.try_into().ok()?;
        Some(if self.linked.endian == Endianness::Little {
            u64::from_le_bytes(bytes)
        } else {
            u64::from_be_bytes(bytes)
        })
    }

    /// The 32-bit number at an address.
    pub fn half(&self, address: u64) -> Option<u32> {
        self.linked.word(self.linked.at(address)?, 0)
    }

    /// The C string at an address.
    pub fn string(&self, address: u64) -> Option<String> {
        self.linked.string(self.linked.at(address)?, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::SharedObject;

    fn refused(data: &[u8]) -> (String, Option<&'static str>) {
        let error = SharedObject::read("a.so", data).unwrap_err();
        (error.to_string(), error.what_to_do())
    }

    #[test]
    fn what_is_not_elf_is_named() {
        assert_eq!(
            refused(b"#!/bin/sh").0,
            "a.so is not an extension module: expected an ELF shared object, found a file that starts with the bytes 23 21 \
             2f 62"
        );
        assert_eq!(
            refused(b"").0,
            "a.so is not an extension module: expected an ELF shared object, found an empty file"
        );
    }

    #[test]
    fn a_cut_header_is_truncated() {
        let mut start = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0];
        start.resize(20, 0);
        assert_eq!(
            refused(&start),
            (
                "a.so is truncated: its headers describe 64 bytes, the file has 20".to_string(),
                Some("copy or build the file again")
            )
        );
    }
}
