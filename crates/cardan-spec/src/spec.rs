//! Reads `spec/capi` and checks the entries against each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::c_type::{CType, Declaration};
use crate::entry::{
    Const, Data, DataKind, Enum, ErrorReturn, Function, Macro, Ownership, Slot, Struct, Typedef, Version, yes,
};
use crate::error::{Error, Result};

/// One chapter of the C-API reference: one file of `spec/capi`. Each map is ordered by name.
#[derive(Debug, Clone, Default)]
pub struct Chapter {
    /// The file's name without `.toml`.
    pub name: String,
    /// The heading.
    pub title: String,
    /// Functions by name.
    pub functions: BTreeMap<String, Function>,
    /// Data symbols by name.
    pub data: BTreeMap<String, Data>,
    /// Slots by name.
    pub slots: BTreeMap<String, Slot>,
    /// Constants by name.
    pub constants: BTreeMap<String, Const>,
    /// Structs by name.
    pub structs: BTreeMap<String, Struct>,
    /// Enumerations by name.
    pub enums: BTreeMap<String, Enum>,
    /// Other typedefs by name.
    pub typedefs: BTreeMap<String, Typedef>,
    /// Macros by name.
    pub macros: BTreeMap<String, Macro>,
}

/// The whole C-API door.
#[derive(Debug, Clone, Default)]
pub struct Spec {
    /// The chapters, ordered by file name.
    pub chapters: Vec<Chapter>,
}

