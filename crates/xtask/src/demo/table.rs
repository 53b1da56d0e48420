//! The table of packages and Pythons, for the terminal and for README.md.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail};

use super::report::{Column, Outcome};
use crate::packages::is_host;
use crate::repository;

const BEGIN: &str = "<!-- The table between these marks is written by `cargo xtask demo --write-readme`. -->";
const END: &str = "<!-- End of the table. -->";

/// Texts in rows and columns, and what is said below them.
pub struct Table {
    titles: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
    failures: usize,
}

impl Table {
    /// A row for each Python that was tested; with `complete` also for those of `expected` that are not there.
    pub fn new(expected: &[String], columns: &[Column], complete: bool) -> Self {
        let mut titles = vec!["Python".to_owned()];
        titles.extend(columns.iter().map(Column::title));
        let mut table = Self { titles, rows: Vec::new(), notes: Vec::new(), failures: 0 };
        let mut hosts: Vec<&str> = Vec::new();
        for (name, ..) in columns.iter().flat_map(|column| &column.outcomes) {
            if !hosts.contains(&name.as_str()) {
                hosts.push(name);
            }
        }
        let mut reasons = BTreeSet::new();
        for host in &hosts {
            let mut row = vec![(*host).to_owned()];
            for column in columns {
                let outcome = column.outcomes.iter().find(|(name, ..)| name == host).map(|(.., outcome)| outcome);
                row.push(match outcome {
                    Some(Outcome::Passed { passed, known: 0 }) => passed.to_string(),
                    Some(Outcome::Passed { passed, known }) => format!("{passed} (+{known})"),
                    Some(Outcome::Refused(_)) => "refused".to_owned(),
                    Some(Outcome::Excluded(reason)) => {
                        reasons.insert(format!("excluded: {}: {reason}", column.name));
                        "excluded".to_owned()
                    }
                    Some(Outcome::Failed(reason)) => {
                        reasons.insert(format!("FAILED: {} on {host}: {reason}", column.name));
                        table.failures += 1;
                        "FAILED".to_owned()
                    }
                    None => "".to_owned(),
                });
            }
            table.rows.push(row);
        }
        if complete {
            for host in expected.iter().filter(|name| !hosts.iter().any(|host| is_host(host, name))) {
                let mut row = vec![host.clone()];
                row.resize(columns.len() + 1, "skipped".to_owned());
                table.rows.push(row);
                reasons.insert(format!("skipped: {host}: this Python could not be had on this machine"));
            }
        }
        table.notes.extend(reasons);
        let all = || columns.iter().flat_map(|column| &column.outcomes).map(|(.., outcome)| outcome);
        if all().any(|outcome| matches!(outcome, Outcome::Passed { known: 1.., .. })) {
            table.notes.push("(+N): N more tests are known to fail there, for the reasons below".into());
        }
        for refused in all().filter_map(|outcome| match outcome {
            Outcome::Refused(function) => Some(function),
            _ => None,
        }) {
            let note = format!("refused: the import says that it needs {refused}, which only a known layout can give");
            if !table.notes.contains(&note) {
                table.notes.push(note);
            }
        }
        table.notes.extend(columns.iter().flat_map(|column| column.notes.iter().cloned()));
        for column in columns {
            let kilobytes = fs::metadata(&column.wheel).map_or(0, |data| data.len()).div_ceil(1024);
            let source = column.source.file_name().unwrap_or_default().to_string_lossy();
            table.notes.push(format!("{}: from {source}, {kilobytes} KB", column.wheel_name()));
        }
        table
    }

    /// How many results are failures.
    pub fn failures(&self) -> usize {
        self.failures
    }

    /// The table for a terminal.
    pub fn terminal(&self) -> String {
        let mut table = comfy_table::Table::new();
        table.load_preset(comfy_table::presets::UTF8_FULL_CONDENSED).set_header(&self.titles);
        table.set_content_arrangement(comfy_table::ContentArrangement::Disabled);
        for row in &self.rows {
            table.add_row(row);
        }
        std::iter::once(table.to_string()).chain(self.notes.iter().cloned()).collect::<Vec<_>>().join("\n")
    }

    /// The table for README.md.
    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let mut text = line(&self.titles);
        text.push_str(&format!("|---|{}\n", "--:|".repeat(self.titles.len() - 1)));
        for row in &self.rows {
            text.push_str(&line(row));
        }
        text.push('\n');
        for note in &self.notes {
            text.push_str(&format!("- {note}\n"));
        }
        text
    }
}

/// Replaces the table in README.md.
pub fn write_readme(table: &Table) -> Result<()> {
    let path = repository::path("README.md");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = replaced(&text, &table.markdown()).with_context(|| path.display().to_string())?;
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn replaced(text: &str, table: &str) -> Result<String> {
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = parts else { bail!("the marks {BEGIN:?} and {END:?} are not there") };
    Ok(format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(outcomes: &[(&str, Outcome)]) -> Column {
        Column {
            name: "m".into(),
            source: "m-1.0.tar.gz".into(),
            wheel: "m-1.0-py3-none-any.whl".into(),
            outcomes: outcomes.iter().map(|(name, outcome)| (name.to_string(), "1".into(), outcome.clone())).collect(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn every_python_has_a_row() {
        let outcomes = [
            ("a", Outcome::Passed { passed: 3, known: 0 }),
            ("b", Outcome::Passed { passed: 2, known: 1 }),
            ("c", Outcome::Failed("died by SIGSEGV".into())),
        ];
        let table = Table::new(&["a".into(), "d".into()], &[column(&outcomes)], true);
        assert_eq!(table.failures(), 1);
        assert_eq!(
            table.markdown(),
            "| Python | m 1.0 |\n|---|--:|\n| a | 3 |\n| b | 2 (+1) |\n| c | FAILED |\n| d | skipped |\n\n\
             - FAILED: m on c: died by SIGSEGV\n\
             - skipped: d: this Python could not be had on this machine\n\
             - (+N): N more tests are known to fail there, for the reasons below\n\
             - m-1.0-py3-none-any.whl: from m-1.0.tar.gz, 0 KB\n"
        );
    }

    #[test]
    fn only_the_text_between_the_marks_is_replaced() {
        let text = format!("above\n{BEGIN}\nold\n{END}\nbelow\n");
        let new = replaced(&text, "new\n").expect("the marks are there");
        assert_eq!(new, format!("above\n{BEGIN}\n\nnew\n\n{END}\nbelow\n"));
        assert_eq!(replaced(&new, "new\n").expect("still there"), new);
        assert!(replaced("nothing", "new").is_err());
    }
}
