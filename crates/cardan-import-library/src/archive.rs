//! The whole library: the members of all symbols and the objects of the runtime.

use crate::elf::edit::{with_separate_texts, without_unwind_tables};
use crate::elf::read::{defined_by_object, is_elf};
use crate::elf::write::member;
use crate::{Error, SYMBOLS, Target};
use ar_archive_writer::{ArchiveKind, DEFAULT_OBJECT_READER, NewArchiveMember, write_archive_to_stream};
use object::read::archive::ArchiveFile;
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
        let defined = defined_by_object(bytes).map_err(|error| Error::wrap(name, error))?;
        polyfills.extend(defined.iter().filter_map(|symbol| Some(symbol.strip_prefix(POLYFILL)?.to_owned())));
    }
    let mut members = Vec::new();
    for symbol in SYMBOLS {
        let bytes = member(target, symbol, polyfills.contains(symbol.name))?;
        members.push((format!("{}.o", symbol.name), bytes));
    }
    for (name, bytes) in runtime_members {
        members.push((name, with_separate_texts(&without_unwind_tables(bytes)?)?));
    }
    write(&members)
}

/// The members of an archive that are objects.
fn objects(archive: &[u8]) -> Result<Vec<(String, &[u8])>, Error> {
    let file = ArchiveFile::parse(archive).map_err(|error| Error::wrap("the runtime's archive", error))?;
    let mut members = Vec::new();
    for member in file.members() {
        let member = member.map_err(|error| Error::wrap("the runtime's archive", error))?;
        let bytes = member.data(archive).map_err(|error| Error::wrap("the runtime's archive", error))?;
        if is_elf(bytes) {
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
