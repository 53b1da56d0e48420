//! `cardan build`: a source tree or an sdist, unchanged, becomes one wheel for every Python.

mod diagnostics;
mod environment;
mod interpreter;
pub mod project;
pub mod source;

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use serde_json::{Value, json};

use crate::compiler::source_is_cxx;
use crate::compiler::toolchain::Failure;
use crate::error::{Context, Error, Result};
use crate::output::{self, Progress};
use crate::process::End;
use crate::pythons::discover::discover;
use crate::{folders, kit, wheel};
use environment::{Call, Environment, Output, tail};
use project::Project;

/// Build one wheel for every Python from a project folder or an sdist, unchanged
///
/// The build happens in an isolated environment, with the project's own back end. The path of the wheel is the last
/// line of stdout.
#[derive(clap::Args)]
pub struct Args {
    /// A project folder or an sdist
    #[arg(default_value = ".")]
    source: PathBuf,
    /// The folder that the wheel is written to
    #[arg(short, long, value_name = "DIR", default_value = "dist")]
    output: PathBuf,
    /// The Python that runs the build: a path, a name or a version [default: the newest that fits]
    #[arg(long, value_name = "PYTHON")]
    python: Option<OsString>,
    /// A setting for the build back end; may be given several times
    #[arg(short = 'C', long = "config-setting", value_name = "KEY=VALUE", value_parser = setting)]
    config_settings: Vec<(String, String)>,
    /// Keep symbols and debug information in the modules
    #[arg(long)]
    keep_symbols: bool,
    /// Accept a wheel without an extension that the compiler failed on and the package can do without
    #[arg(long)]
    allow_missing_extensions: bool,
}

fn setting(text: &str) -> std::result::Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((key.into(), value.into()))
}

