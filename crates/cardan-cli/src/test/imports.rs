//! Whether the wheel's extension modules can be imported. Many packages fall back on Python code of their own without a
//! word, and then their tests pass without the modules that are to be tested.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::Duration;

use super::environment::Environment;
use super::report::gil_enabled_by;
use crate::error::{Context, Result};
use crate::process::{self, End};

/// How long the imports may take.
const LIMIT: Duration = Duration::from_secs(120);

const SCRIPT: &str = include_str!("imports.py");

/// What came of the imports.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Imports {
    /// The modules that cannot be imported, with the reason.
    pub errors: BTreeMap<String, String>,
    /// The modules for which a free-threaded Python turned its GIL on again.
    pub gil_enabled_by: Vec<String>,
}

/// Imports these modules in the environment, all in one process.
pub fn import(environment: &Environment, modules: &[String]) -> Result<Imports> {
    if modules.is_empty() {
        return Ok(Imports::default());
    }
    let words: Vec<_> =
        ["python", "-c", SCRIPT].into_iter().map(OsString::from).chain(modules.iter().map(OsString::from)).collect();
    let mut command = environment.command(&words)?;
    // Not where the command will run: a source tree there would hide what is installed.
    command.current_dir(environment.folder());
    let output = process::capture(command, LIMIT).context(|| "python could not be started".to_owned())?;
    let answer = output.stdout.lines().next_back().unwrap_or_default();
    let errors = match (output.end, serde_json::from_str(answer)) {
        (End::Exited(0), Ok(errors)) => errors,
        (end, _) => {
            let reason = format!("the import {}", how_it_ended(end));
            modules.iter().map(|module| (module.clone(), reason.clone())).collect()
        }
    };
    Ok(Imports { errors, gil_enabled_by: gil_enabled_by(&output.stderr) })
}

fn how_it_ended(end: End) -> String {
    match end {
        End::Exited(code) => format!("ended the interpreter with exit code {code}"),
        End::Signalled(signal) => format!("died by {}", process::signal_name(signal)),
        End::TimedOut => format!("took longer than {} s", LIMIT.as_secs()),
        End::Interrupted => "was interrupted".to_owned(),
    }
}
