//! `docs/reference/c-api.md`: the C-API door as a page of tables, one section for each chapter.

use std::fmt::Write;

use cardan_spec::{Chapter, ErrorReturn, Function, Ownership, Slot, Spec, StructKind};

use super::NOTICE;

const INTRODUCTION: &str = "# C API

What a module that includes Cardan's `Python.h` can use. A module carries and binds only the names that it refers to.

*Since* is the version of Python that first had a name; `cardan check` says which hosts have what a module needs.
*Error* is how a function tells that it failed. A result of type `PyObject *` is a new reference unless it says *borrowed*.

| Mark | Meaning |
|---|---|
| ◦ | not part of the limited API, but used by packages |
| ● | a macro or inline function of CPython that reads a struct; here a call |
| ABI | part of the stable ABI only: older modules and macros refer to it |

| Error | Meaning |
|---|---|
";

pub(super) fn text(spec: &Spec) -> String {
    let mut text = format!("<!-- {NOTICE} -->\n\n{INTRODUCTION}");
    for (word, error) in ErrorReturn::WORDS {
        writeln!(text, "| `{word}` | {} |", meaning(*error)).unwrap();
    }
    for chapter in &spec.chapters {
        writeln!(text, "\n## {}", chapter.title).unwrap();
        functions(&mut text, chapter);
        others(&mut text, chapter);
    }
    text
}

fn meaning(error: ErrorReturn) -> &'static str {
    match error {
        ErrorReturn::Null => "NULL, with an exception",
        ErrorReturn::NullOrAbsent => "NULL; without an exception the thing is just not there",
        ErrorReturn::NullWithoutException => "NULL, never with an exception",
        ErrorReturn::NullAlways => "NULL in every case, so that a caller can return it",
        ErrorReturn::NullOrValue => "NULL, which may be a value too: ask `PyErr_Occurred`",
        ErrorReturn::MinusOne => "-1, with an exception",
        ErrorReturn::MinusOneOrValue => "-1, which may be a value too: ask `PyErr_Occurred`",
        ErrorReturn::MinusOneWithoutException => "-1, never with an exception",
        ErrorReturn::MinusTwo => "-2, with an exception; -1 is a value",
        ErrorReturn::Zero => "0, with an exception",
        ErrorReturn::Never => "cannot fail, or tells nobody",
        ErrorReturn::Fatal => "does not return",
    }
}

fn functions(text: &mut String, chapter: &Chapter) {
    if chapter.functions.is_empty() {
        return;
    }
    text.push_str("\n| Function | Since | Error | What it does |\n|---|---|---|---|\n");
    for function in chapter.functions.values() {
        let marks = marks(function);
        let error = function.error;
        writeln!(text, "| {}{marks} | {} | `{error}` | {} |", code(&function.signature), function.added, doc(function))
            .unwrap();
    }
}

fn marks(function: &Function) -> String {
    let mut marks = String::new();
    let mut mark = |condition, sign| {
        if condition {
            write!(marks, " {sign}").unwrap();
        }
    };
    mark(function.provided, "●");
    mark(!function.limited && !function.provided, "◦");
    mark(function.abi_only, "ABI");
    marks
}

/// The documentation, with what it says about references.
fn doc(function: &Function) -> String {
    let mut doc = cell(&function.doc);
    if function.result == Some(Ownership::Borrowed) {
        doc += " Borrowed.";
    }
    if !function.steals.is_empty() {
        let names: Vec<String> = function.steals.iter().map(|name| format!("`{name}`")).collect();
        write!(doc, " Takes over the reference to {}.", names.join(", ")).unwrap();
    }
    doc
}

/// Types, constants, slots, data and macros, in this order.
fn others(text: &mut String, chapter: &Chapter) {
    let mut rows = String::new();
    let mut row = |name: &str, what: String, limited: bool, added, doc: &str| {
        let mark = if limited { "" } else { " ◦" };
        writeln!(rows, "| {}{mark} | {what} | {added} | {} |", code(name), cell(doc)).unwrap();
    };
    for (name, entry) in &chapter.structs {
        let what = match entry.kind {
            StructKind::Opaque => "opaque struct".to_owned(),
            StructKind::Full | StructKind::Members => format!("struct: {}", code(&entry.fields.join("; "))),
        };
        row(name, what, entry.limited, entry.added, &entry.doc);
    }
    for (name, entry) in &chapter.enums {
        row(name, format!("enum: {}", code(&entry.values.join(", "))), entry.limited, entry.added, &entry.doc);
    }
    for (name, entry) in &chapter.typedefs {
        row(name, format!("typedef {}", code(&entry.definition)), entry.limited, entry.added, &entry.doc);
    }
    for (name, entry) in &chapter.constants {
        row(name, code(&entry.value), entry.limited, entry.added, &entry.doc);
    }
    let mut slots: Vec<(&String, &Slot)> = chapter.slots.iter().collect();
    slots.sort_by_key(|(name, slot)| (slot.unified_id.unwrap_or(slot.id), *name));
    for (name, slot) in slots {
        let unified = slot.unified_id.map(|id| format!(", {id} in a `PySlot`")).unwrap_or_default();
        row(name, format!("slot {}{unified}: {}", slot.id, code(&slot.ctype)), true, slot.added, &slot.doc);
    }
    for (name, entry) in &chapter.data {
        row(name, format!("variable {}", code(&entry.ctype.to_string())), entry.limited, entry.added, &entry.doc);
    }
    for (name, entry) in &chapter.macros {
        let parameters = entry.parameters.as_ref().map(|names| format!("({})", names.join(", "))).unwrap_or_default();
        row(&format!("{name}{parameters}"), "macro".to_owned(), entry.limited, entry.added, &entry.doc);
    }
    if !rows.is_empty() {
        write!(text, "\n| Name | What | Since | What it is for |\n|---|---|---|---|\n{rows}").unwrap();
    }
}

/// Code in a table's cell. A bar would end the cell for some readers of Markdown, even inside backticks.
pub(super) fn code(text: &str) -> String {
    if !text.contains('|') {
        return format!("`{text}`");
    }
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('|', "&#124;");
    format!("<code>{text}</code>")
}

/// A sentence with code in backticks, as a table's cell.
pub(super) fn cell(sentence: &str) -> String {
    let parts = sentence.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 1 { code(part) } else { part.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_in_code_does_not_end_the_cell() {
        assert_eq!(cell("`a | b`."), "<code>a &#124; b</code>.");
        assert_eq!(cell("`a < b`, `c`."), "`a < b`, `c`.");
    }
}
