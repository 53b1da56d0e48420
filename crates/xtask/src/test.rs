//! `cargo xtask test`: the crates' own tests, then end to end on every Python found.

use anyhow::Result;

use crate::conformance;
use crate::hosts;
use crate::hpy_suite;
use crate::offsets;
use crate::safety;
use crate::tools::{self, Tools, cargo};

#[derive(clap::Args)]
pub struct Arguments {
    /// Only what takes a few minutes: no packages and no suite of HPy's on every host
    #[arg(long)]
    quick: bool,
    /// Do not look for more hosts than there are
    #[arg(long)]
    no_hosts: bool,
    /// Arguments for pytest
    #[arg(last = true)]
    pytest: Vec<String>,
}

/// Runs all tests: the crates', HPy's, the conformance suite, ours.
pub fn run(arguments: &Arguments) -> Result<()> {
    tools::system()?;
    // Before the hosts, since it installs what a Python lacks that is to make environments.
    let tools = Tools::get()?;
    tools::run(&mut cargo(&["test", "--quiet", "--workspace"]))?;
    let cardan = tools::cardan()?;
    if !arguments.no_hosts && !arguments.quick {
        hosts::run(&hosts::Arguments::default())?;
    }
    // What was asked of pytest is about our own tests.
    if !arguments.quick && arguments.pytest.is_empty() {
        offsets::run(&offsets::Arguments::default())?;
        hpy_suite::run(&hpy_suite::Arguments { no_hosts: true, ..Default::default() })?;
        conformance::run(&conformance::Arguments { no_hosts: true, ..Default::default() })?;
        safety::run(&safety::Arguments { short: true, ..Default::default() })?;
    }
    // Last, so that the words of its runner end the output.
    let mut pytest = tools.command("python");
    pytest.env("CARDAN_BIN", cardan).args(["-m", "pytest", "-ra", "tests"]);
    if arguments.quick {
        pytest.args(["--ignore", "tests/test_packages.py"]);
    }
    tools::run(pytest.args(&arguments.pytest))
}
