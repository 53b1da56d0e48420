//! The import library's list: one row per symbol that it can bind.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result};
use cardan_spec::{CType, DataKind, ErrorReturn, Function, Spec, Version};

use super::c_header::has_feature;
use super::{NOTICE, rustfmt};
use crate::repository;

/// Symbols that a host exports although calling them ends the process; one bit per host.
pub(super) struct Stubs {
    graalpy: BTreeSet<String>,
}

impl Stubs {
    /// The bit of GraalPy in `stub_on`.
    const GRAALPY: u32 = 1;

    pub(super) fn load() -> Result<Self> {
        let path = repository::path("spec/hosts/graalpy-25.2.4-unimplemented.txt");
        let text = fs::read_to_string(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
        Ok(Self { graalpy: text.lines().map(str::to_owned).collect() })
    }

    pub(super) fn bits(&self, name: &str) -> u32 {
        if self.graalpy.contains(name) { Self::GRAALPY } else { 0 }
    }
}

pub(super) fn text(spec: &Spec, stubs: &Stubs) -> Result<String> {
    let mut rows: Vec<(&str, String)> = Vec::new();
    for (name, function) in spec.functions() {
        if has_feature(function.ifdef.as_deref()) {
            rows.push((name, row(name, "Function", error_value(function), function.added, stubs)));
        }
    }
    for (name, data) in spec.data() {
        let kind = match data.kind {
            DataKind::Address => "Address",
            DataKind::ObjectVariable => "ObjectVariable",
            DataKind::Variable => "Variable",
        };
        if has_feature(data.ifdef.as_deref()) {
            rows.push((name, row(name, kind, "Nothing", data.added, stubs)));
        }
    }
    rows.sort();
    let mut text = format!(
        "// {NOTICE}\n\nuse crate::{{ErrorValue, Kind, Symbol}};\n\n\
         /// Every symbol of the C-API door, ordered by name.\n\
         #[rustfmt::skip]\npub const SYMBOLS: &[Symbol] = &[\n"
    );
    for (_, row) in rows {
        text.push_str(&row);
    }
    text.push_str("];\n");
    rustfmt(&text)
}

fn row(name: &str, kind: &str, error: &str, added: Version, stubs: &Stubs) -> String {
    let mut row = String::new();
    let since = u16::from(added.major) * 256 + u16::from(added.minor);
    let stub_on = stubs.bits(name);
    writeln!(
        row,
        "    Symbol {{ name: {name:?}, kind: Kind::{kind}, error: ErrorValue::{error}, since: 0x{since:04x}, \
         stub_on: {stub_on} }},"
    )
    .unwrap();
    row
}

/// What a caller takes for failure, as the thunk of a missing function returns it.
fn error_value(function: &Function) -> &'static str {
    match function.error {
        _ if *function.result_type() == CType::Void => "Nothing",
        ErrorReturn::Null
        | ErrorReturn::NullOrAbsent
        | ErrorReturn::NullWithoutException
        | ErrorReturn::NullAlways
        | ErrorReturn::NullOrValue => "Null",
        ErrorReturn::MinusOne
        | ErrorReturn::MinusOneOrValue
        | ErrorReturn::MinusOneWithoutException
        | ErrorReturn::MinusTwo => "MinusOne",
        ErrorReturn::Zero | ErrorReturn::Never | ErrorReturn::Fatal => "Nothing",
    }
}