/// Names of types that C, its library or the compiler gives.
const C_TYPES: &[&str] = &[
    "char",
    "double",
    "float",
    "int",
    "long",
    "long long",
    "short",
    "signed char",
    "unsigned",
    "unsigned char",
    "unsigned int",
    "unsigned long",
    "unsigned long long",
    "unsigned short",
    "FILE",
    "int32_t",
    "int64_t",
    "int8_t",
    "intptr_t",
    "size_t",
    "uint16_t",
    "uint32_t",
    "uint64_t",
    "uint8_t",
    "uintptr_t",
    "va_list",
    "wchar_t",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFunction {
    added: Version,
    #[serde(default = "yes")]
    limited: bool,
    #[serde(default)]
    abi_only: bool,
    ifdef: Option<String>,
    #[serde(default)]
    provided: bool,
    #[serde(default)]
    cast: bool,
    signature: String,
    result: Option<Ownership>,
    error: String,
    #[serde(default)]
    steals: Vec<String>,
    doc: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawData {
    added: Version,
    #[serde(default = "yes")]
    limited: bool,
    #[serde(default)]
    abi_only: bool,
    ifdef: Option<String>,
    #[serde(rename = "type")]
    ctype: String,
    doc: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTypedef {
    added: Version,
    #[serde(default = "yes")]
    limited: bool,
    definition: String,
    doc: String,
}

impl Spec {
    /// Reads every chapter in `folder` (the repository's `spec/capi`) and checks the whole.
    ///
    /// # Errors
    /// The first thing found wrong, with the file and the entry.
    pub fn load(folder: &Path) -> Result<Self> {
        let read = |source| Error::Read { path: folder.to_owned(), source };
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(read)? {
            let path = entry.map_err(read)?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                paths.push(path);
            }
        }
        paths.sort();
        let mut spec = Self::default();
        let mut first_seen: BTreeMap<String, PathBuf> = BTreeMap::new();
        for path in &paths {
            let chapter = read_chapter(path)?;
            for (kind, name) in chapter.names() {
                if let Some(other) = first_seen.insert(name.to_owned(), path.clone()) {
                    let problem = format!("the name is already taken in {}", other.display());
                    return Err(Error::Entry { path: path.clone(), entry: format!("{kind}.{name}"), problem });
                }
            }
            spec.chapters.push(chapter);
        }
        spec.check_types(&paths)?;
        Ok(spec)
    }

    /// All functions with their names, ordered by name.
    pub fn functions(&self) -> BTreeMap<&str, &Function> {
        self.chapters
            .iter()
            .flat_map(|chapter| &chapter.functions)
            .map(|(name, entry)| (name.as_str(), entry))
            .collect()
    }

    /// All data symbols with their names, ordered by name.
    pub fn data(&self) -> BTreeMap<&str, &Data> {
        self.chapters.iter().flat_map(|chapter| &chapter.data).map(|(name, entry)| (name.as_str(), entry)).collect()
    }

    /// Each type that a declaration mentions must be C's own or an entry.
    fn check_types(&self, paths: &[PathBuf]) -> Result<()> {
        let mut known: BTreeSet<String> = C_TYPES.iter().map(|name| (*name).to_owned()).collect();
        for chapter in &self.chapters {
            known.extend(chapter.typedefs.keys().cloned());
            known.extend(chapter.enums.keys().cloned());
            for (name, entry) in &chapter.structs {
                known.insert(name.clone());
                known.insert(format!("struct {}", entry.tag.as_deref().unwrap_or(name)));
            }
        }
        for (chapter, path) in self.chapters.iter().zip(paths) {
            let check = |entry: String, ctype: &CType| {
                let mut unknown = None;
                ctype.visit_names(&mut |name| {
                    if !known.contains(name) {
                        unknown = Some(name.to_owned());
                    }
                });
                match unknown {
                    None => Ok(()),
                    Some(name) => {
                        let problem = format!("the type `{name}` is neither C's own nor an entry of the specification");
                        Err(Error::Entry { path: path.clone(), entry, problem })
                    }
                }
            };
            for (name, function) in &chapter.functions {
                check(format!("function.{name}"), &function.declaration.ctype)?;
            }
            for (name, data) in &chapter.data {
                check(format!("data.{name}"), &data.ctype)?;
            }
            for (name, typedef) in &chapter.typedefs {
                check(format!("typedef.{name}"), &typedef.declaration.ctype)?;
            }
            for (name, slot) in &chapter.slots {
                let entry = format!("slot.{name}");
                let declaration = Declaration::parse(&slot.ctype).map_err(|problem| Error::Entry {
                    path: path.clone(),
                    entry: entry.clone(),
                    problem: format!("type: {problem}"),
                })?;
                check(entry, &declaration.ctype)?;
            }
        }
        Ok(())
    }
}

impl Chapter {
    /// The kind and name of every entry.
    fn names(&self) -> impl Iterator<Item = (&'static str, &str)> {
        fn keys<'a, T>(kind: &'static str, map: &'a BTreeMap<String, T>) -> Vec<(&'static str, &'a str)> {
            map.keys().map(|name| (kind, name.as_str())).collect()
        }
        let all = [
            keys("function", &self.functions),
            keys("data", &self.data),
            keys("slot", &self.slots),
            keys("const", &self.constants),
            keys("struct", &self.structs),
            keys("enum", &self.enums),
            keys("typedef", &self.typedefs),
            keys("macro", &self.macros),
        ];
        all.into_iter().flatten()
    }
}

fn read_chapter(path: &Path) -> Result<Chapter> {
    let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let file = |problem: String| Error::File { path: path.to_owned(), problem };
    let mut table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| file(format!("not TOML: {}", error.message())))?;
    let mut chapter =
        Chapter { name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), ..Chapter::default() };
    chapter.title = match table.remove("title") {
        Some(toml::Value::String(title)) => title,
        _ => return Err(file("expected `title = \"…\"` at the top, found none".to_owned())),
    };
    for (kind, entries) in table {
        let toml::Value::Table(entries) = entries else {
            return Err(file(format!(
                "expected only tables such as `[function.NAME]` after the title, found `{kind}`"
            )));
        };
        for (name, value) in entries {
            let entry_error =
                |problem: String| Error::Entry { path: path.to_owned(), entry: format!("{kind}.{name}"), problem };
            let added: std::result::Result<(), String> = match kind.as_str() {
                "function" => function(&name, value).map(|entry| drop(chapter.functions.insert(name.clone(), entry))),
                "data" => data(value).map(|entry| drop(chapter.data.insert(name.clone(), entry))),
                "slot" => read(value).map(|entry| drop(chapter.slots.insert(name.clone(), entry))),
                "const" => read(value).map(|entry| drop(chapter.constants.insert(name.clone(), entry))),
                "struct" => read(value).map(|entry| drop(chapter.structs.insert(name.clone(), entry))),
                "enum" => read(value).map(|entry| drop(chapter.enums.insert(name.clone(), entry))),
                "typedef" => typedef(&name, value).map(|entry| drop(chapter.typedefs.insert(name.clone(), entry))),
                "macro" => read(value).map(|entry| drop(chapter.macros.insert(name.clone(), entry))),
                _ => Err("expected function, data, slot, const, struct, enum, typedef or macro as the kind".to_owned()),
            };
            added.map_err(entry_error)?;
        }
    }
    Ok(chapter)
}

