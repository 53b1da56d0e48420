//! What came of each Python: the rows of the table and of the JSON output.

use std::collections::BTreeMap;

use serde::Serialize;

use super::imports::Imports;
use crate::error::Result;
use crate::output;
use crate::process::{End, Output, signal_name};
use crate::pythons::select::Chosen;

/// How many lines of a failed command's output are shown.
const SHOWN_LINES: usize = 40;

/// How many characters of a closing line fit into the table.
const SHOWN_CHARACTERS: usize = 100;

/// The kinds of result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The command ended with exit code 0.
    Passed,
    /// The command ended otherwise.
    Failed,
    /// The wheel itself does not support this Python.
    Excluded,
    /// The environment could not be made.
    CannotInstall,
    /// This Python cannot run the wheel.
    Refused,
}

impl Verdict {
    fn words(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Excluded => "excluded",
            Self::CannotInstall => "cannot install",
            Self::Refused => "refused",
        }
    }
}

/// One row.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The name of the Python.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What came of it.
    pub result: Verdict,
    /// The command's closing line, or the reason why there is none.
    pub detail: String,
    /// The command's exit code, where it ended by itself.
    pub exit_code: Option<i32>,
    /// The name of the signal that it died by, if it did.
    pub signal: Option<String>,
    /// Whether its time was up.
    pub timed_out: bool,
    /// The modules for which a free-threaded Python turned its GIL on again; none on other Pythons.
    pub gil_enabled_by: Vec<String>,
    /// The wheel's extension modules that cannot be imported, with the reason.
    pub import_errors: BTreeMap<String, String>,
    /// From the first step of the environment to the command's end.
    pub seconds: f64,
    /// What the command, or the installer, had to say, where it failed.
    pub output: Option<String>,
    /// Whether the Python was asked for by name.
    #[serde(skip)]
    pub asked_for: bool,
}

impl Row {
    /// A row for a Python on which the command was not run.
    pub fn without_command(chosen: &Chosen, result: Verdict, detail: String, output: Option<String>) -> Self {
        Self {
            name: chosen.python.name.clone(),
            version: chosen.python.facts.version.to_string(),
            result,
            detail,
            exit_code: None,
            signal: None,
            timed_out: false,
            gil_enabled_by: Vec::new(),
            import_errors: BTreeMap::new(),
            seconds: 0.0,
            output,
            asked_for: chosen.asked_for,
        }
    }

    /// A row for a command that has ended, after imports; `limit` is the time that it had, in seconds. A module that cannot
    /// be imported is a failure unless `allow_import_errors`.
    pub fn with_command(
        chosen: &Chosen,
        imports: Imports,
        ended: &Output,
        limit: u64,
        allow_import_errors: bool,
    ) -> Self {
        let closing = closing_line(&ended.stdout);
        let with = |what: String| if closing.is_empty() { what } else { format!("{what}: {closing}") };
        let (result, detail) = match ended.end {
            End::Exited(0) => (Verdict::Passed, closing.clone()),
            End::Exited(code) => (Verdict::Failed, with(exit_code(code))),
            End::Signalled(signal) => (Verdict::Failed, format!("died by {}", signal_name(signal))),
            End::TimedOut => (Verdict::Failed, with(format!("timed out after {limit} s"))),
            End::Interrupted => (Verdict::Failed, "interrupted".to_owned()),
        };
        let mut row = Self::without_command(chosen, result, detail, None);
        match ended.end {
            End::Exited(code) => row.exit_code = Some(code),
            End::Signalled(signal) => row.signal = Some(signal_name(signal)),
            End::TimedOut => row.timed_out = true,
            End::Interrupted => {}
        }
        if result == Verdict::Failed {
            row.output = Some(ended.stdout.clone());
        }
        row.import_errors = imports.errors;
        if !row.import_errors.is_empty() && !allow_import_errors {
            row.result = Verdict::Failed;
        }
        if chosen.python.facts.free_threaded {
            row.gil_enabled_by = imports.gil_enabled_by;
            row.gil_enabled_by.extend(gil_enabled_by(&ended.stdout));
            row.gil_enabled_by.sort();
            row.gil_enabled_by.dedup();
        }
        row
    }

    /// The line that is shown when this Python is done.
    pub fn summary(&self) -> String {
        let (words, detail) = (self.result.words(), self.shown_detail());
        if detail.is_empty() { words.to_owned() } else { format!("{words}, {detail}") }
    }

