//! Changes object files: gives the author's `PyInit_X` and `HPyInit_X` other names before a link, and leaves unwind tables out.

use super::write::RENAMED;
use crate::Error;
use object::elf::{self, FileHeader64, SectionHeader64, Sym64};
use object::read::elf::{FileHeader, SectionHeader, Sym};
use object::{Endianness, pod};

/// The entry points that an object defines, by the names that they had, and the object with them renamed.
pub type Renamed = (Vec<String>, Vec<u8>);

/// The beginnings of the names of entry points: the C API's, and that of handles.
const ENTRIES: [&[u8]; 2] = [b"PyInit_", b"HPyInit_"];

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
    if !object.starts_with(b"\x7fELF") || !contains(object, b"PyInit_") {
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
        let is_entry = ENTRIES.iter().any(|beginning| name.starts_with(beginning));
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
        if sections.section_name(endian, section).map_err(damaged)? != b".eh_frame" {
            continue;
        }
        let position = table + index.0 * size_of::<SectionHeader64<Endianness>>();
        let bytes = output.get_mut(position..).unwrap_or_default();
        let (header, _) = pod::from_bytes_mut::<SectionHeader64<Endianness>>(bytes)
            .map_err(|()| Error::new("the runtime's object is damaged: it ends before its tables do"))?;
        let flags = section.sh_flags(endian) | u64::from(elf::SHF_EXCLUDE);
        header.sh_flags.set(endian, flags);
    }
    Ok(output)
}

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