/// Builds the wheel and prints its path as the last line of stdout.
pub fn run(args: Args) -> Result<ExitCode> {
    let progress = Progress::new();
    let task = progress.task(&name(&args.source));
    let started = Instant::now();
    match build(&args, &|step| task.step(step)) {
        Ok(wheel) => {
            for warning in &wheel.warnings {
                progress.line(&format!("warning: {warning}"));
            }
            let size = std::fs::metadata(&wheel.path).map_or(0, |data| data.len()).div_ceil(1024);
            task.finish(&format!("built in {:.1} s, {size} KB", started.elapsed().as_secs_f64()));
            output::print_path(&wheel.path)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Err(error),
    }
}

/// What progress and errors call the source.
fn name(source: &Path) -> String {
    let path = std::path::absolute(source).unwrap_or_else(|_| source.to_path_buf());
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    [".tar.gz", ".tgz", ".zip"].iter().find_map(|ending| name.strip_suffix(ending)).map(Into::into).unwrap_or(name)
}

fn build(args: &Args, step: &dyn Fn(&str)) -> Result<Built> {
    let output = writable(&args.output)?;
    let folder = folders::new_temporary("build-")?;
    let folder_path = folder.path();
    step("reading the source");
    let unpacked = folder_path.join("project");
    make(&unpacked)?;
    let root = source::copy(&args.source, &unpacked, &args.output)?;
    let project = Project::read(&root, &args.source)?;
    step("looking for a Python");
    let found = discover()?;
    let python = interpreter::choose(&found, args.python.as_deref(), project.requires_python.as_ref())?;
    step("making an environment");
    let kit = kit::unpack(&folder_path.join("kit"), None)?;
    let environment = Environment::create(folder_path, &python, &kit, args.keep_symbols)?;
    let sources = Sources::of(&root);
    let name = name(&args.source);
    step("installing the build's requirements");
    environment.install(&name, &project.requires)?;
    let back_end = BackEnd { environment: &environment, project: &project, root: &root, name: &name };
    let settings = config_settings(&args.config_settings);
    let (_, more) = back_end.call("get_requires_for_build_wheel", json!([settings]), Some(json!([])))?;
    let more: Vec<String> = serde_json::from_value(more)
        .context(|| format!("the build back end {} does not say what it requires", project.backend))?;
    environment.install(&name, &more)?;
    step(&format!("building with {}", project.backend));
    let wheels = folder_path.join("wheels");
    make(&wheels)?;
    let (said, file) = back_end.call("build_wheel", json!([wheels, settings]), None)?;
    // A file's name, as the standard asks: what leads elsewhere is no wheel that the back end made.
    let file = file.as_str().filter(|file| Path::new(file).file_name() == Some(OsStr::new(file)));
    let built = file.map(|file| wheels.join(file)).filter(|path| path.is_file() && !path.is_symlink());
    let built = built.ok_or_else(|| Error::new(format!("the build back end {} made no wheel", project.backend)))?;
    step("packing the wheel");
    // For the case that there is no extension in it: packages may leave theirs out when it does not compile.
    let failures = back_end.compiler_failures(&said);
    let why = match failures.last() {
        Some(failure) => format!("{}\n{}", back_end.reason(failure), back_end.words_of(failure)),
        None => tail(&said, 15),
    };
    let (wheel, mut warnings) = wheel::universal(&built, &why)?;
    let is_allowed = args.allow_missing_extensions || project.allow_missing_extensions;
    for failure in failures.iter().filter(|failure| sources.is_of_an_extension(failure)) {
        let lost = format!("the wheel of {} lacks an extension: {}", wheel.name.release, back_end.reason(failure));
        if !is_allowed {
            return Err(Error::new(lost).details(back_end.words_of(failure)).help(match &failure.help {
                Some(help) => format!("{help}; or accept the wheel as it is with --allow-missing-extensions"),
                None => "mend it, or accept the wheel as it is with --allow-missing-extensions".into(),
            }));
        }
        warnings.push(lost);
    }
    wheel::write(&wheel, &output).map(|path| Built { path, warnings })
}

/// The universal wheel.
struct Built {
    /// Where it was written.
    path: PathBuf,
    /// What the user should know of it.
    warnings: Vec<String>,
}

/// The sources that a project has before it is built.
struct Sources(HashSet<PathBuf>);

impl Sources {
    fn of(root: &Path) -> Self {
        let files = walkdir::WalkDir::new(root).into_iter().flatten().map(walkdir::DirEntry::into_path);
        Self(files.filter(|path| source_is_cxx(path).is_some()).collect())
    }

    /// Whether the compiler failed on an extension, and not on a check of what the system can do: on a link of one, or on a
    /// source that the project brings, or that was made from one of its own.
    fn is_of_an_extension(&self, failure: &Failure) -> bool {
        failure.is_module || failure.sources.iter().any(|source| self.0.contains(source) || defines_a_module(source))
    }
}

/// How a source says that it is an extension module.
const MODULE: [&str; 5] = ["PyInit_", "PyMODINIT_FUNC", "HPy_MODINIT", "PYBIND11_MODULE", "NB_MODULE"];

fn defines_a_module(source: &Path) -> bool {
    let text = std::fs::read(source).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    MODULE.iter().any(|word| text.contains(word))
}

fn make(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).context(|| format!("cannot make {}", folder.display()))
}

/// The output folder, made if it is not there. It is tried before the build, which may take long.
fn writable(folder: &Path) -> Result<PathBuf> {
    let refused = |error: std::io::Error| {
        Error::new(format!("cannot write to the output folder {}: {error}", folder.display()))
            .help("choose another one with --output")
    };
    std::fs::create_dir_all(folder).map_err(refused)?;
    tempfile::tempfile_in(folder).map_err(refused)?;
    folder.canonicalize().map_err(refused)
}

/// Settings as back ends take them: a key that is given several times has a list. None without any.
fn config_settings(settings: &[(String, String)]) -> Value {
    if settings.is_empty() {
        return Value::Null;
    }
    let mut all = serde_json::Map::new();
    for (key, value) in settings {
        let entry = all.entry(key.clone()).or_insert(Value::Null);
        *entry = match entry.take() {
            Value::Null => json!(value),
            Value::Array(mut values) => {
                values.push(json!(value));
                Value::Array(values)
            }
            first => json!([first, value]),
        };
    }
    Value::Object(all)
}

