//! Writes the objects of the library: a member for each symbol, and the entry of a module.

use crate::{Error, Kind, Symbol, Target};
use cardan_host::bind::{RECORD_SIZE, kind};
use object::write::{Object, Relocation, SectionId, Symbol as ElfSymbol, SymbolId, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, RelocationEncoding, RelocationFlags, RelocationKind, SectionFlags,
    SectionKind, SymbolFlags, SymbolKind, SymbolScope, elf,
};

/// The name that each module has a record of, whether its code uses it or not.
pub const ALWAYS: &str = "PyErr_SetString";

/// The section that the linker collects the records in. A C identifier, so that it defines `__start_` and `__stop_`.
pub const RECORDS: &str = "cdn_imports";

/// What comes before the name of the author's own `PyInit_X` or `HPyInit_X`.
pub const RENAMED: &str = "cardan_module_";

/// An ELF object that is being written.
struct Writer {
    object: Object<'static>,
    target: Target,
}

impl Writer {
    fn new(target: Target) -> Self {
        let architecture = match target {
            Target::X86_64Linux => Architecture::X86_64,
            Target::Aarch64Linux => Architecture::Aarch64,
        };
        Self { object: Object::new(BinaryFormat::Elf, architecture, Endianness::Little), target }
    }

    fn section(&mut self, name: &str, kind: SectionKind) -> SectionId {
        self.object.add_section(Vec::new(), name.as_bytes().to_vec(), kind)
    }

    /// A symbol that this object defines. Hidden ones are seen by the other objects of the link, and not outside it.
    fn define(
        &mut self,
        name: &str,
        kind: SymbolKind,
        section: SectionId,
        offset: u64,
        size: u64,
        visibility: Visibility,
    ) -> SymbolId {
        let flags = match visibility {
            Visibility::Hidden => {
                SymbolFlags::Elf { st_info: elf_info(elf::STB_GLOBAL, kind), st_other: elf::STV_HIDDEN }
            }
            Visibility::Exported => {
                SymbolFlags::Elf { st_info: elf_info(elf::STB_GLOBAL, kind), st_other: elf::STV_DEFAULT }
            }
            Visibility::Local => SymbolFlags::None,
        };
        let scope = match visibility {
            Visibility::Hidden => SymbolScope::Linkage,
            Visibility::Exported => SymbolScope::Dynamic,
            Visibility::Local => SymbolScope::Compilation,
        };
        self.object.add_symbol(ElfSymbol {
            name: name.as_bytes().to_vec(),
            value: offset,
            size,
            kind,
            scope,
            weak: false,
            section: SymbolSection::Section(section),
            flags,
        })
    }

    /// A symbol that another object of the link defines.
    fn refer(&mut self, name: &str) -> SymbolId {
        self.object.add_symbol(ElfSymbol {
            name: name.as_bytes().to_vec(),
            value: 0,
            size: 0,
            kind: SymbolKind::Unknown,
            scope: SymbolScope::Unknown,
            weak: false,
            section: SymbolSection::Undefined,
            flags: SymbolFlags::Elf {
                st_info: elf_info(elf::STB_GLOBAL, SymbolKind::Unknown),
                st_other: elf::STV_HIDDEN,
            },
        })
    }

    fn append(&mut self, section: SectionId, bytes: &[u8], align: u64) -> u64 {
        self.object.append_section_data(section, bytes, align)
    }

    fn relocate(
        &mut self,
        section: SectionId,
        offset: u64,
        symbol: SymbolId,
        addend: i64,
        flags: RelocationFlags,
    ) -> Result<(), Error> {
        self.object
            .add_relocation(section, Relocation { offset, symbol, addend, flags })
            .map_err(|error| Error::wrap("a relocation of the import library", error))
    }

    /// A word that holds the address of a symbol.
    fn pointer(&mut self, section: SectionId, offset: u64, symbol: SymbolId) -> Result<(), Error> {
        let flags = RelocationFlags::Generic {
            kind: RelocationKind::Absolute,
            encoding: RelocationEncoding::Generic,
            size: 64,
        };
        self.relocate(section, offset, symbol, 0, flags)
    }

