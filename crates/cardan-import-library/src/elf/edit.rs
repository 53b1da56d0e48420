//! Changes object files: gives the author's `PyInit_X` and `HPyInit_X` other names before a link, leaves unwind tables out, and
//! parts texts that belong to different functions.

use super::read::is_elf;
use super::write::RENAMED;
use crate::Error;
use crate::entry_point::is_entry_point;
use object::build::Id;
use object::build::elf::{Builder, Section, SectionData, SectionId, Symbol};
use object::elf::{self, FileHeader64, SectionHeader64, Sym64};
use object::read::elf::{FileHeader, SectionHeader, Sym};
use object::{Endianness, pod};

/// The entry points that an object defines, by the names that they had, and the object with them renamed.
pub type Renamed = (Vec<String>, Vec<u8>);

/// The entry points that an ELF object defines, and the object with those functions renamed: `PyInit_X` becomes
/// `cardan_module_PyInit_X`, and so does `HPyInit_X`. `None` when it defines none, or is not an ELF object.
///
/// # Errors
/// When the object is damaged.
///
/// # Examples
/// ```
/// assert!(cardan_import_library::rename_entry(b"int main(void) { return 0; }").unwrap().is_none());
/// ```
pub fn rename_entry(object: &[u8]) -> Result<Option<Renamed>, Error> {
    if !is_elf(object) || !contains(object, b"PyInit") {
        return Ok(None);
    }
    let damaged = |error| Error::wrap("the object file is damaged", error);
    let header = FileHeader64::<Endianness>::parse(object).map_err(damaged)?;
    let endian = header.endian().map_err(damaged)?;
    let sections = header.sections(endian, object).map_err(damaged)?;
    let symbols = sections.symbols(endian, object, elf::SHT_SYMTAB).map_err(damaged)?;
    let mut entries = Vec::new();
    // Which symbol gets which name, as an offset into the string table that is written below.
    let mut renamed: Vec<(usize, u32)> = Vec::new();
    let names = sections.section(symbols.string_section()).map_err(damaged)?;
    let mut strings = names.data(endian, object).map_err(damaged)?.to_vec();
    for (index, symbol) in symbols.enumerate() {
        let name = symbol.name(endian, symbols.strings()).map_err(damaged)?;
        let global = matches!(symbol.st_bind(), elf::STB_GLOBAL | elf::STB_WEAK);
        let is_entry = std::str::from_utf8(name).is_ok_and(is_entry_point);
        if is_entry && global && !symbol.is_undefined(endian) {
            entries.push(String::from_utf8_lossy(name).into_owned());
            let offset =
                u32::try_from(strings.len()).map_err(|error| Error::wrap("the object file is too large", error))?;
            renamed.push((index.0, offset));
            strings.extend([RENAMED.as_bytes(), name, b"\0"].concat());
        }
    }
    if entries.is_empty() {
        return Ok(None);
    }
    // The rest of the file stays as it is, whatever sections a compiler puts into it: a longer string table is added at
    // the end, and the headers point to it.
    let table =
        usize::try_from(header.e_shoff(endian)).map_err(|error| Error::wrap("the object file is too large", error))?;
    let symbol_table = sections.section(symbols.section()).map_err(damaged)?.sh_offset(endian);
    let symbol_table =
        usize::try_from(symbol_table).map_err(|error| Error::wrap("the object file is too large", error))?;
    let mut output = object.to_vec();
    let short = |()| Error::new("the object file is damaged: it ends before its tables do");
    for (index, name) in renamed {
        let position = symbol_table + index * size_of::<Sym64<Endianness>>();
        let bytes = output.get_mut(position..).unwrap_or_default();
        pod::from_bytes_mut::<Sym64<Endianness>>(bytes).map_err(short)?.0.st_name.set(endian, name);
    }
    let position = table + symbols.string_section().0 * size_of::<SectionHeader64<Endianness>>();
    let (offset, size) = (output.len() as u64, strings.len() as u64);
    let bytes = output.get_mut(position..).unwrap_or_default();
    let section = pod::from_bytes_mut::<SectionHeader64<Endianness>>(bytes).map_err(short)?.0;
    section.sh_offset.set(endian, offset);
    section.sh_size.set(endian, size);
    output.extend(strings);
    Ok(Some((entries, output)))
}

