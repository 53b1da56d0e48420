//! `cargo xtask survey`: which host exports which symbol of `spec/`, read from the hosts' own binaries.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use cardan_spec::{Availability, Presence, Spec};
use object::{Object, ObjectSymbol};

use crate::generate;
use crate::repository;

/// Hosts whose binaries are not at hand everywhere: what they export is kept as a list, `KIND NAME` on each line, and
/// for some a list of what they export without it working.
const LISTED: &[(&str, &str, Option<&str>)] = &[
    ("graalpy-25.2", "spec/hosts/graalpy-25.2.4-symbols.txt", Some("spec/hosts/graalpy-25.2.4-unimplemented.txt")),
    ("rustpython-0.6", "spec/hosts/rustpython-0.6.0-symbols.txt", None),
];

/// Where the survey is kept.
pub const TABLE: &str = "spec/hosts/available.tsv";

/// The columns, in the order of the table; a host that is not among them comes last.
const ORDER: &[&str] = &["cpython", "pypy", "graalpy", "rustpython"];

#[derive(clap::Args)]
pub struct Arguments {
    /// Hosts to read anew, each `NAME=FILE`: the executable, or the libpython or libpypy that it loads.
    /// Columns of other hosts stay as they are
    #[arg(value_name = "NAME=FILE")]
    hosts: Vec<HostBinary>,
}

/// A host and the file that exports its C API.
#[derive(Clone)]
struct HostBinary {
    name: String,
    file: PathBuf,
}

impl FromStr for HostBinary {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').ok_or_else(|| {
            format!("expected NAME=FILE, for example cpython-3.14=/usr/bin/python3.14, found `{text}`")
        })?;
        Ok(Self { name: name.to_owned(), file: file.into() })
    }
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let spec = Spec::load(&repository::path("spec/capi"))?;
    let path = repository::path(TABLE);
    let mut columns = match Availability::load(&path) {
        Ok(table) => columns(&table),
        Err(cardan_spec::Error::Read { .. }) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    for (name, list, stubs) in LISTED {
        let exported =
            read_list(list)?.iter().filter_map(|line| line.split_once(' ')).map(|(_, name)| name.to_owned()).collect();
        let stubs = stubs.map_or_else(|| Ok(BTreeSet::new()), |stubs| read_list(stubs).map(BTreeSet::from_iter))?;
        replace(&mut columns, name, Exports { names: exported, stubs });
    }
    for host in &arguments.hosts {
        let exports = Exports { names: exported_symbols(&host.file)?, stubs: BTreeSet::new() };
        replace(&mut columns, &host.name, exports);
    }
    columns.sort_by_key(|(name, _)| sort_key(name));
    let symbols = generate::host_symbols(&spec);
    let table = Availability {
        hosts: columns.iter().map(|(name, _)| name.clone()).collect(),
        symbols: symbols
            .map(|symbol| (symbol.to_owned(), columns.iter().map(|(_, exports)| exports.presence(symbol)).collect()))
            .collect(),
    };
    fs::write(&path, table.to_tsv()).with_context(|| format!("{}: cannot be written", path.display()))?;
    eprintln!("wrote {TABLE}: {} symbols, {} hosts", table.symbols.len(), table.hosts.len());
    Ok(())
}

/// What a host exports.
struct Exports {
    names: BTreeSet<String>,
    stubs: BTreeSet<String>,
}

impl Exports {
    fn presence(&self, symbol: &str) -> Presence {
        if self.stubs.contains(symbol) {
            Presence::Stub
        } else if spellings(symbol).iter().any(|spelling| self.names.contains(spelling)) {
            Presence::Present
        } else {
            Presence::Absent
        }
    }
}

/// The names under which a host may have a symbol: CPython's, PyPy's, and GraalPy's variable for a singleton.
fn spellings(symbol: &str) -> [String; 3] {
    let bare = symbol.trim_start_matches('_');
    let underscores = &symbol[..symbol.len() - bare.len()];
    [symbol.to_owned(), format!("{underscores}PyPy{}", &bare[2..]), format!("{symbol}Reference")]
}

