//! Reads `spec/handles`: the entries of the handle context in the order of their numbers, and what the runtime calls.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::c_type::{CType, Declaration, Parameter};
use crate::error::{Error, Result};

/// The handle context.
#[derive(Debug, Clone)]
pub struct Handles {
    /// The entries; the entry at index n has the number n.
    pub entries: Vec<Entry>,
}

/// One entry of the context: a word of eight bytes.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name as a user writes it: `h_None`, `HPy_Add`, `size`.
    pub name: String,
    /// What the word holds.
    pub kind: EntryKind,
    /// What it is or does, in Markdown.
    pub doc: String,
}

/// What an entry of the context holds.
#[derive(Debug, Clone)]
pub enum EntryKind {
    /// A handle that lives as long as the context.
    Handle,
    /// A function.
    Function {
        /// The signature as it stands in the file.
        signature: String,
        /// The signature's name and type.
        declaration: Declaration,
        /// What the function returns when it fails, in the words of the file.
        error: String,
    },
    /// Data of the context itself: C declarations that together fill the word.
    Field {
        /// One declaration for each member, without semicolons.
        members: Vec<String>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawContext {
    #[serde(rename = "title")]
    _title: String,
    handle: BTreeMap<String, RawHandle>,
    function: BTreeMap<String, RawFunction>,
    field: BTreeMap<String, RawField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHandle {
    number: usize,
    doc: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFunction {
    number: usize,
    signature: String,
    error: String,
    doc: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    number: usize,
    members: Vec<String>,
    doc: String,
}

impl Handles {
    /// Reads the context from `path` (the repository's `spec/handles/context.toml`).
    ///
    /// # Errors
    /// The first thing found wrong, with the file and the entry: a signature that does not parse or has another name, a
    /// number that is missing or taken twice.
    pub fn load(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let file = |problem: String| Error::File { path: path.to_owned(), problem };
        let raw: RawContext =
            toml::from_str(&text).map_err(|error| file(format!("not as expected: {}", error.message())))?;
        let mut numbered: BTreeMap<usize, Entry> = BTreeMap::new();
        let mut add = |number: usize, entry: Entry| match numbered.insert(number, entry) {
            None => Ok(()),
            Some(other) => Err(file(format!("the number {number} is taken twice, by {} and by another", other.name))),
        };
        for (name, raw) in raw.handle {
            add(raw.number, Entry { name, kind: EntryKind::Handle, doc: raw.doc })?;
        }
        for (name, raw) in raw.field {
            add(raw.number, Entry { name, kind: EntryKind::Field { members: raw.members }, doc: raw.doc })?;
        }
        for (name, raw) in raw.function {
            let entry = |problem: String| Error::Entry { path: path.to_owned(), entry: name.clone(), problem };
            let declaration =
                Declaration::parse(&raw.signature).map_err(|problem| entry(format!("signature: {problem}")))?;
            if declaration.name.as_ref() != Some(&name) || !matches!(declaration.ctype, CType::Function { .. }) {
                return Err(entry(format!("expected the signature of a function {name}, found {}", raw.signature)));
            }
            let kind = EntryKind::Function { signature: raw.signature, declaration, error: raw.error };
            add(raw.number, Entry { name, kind, doc: raw.doc })?;
        }
        if let Some((expected, (found, _))) =
            numbered.iter().enumerate().find(|(expected, (found, _))| expected != *found)
        {
            return Err(file(format!("expected an entry with the number {expected}, found {found}")));
        }
        Ok(Self { entries: numbered.into_values().collect() })
    }
}

impl Entry {
    /// The name of the member in the context: `ctx_Add` for `HPy_Add`, the entry's own name if it is no function.
    pub fn member(&self) -> String {
        if !matches!(self.kind, EntryKind::Function { .. }) {
            return self.name.clone();
        }
        let name = self.name.trim_start_matches('_');
        let name = name.strip_prefix("HPy").unwrap_or(name);
        format!("ctx_{}", name.strip_prefix('_').unwrap_or(name))
    }

    /// The result and the parameters, the context first, of a function.
    pub fn function(&self) -> Option<(&CType, &[Parameter])> {
        match &self.kind {
            EntryKind::Function { declaration, .. } => match &declaration.ctype {
                CType::Function { result, parameters, .. } => Some((result, parameters)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The names of the C API that the handle runtime calls, in the order of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuntimeImports {
    /// Functions.
    pub functions: Vec<String>,
    /// Functions with any number of arguments.
    pub variadic: Vec<String>,
    /// `PyObject *` variables.
    pub objects: Vec<String>,
    /// Objects by their address.
    pub addresses: Vec<String>,
}

impl RuntimeImports {
    /// Reads `path` (the repository's `spec/handles/imports.toml`).
    ///
    /// # Errors
    /// When the file cannot be read or has another form.
    pub fn load(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        toml::from_str(&text).map_err(|error: toml::de::Error| Error::File {
            path: path.to_owned(),
            problem: format!("not as expected: {}", error.message()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> std::result::Result<Handles, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), format!("title = \"x\"\n[handle]\n[field]\n[function]\n{text}")).unwrap();
        Handles::load(file.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn members_are_named_as_hpy_names_them() {
        let text = "[handle.h_None]\nnumber = 0\ndoc = \"\"\n\
            [function._HPy_New]\nnumber = 1\nsignature = \"HPy _HPy_New(HPyContext *ctx, HPy h, void **data)\"\nerror = \"\"\ndoc = \"\"\n\
            [function.HPyLong_Check]\nnumber = 2\nsignature = \"int HPyLong_Check(HPyContext *ctx, HPy h)\"\nerror = \"\"\ndoc = \"\"\n";
        let handles = load(text).unwrap();
        let members: Vec<String> = handles.entries.iter().map(Entry::member).collect();
        assert_eq!(members, ["h_None", "ctx_New", "ctx_Long_Check"]);
    }

    #[test]
    fn numbers_have_no_gap() {
        let error = load("[handle.h_None]\nnumber = 1\ndoc = \"\"\n").unwrap_err();
        assert!(error.ends_with("expected an entry with the number 0, found 1"), "{error}");
    }
}
