//! Linux: processes and how they end, links, permissions.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{File, Permissions};
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use nix::sys::prctl::{set_child_subreaper, set_pdeathsig};
use nix::sys::signal::{SigHandler, SigSet, Signal, kill, killpg, raise, signal};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid, waitpid};
use nix::unistd::{ForkResult, Pid, fork, getpid, getppid, setpgid};

/// The signals that ask a command to end: from the keyboard, from another process, from a terminal that is closed.
const REQUESTS: [Signal; 4] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT];

/// Where an environment of Python has its commands.
pub const COMMANDS: &str = "bin";

/// The file name of Python there.
pub const PYTHON: &str = "python";

/// The signal by which the system ends a program when there is no memory left.
pub const KILLED: i32 = Signal::SIGKILL as i32;

/// How long a process that cannot be ended is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// How the guarded part of a command ended.
pub enum Guarded {
    /// By itself, with this code.
    Ended(ExitCode),
    /// By this signal.
    Died(i32),
    /// Because it was asked to.
    Interrupted,
}

/// Splits this process in two: the new one does the `work`, and this one stays behind as its guard. However the work ends,
/// the guard ends every process that is left of those that it started, and then calls `clean`. A request to end that the
/// guard gets is passed on; a second one ends the work at once. If the guard is killed, the work is asked to end.
///
/// To be called while this process has one thread.
pub fn guarded(work: impl FnOnce() -> ExitCode, clean: impl Fn()) -> Guarded {
    let work = || {
        let code = work();
        end_all_children();
        clean();
        code
    };
    let mut awaited: SigSet = requests().iter().copied().collect();
    awaited.add(Signal::SIGCHLD);
    // SAFETY: no handler is set. A parent may have asked to hear nothing of its children, and then none can be waited for.
    let prepared = unsafe { signal(Signal::SIGCHLD, SigHandler::SigDfl) }.is_ok()
        && set_child_subreaper(true).is_ok()
        && awaited.thread_block().is_ok();
    if !prepared {
        return Guarded::Ended(work());
    }
    let guard = getpid();
    // SAFETY: this process has one thread, so no lock is held by another one at this moment.
    match unsafe { fork() } {
        Ok(ForkResult::Parent { child }) => {
            let end = wait(child, &awaited);
            end_all_children();
            clean();
            end
        }
        Ok(ForkResult::Child) => {
            // A group of its own: what is sent to the guard's group, by a terminal or by who ends it as a whole, does not
            // reach both.
            let _ = setpgid(Pid::from_raw(0), Pid::from_raw(0));
            // SAFETY: no handler is set. Who is in another group than the terminal's may write to it all the same.
            let _ = unsafe { signal(Signal::SIGTTOU, SigHandler::SigIgn) };
            let _ = set_child_subreaper(true);
            let _ = set_pdeathsig(Signal::SIGTERM);
            let _ = awaited.thread_unblock();
            if getppid() != guard {
                let _ = raise(Signal::SIGTERM);
            }
            Guarded::Ended(work())
        }
        Err(_) => {
            let _ = awaited.thread_unblock();
            Guarded::Ended(work())
        }
    }
}

/// The guard's part: waits for the end of the work.
fn wait(work: Pid, awaited: &SigSet) -> Guarded {
    let mut asked = false;
    loop {
        match awaited.wait() {
            Ok(Signal::SIGCHLD) | Err(_) => {}
            Ok(_) if asked => {
                let _ = kill(work, Signal::SIGKILL);
                return Guarded::Interrupted;
            }
            Ok(_) => {
                asked = true;
                let _ = kill(work, Signal::SIGTERM);
            }
        }
        // Several ends may be told by one signal.
        loop {
            match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::Exited(pid, code)) if pid == work => {
                    return Guarded::Ended(u8::try_from(code).unwrap_or(1).into());
                }
                Ok(WaitStatus::Signaled(pid, ..)) if pid == work && asked => return Guarded::Interrupted,
                Ok(WaitStatus::Signaled(pid, signal, _)) if pid == work => return Guarded::Died(signal as i32),
                Ok(WaitStatus::StillAlive) | Err(_) => break,
                Ok(_) => {}
            }
        }
    }
}

/// The requests to end that this process listens to: one that it was started to ignore, as `nohup` does, stays ignored.
fn requests() -> &'static [Signal] {
    static HEARD: OnceLock<Vec<Signal>> = OnceLock::new();
    let is_heard = |&request: &Signal| {
        // SAFETY: no handler is set.
        match unsafe { signal(request, SigHandler::SigIgn) } {
            Ok(SigHandler::SigIgn) | Err(_) => false,
            // SAFETY: no handler is set. The first caller comes before any that sets one.
            Ok(_) => unsafe { signal(request, SigHandler::SigDfl) }.is_ok(),
        }
    };
    HEARD.get_or_init(|| REQUESTS.iter().copied().filter(is_heard).collect())
}

