//! `cardan/generated.h`: the declarations of the C-API door for C and C++, in the portable flavour.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result};
use cardan_spec::{CType, Chapter, DataKind, Declaration, Function, Slot, Spec, StructKind};

use super::NOTICE;
use crate::repository;

/// `Python.h` writes these itself, since their size depends on the flavour.
const BY_HAND: &[&str] = &["PyObject", "PyVarObject", "Py_buffer"];

const TOP: &str = "#ifndef CARDAN_GENERATED_H
#define CARDAN_GENERATED_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>

/* Where C++ callers pass arrays of string literals. */
#ifndef PY_CXX_CONST
#ifdef __cplusplus
#define PY_CXX_CONST const
#else
#define PY_CXX_CONST
#endif
#endif

#ifdef __cplusplus
extern \"C\" {
#endif
";

const BOTTOM: &str = "
#ifdef __cplusplus
}
#endif

#endif /* CARDAN_GENERATED_H */
";

/// Whether a build of CPython for a usual Unix has what depends on this feature macro.
pub(super) fn has_feature(ifdef: Option<&str>) -> bool {
    matches!(ifdef, None | Some("HAVE_FORK" | "PY_HAVE_THREAD_NATIVE_ID"))
}

/// The names that the hand-written headers define: what they say about a name goes before what follows from `spec/`.
#[derive(Default)]
pub(super) struct HandWritten {
    /// Macros and enumerators.
    names: BTreeSet<String>,
    /// Functions with a body.
    functions: BTreeSet<String>,
}