/// An object whose unwind tables the linker leaves out. Nothing unwinds through the runtime, which aborts where other code
/// would panic, and the tables would be a tenth of a module. The compiler makes them on its own for some targets.
pub(crate) fn without_unwind_tables(object: &[u8]) -> Result<Vec<u8>, Error> {
    let damaged = |error| Error::wrap("the runtime's object is damaged", error);
    let header = FileHeader64::<Endianness>::parse(object).map_err(damaged)?;
    let endian = header.endian().map_err(damaged)?;
    let sections = header.sections(endian, object).map_err(damaged)?;
    let table = usize::try_from(header.e_shoff(endian))
        .map_err(|error| Error::wrap("the runtime's object is too large", error))?;
    let mut output = object.to_vec();
    for (index, section) in sections.enumerate() {
        let is_hint = section.sh_type(endian) == SHT_LLVM_ADDRSIG;
        if sections.section_name(endian, section).map_err(damaged)? != b".eh_frame" && !is_hint {
            continue;
        }
        let position = table + index.0 * size_of::<SectionHeader64<Endianness>>();
        let bytes = output.get_mut(position..).unwrap_or_default();
        let (header, _) = pod::from_bytes_mut::<SectionHeader64<Endianness>>(bytes)
            .map_err(|()| Error::new("the runtime's object is damaged: it ends before its tables do"))?;
        let flags = section.sh_flags(endian) | u64::from(elf::SHF_EXCLUDE);
        header.sh_flags.set(endian, flags);
        if is_hint {
            // Which addresses matter, by the numbers of symbols: of use to no linker that is told to keep functions apart, and
            // wrong once symbols get other numbers.
            header.sh_type.set(endian, elf::SHT_PROGBITS);
        }
    }
    Ok(output)
}

/// An object with a section for each of its texts. A compiler puts all C strings of an object together, and a linker takes that
/// section as a whole: every module would carry the texts of functions that it does not use.
pub(crate) fn with_separate_texts(object: &[u8]) -> Result<Vec<u8>, Error> {
    let damaged = |error| Error::wrap("the runtime's object is damaged", error);
    let unwritten = |error| Error::wrap("the runtime's object cannot be written anew", error);
    let header = FileHeader64::<Endianness>::parse(object).map_err(damaged)?;
    let endian = header.endian().map_err(damaged)?;
    let sections = header.sections(endian, object).map_err(damaged)?;
    // Groups, which what is compiled in another way than the runtime has, cannot be written anew.
    let has_groups = sections.iter().any(|section| section.sh_type(endian) == elf::SHT_GROUP);
    if has_groups || !sections.iter().any(|section| section.sh_flags(endian) & TEXTS == TEXTS) {
        return Ok(object.to_vec());
    }
    let mut builder = Builder::read(object).map_err(unwritten)?;
    let is_text = |section: &Section<'_>| section.sh_flags & TEXTS == TEXTS;
    let texts: Vec<_> = builder.sections.iter().filter(|section| is_text(section)).map(Section::id).collect();
    for id in texts {
        let section = builder.sections.get(id);
        let SectionData::Data(data) = &section.data else { continue };
        let (data, sh_addralign) = (data.clone(), section.sh_addralign);
        name_texts(&mut builder, id, &data)?;
        let named = builder.symbols.iter().filter(|symbol| symbol.section == Some(id) && symbol.st_size != 0);
        let named: Vec<_> = named.map(Symbol::id).collect();
        for symbol in named {
            let symbol = builder.symbols.get_mut(symbol);
            let range = usize::try_from(symbol.st_value).ok().zip(usize::try_from(symbol.st_size).ok());
            let text = range.and_then(|(start, size)| data.get(start..start.checked_add(size)?));
            let text = text.ok_or_else(outside)?;
            let separate = builder.sections.add();
            separate.name = [b".rodata.", symbol.name.as_slice()].concat().into();
            separate.sh_type = elf::SHT_PROGBITS;
            separate.sh_flags = elf::SHF_ALLOC.into();
            separate.sh_addralign = sh_addralign;
            separate.data = SectionData::Data(text.to_vec().into());
            (symbol.section, symbol.st_value) = (Some(separate.id()), 0);
        }
    }
    if !builder.sections.iter().any(|section| matches!(section.data, SectionData::SectionString)) {
        // LLVM puts the names of sections and of symbols together.
        let names = builder.sections.add();
        names.name = b".shstrtab".as_slice().into();
        names.sh_type = elf::SHT_STRTAB;
        names.sh_addralign = 1;
        names.data = SectionData::SectionString;
    }
    let mut output = Vec::new();
    builder.write(&mut output).map_err(unwritten)?;
    Ok(output)
}