/// Has each request to end set this flag. A second one ends the process at once.
pub fn on_request(flag: &Arc<AtomicBool>) {
    for &request in requests() {
        let request = request as i32;
        // Where a handler cannot be set, the default action stays.
        let _ = signal_hook::flag::register_conditional_shutdown(request, 130, Arc::clone(flag));
        let _ = signal_hook::flag::register(request, Arc::clone(flag));
    }
}

/// Starts a program in a process group of its own. It ends when this process does.
pub fn start(mut command: Command) -> io::Result<Child> {
    let own = getpid();
    command.process_group(0);
    // SAFETY: the function makes system calls only, and these may be made between fork and exec.
    unsafe {
        command.pre_exec(move || {
            signal(Signal::SIGTTOU, SigHandler::SigDfl)?;
            // The thread that starts a program waits for it, so the signal does not come before the process ends.
            set_pdeathsig(Signal::SIGKILL)?;
            if getppid() == own { Ok(()) } else { Err(io::ErrorKind::Interrupted.into()) }
        });
    }
    command.spawn()
}

/// Whether a program that [`start`] has started has ended. What is left of its group ends with it.
pub fn ended(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    match waitid(Id::Pid(pid(child)), flags)? {
        WaitStatus::StillAlive => Ok(None),
        _ => end(child).map(Some),
    }
}

/// Ends a program that [`start`] has started, with its group.
pub fn end(child: &mut Child) -> io::Result<ExitStatus> {
    // Until the program has been waited for, no other group can have its number.
    let _ = killpg(pid(child), Signal::SIGKILL);
    child.wait()
}

fn pid(child: &Child) -> Pid {
    // Process numbers of Linux have 22 bits.
    Pid::from_raw(i32::try_from(child.id()).unwrap_or_default())
}

/// Ends all processes that this one, or one of these, has started, and that have not ended yet.
fn end_all_children() {
    let deadline = Instant::now() + PATIENCE;
    loop {
        for process in descendants(getpid()) {
            let _ = kill(process, Signal::SIGKILL);
        }
        loop {
            match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::StillAlive) => break,
                Ok(_) => {}
                // No child is left. A child of a child becomes this process's own when its parent ends.
                Err(_) => return,
            }
        }
        if Instant::now() > deadline {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The processes below one, as far as `/proc` shows them.
fn descendants(root: Pid) -> Vec<Pid> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(stat) = std::fs::read(entry.path().join("stat")) else { continue };
        // `PID (NAME) STATE PARENT …`, where the name may hold anything.
        let stat = String::from_utf8_lossy(&stat);
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
        children.entry(parent.unwrap_or_default()).or_default().push(process);
    }
    let (mut all, mut next) = (Vec::new(), vec![root.as_raw()]);
    while let Some(process) = next.pop() {
        let below = children.remove(&process).unwrap_or_default();
        all.extend(below.iter().copied().map(Pid::from_raw));
        next.extend(below);
    }
    all
}

/// The number of the signal that ended a program, if one did.
pub fn signal_of(status: ExitStatus) -> Option<i32> {
    status.signal()
}

/// The name of a signal, such as `SIGSEGV`, if it has one.
pub fn signal_name(number: i32) -> Option<&'static str> {
    signal_hook::low_level::signal_name(number)
}

/// Whether a path can be a part of any command line and any file that build systems write: they split, quote and escape it
/// each in its own way.
pub fn is_plain(path: &str) -> bool {
    path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._+-".contains(&byte))
}

/// The folders for temporary files, the best one first.
pub fn temporary_folders() -> Vec<PathBuf> {
    let named = std::env::var_os("TMPDIR").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    named.into_iter().chain(["/tmp", "/var/tmp", "/dev/shm"].map(PathBuf::from)).collect()
}

/// The string of the system that these bytes are.
pub fn os_string(bytes: Vec<u8>) -> OsString {
    OsString::from_vec(bytes)
}

/// Makes a symbolic link at `path` that leads to `target`.
pub fn link(target: &Path, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// Lets everybody run a file.
pub fn make_executable(path: &Path) -> io::Result<()> {
    std::fs::set_permissions(path, Permissions::from_mode(0o755))
}

/// Lets the owner of a folder change what is in it.
pub fn open_folder(path: &Path) -> io::Result<()> {
    std::fs::set_permissions(path, Permissions::from_mode(0o700))
}

/// Lets everybody read a file that was made for its owner alone.
pub fn make_readable(file: &File) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(0o644))
}

/// Reads what a file has from a place on, at most as much as fits; another user of the same open file is not disturbed.
pub fn read_at(file: &File, buffer: &mut [u8], place: u64) -> io::Result<usize> {
    file.read_at(buffer, place)
}
