//! The compiler wrapper: what a back end runs during `cardan build` in place of the compiler.

mod arguments;
mod compile;
mod inputs;
mod link;
pub mod toolchain;

pub use arguments::source_is_cxx;
pub use compile::is_api_name;

use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use arguments::{Argument, Task};
use toolchain::{Failure, NAMES, Toolchain};

use crate::error::{Context, Error, Result};
use crate::output;
use crate::process::{End, signal_name};
use crate::text::encode;

/// The compiler's name under which this process was started, if it was.
fn called_as() -> Option<(&'static str, bool)> {
    let path = std::env::args_os().next()?;
    let name = Path::new(&path).file_name()?.to_str()?;
    NAMES.into_iter().find(|(own, _)| *own == name)
}

/// Whether this process was started under a compiler's name.
pub fn called_as_compiler() -> bool {
    called_as().is_some()
}

/// Runs the real compiler with the arguments of this process and what a universal module needs.
pub fn run() -> Result<ExitCode> {
    let (name, cxx) = called_as().ok_or_else(|| Error::new("the compiler wrapper has no compiler's name"))?;
    let toolchain = Toolchain::from_environment()?;
    let words: Vec<String> = std::env::args_os().skip(1).map(|word| encode(&word)).collect();
    let outcome = call(&toolchain, name, cxx, words);
    if let Err(error) = &outcome {
        // The build shows it: what a back end shows of a compiler's words is its own choice.
        let (subject, output) = (String::new(), error.message().to_string());
        Failure { subject, output, refused: true, ..Failure::default() }.record(&toolchain.failures)?;
    }
    outcome
}

fn call(toolchain: &Toolchain, name: &str, cxx: bool, words: Vec<String>) -> Result<ExitCode> {
    let compiler = Compiler { toolchain, command: toolchain.compiler(name)?, cxx };
    let words = arguments::expand(words)?;
    let parsed = arguments::parse(&words);
    match arguments::task(&parsed) {
        Task::Query => compiler.call(&arguments::join(&parsed)).map(|outcome| outcome.code),
        Task::LinkShared => link::run(&compiler, parsed),
        task @ (Task::Compile | Task::Program) => {
            let subject = subject(&parsed);
            let place = Place::of(&parsed);
            let sources = if task == Task::Compile { place.sources.clone() } else { Vec::new() };
            let outcome = compiler.call(&arguments::join(&compile::arguments(&compiler, parsed)))?;
            place.forget(&toolchain.failures);
            if !outcome.success {
                let help = outcome.help();
                let failure = Failure { subject, output: outcome.errors, help, sources, ..Failure::default() };
                place.record(&failure, &toolchain.failures)?;
            }
            Ok(outcome.code)
        }
    }
}

/// What a call is about: its inputs.
fn subject(arguments: &[Argument]) -> String {
    let inputs = arguments.iter().filter_map(|argument| match argument {
        Argument::Input(path) => Some(path.display().to_string()),
        _ => None,
    });
    inputs.collect::<Vec<_>>().join(" ")
}

/// A real compiler, and how it is called.
struct Compiler<'a> {
    toolchain: &'a Toolchain,
    command: &'a [String],
    cxx: bool,
}

/// How a call ended.
struct Outcome {
    success: bool,
    code: ExitCode,
    /// What the compiler wrote to stderr, already passed on.
    errors: String,
    end: End,
}

impl Outcome {
    /// What to do, where the cause is known.
    fn help(&self) -> Option<String> {
        self.end.help().map(str::to_owned).or_else(|| compile::help(&self.errors))
    }
}

/// What a call makes, and of what. A later call that makes the same tells whether the package got it after all.
struct Place {
    sources: Vec<PathBuf>,
    output: PathBuf,
}

impl Place {
    fn of(arguments: &[Argument]) -> Self {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let mut place = Self { sources: Vec::new(), output: PathBuf::new() };
        for argument in arguments {
            match argument {
                Argument::Input(path) => place.sources.push(absolute(path)),
                Argument::Output(path) => place.output = absolute(path),
                _ => {}
            }
        }
        place
    }

    /// The file of a failure at this place.
    fn file(&self, failures: &Path) -> PathBuf {
        let mut hash = DefaultHasher::new();
        // Without an output the compiler names it after its input.
        if self.output.as_os_str().is_empty() {
            self.sources.hash(&mut hash)
        } else {
            self.output.hash(&mut hash)
        }
        failures.join(format!("{:016x}.json", hash.finish()))
    }

    fn record(&self, failure: &Failure, failures: &Path) -> Result<()> {
        failure.write(&self.file(failures))
    }

    /// Drops what an earlier call left.
    fn forget(&self, failures: &Path) {
        // Mostly there is none.
        let _ = std::fs::remove_file(self.file(failures));
    }
}

impl Compiler<'_> {
    /// A command of the real compiler, which does not see our links.
    fn command(&self, words: &[OsString]) -> Command {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).args(words);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let others = std::env::split_paths(&path).filter(|folder| *folder != self.toolchain.links);
        if let Ok(path) = std::env::join_paths(others) {
            command.env("PATH", path);
        }
        command
    }

    /// Runs the real compiler; what it writes is passed on.
    fn call(&self, words: &[OsString]) -> Result<Outcome> {
        let what = || format!("cannot run the compiler `{}`", self.command.join(" "));
        let mut child = self.command(words).stderr(Stdio::piped()).spawn().context(what)?;
        let mut errors = Vec::new();
        if let Some(mut stderr) = child.stderr.take() {
            stderr.read_to_end(&mut errors).context(what)?;
        }
        let status = child.wait().context(what)?;
        // A back end that does not listen has what it wants.
        let _ = std::io::stderr().write_all(&errors);
        // A compiler that a signal ended has no code, and could not say anything.
        let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
        let mut errors = String::from_utf8_lossy(&errors).into_owned();
        let end = End::from(status);
        if let End::Signalled(signal) = end {
            let said = format!("error: `{}` died by {}", self.command.join(" "), signal_name(signal));
            output::tell(&said);
            errors.extend([said.as_str(), "\n"]);
        }
        Ok(Outcome { success: status.success(), code: code.into(), errors, end })
    }
}
