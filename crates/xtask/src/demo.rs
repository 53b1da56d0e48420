//! `cargo xtask demo`: builds each package once, tests that one file on every Python found, and prints one table.

mod native;
mod report;
mod table;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::hosts;
use crate::packages::{Catalogue, Package};
use crate::repository;
use crate::tools::{self, Tools};
use report::{Column, Report};

#[derive(clap::Args)]
pub struct Arguments {
    /// A package of tests/packages.toml; may be given several times [default: all]
    #[arg(long = "package", value_name = "NAME")]
    packages: Vec<String>,
    /// The Pythons, as `cardan test --on` takes them [default: the newest of each kind]
    #[arg(long, value_name = "LIST")]
    on: Option<String>,
    /// Use no knowledge of any host's struct layouts (CARDAN_HOST=generic)
    #[arg(long)]
    generic: bool,
    /// Do not look for more hosts than there are
    #[arg(long)]
    no_hosts: bool,
    /// Take the wheels that an earlier run built, where they are there
    #[arg(long)]
    reuse: bool,
    /// Also where a test is known to fail on a host: build the package for that host in the usual way, and test that
    #[arg(long)]
    native: bool,
    /// Put the table into README.md; includes --native
    #[arg(long, conflicts_with_all = ["packages", "on", "generic"])]
    write_readme: bool,
}

/// Runs the demo; an error if any package failed on any Python.
pub fn run(arguments: &Arguments) -> Result<()> {
    tools::system()?;
    let catalogue = Catalogue::read()?;
    let order = catalogue.in_order(&arguments.packages)?;
    // First, since it installs what a Python lacks that is to make environments.
    let tools = Tools::get()?;
    if !arguments.no_hosts && arguments.on.is_none() {
        hosts::run(&hosts::Arguments::default())?;
    }
    let cardan = tools::cardan()?;
    let demo = Demo { arguments, catalogue: &catalogue, cardan: &cardan, tools: &tools };
    let (mut columns, mut unbuilt) = (Vec::new(), Vec::new());
    for name in &order {
        match demo.column(name) {
            Ok(column) => columns.push(column),
            // The others are shown all the same.
            Err(error) => {
                eprintln!("{name}: {error:#}");
                unbuilt.push(*name);
            }
        }
    }
    columns.retain(|column| arguments.packages.is_empty() || arguments.packages.contains(&column.name));
    if arguments.native || arguments.write_readme {
        for column in &mut columns {
            native::compare(column, &catalogue.packages[&column.name], &cardan, &tools)?;
        }
    }
    let table = table::Table::new(&catalogue.hosts, &columns, arguments.on.is_none());
    println!("{}", table.terminal());
    if arguments.write_readme && unbuilt.is_empty() {
        table::write_readme(&table)?;
    }
    if !unbuilt.is_empty() {
        bail!("not built or not tested: {}; the reasons are above", unbuilt.join(", "));
    }
    let failures = table.failures();
    if failures > 0 {
        bail!("{failures} of the results are failures; the whole of each is in target/demo/*.json");
    }
    Ok(())
}

struct Demo<'a> {
    arguments: &'a Arguments,
    catalogue: &'a Catalogue,
    cardan: &'a Path,
    tools: &'a Tools,
}

impl Demo<'_> {
    /// Builds a package, and tests it unless it is only needed by others.
    fn column(&self, name: &str) -> Result<Column> {
        let package = &self.catalogue.packages[name];
        let folder = repository::path("target/demo");
        let source = package.source(name, &folder.join("sdists"), self.tools)?;
        eprintln!("== {name}: building {}", source.display());
        let wheel = package.build(self.cardan, &source, &folder.join("wheels").join(name), self.arguments.reuse)?;
        let mut column = Column::new(name, &source, &wheel)?;
        if !self.arguments.packages.is_empty() && !self.arguments.packages.iter().any(|wanted| wanted == name) {
            return Ok(column);
        }
        let tests = folder.join("tests").join(name);
        package.unpack_tests(&source, &tests)?;
        eprintln!("== {name}: testing {}", column.wheel_name());
        let report = self.test(package, &wheel, &tests)?;
        let mode = if self.arguments.generic { "-generic" } else { "" };
        let path = folder.join(format!("{name}{mode}.json"));
        fs::write(&path, &report.json).with_context(|| format!("cannot write {}", path.display()))?;
        column.take(report, package, self.arguments.generic);
        Ok(column)
    }

    fn test(&self, package: &Package, wheel: &Path, tests: &Path) -> Result<Report> {
        let mut command = Command::new(self.cardan);
        command.arg("test").arg(wheel).arg("--json").arg("--cwd").arg(tests);
        if let Some(on) = &self.arguments.on {
            command.arg("--on").arg(on);
        }
        for requirement in package.requirements() {
            command.arg("--with").arg(requirement);
        }
        for need in &package.needs {
            let folder = repository::path("target/demo/wheels").join(need);
            let file = tools::names(&folder).into_iter().next().context("it was built before")?;
            command.arg("--with").arg(folder.join(file));
        }
        if self.arguments.generic {
            command.env("CARDAN_HOST", "generic");
        }
        command.arg("--").args(package.test_command(self.arguments.generic));
        Report::parse(tools::output(&mut command)?.stdout)
            .with_context(|| format!("{} gave no report", tools::line(&command)))
    }
}
