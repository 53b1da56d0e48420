//! `cardan pythons`: which Python interpreters are on this machine, and what each can and cannot do.

pub mod discover;
mod memory;
mod probe;
pub mod python;
pub mod select;

use std::borrow::Cow;
use std::process::ExitCode;

use serde::Serialize;

use crate::error::Result;
use crate::output;
use discover::Found;
use python::{InstallRoute, ModuleRoute, Python};

/// List the Pythons on this machine, and what each can and cannot do
///
/// Looks at CARDAN_PYTHONS (a path list of executables), PATH, pyenv, uv, the system's folders and the interpreters
/// that `cargo xtask hosts` gets. Virtual environments count as the interpreter that they were made from.
#[derive(clap::Args)]
pub struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// One interpreter in the JSON output.
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    implementation: &'a str,
    version: String,
    implementation_version: String,
    free_threaded: bool,
    debug: bool,
    platform: &'a str,
    libc: Option<String>,
    executable: Cow<'a, str>,
    extension_suffixes: &'a [String],
    modules: ModuleRoute,
    installs: InstallRoute,
    pip: bool,
    usable: bool,
    reason: Option<&'a str>,
    tested_by_default: bool,
}

/// A file that is not a usable interpreter in the JSON output.
#[derive(Serialize)]
struct Broken<'a> {
    executable: Cow<'a, str>,
    reason: &'a str,
}

/// The JSON output.
#[derive(Serialize)]
struct Report<'a> {
    pythons: Vec<Row<'a>>,
    broken: Vec<Broken<'a>>,
}

impl<'a> From<&'a Python> for Row<'a> {
    fn from(python: &'a Python) -> Self {
        let facts = &python.facts;
        Self {
            name: &python.name,
            implementation: &facts.implementation,
            version: facts.version.to_string(),
            implementation_version: facts.implementation_version.to_string(),
            free_threaded: facts.free_threaded,
            debug: facts.debug,
            platform: &facts.platform,
            libc: libc(python),
            executable: python.executable.to_string_lossy(),
            extension_suffixes: &facts.extension_suffixes,
            modules: facts.module_route(),
            installs: facts.install_route(),
            pip: facts.pip,
            usable: python.refusal.is_none(),
            reason: python.refusal.as_deref(),
            tested_by_default: python.newest && python.refusal.is_none(),
        }
    }
}

fn libc(python: &Python) -> Option<String> {
    python.facts.libc.as_ref().map(|(name, version)| format!("{name} {version}").trim_end().to_owned())
}

/// Finds the interpreters, asks each what it is, and prints the list.
pub fn run(args: Args) -> Result<ExitCode> {
    let found = discover::discover()?;
    if args.json {
        let pythons = found.pythons.iter().map(Row::from).collect();
        let broken =
            found.broken.iter().map(|(path, reason)| Broken { executable: path.to_string_lossy(), reason }).collect();
        output::print_json(&Report { pythons, broken })?;
    } else {
        print_table(&found)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print_table(found: &Found) -> Result<()> {
    if found.pythons.is_empty() {
        output::print("no Python was found on this machine")?;
    } else {
        let mut table =
            output::table(&["name", "version", "GIL", "module file", "installs into", "runs on", "executable"]);
        for python in &found.pythons {
            let facts = &python.facts;
            let module = match facts.module_route() {
                ModuleRoute::Suffix => "X.so",
                ModuleRoute::Loader => "X.so by X.py",
                ModuleRoute::None => "none",
            };
            let installs = match facts.install_route() {
                InstallRoute::Venv => "venv",
                InstallRoute::Folder => "folder",
            };
            let runs_on = [Some(facts.platform.clone()), libc(python)].into_iter().flatten().collect::<Vec<_>>();
            table.add_row([
                python.name.clone(),
                facts.version.to_string(),
                (if facts.free_threaded { "no" } else { "yes" }).to_owned(),
                module.to_owned(),
                installs.to_owned(),
                runs_on.join(", "),
                python.executable.display().to_string(),
            ]);
        }
        output::print(table)?;
    }
    for python in &found.pythons {
        if let Some(reason) = &python.refusal {
            output::print(format_args!("{} cannot be used: {reason}", python.name))?;
        } else if !python.newest {
            output::print(format_args!("{} is tested only when asked for: there is a newer one like it", python.name))?;
        }
    }
    for (_, reason) in &found.broken {
        output::print(reason)?;
    }
    Ok(())
}