/// The table's columns as sets of names, so that the columns of hosts that are not read anew survive.
fn columns(table: &Availability) -> Vec<(String, Exports)> {
    let with = |column: usize, presence| {
        table.symbols.iter().filter(move |(_, row)| row[column] == presence).map(|(symbol, _)| symbol.clone()).collect()
    };
    let hosts = table.hosts.iter().enumerate();
    hosts
        .map(|(column, host)| {
            (host.clone(), Exports { names: with(column, Presence::Present), stubs: with(column, Presence::Stub) })
        })
        .collect()
}

fn replace(columns: &mut Vec<(String, Exports)>, name: &str, exports: Exports) {
    columns.retain(|(found, _)| found != name);
    columns.push((name.to_owned(), exports));
}

/// By implementation, then by version as numbers; a free-threaded build comes after the build of the same version.
pub fn sort_key(name: &str) -> (usize, Vec<u32>, String) {
    let (implementation, version) = name.split_once('-').unwrap_or((name, ""));
    let family = ORDER.iter().position(|known| *known == implementation).unwrap_or(ORDER.len());
    let numbers = version.split('.').map(|part| part.trim_end_matches('t').parse().unwrap_or(0)).collect();
    (family, numbers, name.to_owned())
}

fn read_list(path: &str) -> Result<Vec<String>> {
    let path = repository::path(path);
    let text = fs::read_to_string(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// The names that a file exports; an error if Python's C API is not among them.
fn exported_symbols(file: &Path) -> Result<BTreeSet<String>> {
    let names = dynamic_symbols(file)?;
    if names.iter().any(|name| name.starts_with("Py")) {
        return Ok(names);
    }
    bail!(
        "{}: expected an executable or a library that exports Python's C API, found no symbol that starts with Py; \
         name the libpython or libpypy that it loads",
        file.display()
    );
}

fn dynamic_symbols(file: &Path) -> Result<BTreeSet<String>> {
    let bytes = fs::read(file).with_context(|| format!("{}: cannot be read", file.display()))?;
    let binary = object::File::parse(&*bytes).with_context(|| format!("{}: not a binary", file.display()))?;
    let defined = binary.dynamic_symbols().filter(|symbol| symbol.is_definition() && symbol.is_global());
    Ok(defined.filter_map(|symbol| symbol.name().ok()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_is_found_under_each_host_s_spelling() {
        assert_eq!(spellings("PyList_New"), ["PyList_New", "PyPyList_New", "PyList_NewReference"]);
        assert_eq!(spellings("_Py_NoneStruct"), ["_Py_NoneStruct", "_PyPy_NoneStruct", "_Py_NoneStructReference"]);
    }

    #[test]
    fn columns_stand_in_order_of_implementation_and_version() {
        let mut hosts =
            ["pypy-7.3.11", "cpython-3.13t", "rustpython-0.6", "cpython-3.9", "cpython-3.10", "cpython-3.13"];
        hosts.sort_by_key(|name| sort_key(name));
        assert_eq!(
            hosts,
            ["cpython-3.9", "cpython-3.10", "cpython-3.13", "cpython-3.13t", "pypy-7.3.11", "rustpython-0.6"]
        );
    }

    #[test]
    fn a_file_without_the_c_api_is_refused() {
        let file = std::env::current_exe().unwrap();
        let error = exported_symbols(&file).unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "{}: expected an executable or a library that exports Python's C API, found no symbol that starts \
                 with Py; name the libpython or libpypy that it loads",
                file.display()
            )
        );
    }

    #[test]
    fn a_host_is_named_with_its_file() {
        let problem = "cpython-3.14".parse::<HostBinary>().err().unwrap();
        assert_eq!(problem, "expected NAME=FILE, for example cpython-3.14=/usr/bin/python3.14, found `cpython-3.14`");
    }
}
