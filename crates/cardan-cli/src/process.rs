//! Running another program with a time limit, in a process group of its own, so that it ends with all it started.

use std::io::{self, Read, Seek};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use process_wrap::std::{ChildWrapper, CommandWrap};

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

impl From<ExitStatus> for End {
    fn from(status: ExitStatus) -> Self {
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            return Self::Signalled(signal);
        }
        Self::Exited(status.code().unwrap_or(-1))
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

/// The flag that an interrupt from the keyboard (or a termination request) sets.
///
/// The programs run in groups of their own, so a terminal's Ctrl-C reaches only this process: it must pass it on.
fn interrupt() -> &'static AtomicBool {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    FLAG.get_or_init(|| {
        let flag = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            // A second Ctrl-C ends this process at once. Where a handler cannot be set, the default action stays.
            let _ = signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&flag));
            let _ = signal_hook::flag::register(signal, Arc::clone(&flag));
        }
        flag
    })
}

/// Whether this command was interrupted: nothing new should be started.
pub fn interrupted() -> bool {
    interrupt().load(Ordering::Relaxed)
}

/// Runs `command` without input until it ends or `limit` has passed; both output streams are kept apart.
pub fn capture(command: Command, limit: Duration) -> io::Result<Output> {
    let (stdout, stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
    let end = run(command, stdout.try_clone()?.into(), stderr.try_clone()?.into(), limit)?;
    Ok(Output { end, stdout: read_back(stdout)?, stderr: read_back(stderr)? })
}

/// Runs `command` without input until it ends or `limit` has passed; both output streams go into `stdout`, in order.
pub fn capture_merged(command: Command, limit: Duration) -> io::Result<Output> {
    let file = tempfile::tempfile()?;
    let end = run(command, file.try_clone()?.into(), file.try_clone()?.into(), limit)?;
    Ok(Output { end, stdout: read_back(file)?, stderr: String::new() })
}

fn read_back(mut file: std::fs::File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn run(mut command: Command, stdout: Stdio, stderr: Stdio, limit: Duration) -> io::Result<End> {
    let interrupt = interrupt();
    command.stdin(Stdio::null()).stdout(stdout).stderr(stderr);
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);
    let mut child = command.spawn()?;
    let deadline = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.into());
        }
        if interrupt.load(Ordering::Relaxed) {
            return end(child, End::Interrupted);
        }
        if Instant::now() >= deadline {
            return end(child, End::TimedOut);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn end(mut child: Box<dyn ChildWrapper>, reason: End) -> io::Result<End> {
    child.kill()?;
    Ok(reason)
}

/// A signal as people write it: `SIGSEGV`, or `signal 64` where it has no name.
pub fn signal_name(signal: i32) -> String {
    #[cfg(unix)]
    if let Some(name) = signal_hook::low_level::signal_name(signal) {
        return name.to_owned();
    }
    format!("signal {signal}")
}

#[cfg(all(test, unix))]
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
