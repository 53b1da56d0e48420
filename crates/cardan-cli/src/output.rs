//! How the command speaks: results on stdout as a table or JSON, progress on stderr (bars on a terminal, plain lines
//! elsewhere).

use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::error::{Context, Result};

/// An empty table with these column titles, as wide as its content.
pub fn table(titles: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled).set_header(titles);
    table
}

/// Writes a result to stdout, with a newline at its end.
///
/// # Errors
/// Nobody reads it any more, or it goes to a file for which there is no room.
pub fn print(text: impl Display) -> Result<()> {
    print_bytes(text.to_string().as_bytes())
}

/// Writes a path to stdout as the system spells it, with a newline at its end.
///
/// # Errors
/// As for [`print`].
pub fn print_path(path: &Path) -> Result<()> {
    print_bytes(path.as_os_str().as_encoded_bytes())
}

/// Writes `value` to stdout as indented JSON with a newline at its end.
///
/// # Errors
/// As for [`print`].
pub fn print_json(value: &impl Serialize) -> Result<()> {
    print(serde_json::to_string_pretty(value).context(|| "cannot write JSON".to_owned())?)
}

fn print_bytes(line: &[u8]) -> Result<()> {
    let mut stdout = anstream::stdout().lock();
    let written = stdout.write_all(line).and_then(|()| stdout.write_all(b"\n")).and_then(|()| stdout.flush());
    written.context(|| "cannot write to stdout".to_owned())
}

/// Says something on stderr. Where nobody listens there is nobody to tell of it either.
pub fn tell(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Progress of several things that are done side by side, on stderr.
pub struct Progress {
    bars: Option<MultiProgress>,
}

/// One of the things being done.
pub struct Task<'a> {
    progress: &'a Progress,
    name: String,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Bars if stderr is a terminal, plain lines if not.
    pub fn new() -> Self {
        Self { bars: std::io::stderr().is_terminal().then(MultiProgress::new) }
    }

    /// Begins something; what it is doing is told to the task.
    pub fn task(&self, name: &str) -> Task<'_> {
        let bar = self.bars.as_ref().map(|bars| {
            let bar = bars.add(ProgressBar::new_spinner());
            let style = ProgressStyle::with_template("{spinner} {prefix:<24} {msg} ({elapsed})");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.set_prefix(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Task { progress: self, name: name.to_owned(), bar }
    }

    /// Writes a line that stays.
    pub fn line(&self, line: &str) {
        match &self.bars {
            // Where the terminal has gone there is nobody to tell.
            Some(bars) => drop(bars.println(line)),
            None => tell(line),
        }
    }
}

impl Task<'_> {
    /// Says what is being done now. Shown on a terminal only: elsewhere one line at the end is enough.
    pub fn step(&self, step: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(step.to_owned());
        }
    }

    /// Says something that everybody should know while it is being done: a line that stays.
    pub fn note(&self, words: &str) {
        self.progress.line(&format!("{}: {words}", self.name));
    }

    /// Ends with one line that stays.
    pub fn finish(self, result: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.progress.line(&format!("{}: {result}", self.name));
    }
}