/// Gives each text of a section a symbol that is reached from the section's start so far: from tables of addresses.
fn name_texts(builder: &mut Builder<'_>, section: SectionId, data: &[u8]) -> Result<(), Error> {
    let whole = |symbol: &Symbol<'_>| symbol.section == Some(section) && symbol.st_type() == elf::STT_SECTION;
    let Some(whole) = builder.symbols.iter().find(|symbol| whole(symbol)).map(Symbol::id) else { return Ok(()) };
    for relocations in &mut builder.sections {
        let SectionData::Relocation(relocations) = &mut relocations.data else { continue };
        for relocation in relocations {
            // An address says which text it is. A distance does if it is an element of a table, which is a section of its own:
            // it is counted from the section's start.
            let start = match relocation.r_type {
                elf::R_X86_64_64 | elf::R_AARCH64_ABS64 => relocation.r_addend,
                elf::R_X86_64_PC32 | elf::R_AARCH64_PREL32 => {
                    relocation.r_addend.saturating_sub(relocation.r_offset.cast_signed())
                }
                _ => continue,
            };
            let Ok(position) = usize::try_from(start) else { continue };
            let is_start = position == 0 || data.get(position - 1) == Some(&0);
            if relocation.symbol != Some(whole) || !is_start {
                continue;
            }
            let text = data.get(position..).and_then(|text| text.split_inclusive(|&byte| byte == 0).next());
            let text = text.ok_or_else(outside)?;
            let symbol = builder.symbols.add();
            symbol.name = format!(".Ltext.{}.{start}", section.index()).into_bytes().into();
            symbol.set_st_info(elf::STB_LOCAL, elf::STT_OBJECT);
            symbol.section = Some(section);
            (symbol.st_value, symbol.st_size) = (position as u64, text.len() as u64);
            (relocation.symbol, relocation.r_addend) = (Some(symbol.id()), relocation.r_addend - start);
        }
    }
    Ok(())
}

fn outside() -> Error {
    Error::new("the runtime's object is damaged: a text is outside of its section")
}

/// The type of the section where LLVM says which addresses matter, <https://llvm.org/docs/Extensions.html>.
const SHT_LLVM_ADDRSIG: u32 = 0x6fff_4c03;

/// The flags of a section that holds texts.
const TEXTS: u64 = (elf::SHF_ALLOC | elf::SHF_MERGE | elf::SHF_STRINGS) as u64;

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::rename_entry;
    use object::write::{Comdat, Object, Symbol, SymbolSection};
    use object::{
        Architecture, BinaryFormat, ComdatKind, Endianness, Object as _, ObjectSymbol as _, SectionKind, SymbolFlags,
        SymbolKind, SymbolScope,
    };

    fn function(object: &mut Object<'_>, name: &str) {
        let section = object.add_section(Vec::new(), format!(".text.{name}").into_bytes(), SectionKind::Text);
        let symbol = object.add_symbol(Symbol {
            name: name.as_bytes().to_vec(),
            value: 0,
            size: 1,
            kind: SymbolKind::Text,
            scope: SymbolScope::Dynamic,
            weak: false,
            section: SymbolSection::Undefined,
            flags: SymbolFlags::None,
        });
        object.add_symbol_data(symbol, section, &[0xc3], 1);
        // What C++ compilers make of an inline function.
        object.add_comdat(Comdat { kind: ComdatKind::Any, symbol, sections: vec![section] });
    }

    #[test]
    fn only_the_entry_points_get_other_names() {
        let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, object::Endianness::Little);
        function(&mut object, "inline_function");
        function(&mut object, "PyInit_geometry");
        function(&mut object, "HPyInit_geometry");
        let bytes = object.write().unwrap();
        let (entries, renamed) = rename_entry(&bytes).unwrap().unwrap();
        assert_eq!(entries, ["PyInit_geometry", "HPyInit_geometry"]);
        let file = object::read::elf::ElfFile64::<Endianness>::parse(renamed.as_slice()).unwrap();
        let names: Vec<_> =
            file.symbols().map(|symbol| symbol.name().unwrap()).filter(|name| !name.is_empty()).collect();
        assert!(names.contains(&"inline_function") && names.contains(&"cardan_module_PyInit_geometry"), "{names:?}");
        assert!(names.contains(&"cardan_module_HPyInit_geometry"), "{names:?}");
        assert!(!names.contains(&"PyInit_geometry") && !names.contains(&"HPyInit_geometry"));
        assert_eq!(file.comdats().count(), 3);
    }
}
