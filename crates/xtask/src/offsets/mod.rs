//! `cargo xtask offsets`: what `cardan-host` says of a host's structs, compared with that host's own headers.
//!
//! `facts.c` is compiled against the headers of each Python found and says what is where. Each place that the host's record in
//! `cardan-host` claims has to be there. CPython's headers also describe the builds for debugging and without the GIL, so these
//! are compared for each version, also where no such build is on the machine. The table is in `docs/hosts.md`.

mod claims;
mod headers;
mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::served::column_of;
use crate::tools;
use claims::Claims;
use headers::Headers;
use table::Column;

#[derive(clap::Args, Default)]
pub struct Arguments {
    /// Write the columns of the Pythons found into the table of docs/hosts.md
    #[arg(long)]
    write: bool,
    /// Other Pythons than those that are tested by default, as files
    #[arg(value_name = "EXECUTABLE")]
    pythons: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Found {
    pythons: Vec<Python>,
}

#[derive(Deserialize)]
struct Python {
    name: String,
    executable: PathBuf,
    tested_by_default: bool,
}

/// Compares each Python, and the table of the documentation with what was found.
pub fn run(arguments: &Arguments) -> Result<()> {
    let mut columns = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, executable) in pythons(arguments)? {
        let headers = Headers::of(&executable)?;
        for build in headers.builds() {
            let facts = headers.facts(*build)?;
            let claims = Claims::of(&headers, &facts);
            let name = format!("{name}{}", build.suffix);
            wrong.extend(claims.compare(&facts).into_iter().map(|mistake| format!("{name}: {mistake}")));
            eprintln!("{name}: {}", claims.summary());
            // A build for debugging has the structs of the other one. Where it has not, that is a mistake by now.
            if !build.debug {
                columns.entry(name).or_insert_with(|| Column::new(&claims, &facts));
            }
        }
    }
    if columns.is_empty() {
        bail!("no Python with headers was found: `cargo xtask hosts` gets them");
    }
    if !wrong.is_empty() {
        bail!("cardan-host is wrong about these structs:\n{}", wrong.join("\n"));
    }
    if arguments.pythons.is_empty() { table::update(&columns, arguments.write) } else { Ok(()) }
}

/// The Pythons to compare, with the names of their columns.
fn pythons(arguments: &Arguments) -> Result<Vec<(String, PathBuf)>> {
    let mut command = Command::new(tools::cardan()?);
    command.args(["pythons", "--json"]);
    let found: Found =
        serde_json::from_slice(&tools::output(&mut command)?.stdout).context("the output of cardan pythons")?;
    if arguments.pythons.is_empty() {
        let tested = found.pythons.into_iter().filter(|python| python.tested_by_default);
        return Ok(tested.map(|python| (column_of(&python.name), python.executable)).collect());
    }
    Ok(arguments.pythons.iter().map(|executable| (executable.display().to_string(), executable.clone())).collect())
}
