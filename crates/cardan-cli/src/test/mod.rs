//! `cardan test`: one wheel, installed into every Python, and a command run there.

mod environment;
mod imports;
mod pip;
mod report;
pub mod wheel;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::error::{Context, Error, Result};
use crate::output::{Progress, Task};
use crate::process;
use crate::pythons::discover::discover;
use crate::pythons::python::InstallRoute;
use crate::pythons::select::{Chosen, select};
use environment::{Environment, Wanted};
use pip::Pip;
use report::{Report, Row, Verdict};
use wheel::WheelUnderTest;

/// Install one wheel into every Python, run a command there, and show one table
///
/// Each Python gets a fresh environment with the wheel in it; `python` in the command is that Python, and the commands
/// of installed packages are on PATH. The wheel's extension modules are imported before the command runs, since many
/// packages hide that they cannot be. The exit code is 0 only if the command passed everywhere; a Python that the
/// package itself does not support is a row and not a failure.
#[derive(clap::Args)]
pub struct Args {
    /// The wheel
    wheel: PathBuf,
    /// The Pythons, separated by commas: names (`cpython-3.13`), beginnings (`pypy`, `3.13`), paths, or `all` [default:
    /// the newest of each kind]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    on: Vec<OsString>,
    /// A requirement that the command needs, such as `pytest`; may be given several times
    #[arg(long = "with", value_name = "REQUIREMENT")]
    with: Vec<OsString>,
    /// Install wheels only: what has none for a Python is an error there, and is not built from source
    #[arg(long)]
    only_binary: bool,
    /// Install nothing of what the wheel requires
    #[arg(long)]
    no_deps: bool,
    /// The folder in which the command runs
    #[arg(long, value_name = "DIR", default_value = ".")]
    cwd: PathBuf,
    /// How many Pythons at a time [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    jobs: Option<std::num::NonZeroUsize>,
    /// How long the command may run on each Python, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    timeout: u64,
    /// Report extension modules of the wheel that cannot be imported without counting them as failures
    #[arg(long)]
    allow_import_errors: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The command to run in each environment
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs the command on every Python; the exit code is 0 only if all passed.
pub fn run(args: Args) -> Result<ExitCode> {
    if args.command.is_empty() {
        return Err(Error::new("no command to run: it is expected after `--`")
            .help("for example: cardan test NAME.whl --with pytest -- python -m pytest tests"));
    }
    let wheel = WheelUnderTest::read(&args.wheel)?;
    let cwd = args.cwd.canonicalize().context(|| format!("--cwd {}", args.cwd.display()))?;
    let found = discover()?;
    let chosen = select(&found, &args.on)?;
    let candidates = chosen.iter().filter(|chosen| chosen.python.refusal.is_none());
    let mismatches: Vec<_> = candidates.map(|chosen| wheel.platform_mismatch(&chosen.python.facts)).collect();
    if !mismatches.is_empty() && mismatches.iter().all(Option::is_some) {
        return Err(Error::new(format!(
            "{} is for {}, which none of these Pythons runs on ({})",
            wheel.file_name,
            wheel.platforms.join(", "),
            platforms(&chosen)
        ))
        .help("build it for this platform, or test it on one that it is for"));
    }
    let pip = Pip::get(&found.pythons)?;
    let wanted = Wanted { with: args.with.clone(), only_binary: args.only_binary, no_deps: args.no_deps };
    let session = Session { args: &args, wheel, cwd, pip, wanted };
    let rows = session.run_all(&chosen)?;
    let report = Report::new(session.wheel.file_name, words(&args.command), rows);
    if args.json {
        report.print_json()?;
    } else {
        report.print()?;
    }
    Ok(if report.passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A command as it is shown.
fn words(command: &[OsString]) -> Vec<String> {
    command.iter().map(|word| word.to_string_lossy().into_owned()).collect()
}

fn platforms(chosen: &[Chosen]) -> String {
    let mut platforms: Vec<_> = chosen.iter().map(|chosen| chosen.python.facts.platform.as_str()).collect();
    platforms.sort_unstable();
    platforms.dedup();
    platforms.join(", ")
}

/// What is the same for all Pythons.
struct Session<'a> {
    args: &'a Args,
    wheel: WheelUnderTest,
    cwd: PathBuf,
    pip: Pip,
    wanted: Wanted,
}

impl Session<'_> {
    /// A row for each Python, in the given order; several at a time.
    fn run_all(&self, chosen: &[Chosen]) -> Result<Vec<Row>> {
        let jobs = self.args.jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(2, usize::from);
        let progress = Progress::new();
        // A Python that is slow to start is taken first, so that it does not run alone at the end.
        let mut queue: Vec<_> = (0..chosen.len()).collect();
        queue.sort_by_key(|&index| chosen[index].python.facts.install_route() != InstallRoute::Folder);
        queue.reverse();
        let (queue, rows) = (Mutex::new(queue), Mutex::new(Vec::new()));
        let next = || queue.lock().ok()?.pop().filter(|_| !process::interrupted());
        std::thread::scope(|scope| {
            for _ in 0..jobs.min(chosen.len()) {
                scope.spawn(|| {
                    while let Some(index) = next() {
                        let task = progress.task(&chosen[index].python.name);
                        let row = self.run_one(&chosen[index], &task);
                        task.finish(&row.summary());
                        if let Ok(mut rows) = rows.lock() {
                            rows.push((index, row));
                        }
                    }
                });
            }
        });
        if process::interrupted() {
            return Err(Error::new("interrupted"));
        }
        let mut rows = rows.into_inner().unwrap_or_default();
        rows.sort_by_key(|(index, _)| *index);
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    fn run_one(&self, chosen: &Chosen, task: &Task<'_>) -> Row {
        let start = Instant::now();
        let row = self.run_command(chosen, task);
        Row { seconds: start.elapsed().as_secs_f64(), ..row }
    }

    fn run_command(&self, chosen: &Chosen, task: &Task<'_>) -> Row {
        let python = &chosen.python;
        if let Some(reason) = python.refusal.clone().or_else(|| self.wheel.platform_mismatch(&python.facts)) {
            return Row::without_command(chosen, Verdict::Refused, reason, None);
        }
        if let Some(reason) = self.wheel.exclusion(&python.facts) {
            return Row::without_command(chosen, Verdict::Excluded, reason, None);
        }
        let cannot = |error: Error| {
            let details = error.own_details().map(str::to_owned);
            Row::without_command(chosen, Verdict::CannotInstall, error.message().to_owned(), details)
        };
        let environment = Environment::new(python, &self.wheel, &self.wanted, &self.pip, task);
        let environment = match environment {
            Ok(environment) => environment,
            Err(error) => return cannot(error),
        };
        task.step("importing");
        let imports = match imports::import(&environment, &self.wheel.modules) {
            Ok(imports) => imports,
            Err(error) => return cannot(error),
        };
        task.step(&words(&self.args.command).join(" "));
        let ended = environment.command(&self.args.command).and_then(|mut command| {
            command.current_dir(&self.cwd);
            let limit = Duration::from_secs(self.args.timeout);
            process::capture_merged(command, limit)
                .context(|| format!("{} could not be started", self.args.command[0].display()))
        });
        match ended {
            Ok(ended) => Row::with_command(chosen, imports, &ended, self.args.timeout, self.args.allow_import_errors),
            Err(error) => Row::without_command(chosen, Verdict::Failed, error.message().to_owned(), None),
        }
    }
}