/// The project's build back end in its environment.
struct BackEnd<'a> {
    environment: &'a Environment,
    project: &'a Project,
    root: &'a Path,
    name: &'a str,
}

impl BackEnd<'_> {
    /// Calls a hook: what the back end said, and the hook's result.
    fn call(&self, hook: &str, arguments: Value, default: Option<Value>) -> Result<(String, Value)> {
        let (backend, backend_path) = (&self.project.backend, &self.project.backend_path);
        let call = Call { backend, backend_path, hook, arguments, default };
        let (output, result) = self.environment.call(self.root, &call)?;
        match result {
            Some(result) if output.end.is_success() => Ok((output.text, result)),
            _ => Err(self.failure(hook, &output)),
        }
    }

    /// Why a hook failed: the compiler's own words where it was the compiler, else the back end's last lines.
    fn failure(&self, hook: &str, output: &Output) -> Error {
        let said = &output.text;
        let (name, backend) = (self.name, &self.project.backend);
        // One that was ended from outside did not come to an end because of the compiler.
        let shown = self.compiler_failures(said).pop().filter(|_| matches!(output.end, End::Exited(_)));
        let help = shown.as_ref().and_then(|failure| failure.help.clone());
        let help = help.or_else(|| output.end.help().map(str::to_owned));
        let error = match shown {
            Some(failure) => {
                Error::new(format!("cannot build {name}: {}", self.reason(&failure))).details(self.words_of(&failure))
            }
            None => {
                let how = match output.end {
                    End::Exited(_) => "failed".into(),
                    end => end.in_words(environment::LIMIT),
                };
                Error::new(format!("cannot build {name}: {hook} of {backend} {how}")).details(tail(said, 25))
            }
        };
        match help {
            Some(help) => error.help(help),
            None => error,
        }
    }

    /// The failures of the compiler that the back end showed, and that no later call made good, in the order of their time.
    fn compiler_failures(&self, said: &str) -> Vec<Failure> {
        let mut failures = Failure::all(&self.environment.failures()).unwrap_or_default();
        // A configuration check that fails is no failure: back ends keep its words to themselves.
        failures.retain(|failure| {
            let first = failure.output.lines().find(|line| line.contains("error") || failure.refused);
            first.is_some_and(|line| said.contains(line.trim()))
        });
        failures
    }

    /// What a failure was about: the end of a sentence.
    fn reason(&self, failure: &Failure) -> String {
        if failure.refused {
            return failure.output.clone();
        }
        format!("the compiler failed on {}", self.shortened(&failure.subject))
    }

    /// The compiler's own words, where it was the compiler that failed.
    fn words_of(&self, failure: &Failure) -> String {
        if failure.refused { String::new() } else { self.shortened(&diagnostics::errors(&failure.output)) }
    }

    /// A path inside of the project without what leads to the build's copy.
    fn shortened(&self, subject: &str) -> String {
        subject.replace(&format!("{}/", self.root.display()), "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_called_by_its_name() {
        assert_eq!(name(Path::new("/a/frozenlist-1.8.0.tar.gz")), "frozenlist-1.8.0");
        assert_eq!(name(Path::new("/a/project/")), "project");
    }

    #[test]
    fn repeated_settings_become_a_list() {
        let of = |settings: &[(&str, &str)]| {
            config_settings(
                &settings.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect::<Vec<_>>(),
            )
        };
        assert_eq!(of(&[]), Value::Null);
        assert_eq!(of(&[("a", "1")]), json!({"a": "1"}));
        assert_eq!(of(&[("a", "1"), ("a", "2"), ("a", "3"), ("b", "4")]), json!({"a": ["1", "2", "3"], "b": "4"}));
    }
}
