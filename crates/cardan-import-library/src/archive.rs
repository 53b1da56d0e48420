//! The whole library: the members of all symbols and the objects of the runtime.

use crate::elf::member;
use crate::{Error, SYMBOLS, Target};
use ar_archive_writer::{ArchiveKind, DEFAULT_OBJECT_READER, NewArchiveMember, write_archive_to_stream};
use object::elf::{self, FileHeader64, SectionHeader64};
use object::read::archive::ArchiveFile;
use object::read::elf::{FileHeader, SectionHeader};
use object::{Endianness, Object, ObjectSymbol, pod};
use std::collections::HashSet;
use std::io::Cursor;

/// What the runtime calls its stand-in for a function, in front of the function's name.
pub(crate) const POLYFILL: &str = "cardan_polyfill_";

/// The library for a target. `runtime` is the static library that `cardan-static` is built into.
///
/// # Errors
/// When `runtime` is not an archive of objects for the target.
pub fn archive(target: Target, runtime: &[u8]) -> Result<Vec<u8>, Error> {
    let runtime_members = objects(runtime)?;
    let mut polyfills = HashSet::new();
    for (name, bytes) in &runtime_members {
        if Target::from_elf(bytes)? != target {
            return Err(Error::new(format!("the runtime's object {name} is for another processor than {target:?}")));
        }
        let file = object::File::parse(*bytes).map_err(|error| Error::wrap(name, error))?;
        let defined = file.symbols().filter(|symbol| symbol.is_definition());
        polyfills.extend(defined.filter_map(|symbol| Some(symbol.name().ok()?.strip_prefix(POLYFILL)?.to_owned())));
    }
    let mut members = Vec::new();
    for symbol in SYMBOLS {
        let bytes = member(target, symbol, polyfills.contains(symbol.name))?;
        members.push((format!("{}.o", symbol.name), bytes));
    }
    for (name, bytes) in runtime_members {
        members.push((name, without_unwind_tables(bytes)?));
    }
    write(&members)
}

/// An object whose unwind tables the linker leaves out. Nothing unwinds through the runtime, which aborts where other code
/// would panic, and the tables would be a tenth of a module. The compiler makes them on its own for some targets.
fn without_unwind_tables(object: &[u8]) -> Result<Vec<u8>, Error> {
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

/// The members of an archive that are objects.
fn objects(archive: &[u8]) -> Result<Vec<(String, &[u8])>, Error> {
    let file = ArchiveFile::parse(archive).map_err(|error| Error::wrap("the runtime's archive", error))?;
    let mut members = Vec::new();
    for member in file.members() {
        let member = member.map_err(|error| Error::wrap("the runtime's archive", error))?;
        let bytes = member.data(archive).map_err(|error| Error::wrap("the runtime's archive", error))?;
        if bytes.starts_with(b"\x7fELF") {
            members.push((String::from_utf8_lossy(member.name()).into_owned(), bytes));
        }
    }
    Ok(members)
}

fn write(members: &[(String, Vec<u8>)]) -> Result<Vec<u8>, Error> {
    let members: Vec<NewArchiveMember<'_>> = members
        .iter()
        .map(|(name, bytes)| NewArchiveMember {
            buf: Box::new(bytes.as_slice()),
            object_reader: &DEFAULT_OBJECT_READER,
            member_name: name.clone(),
            mtime: 0,
            uid: 0,
            gid: 0,
            perms: 0o644,
        })
        .collect();
    let mut output = Cursor::new(Vec::new());
    write_archive_to_stream(&mut output, &members, ArchiveKind::Gnu, false, None)
        .map_err(|error| Error::wrap("the import library cannot be written", error))?;
    Ok(output.into_inner())
}
