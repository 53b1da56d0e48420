//! The end of a process that uses data after its handle was closed, or writes to it: whose data it was is said before.
//!
//! What a signal handler may do is little: nothing is allocated here, no lock is taken, and Python is not asked.

#[cfg(target_os = "linux")]
mod platform {
    use crate::handles;
    use crate::lock::Lock;
    use core::ffi::{c_int, c_void};
    use core::ptr::null_mut;

    /// `SIGBUS` and `SIGSEGV` of `signal.h`.
    const SIGNALS: [c_int; 2] = [7, 11];
    /// `SA_SIGINFO`.
    const WITH_INFORMATION: c_int = 4;
    /// `SA_ONSTACK`.
    const ON_ITS_STACK: c_int = 0x0800_0000;
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

    /// Which of the numbers is `si_code`.
    const CODE: usize = 2;

    unsafe extern "C" {
        fn raise(signal: c_int) -> c_int;
        fn sigaction(signal: c_int, new: *const Action, old: *mut Action) -> c_int;
    }

    impl Action {
        const fn new(handler: usize, flags: c_int) -> Self {
            Self { handler, mask: [0; 16], flags, restorer: 0 }
        }
    }

    /// What was there before, in the order of the signals.
    static BEFORE: Lock<[Action; 2]> = Lock::new([const { Action::new(DEFAULT, 0) }; 2]);

    unsafe extern "C" fn fault(signal: c_int, information: *const Information, _: *mut c_void) {
        // SAFETY: the system passes what it promises for such a handler. To return makes the same fault again, which is then
        // for whom it was before: an interpreter may go on after a fault of its own, else the process ends. What was there was
        // written before this handler could be called, and does not change.
        unsafe {
            for (place, before) in SIGNALS.into_iter().zip(BEFORE.get()) {
                if place == signal {
                    sigaction(signal, before, null_mut());
                }
            }
            if (*information).numbers[CODE] <= 0 {
                // Someone sent the signal: it comes once more.
                raise(signal);
                return;
            }
            handles::explain_fault((*information).address);
        }
    }

    /// Sees to it that such an end is explained.
    pub fn explain() {
        for (index, signal) in SIGNALS.into_iter().enumerate() {
            // SAFETY: these are the signatures of the C library, and the handler's is that of one with information.
            BEFORE.with(|before| unsafe {
                let before = &mut before[index];
                if sigaction(signal, core::ptr::null(), before) == 0 {
                    let flags = WITH_INFORMATION | before.flags & ON_ITS_STACK;
                    sigaction(signal, &Action::new(fault as *const () as usize, flags), null_mut());
                }
            });
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    pub fn explain() {}
}

pub use platform::explain;
