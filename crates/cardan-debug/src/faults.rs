//! The end of a process that uses data after its handle was closed, or writes to it: whose data it was is said before.
//!
//! What a signal handler may do is little: nothing is allocated here, no lock is taken, and Python is not asked.

#[cfg(target_os = "linux")]
mod platform {
    use crate::handles;
    use core::ffi::{c_int, c_void};
    use core::ptr::null_mut;

    /// `SIGBUS` and `SIGSEGV` of `signal.h`.
    const SIGNALS: [c_int; 2] = [7, 11];
    /// `SA_SIGINFO`.
    const WITH_INFORMATION: c_int = 4;
    /// `SIG_DFL`.
    const DEFAULT: usize = 0;

    /// `struct sigaction` of 64-bit Linux.
    #[repr(C)]
    struct Action {
        handler: usize,
        mask: [u64; 16],
        flags: c_int,
        restorer: usize,
    }

    /// The beginning of `siginfo_t`, as far as a fault has it, of 64-bit Linux.
    #[repr(C)]
    struct Information {
        numbers: [c_int; 4],
        address: usize,
    }

    unsafe extern "C" {
        fn sigaction(signal: c_int, new: *const Action, old: *mut Action) -> c_int;
    }

    impl Action {
        const fn new(handler: usize, flags: c_int) -> Self {
            Self { handler, mask: [0; 16], flags, restorer: 0 }
        }
    }

    unsafe extern "C" fn fault(signal: c_int, information: *const Information, _: *mut c_void) {
        // SAFETY: the system passes what it promises for such a handler. After the default action is back, to return makes
        // the same fault again, which then ends the process.
        unsafe {
            sigaction(signal, &Action::new(DEFAULT, 0), null_mut());
            handles::explain_fault((*information).address);
        }
    }

    /// Sees to it that such an end is explained, unless someone else looks at these signals: an interpreter may need them.
    pub fn explain() {
        for signal in SIGNALS {
            let mut found = Action::new(DEFAULT, 0);
            // SAFETY: these are the signatures of the C library, and the handler's is that of one with information.
            unsafe {
                if sigaction(signal, core::ptr::null(), &raw mut found) == 0 && found.handler == DEFAULT {
                    sigaction(signal, &Action::new(fault as *const () as usize, WITH_INFORMATION), null_mut());
                }
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    pub fn explain() {}
}

pub use platform::explain;