    fn machine(r_type: u32) -> RelocationFlags {
        RelocationFlags::Elf { r_type }
    }

    /// Code that jumps to where the slot points.
    fn jump_through(&mut self, text: SectionId, slot: SymbolId) -> Result<u64, Error> {
        match self.target {
            Target::X86_64Linux => {
                // endbr64; jmp *slot(%rip)
                let start = self.append(text, &[0xF3, 0x0F, 0x1E, 0xFA, 0xFF, 0x25, 0, 0, 0, 0], 16);
                self.relocate(text, start + 6, slot, -4, Self::machine(elf::R_X86_64_PC32))?;
                Ok(start)
            }
            Target::Aarch64Linux => {
                // bti c; adrp x16, slot; ldr x16, [x16, :lo12:slot]; br x16
                let words = [0xD503_245Fu32, 0x9000_0010, 0xF940_0210, 0xD61F_0200];
                let start = self.append(text, &words.map(u32::to_le_bytes).concat(), 16);
                self.relocate(text, start + 4, slot, 0, Self::machine(elf::R_AARCH64_ADR_PREL_PG_HI21))?;
                self.relocate(text, start + 8, slot, 0, Self::machine(elf::R_AARCH64_LDST64_ABS_LO12_NC))?;
                Ok(start)
            }
        }
    }

    /// Code that goes on at `function` with the address of `data` as its first argument.
    fn call_with(&mut self, text: SectionId, data: SymbolId, function: SymbolId) -> Result<u64, Error> {
        match self.target {
            Target::X86_64Linux => {
                // endbr64; lea data(%rip), %rdi; jmp function
                let start =
                    self.append(text, &[0xF3, 0x0F, 0x1E, 0xFA, 0x48, 0x8D, 0x3D, 0, 0, 0, 0, 0xE9, 0, 0, 0, 0], 16);
                self.relocate(text, start + 7, data, -4, Self::machine(elf::R_X86_64_PC32))?;
                self.relocate(text, start + 12, function, -4, Self::machine(elf::R_X86_64_PLT32))?;
                Ok(start)
            }
            Target::Aarch64Linux => {
                // bti c; adrp x0, data; add x0, x0, :lo12:data; b function
                let words = [0xD503_245Fu32, 0x9000_0000, 0x9100_0000, 0x1400_0000];
                let start = self.append(text, &words.map(u32::to_le_bytes).concat(), 16);
                self.relocate(text, start + 4, data, 0, Self::machine(elf::R_AARCH64_ADR_PREL_PG_HI21))?;
                self.relocate(text, start + 8, data, 0, Self::machine(elf::R_AARCH64_ADD_ABS_LO12_NC))?;
                self.relocate(text, start + 12, function, 0, Self::machine(elf::R_AARCH64_JUMP26))?;
                Ok(start)
            }
        }
    }

    fn string(&mut self, text: &str) -> SymbolId {
        let section = self.section(".rodata.cardan", SectionKind::ReadOnlyData);
        let bytes = [text.as_bytes(), b"\0"].concat();
        let offset = self.append(section, &bytes, 1);
        self.define("cardan_name", SymbolKind::Data, section, offset, bytes.len() as u64, Visibility::Local)
    }

    fn finish(mut self) -> Result<Vec<u8>, Error> {
        // An object without this section would make the linker give the whole module an executable stack.
        let stack = self.section(".note.GNU-stack", SectionKind::Other);
        self.object.section_mut(stack).flags = SectionFlags::Elf { sh_flags: 0 };
        self.object.write().map_err(|error| Error::wrap("an object of the import library", error))
    }
}

#[derive(Clone, Copy)]
enum Visibility {
    Local,
    Hidden,
    Exported,
}

fn elf_info(binding: u8, kind: SymbolKind) -> u8 {
    let kind = match kind {
        SymbolKind::Text => elf::STT_FUNC,
        SymbolKind::Data => elf::STT_OBJECT,
        _ => elf::STT_NOTYPE,
    };
    (binding << 4) | kind
}