    fn shown_detail(&self) -> String {
        let mut text: String = self.detail.chars().take(SHOWN_CHARACTERS).collect();
        if text.len() < self.detail.len() {
            text.push('…');
        }
        if !self.import_errors.is_empty() {
            let modules: Vec<_> = self.import_errors.keys().map(String::as_str).collect();
            text.push_str(&format!(" (cannot import {})", modules.join(", ")));
        }
        if !self.gil_enabled_by.is_empty() {
            text.push_str(&format!(" (the GIL came back on for {})", self.gil_enabled_by.join(", ")));
        }
        text
    }
}

/// The whole report.
#[derive(Serialize)]
pub struct Report {
    /// The name of the wheel's file.
    pub wheel: String,
    /// The command.
    pub command: Vec<String>,
    /// Whether all is well: see [`Report::new`].
    pub passed: bool,
    /// A row for each Python.
    pub rows: Vec<Row>,
}

impl Report {
    /// All is well if the command passed at least once and failed nowhere. A Python that the package excludes is no
    /// failure, nor one that cannot run any wheel and was not asked for.
    pub fn new(wheel: String, command: Vec<String>, rows: Vec<Row>) -> Self {
        let is_failure = |row: &Row| match row.result {
            Verdict::Passed | Verdict::Excluded => false,
            Verdict::Failed | Verdict::CannotInstall => true,
            Verdict::Refused => row.asked_for,
        };
        let ran = rows.iter().any(|row| row.result == Verdict::Passed);
        let passed = ran && !rows.iter().any(is_failure);
        Self { wheel, command, passed, rows }
    }

    /// Prints it as JSON.
    pub fn print_json(&self) -> Result<()> {
        output::print_json(self)
    }

    /// Prints the table to stdout, after the last words of each failure on stderr.
    pub fn print(&self) -> Result<()> {
        for row in &self.rows {
            for (module, reason) in &row.import_errors {
                output::tell(format_args!("\n--- {}: cannot import {module}: {reason}", row.name));
            }
            if let Some(words) = row.output.as_deref().filter(|words| !words.trim().is_empty()) {
                output::tell(format_args!("\n--- {}: {}\n{}", row.name, row.summary(), last_lines(words)));
            }
        }
        let mut table = output::table(&["Python", "version", "result", "detail", "seconds"]);
        for row in &self.rows {
            let seconds = format!("{:.1}", row.seconds);
            table.add_row([&row.name, &row.version, row.result.words(), &row.shown_detail(), &seconds]);
        }
        output::print(format_args!("{table}\n{}: {}", self.wheel, self.counts()))
    }

    fn counts(&self) -> String {
        let kinds = [Verdict::Passed, Verdict::Failed, Verdict::CannotInstall, Verdict::Excluded, Verdict::Refused];
        let counts = kinds.into_iter().filter_map(|kind| {
            let count = self.rows.iter().filter(|row| row.result == kind).count();
            (count > 0).then(|| format!("{count} {}", kind.words()))
        });
        counts.collect::<Vec<_>>().join(", ")
    }
}

/// An exit code in words. A shell reports the death of what it ran as 128 and the signal's number.
fn exit_code(code: i32) -> String {
    match code {
        129..=192 => format!("exit code {code} (died by {})", signal_name(code - 128)),
        _ => format!("exit code {code}"),
    }
}

/// The last line in which a test runner counts, else the last that says something, without the rules drawn around it. An
/// interpreter may have words of its own after those of the runner.
fn closing_line(output: &str) -> String {
    let lines = || {
        let lines = output.lines().rev();
        lines.map(|line| line.trim_matches(|letter: char| letter == '=' || letter.is_whitespace()))
    };
    let counts = |line: &&str| {
        let words: Vec<_> = line.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        words.windows(2).any(|pair| {
            pair[0].parse::<u32>().is_ok() && matches!(pair[1], "passed" | "failed" | "error" | "errors" | "skipped")
        })
    };
    let found = lines().find(counts).or_else(|| lines().find(|line| !line.is_empty()));
    found.unwrap_or_default().to_owned()
}

fn last_lines(output: &str) -> String {
    let lines: Vec<_> = output.trim_end().lines().collect();
    let first = lines.len().saturating_sub(SHOWN_LINES);
    let omitted = if first > 0 { format!("({first} lines before these)\n") } else { String::new() };
    format!("{omitted}{}", lines[first..].join("\n"))
}

