//! Running another program with a time limit, in a process group of its own, so that it ends with all it started.

use std::io::{self, Read, Seek};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::{folders, platform};

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It ended by itself, with this exit code.
    Exited(i32),
    /// It died by this signal (its number).
    Signalled(i32),
    /// It was killed when its time was up.
    TimedOut,
    /// It was killed because this command was interrupted.
    Interrupted,
}

impl End {
    /// Whether the program said that all is well.
    pub fn is_success(self) -> bool {
        self == Self::Exited(0)
    }
}

impl End {
    /// How a program ended, as the end of a sentence that begins with its name; `limit` is the time that it had.
    pub fn in_words(self, limit: Duration) -> String {
        match self {
            Self::Exited(0) => "ended well".into(),
            Self::Exited(code) => format!("ended with exit code {code}"),
            Self::Signalled(signal) => format!("died by {}", signal_name(signal)),
            Self::TimedOut => format!("took longer than {} s", limit.as_secs()),
            Self::Interrupted => "was interrupted".into(),
        }
    }

    /// What to do, where a program was ended from outside: the system does that when there is no memory left.
    pub fn help(self) -> Option<&'static str> {
        (self == Self::Signalled(platform::KILLED)).then_some(OUT_OF_MEMORY)
    }
}

/// What to do about a program that was killed.
const OUT_OF_MEMORY: &str =
    "somebody killed it, or the machine has too little memory: do less at a time, or give it more";

impl From<ExitStatus> for End {
    fn from(status: ExitStatus) -> Self {
        platform::signal_of(status).map_or(Self::Exited(status.code().unwrap_or(-1)), Self::Signalled)
    }
}

/// What a program that has ended left behind.
pub struct Output {
    /// How it ended.
    pub end: End,
    /// What it wrote to stdout, or to both streams where they were merged.
    pub stdout: String,
    /// What it wrote to stderr; empty where the streams were merged.
    pub stderr: String,
}

/// The flag that is set when this command is asked to end: from the keyboard, by a signal, or by its guard.
///
/// The programs run in groups of their own, so a terminal's Ctrl-C does not reach them: it must be passed on.
fn interrupt() -> &'static AtomicBool {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    FLAG.get_or_init(|| {
        let flag = Arc::new(AtomicBool::new(false));
        platform::on_request(&flag);
        flag
    })
}

/// Listens to requests to end from now on.
pub fn listen() {
    interrupt();
}

/// Whether this command was interrupted: nothing new should be started.
pub fn interrupted() -> bool {
    interrupt().load(Ordering::Relaxed)
}

/// Runs `command` without input until it ends or `limit` has passed; both output streams are kept apart.
pub fn capture(command: Command, limit: Duration) -> io::Result<Output> {
    let (stdout, stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
    let end = run(command, stdout.try_clone()?.into(), stderr.try_clone()?.into(), limit, &mut || {})?;
    Ok(Output { end, stdout: read_back(stdout)?, stderr: read_back(stderr)? })
}

/// Runs `command` without input until it ends or `limit` has passed; both output streams go into `stdout`, in order.
pub fn capture_merged(command: Command, limit: Duration) -> io::Result<Output> {
    watch_merged(command, limit, &mut |_| {})
}

/// As [`capture_merged`]; `line` is told each line that the program writes, soon after.
pub fn watch_merged(command: Command, limit: Duration, line: &mut dyn FnMut(&str)) -> io::Result<Output> {
    let file = tempfile::tempfile()?;
    let (mut place, mut buffer, mut pending) = (0, vec![0; 1 << 14], Vec::new());
    let mut look = || {
        // The program writes where the file ends; reading it elsewhere does not change that.
        while let Ok(count @ 1..) = platform::read_at(&file, &mut buffer, place) {
            place += count as u64;
            pending.extend_from_slice(&buffer[..count]);
        }
        while let Some(end) = pending.iter().position(|&byte| byte == b'\n') {
            line(&String::from_utf8_lossy(&pending[..end]));
            pending.drain(..=end);
        }
    };
    let end = run(command, file.try_clone()?.into(), file.try_clone()?.into(), limit, &mut look)?;
    look();
    Ok(Output { end, stdout: read_back(file)?, stderr: String::new() })
}

fn read_back(mut file: std::fs::File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Runs a program to its end, and calls `look` now and then until that.
fn run(mut command: Command, stdout: Stdio, stderr: Stdio, limit: Duration, look: &mut dyn FnMut()) -> io::Result<End> {
    let interrupt = interrupt();
    if let Some(folder) = folders::temporary()
        && command.get_envs().all(|(name, _)| name != "TMPDIR")
    {
        // What a program leaves there goes with this run's own.
        command.env("TMPDIR", folder);
    }
    command.stdin(Stdio::null()).stdout(stdout).stderr(stderr);
    let mut child = platform::start(command)?;
    // A limit beyond the end of time is none.
    let deadline = Instant::now().checked_add(limit);
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = platform::ended(&mut child)? {
            return Ok(status.into());
        }
        if interrupt.load(Ordering::Relaxed) {
            return platform::end(&mut child).map(|_| End::Interrupted);
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return platform::end(&mut child).map(|_| End::TimedOut);
        }
        look();
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// A signal as people write it: `SIGSEGV`, or `signal 64` where it has no name.
pub fn signal_name(signal: i32) -> String {
    platform::signal_name(signal).map_or_else(|| format!("signal {signal}"), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn the_ends_are_told_apart() {
        let end = |script| capture(shell(script), Duration::from_secs(10)).expect("sh runs").end;
        assert_eq!(end("exit 0"), End::Exited(0));
        assert_eq!(end("exit 3"), End::Exited(3));
        assert_eq!(end("kill -SEGV $$"), End::Signalled(11));
        assert_eq!(signal_name(11), "SIGSEGV");
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended_with_what_it_started() {
        let start = Instant::now();
        let output = capture(shell("echo begun; sleep 30 & sleep 30"), Duration::from_millis(300)).expect("sh runs");
        assert_eq!(output.end, End::TimedOut);
        assert_eq!(output.stdout, "begun\n");
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn streams_are_kept_apart_or_merged_in_order() {
        let script = "echo one; echo two >&2; echo three";
        let apart = capture(shell(script), Duration::from_secs(10)).expect("sh runs");
        assert_eq!((apart.stdout.as_str(), apart.stderr.as_str()), ("one\nthree\n", "two\n"));
        let merged = capture_merged(shell(script), Duration::from_secs(10)).expect("sh runs");
        assert_eq!(merged.stdout, "one\ntwo\nthree\n");
    }
}