/// The member of the archive for one symbol.
///
/// # Errors
/// Only when the object cannot be written, which would be a fault of this crate.
pub(crate) fn member(target: Target, symbol: &Symbol, has_polyfill: bool) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new(target);
    let name = writer.string(symbol.name);

    let data = writer.section(".data.cardan", SectionKind::Data);
    let offset = writer.append(data, &[0; 8], 8);
    // Functions hide their slot behind a thunk; data is reached through the slot, an object variable *is* its slot.
    let (slot_name, visibility) = match symbol.kind {
        Kind::Function => ("cardan_slot".to_owned(), Visibility::Local),
        Kind::ObjectVariable => (symbol.name.to_owned(), Visibility::Hidden),
        Kind::Address | Kind::Variable => (format!("cardan_data_{}", symbol.name), Visibility::Hidden),
    };
    let slot = writer.define(&slot_name, SymbolKind::Data, data, offset, 8, visibility);

    let thunk = if symbol.kind == Kind::Function {
        let text = writer.section(".text.cardan", SectionKind::Text);
        let start = writer.jump_through(text, slot)?;
        let size = if target == Target::X86_64Linux { 10 } else { 16 };
        Some(writer.define(symbol.name, SymbolKind::Text, text, start, size, Visibility::Hidden))
    } else {
        None
    };

    let records = writer.section(RECORDS, SectionKind::Data);
    let start = writer.append(records, &[0; RECORD_SIZE], 8);
    writer.pointer(records, start, name)?;
    writer.pointer(records, start + 8, slot)?;
    if has_polyfill {
        let polyfill = writer.refer(&format!("{}{}", crate::archive::POLYFILL, symbol.name));
        writer.pointer(records, start + 16, polyfill)?;
    }
    if let Some(thunk) = thunk {
        writer.pointer(records, start + 24, thunk)?;
    }
    let number = match symbol.kind {
        Kind::Function => kind::FUNCTION,
        Kind::ObjectVariable => kind::OBJECT,
        Kind::Address | Kind::Variable => kind::ADDRESS,
    };
    let bytes = writer.object.section_mut(records).data_mut();
    bytes[32..36].copy_from_slice(&number.to_le_bytes());
    bytes[36..40].copy_from_slice(&symbol.stub_on.to_le_bytes());
    writer.finish()
}

/// The object by which a module is entered: it exports the entry point (`PyInit_MODULE`, `PyInitU_ENCODED` or `HPyInit_MODULE`), which has the
/// module's names bound and then goes on to the author's own function, renamed by [`crate::rename_entry`].
///
/// # Errors
/// Only when the object cannot be written, which would be a fault of this crate.
///
/// # Examples
/// ```
/// use cardan_import_library::{Target, entry};
/// let object = entry(Target::X86_64Linux, "PyInit_speedups").unwrap();
/// assert_eq!(Target::from_elf(&object).unwrap(), Target::X86_64Linux);
/// ```
pub fn entry(target: Target, entry_point: &str) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new(target);
    let name = writer.string(&crate::entry_point::shown_name(entry_point));
    // {name, the author's function, first record, end of the records}: `ModuleEntry` of cardan-capi.
    let data = writer.section(".data.cardan", SectionKind::Data);
    let offset = writer.append(data, &[0; 32], 8);
    let block = writer.define("cardan_entry", SymbolKind::Data, data, offset, 32, Visibility::Local);
    let function = writer.refer(&format!("{RENAMED}{entry_point}"));
    let start = writer.refer(&format!("__start_{RECORDS}"));
    let stop = writer.refer(&format!("__stop_{RECORDS}"));
    for (index, symbol) in [name, function, start, stop].into_iter().enumerate() {
        writer.pointer(data, offset + 8 * index as u64, symbol)?;
    }
    // Brings in one record at least, without which the linker would not define the bounds.
    writer.refer(ALWAYS);
    let enter = writer.refer("cardan_enter");
    let text = writer.section(".text.cardan", SectionKind::Text);
    let start = writer.call_with(text, block, enter)?;
    writer.define(entry_point, SymbolKind::Text, text, start, 16, Visibility::Exported);
    writer.finish()
}
