//! The table of `docs/hosts.md`: a row for each place, a column for each host.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};

use super::claims::Claims;
use super::headers::Facts;
use crate::repository;
use crate::survey::sort_key;

const DOCUMENT: &str = "docs/hosts.md";
const BEGIN: &str = "<!-- The table between these marks is written by `cargo xtask offsets --write`. -->";
const END: &str = "<!-- End of the table. -->";

/// The rows: what a reader calls the place, and the name of `facts.c`.
const ROWS: &[(&str, &str)] = &[
    ("header: size", "sizeof PyObject"),
    ("header: type", "PyObject.ob_type"),
    ("header: bytes of the count", "count bytes"),
    ("number of items", "PyVarObject.ob_size"),
    ("type: first field", "PyTypeObject.tp_name"),
    ("type: flags", "PyTypeObject.tp_flags"),
    ("type: dict", "PyTypeObject.tp_dict"),
    ("type: slots compared", SLOTS),
    ("heap type: name", "PyHeapTypeObject.ht_name"),
    ("tuple: items", "PyTupleObject.ob_item"),
    ("list: items", "PyListObject.ob_item"),
    ("int: number of digits", "int number of digits"),
    ("int: digits", "int digits"),
    ("float: value", "PyFloatObject.ob_fval"),
    ("bytes: text", "PyBytesObject.ob_sval"),
    ("memoryview: buffer", "PyMemoryViewObject.view"),
    ("str: state", "PyASCIIObject.state"),
    ("str: bit of the kind", "str kind"),
    ("str: bit of compact", "str compact"),
    ("str: bit of ascii", "str ascii"),
    ("str: bit of ready", "str ready"),
    ("str: ASCII text", "sizeof PyASCIIObject"),
    ("str: other text", "sizeof PyCompactUnicodeObject"),
    ("str: pointer to text", "PyUnicodeObject.data"),
    ("function: definition", "PyCFunctionObject.m_ml"),
    ("size of Py_buffer", "sizeof Py_buffer"),
    ("size of PyModuleDef", "sizeof PyModuleDef"),
    ("size of PyMethodDef", "sizeof PyMethodDef"),
    ("size of PyGetSetDef", "sizeof PyGetSetDef"),
    ("size of PyMemberDef", "sizeof PyMemberDef"),
    ("size of PyType_Spec", "sizeof PyType_Spec"),
];

/// The row that counts type slots.
const SLOTS: &str = "slots";

/// What the table says of one host, in the order of the rows.
pub struct Column(Vec<String>);

impl Column {
    /// A number that is claimed stands as it is, one that only the headers say in brackets.
    pub fn new(claims: &Claims, facts: &Facts) -> Self {
        let cell = |fact: &str| match (claims.get(fact), facts.get(fact)) {
            _ if fact == SLOTS => claims.slots().to_string(),
            (Some(claimed), _) => claimed.to_string(),
            (None, Some(found)) => format!("({found})"),
            (None, None) => String::new(),
        };
        Self(ROWS.iter().map(|(_, fact)| cell(fact)).collect())
    }
}

/// Compares the columns with the table in the documentation, or writes them there. Columns of hosts that were not found stay.
pub fn update(columns: &BTreeMap<String, Column>, write: bool) -> Result<()> {
    let path = repository::path(DOCUMENT);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let (before, rest) = text.split_once(BEGIN).with_context(|| format!("{DOCUMENT} lacks the line {BEGIN}"))?;
    let (old, after) = rest.split_once(END).with_context(|| format!("{DOCUMENT} lacks the line {END}"))?;
    let mut all = parse(old);
    for (name, Column(cells)) in columns {
        all.insert(name.clone(), cells.clone());
    }
    let new = format!("{before}{BEGIN}\n\n{}\n{END}{after}", markdown(&all));
    if new == text {
        return Ok(());
    }
    if !write {
        bail!("{DOCUMENT}: the table of offsets is stale; cargo xtask offsets --write");
    }
    fs::write(&path, new).with_context(|| format!("cannot write {}", path.display()))?;
    eprintln!("wrote the table of {DOCUMENT}");
    Ok(())
}

/// The columns of a table; none if its rows are not those of today.
fn parse(table: &str) -> BTreeMap<String, Vec<String>> {
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let Some((head, rows)) = rows.split_first() else { return BTreeMap::new() };
    // The second line only draws.
    let rows = rows.get(1..).unwrap_or_default();
    if !rows.iter().map(|row| row[0]).eq(ROWS.iter().map(|(label, _)| *label)) {
        return BTreeMap::new();
    }
    let column = |index: usize| rows.iter().map(|row| row.get(index).copied().unwrap_or_default().to_owned()).collect();
    head.iter().enumerate().skip(1).map(|(index, name)| (full(name), column(index))).collect()
}

fn markdown(columns: &BTreeMap<String, Vec<String>>) -> String {
    let mut columns: Vec<_> = columns.iter().collect();
    columns.sort_by_key(|(name, _)| sort_key(name));
    let mut text = String::from("| |");
    columns.iter().for_each(|(name, _)| text += &format!(" {} |", short(name)));
    text += "\n|---|";
    columns.iter().for_each(|_| text += "--:|");
    for (index, (label, _)) in ROWS.iter().enumerate() {
        text += &format!("\n| {label} |");
        columns.iter().for_each(|(_, cells)| text += &format!(" {} |", cells[index]));
    }
    text + "\n"
}

/// The head of a column: CPython's versions stand alone.
fn short(name: &str) -> &str {
    name.strip_prefix("cpython-").unwrap_or(name)
}

fn full(head: &str) -> String {
    if head.starts_with(|first: char| first.is_ascii_digit()) { format!("cpython-{head}") } else { head.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_as_it_was_written() {
        let column = |start: usize| (0..ROWS.len()).map(|row| (start + row).to_string()).collect::<Vec<_>>();
        let columns = BTreeMap::from([("pypy-8.0".to_owned(), column(100)), ("cpython-3.13t".to_owned(), column(0))]);
        let written = markdown(&columns);
        assert!(
            written.starts_with("| | 3.13t | pypy-8.0 |\n|---|--:|--:|\n| header: size | 0 | 100 |\n"),
            "{written}"
        );
        assert_eq!(parse(&written), columns);
        assert_eq!(parse(""), BTreeMap::new());
    }
}
