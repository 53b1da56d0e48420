//! Asking an interpreter what it is.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::python::Facts;
use crate::error::{Context, Error, Result};
use crate::process::{self, End};

/// How long an interpreter may take to answer. One on a Java virtual machine takes seconds, more on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// The question: a Python program that prints the answer.
pub const SCRIPT: &str = include_str!("probe.py");

/// Runs `executable` and returns what it says of itself.
pub fn probe(executable: &Path) -> Result<Facts> {
    let path = executable.display();
    let mut command = Command::new(executable);
    // Isolated, so that neither the environment nor the current folder changes the answer.
    command.args(["-I", "-c", SCRIPT]).current_dir(std::env::temp_dir());
    let output = process::capture(command, LIMIT).context(|| format!("{path} could not be started"))?;
    let last_words = output.stderr.trim().lines().next_back().unwrap_or("nothing on stderr").to_owned();
    match output.end {
        End::Exited(0) => {}
        End::Exited(code) => {
            return Err(Error::new(format!("{path} is not a usable Python 3: exit code {code} ({last_words})")));
        }
        End::Signalled(signal) => {
            return Err(Error::new(format!("{path} died by {} when asked what it is", process::signal_name(signal))));
        }
        End::TimedOut => {
            let seconds = LIMIT.as_secs();
            return Err(Error::new(format!("{path} did not say within {seconds} s what it is")));
        }
        End::Interrupted => return Err(Error::new("interrupted")),
    }
    let answer = output.stdout.lines().next_back().unwrap_or_default();
    serde_json::from_str(answer).map_err(|_| {
        Error::new(format!("{path} is not a usable Python 3: it answered {answer:?} when asked what it is"))
    })
}
