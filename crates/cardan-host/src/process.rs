//! The process and its threads, as the operating system has them. The only file that knows how the platform names them.

#[cfg(target_os = "linux")]
mod platform {
    use core::ffi::{c_int, c_long};

    #[repr(C)]
    struct Timespec {
        seconds: i64,
        nanoseconds: c_long,
    }

    unsafe extern "C" {
        fn getpid() -> c_int;
        fn pthread_self() -> usize;
        fn nanosleep(time: *const Timespec, left: *mut Timespec) -> c_int;
    }

    pub fn id() -> i32 {
        // SAFETY: takes nothing.
        unsafe { getpid() }
    }

    pub fn thread() -> usize {
        // SAFETY: takes nothing. The type is an unsigned long, in glibc and in musl a pointer's.
        unsafe { pthread_self() }
    }

    pub fn pause() {
        const MILLISECOND: c_long = 1_000_000;
        // SAFETY: the struct is that of 64-bit Linux; what is left after a signal is not asked for.
        unsafe { nanosleep(&Timespec { seconds: 0, nanoseconds: MILLISECOND }, core::ptr::null_mut()) };
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    pub fn id() -> i32 {
        0
    }

    pub fn thread() -> usize {
        0
    }

    pub fn pause() {
        core::hint::spin_loop();
    }
}

/// The number of this process; always the same where a process cannot be copied.
///
/// # Examples
/// ```
/// assert_eq!(cardan_host::process::id(), cardan_host::process::id());
/// ```
pub fn id() -> i32 {
    platform::id()
}

/// The running thread, as a number that no other thread has that runs; 0 where the platform cannot tell.
///
/// # Examples
/// ```
/// let other = std::thread::spawn(cardan_host::process::thread);
/// if cfg!(target_os = "linux") {
///     assert_ne!(cardan_host::process::thread(), 0);
/// }
/// other.join().unwrap();
/// ```
pub fn thread() -> usize {
    platform::thread()
}

/// Lets other threads run for about a millisecond.
pub fn pause() {
    platform::pause();
}
