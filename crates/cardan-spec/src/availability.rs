//! What each host offers of the specification: `spec/hosts/available.tsv`, written by `cargo xtask survey`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::error::{Error, Result};

/// Whether a host offers a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// It is exported.
    Present,
    /// It is not there.
    Absent,
    /// It is exported, but calling it ends the process: as good as absent.
    Stub,
}

impl Presence {
    /// The word in the table.
    pub fn word(self) -> &'static str {
        match self {
            Presence::Present => "y",
            Presence::Absent => "n",
            Presence::Stub => "stub",
        }
    }
}

/// The table: one row per function or data symbol, one column per host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    /// The hosts, in the order of the columns, for example `cpython-3.9`, `pypy-7.3.19`.
    pub hosts: Vec<String>,
    /// For each symbol one answer per host, in the same order.
    pub symbols: BTreeMap<String, Vec<Presence>>,
}

impl Availability {
    /// Reads the table from a file.
    ///
    /// # Errors
    /// When the file cannot be read, or a line is not what it should be.
    pub fn load(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Self::parse(&text).map_err(|problem| Error::File { path: path.to_owned(), problem })
    }

    /// Reads the table from its text, for a program that carries it inside.
    ///
    /// # Errors
    /// A sentence that names the line and says what was expected and what was found.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        let mut lines = text.lines();
        let mut heading = lines.next().unwrap_or_default().split('\t');
        if heading.next() != Some("symbol") {
            return Err("line 1: expected the heading `symbol` and the hosts, found none".to_owned());
        }
        let hosts: Vec<String> = heading.map(str::to_owned).collect();
        let mut symbols = BTreeMap::new();
        for (number, line) in lines.enumerate().map(|(index, line)| (index + 2, line)) {
            let mut cells = line.split('\t');
            let symbol = cells.next().unwrap_or_default().to_owned();
            let row: Vec<Presence> = cells
                .map(|cell| match cell {
                    "y" => Ok(Presence::Present),
                    "n" => Ok(Presence::Absent),
                    "stub" => Ok(Presence::Stub),
                    other => Err(format!("line {number}: {symbol}: expected y, n or stub, found `{other}`")),
                })
                .collect::<std::result::Result<_, _>>()?;
            if row.len() != hosts.len() {
                let (expected, found) = (hosts.len(), row.len());
                return Err(format!("line {number}: {symbol}: expected {expected} answers, found {found}"));
            }
            symbols.insert(symbol, row);
        }
        Ok(Self { hosts, symbols })
    }

    /// Whether `host` offers `symbol`; none if the table knows one of them not.
    pub fn presence(&self, symbol: &str, host: &str) -> Option<Presence> {
        let column = self.hosts.iter().position(|name| name == host)?;
        self.symbols.get(symbol).map(|row| row[column])
    }

    /// The table as text, one line per symbol, ordered by name.
    pub fn to_tsv(&self) -> String {
        let mut text = format!("symbol\t{}\n", self.hosts.join("\t"));
        for (symbol, row) in &self.symbols {
            let cells: Vec<&str> = row.iter().map(|presence| presence.word()).collect();
            text += &format!("{symbol}\t{}\n", cells.join("\t"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "symbol\tcpython-3.9\tgraalpy-25.2\nPyCell_Get\ty\tstub\nPyList_Clear\tn\tn\n";

    #[test]
    fn a_table_reads_back_as_it_was_written() {
        let table = Availability::parse(TABLE).unwrap();
        assert_eq!(table.to_tsv(), TABLE);
        assert_eq!(table.presence("PyCell_Get", "graalpy-25.2"), Some(Presence::Stub));
        assert_eq!(table.presence("PyList_Clear", "cpython-3.9"), Some(Presence::Absent));
        assert_eq!(table.presence("PyList_Clear", "cpython-2.7"), None);
        assert_eq!(table.presence("PyList_New", "cpython-3.9"), None);
    }

    #[test]
    fn a_bad_table_is_refused() {
        let problem = |text| Availability::parse(text).unwrap_err();
        assert_eq!(problem(""), "line 1: expected the heading `symbol` and the hosts, found none");
        assert_eq!(problem("symbol\ta\nX\tyes\n"), "line 2: X: expected y, n or stub, found `yes`");
        assert_eq!(problem("symbol\ta\tb\nX\ty\n"), "line 2: X: expected 2 answers, found 1");
    }
}
