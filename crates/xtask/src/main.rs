//! What people do in this repository, as commands: `cargo xtask help` lists them.

mod bench;
mod conformance;
mod demo;
mod fuzz;
mod generate;
mod hosts;
mod hpy_suite;
mod lint;
mod native_module;
mod offsets;
mod packages;
mod repository;
mod rules;
mod safety;
mod sanitized;
mod served;
mod survey;
mod test;
mod tools;
mod wheel;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about, disable_help_subcommand = false)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The main job: build each package once, test that one file on every Python found, and print the table
    Demo(demo::Arguments),
    /// All tests: the crates' own, then end to end on every Python found
    Test(test::Arguments),
    /// The conformance suite of the handle API: compiled once, run on every Python found in three ways
    Conformance(conformance::Arguments),
    /// Format, clippy, ruff, generated files
    Lint(lint::Arguments),
    /// Measure, and write a table to bench/results/
    Bench(bench::Arguments),
    /// Write what is generated from spec/: headers, the import library's list, Rust declarations, the reference page
    Generate(generate::Arguments),
    /// Read from the hosts' binaries which of them exports which symbol, into spec/hosts/available.tsv
    Survey(survey::Arguments),
    /// Ask every Python found which names a module can be given there, into spec/hosts/served.tsv
    Served(served::Arguments),
    /// Compare what is claimed of the hosts' structs with their own headers, and with the table of docs/hosts.md
    Offsets(offsets::Arguments),
    /// What the handle door does with what it should never be given, into tests/safety/results.md
    Safety(safety::Arguments),
    /// Look for bytes on which a reader of the command panics, hangs, or takes too much memory
    Fuzz(fuzz::Arguments),
    /// Get the interpreters for development: CPython 3.9 to 3.15, free-threaded 3.13, one of tomorrow, PyPy, GraalPy
    Hosts(hosts::Arguments),
    /// Run HPy's own test suite, unchanged, on every Python found: each source compiled once, that file loaded everywhere
    HpySuite(hpy_suite::Arguments),
    /// Build the distribution `cardan` for this machine: the command and the Python package in one wheel
    Wheel(wheel::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Conformance(arguments) => conformance::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Survey(arguments) => survey::run(&arguments),
        Command::Served(arguments) => served::run(&arguments),
        Command::Offsets(arguments) => offsets::run(&arguments),
        Command::Safety(arguments) => safety::run(&arguments),
        Command::Fuzz(arguments) => fuzz::run(&arguments),
        Command::Hosts(arguments) => hosts::run(&arguments),
        Command::HpySuite(arguments) => hpy_suite::run(&arguments),
        Command::Wheel(arguments) => wheel::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