/// The modules that the interpreter's warning names as the reason for turning its GIL on, each once.
pub fn gil_enabled_by(output: &str) -> Vec<String> {
    const WARNING: &str = "The global interpreter lock (GIL) has been enabled to load module '";
    let mut modules = Vec::new();
    for rest in output.split(WARNING).skip(1) {
        let name = rest.split('\'').next().unwrap_or_default().to_owned();
        if !modules.contains(&name) {
            modules.push(name);
        }
    }
    modules
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pythons::python::tests::python;

    fn chosen(free_threaded: bool) -> Chosen {
        Chosen { python: python("cpython", [3, 13, 15], None, free_threaded), asked_for: false }
    }

    fn row(end: End, output: &str) -> Row {
        let output = Output { end, stdout: output.into(), stderr: String::new() };
        Row::with_command(&chosen(true), Imports::default(), &output, 600, false)
    }

    #[test]
    fn a_runners_count_is_found_before_an_interpreters_last_words() {
        assert_eq!(closing_line("..\n== 2 passed in 0.1s ==\nSuppressed: Frames (1)\n"), "2 passed in 0.1s");
        assert_eq!(closing_line("1 failed, 3 passed in 2s\n"), "1 failed, 3 passed in 2s");
        assert_eq!(closing_line("hello\n\n"), "hello");
    }

    #[test]
    fn each_kind_of_end_has_its_own_words() {
        let summary = |end, output| row(end, output).summary();
        assert_eq!(summary(End::Exited(0), "...\n==== 3 passed in 0.1s ====\n\n"), "passed, 3 passed in 0.1s");
        assert_eq!(summary(End::Exited(0), ""), "passed");
        assert_eq!(summary(End::Exited(1), "== 1 failed =="), "failed, exit code 1: 1 failed");
        assert_eq!(summary(End::Exited(139), ""), "failed, exit code 139 (died by SIGSEGV)");
        assert_eq!(summary(End::Signalled(6), "abort"), "failed, died by SIGABRT");
        assert_eq!(summary(End::TimedOut, "test_a"), "failed, timed out after 600 s: test_a");
    }

    #[test]
    fn a_gil_that_came_back_is_reported_on_free_threaded_pythons() {
        let warning =
            "RuntimeWarning: The global interpreter lock (GIL) has been enabled to load module 'a.b', which\n";
        let output = format!("{warning}{warning}1 passed");
        assert_eq!(row(End::Exited(0), &output).summary(), "passed, 1 passed (the GIL came back on for a.b)");
        let output = Output { end: End::Exited(0), stdout: output, stderr: String::new() };
        let row = Row::with_command(&chosen(false), Imports::default(), &output, 600, false);
        assert!(row.gil_enabled_by.is_empty());
    }

    #[test]
    fn a_module_that_cannot_be_imported_is_a_failure_even_if_the_command_passes() {
        let output = Output { end: End::Exited(0), stdout: "1 passed".into(), stderr: String::new() };
        let imports = || Imports { errors: [("a.b".into(), "ImportError: no".into())].into(), ..Imports::default() };
        let row = |allow| Row::with_command(&chosen(false), imports(), &output, 600, allow);
        assert_eq!(row(false).summary(), "failed, 1 passed (cannot import a.b)");
        assert_eq!(row(true).summary(), "passed, 1 passed (cannot import a.b)");
    }

    #[test]
    fn the_exit_code_is_success_only_if_something_passed_and_nothing_failed() {
        let of = |verdict, asked_for| Row {
            asked_for,
            ..Row::without_command(&chosen(false), verdict, String::new(), None)
        };
        let passed = |rows| Report::new("w".into(), Vec::new(), rows).passed;
        assert!(passed(vec![of(Verdict::Passed, false), of(Verdict::Excluded, true), of(Verdict::Refused, false)]));
        assert!(!passed(vec![of(Verdict::Passed, false), of(Verdict::Refused, true)]));
        assert!(!passed(vec![of(Verdict::Passed, false), of(Verdict::Failed, false)]));
        assert!(!passed(vec![of(Verdict::Passed, false), of(Verdict::CannotInstall, false)]));
        assert!(!passed(vec![of(Verdict::Excluded, false)]));
        assert!(!passed(Vec::new()));
    }
}