fn read<T: DeserializeOwned>(value: toml::Value) -> std::result::Result<T, String> {
    value.try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

fn function(name: &str, value: toml::Value) -> std::result::Result<Function, String> {
    let raw: RawFunction = read(value)?;
    let declaration = Declaration::parse(&raw.signature).map_err(|problem| format!("signature: {problem}"))?;
    let CType::Function { result, parameters, .. } = &declaration.ctype else {
        return Err(format!("signature: expected a function, found `{}`", raw.signature));
    };
    match declaration.name.as_deref() {
        Some(found) if found == name => {}
        found => return Err(format!("signature: expected the name `{name}`, found `{}`", found.unwrap_or_default())),
    }
    let error: ErrorReturn = raw.error.parse()?;
    if result.is_pointer_to("PyObject") != (raw.result.is_some() || error == ErrorReturn::NullAlways) {
        return Err(match raw.result {
            Some(_) => format!("result: expected none, since `{result}` is not `PyObject *`"),
            None => "result: expected \"new\" or \"borrowed\" for a `PyObject *`, found none".to_owned(),
        });
    }
    for stolen in &raw.steals {
        if !parameters.iter().any(|parameter| parameter.name.as_ref() == Some(stolen)) {
            return Err(format!("steals: expected the name of a parameter, found \"{stolen}\""));
        }
    }
    Ok(Function {
        added: raw.added,
        limited: raw.limited,
        abi_only: raw.abi_only,
        ifdef: raw.ifdef,
        provided: raw.provided,
        cast: raw.cast,
        signature: raw.signature,
        declaration,
        result: raw.result,
        error,
        steals: raw.steals,
        doc: raw.doc,
    })
}

fn data(value: toml::Value) -> std::result::Result<Data, String> {
    let raw: RawData = read(value)?;
    let ctype = Declaration::parse(&raw.ctype).map_err(|problem| format!("type: {problem}"))?.ctype;
    let kind = match &ctype {
        CType::Array { .. } => DataKind::Address,
        CType::Named { name, .. } if name == "PyTypeObject" || name == "PyObject" => DataKind::Address,
        ctype if ctype.is_pointer_to("PyObject") => DataKind::ObjectVariable,
        _ => DataKind::Variable,
    };
    Ok(Data {
        added: raw.added,
        limited: raw.limited,
        abi_only: raw.abi_only,
        ifdef: raw.ifdef,
        ctype,
        kind,
        doc: raw.doc,
    })
}

fn typedef(name: &str, value: toml::Value) -> std::result::Result<Typedef, String> {
    let raw: RawTypedef = read(value)?;
    let declaration = Declaration::parse(&raw.definition).map_err(|problem| format!("definition: {problem}"))?;
    match declaration.name.as_deref() {
        Some(found) if found == name => {}
        found => return Err(format!("definition: expected the name `{name}`, found `{}`", found.unwrap_or_default())),
    }
    Ok(Typedef { added: raw.added, limited: raw.limited, definition: raw.definition, declaration, doc: raw.doc })
}

#[cfg(test)]
mod tests;
