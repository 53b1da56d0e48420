//! The import library's list: one row per symbol that it can bind.

use std::fmt::Write;

use anyhow::{Result, ensure};
use cardan_host::hosts::releases::Releases;
use cardan_spec::{Availability, CType, DataKind, ErrorReturn, Function, Presence, Spec, Version};

use super::c_header::has_feature;
use super::{NOTICE, rustfmt};
use crate::repository;

/// Symbols that a release exports although calling them ends the process, as `spec/hosts/available.tsv` says.
pub(super) struct Stubs {
    table: Availability,
}

impl Stubs {
    pub(super) fn load() -> Result<Self> {
        let table = Availability::load(&repository::path("spec/hosts/available.tsv"))?;
        for (name, _) in Releases::ALL {
            ensure!(table.hosts.iter().any(|host| host == name), "spec/hosts/available.tsv: there is no column {name}");
        }
        Ok(Self { table })
    }

    /// The releases that have a stub of this name, as bits.
    pub(super) fn bits(&self, name: &str) -> u32 {
        let is_stub = |host: &str| self.table.presence(name, host) == Some(Presence::Stub);
        let releases = Releases::ALL.iter().filter(|(host, _)| is_stub(host));
        releases.fold(Releases::NONE, |set, (_, release)| set.and(*release)).bits()
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
