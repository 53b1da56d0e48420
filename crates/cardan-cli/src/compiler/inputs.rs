//! The objects of a link: which entry points they define, and what they use of the C API.

use std::collections::BTreeMap;
use std::path::Path;

use cardan_import_library::{Target, rename_entry, taken_by_object};
use object::read::archive::ArchiveFile;

use super::arguments::Argument;
use super::compile::is_api_name;
use crate::error::{Context, Result};

/// What the objects of a link define and use of the C API.
#[derive(Default)]
pub struct Inputs {
    /// The processor that they are for, where one of them says so.
    pub target: Option<Target>,
    /// The modules' entry points that are among the objects: `PyInit_X`, `PyInitU_Y`, `HPyInit_X`.
    pub entries: Vec<String>,
    /// Objects by file name, with the C-API symbols that each takes from elsewhere.
    pub users: BTreeMap<String, Vec<String>>,
}

/// An object file, or a member of an archive.
struct Member {
    name: String,
    data: Vec<u8>,
}

impl Inputs {
    /// Reads all objects and archives that the arguments name. An object with an entry point is replaced by a copy in
    /// `folder` in which that is renamed, an archive with such a member by copies of its members.
    ///
    /// # Errors
    /// An object is damaged, or a copy cannot be written.
    pub fn read(arguments: Vec<Argument>, folder: &Path) -> Result<(Vec<Argument>, Self)> {
        let mut inputs = Self::default();
        let mut all = Vec::with_capacity(arguments.len());
        for (index, argument) in arguments.into_iter().enumerate() {
            let replaced = match &argument {
                Argument::Input(path) => inputs.add_file(path, &folder.join(format!("input-{index}")))?,
                _ => None,
            };
            match replaced {
                Some(copies) => all.extend(copies),
                None => all.push(argument),
            }
        }
        Ok((all, inputs))
    }

    /// Adds one file. Returns what takes its place, if it has an entry point.
    fn add_file(&mut self, path: &Path, copies: &Path) -> Result<Option<Vec<Argument>>> {
        // What cannot be read is the linker's to report.
        let Ok(data) = std::fs::read(path) else { return Ok(None) };
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let members = match ArchiveFile::parse(&*data) {
            Ok(archive) => archive_members(&archive, path, &data),
            Err(_) => vec![Member { name, data }],
        };
        let mut renamed = false;
        let mut objects = Vec::with_capacity(members.len());
        for member in members {
            let copy = self.add_object(&member)?;
            renamed |= copy.is_some();
            objects.push((copy, member.data));
        }
        if !renamed {
            return Ok(None);
        }
        std::fs::create_dir_all(copies).context(|| format!("cannot make {}", copies.display()))?;
        let mut arguments = Vec::with_capacity(objects.len());
        for (index, (copy, original)) in objects.into_iter().enumerate() {
            let path = copies.join(format!("{index}.o"));
            std::fs::write(&path, copy.unwrap_or(original)).context(|| format!("cannot write {}", path.display()))?;
            arguments.push(Argument::Input(path));
        }
        Ok(Some(arguments))
    }

    /// Adds one object. Returns its bytes with the entry points renamed, if it has any.
    fn add_object(&mut self, member: &Member) -> Result<Option<Vec<u8>>> {
        let Some(names) = taken_by_object(&member.data) else { return Ok(None) };
        let what = || format!("cannot link {}", member.name);
        let names: Vec<String> = names.into_iter().filter(|name| is_api_name(name)).collect();
        if !names.is_empty() {
            self.users.entry(member.name.clone()).or_default().extend(names);
        }
        if self.target.is_none() {
            self.target = Some(Target::from_elf(&member.data).context(what)?);
        }
        let Some((entries, renamed)) = rename_entry(&member.data).context(what)? else { return Ok(None) };
        self.entries.extend(entries);
        Ok(Some(renamed))
    }
}

/// The members of an archive; those of a thin one are files of their own, named from the archive's folder.
fn archive_members(archive: &ArchiveFile, path: &Path, data: &[u8]) -> Vec<Member> {
    let file_name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let mut members = Vec::new();
    for member in archive.members().flatten() {
        let own_name = String::from_utf8_lossy(member.name()).into_owned();
        let bytes = if archive.is_thin() {
            std::fs::read(path.parent().unwrap_or(Path::new("")).join(&own_name)).ok()
        } else {
            member.data(data).ok().map(<[u8]>::to_vec)
        };
        members.extend(bytes.map(|data| Member { name: format!("{file_name}({own_name})"), data }));
    }
    members
}