impl HandWritten {
    pub(super) fn load() -> Result<Self> {
        let mut found = Self::default();
        for folder in ["crates/cardan-capi/include", "crates/cardan-capi/include/cardan"] {
            let folder = repository::path(folder);
            for entry in fs::read_dir(&folder).with_context(|| format!("{}: cannot be read", folder.display()))? {
                let path = entry?.path();
                let header = path.extension().is_some_and(|extension| extension == "h");
                if !header || path.file_name().is_some_and(|name| name == "generated.h") {
                    continue;
                }
                let text = fs::read_to_string(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
                text.lines().for_each(|line| found.read_line(line));
            }
        }
        Ok(found)
    }

    /// Takes the name that a line defines: a macro, an enumerator with a value, or a function, whose name stands at the
    /// start of the line.
    fn read_line(&mut self, line: &str) {
        let end =
            |text: &str| text.find(|next: char| !next.is_ascii_alphanumeric() && next != '_').unwrap_or(text.len());
        let text = line.trim_start();
        if let Some(rest) = text.strip_prefix("#define ") {
            self.names.insert(rest[..end(rest)].to_owned());
            return;
        }
        let (word, rest) = text.split_at(end(text));
        if word.is_empty() {
        } else if rest.starts_with(" = ") {
            self.names.insert(word.to_owned());
        } else if line == text && rest.starts_with('(') {
            self.functions.insert(word.to_owned());
        }
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

pub(super) fn text(spec: &Spec, by_hand: &HandWritten) -> String {
    let mut text = format!("/* {NOTICE} */\n{TOP}");
    types(&mut text, spec);
    for chapter in &spec.chapters {
        let mut body = String::new();
        constants(&mut body, chapter, by_hand);
        slots(&mut body, chapter);
        data(&mut body, chapter);
        functions(&mut body, chapter, by_hand);
        macros(&mut body, chapter, by_hand);
        if !body.is_empty() {
            write!(text, "\n/* ---- {} ---- */\n{body}", chapter.title).unwrap();
        }
    }
    text + BOTTOM
}

/// A comment line, or nothing where there is no documentation.
fn comment(text: &mut String, doc: &str) {
    if !doc.is_empty() {
        writeln!(text, "/* {doc} */").unwrap();
    }
}

/// Structs, enumerations and typedefs, each after what it needs.
fn types(text: &mut String, spec: &Spec) {
    text.push_str("\n/* ---- Types ---- */\n");
    let structs: BTreeSet<&str> =
        spec.chapters.iter().flat_map(|chapter| chapter.structs.keys().map(String::as_str)).collect();
    let mut definitions: BTreeMap<&str, (String, BTreeSet<String>)> = BTreeMap::new();
    for chapter in &spec.chapters {
        for (name, entry) in &chapter.structs {
            let tag = entry.tag.as_deref().unwrap_or(name);
            if !BY_HAND.contains(&name.as_str()) {
                if tag == name && tag.starts_with('_') {
                    writeln!(text, "struct {tag};").unwrap();
                } else {
                    writeln!(text, "typedef struct {tag} {name};").unwrap();
                }
            }
            if entry.kind != StructKind::Full || BY_HAND.contains(&name.as_str()) {
                continue;
            }
            let mut body = String::new();
            comment(&mut body, &entry.doc);
            writeln!(body, "struct {tag} {{").unwrap();
            let mut needs = BTreeSet::new();
            for field in &entry.fields {
                writeln!(body, "    {field};").unwrap();
                needs.extend(field_needs(field, &structs));
            }
            body.push_str("};\n");
            definitions.insert(name, (body, needs));
        }
        for (name, entry) in &chapter.enums {
            let mut body = String::new();
            comment(&mut body, &entry.doc);
            writeln!(body, "typedef enum {{ {} }} {name};", entry.values.join(", ")).unwrap();
            definitions.insert(name, (body, BTreeSet::new()));
        }
        for (name, entry) in &chapter.typedefs {
            let mut body = String::new();
            comment(&mut body, &entry.doc);
            writeln!(body, "typedef {};", entry.definition).unwrap();
            definitions.insert(name, (body, needs(&entry.declaration.ctype, &structs)));
        }
    }
    text.push('\n');
    let names: Vec<&str> = definitions.keys().copied().collect();
    let mut done = BTreeSet::new();
    for name in names {
        define(text, name, &definitions, &mut done);
    }
}

fn define<'a>(
    text: &mut String,
    name: &'a str,
    definitions: &'a BTreeMap<&str, (String, BTreeSet<String>)>,
    done: &mut BTreeSet<&'a str>,
) {
    let Some((body, needs)) = definitions.get(name) else { return };
    if !done.insert(name) {
        return;
    }
    for need in needs {
        define(text, need, definitions, done);
    }
    text.push_str(body);
}

/// The types that must be defined before a declaration of this type. A struct that is only pointed to need not be: all are
/// declared at the top.
fn needs(ctype: &CType, structs: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut needs = BTreeSet::new();
    ctype.visit_names(&mut |name| {
        if !structs.contains(name) {
            needs.insert(name.to_owned());
        }
    });
    let element = if let CType::Array { of, .. } = ctype { of } else { ctype };
    if let CType::Named { name, .. } = element {
        needs.insert(name.clone());
    }
    needs
}

fn field_needs(field: &str, structs: &BTreeSet<&str>) -> BTreeSet<String> {
    match Declaration::parse(field) {
        Ok(declaration) => needs(&declaration.ctype, structs),
        // A union that is written out.
        Err(_) => words(field).filter(|word| !structs.contains(word)).map(str::to_owned).collect(),
    }
}

/// The identifiers of a C fragment.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .filter(|word| word.starts_with(|first: char| !first.is_ascii_digit()))
}

fn constants(text: &mut String, chapter: &Chapter, by_hand: &HandWritten) {
    for (name, entry) in chapter.constants.iter().filter(|(name, _)| !by_hand.has(name)) {
        comment(text, &entry.doc);
        let simple = entry.value.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
        let value = if simple { entry.value.clone() } else { format!("({})", entry.value) };
        writeln!(text, "#define {name} {value}").unwrap();
    }
}

fn slots(text: &mut String, chapter: &Chapter) {
    let mut slots: Vec<(&String, &Slot)> = chapter.slots.iter().collect();
    slots.sort_by_key(|(name, slot)| (slot.unified_id.unwrap_or(slot.id), *name));
    for (name, slot) in slots {
        comment(text, &slot.doc);
        writeln!(text, "#define {name} {}", slot.id).unwrap();
    }
}

fn data(text: &mut String, chapter: &Chapter) {
    for (name, entry) in chapter.data.iter().filter(|(_, entry)| has_feature(entry.ifdef.as_deref())) {
        comment(text, &entry.doc);
        let slot = |ctype: CType| {
            let ctype = CType::Pointer { to: Box::new(ctype), constant_void: false, constant: false };
            Declaration { name: Some(format!("cardan_data_{name}")), ctype }
        };
        match (&entry.ctype, entry.kind) {
            (ctype, DataKind::ObjectVariable) => {
                let declaration = Declaration { name: Some(name.clone()), ctype: ctype.clone() };
                writeln!(text, "extern CARDAN_DATA {declaration};").unwrap();
            }
            (CType::Array { of, .. }, _) => {
                writeln!(text, "extern CARDAN_DATA {};", slot((**of).clone())).unwrap();
                writeln!(text, "#define {name} cardan_data_{name}").unwrap();
            }
            (ctype, _) => {
                writeln!(text, "extern CARDAN_DATA {};", slot(ctype.clone())).unwrap();
                writeln!(text, "#define {name} (*cardan_data_{name})").unwrap();
            }
        }
    }
}

fn functions(text: &mut String, chapter: &Chapter, by_hand: &HandWritten) {
    for (name, function) in &chapter.functions {
        if !has_feature(function.ifdef.as_deref()) || by_hand.functions.contains(name) {
            continue;
        }
        comment(text, &function.doc);
        let parameters = function.signature.split_once('(').map(|(_, parameters)| parameters).unwrap_or_default();
        writeln!(text, "CARDAN_FUNCTION({}) {name}({parameters};", function.result_type()).unwrap();
        if function.cast && !by_hand.has(name) {
            cast(text, name, function);
        }
    }
}

/// CPython's macro of that name takes any object pointer: so does this one, and calls the function.
fn cast(text: &mut String, name: &str, function: &Function) {
    let CType::Function { parameters, .. } = &function.declaration.ctype else { return };
    let mut names = Vec::new();
    let mut arguments = Vec::new();
    for parameter in parameters {
        let parameter_name = parameter.name.as_deref().unwrap_or("argument");
        names.push(parameter_name);
        arguments.push(if parameter.ctype.is_pointer_to("PyObject") || parameter.ctype.is_pointer_to("PyVarObject") {
            format!("({})({parameter_name})", parameter.ctype)
        } else {
            format!("({parameter_name})")
        });
    }
    writeln!(text, "#define {name}({}) {name}({})", names.join(", "), arguments.join(", ")).unwrap();
}

fn macros(text: &mut String, chapter: &Chapter, by_hand: &HandWritten) {
    for (name, entry) in chapter.macros.iter().filter(|(name, _)| !by_hand.has(name)) {
        let Some(definition) = &entry.definition else { continue };
        comment(text, &entry.doc);
        let parameters = entry.parameters.as_ref().map(|names| format!("({})", names.join(", "))).unwrap_or_default();
        writeln!(text, "#define {name}{parameters} {definition}").unwrap();
    }
}

#[cfg(test)]
mod tests;
