//! What `cardan test --json` reports, and what it means for the demo.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::packages::Package;

/// A report, and the text that it was read from.
pub struct Report {
    /// The text.
    pub json: Vec<u8>,
    rows: Vec<Row>,
}

/// One Python.
#[derive(Deserialize)]
struct Row {
    name: String,
    version: String,
    result: String,
    detail: String,
    gil_enabled_by: Vec<String>,
    output: Option<String>,
}

#[derive(Deserialize)]
struct Rows {
    rows: Vec<Row>,
}

impl Report {
    /// Reads what `cardan test --json` printed.
    pub fn parse(json: Vec<u8>) -> Result<Self> {
        let Rows { rows } = serde_json::from_slice(&json).context("not the JSON of `cardan test`")?;
        Ok(Self { json, rows })
    }
}

/// What came of one package on one Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is well: how many tests passed, and how many failed that are known to fail there.
    Passed { passed: usize, known: usize },
    /// Without layouts the import was refused, and named this function.
    Refused(String),
    /// The package itself does not support this Python.
    Excluded(String),
    /// Anything else, in words.
    Failed(String),
}

/// A package and what came of it on each Python.
pub struct Column {
    /// The package's name in the catalogue.
    pub name: String,
    /// Its source: an sdist or a folder.
    pub source: PathBuf,
    /// Its wheel.
    pub wheel: PathBuf,
    /// For each Python, its name, its version, and the outcome.
    pub outcomes: Vec<(String, String, Outcome)>,
    /// Remarks below the table.
    pub notes: Vec<String>,
}

impl Column {
    /// A package that has been built.
    pub fn new(name: &str, source: &Path, wheel: &Path) -> Result<Self> {
        wheel.file_name().with_context(|| format!("{} has no name", wheel.display()))?;
        let (source, wheel) = (source.to_owned(), wheel.to_owned());
        Ok(Self { name: name.to_owned(), source, wheel, outcomes: Vec::new(), notes: Vec::new() })
    }

    /// The name of the wheel's file.
    pub fn wheel_name(&self) -> String {
        self.wheel.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Name and version.
    pub fn title(&self) -> String {
        let file = self.wheel_name();
        format!("{} {}", self.name, file.split('-').nth(1).unwrap_or_default())
    }

    /// Takes the rows of a report over.
    pub fn take(&mut self, report: Report, package: &Package, generic: bool) {
        let needed = (generic && package.generic != "passes").then_some(package.generic.as_str());
        for row in report.rows {
            for reason in package.known_on(&row.name, generic) {
                let note = format!("{} on {}: {reason}", self.name, row.name);
                self.notes.push(note);
            }
            let outcome = outcome(&row, needed);
            self.outcomes.push((row.name, row.version, outcome));
        }
    }
}

/// `needed` is the function without which the import has to be refused.
fn outcome(row: &Row, needed: Option<&str>) -> Outcome {
    if !row.gil_enabled_by.is_empty() {
        return Outcome::Failed(format!("the GIL came back on for {}", row.gil_enabled_by.join(", ")));
    }
    match row.result.as_str() {
        "passed" => {
            let known = count(&row.detail, "xfailed");
            match count(&row.detail, "passed") {
                0 => Outcome::Failed(format!("no test ran: {}", row.detail)),
                passed => Outcome::Passed { passed, known },
            }
        }
        "excluded" => Outcome::Excluded(row.detail.clone()),
        "failed" => match needed {
            Some(function) if refuses(row.output.as_deref().unwrap_or_default(), function) => {
                Outcome::Refused(function.to_owned())
            }
            _ => Outcome::Failed(row.detail.clone()),
        },
        other => Outcome::Failed(format!("{other}: {}", row.detail)),
    }
}

/// Whether an import was refused because of this function.
fn refuses(output: &str, function: &str) -> bool {
    output.lines().any(|line| line.contains("ImportError: cannot import ") && line.contains(function))
}

/// The number before a word in pytest's closing line.
fn count(line: &str, word: &str) -> usize {
    let words: Vec<_> = line.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let found = words.windows(2).find(|pair| pair[1] == word);
    found.and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(result: &str, detail: &str, output: &str) -> Row {
        Row {
            name: "cpython-3.13".into(),
            version: "3.13.0".into(),
            result: result.into(),
            detail: detail.into(),
            gil_enabled_by: Vec::new(),
            output: Some(output.into()),
        }
    }

    #[test]
    fn pytests_closing_line_is_counted() {
        let line = "103 passed, 2 skipped, 1 xfailed in 0.28s";
        assert_eq!(outcome(&row("passed", line, ""), None), Outcome::Passed { passed: 103, known: 1 });
        let none = outcome(&row("passed", "2 skipped in 0.1s", ""), None);
        assert_eq!(none, Outcome::Failed("no test ran: 2 skipped in 0.1s".into()));
    }

    #[test]
    fn a_refusal_counts_only_if_it_names_the_function() {
        let refused = "ImportError: cannot import m: it needs PyUnicode_DATA, which";
        let of = |output| outcome(&row("failed", "exit code 1", output), Some("PyUnicode_DATA"));
        assert_eq!(of(refused), Outcome::Refused("PyUnicode_DATA".into()));
        assert_eq!(of("ImportError: cannot import m: it needs PyList_New"), Outcome::Failed("exit code 1".into()));
        assert_eq!(of("PyUnicode_DATA"), Outcome::Failed("exit code 1".into()));
    }

    #[test]
    fn a_gil_that_came_back_is_a_failure() {
        let row = Row { gil_enabled_by: vec!["m".into()], ..row("passed", "1 passed", "") };
        assert_eq!(outcome(&row, None), Outcome::Failed("the GIL came back on for m".into()));
    }
}
