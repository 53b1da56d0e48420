//! The clocks of the operating system, for when no thread may ask Python. The only file that knows how the platform counts
//! time.

#[cfg(target_os = "linux")]
mod platform {
    use core::ffi::{c_int, c_long};

    #[repr(C)]
    struct Timespec {
        seconds: i64,
        nanoseconds: c_long,
    }

    unsafe extern "C" {
        fn clock_gettime(clock: c_int, time: *mut Timespec) -> c_int;
    }

    pub const REAL: c_int = 0;
    pub const MONOTONIC: c_int = 1;

    pub fn nanoseconds(clock: c_int) -> Option<i64> {
        let mut time = Timespec { seconds: 0, nanoseconds: 0 };
        // SAFETY: the struct is that of 64-bit Linux.
        let failed = unsafe { clock_gettime(clock, &mut time) } != 0;
        if failed { None } else { time.seconds.checked_mul(1_000_000_000)?.checked_add(time.nanoseconds) }
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use core::ffi::c_int;

    pub const REAL: c_int = 0;
    pub const MONOTONIC: c_int = 1;

    pub fn nanoseconds(_clock: c_int) -> Option<i64> {
        None
    }
}

/// Whether the clocks can be read on this platform.
pub const READABLE: bool = cfg!(target_os = "linux");

/// Nanoseconds since 1970, or `None` where the clock cannot be read.
///
/// # Examples
/// ```
/// if cardan_host::clock::READABLE {
///     assert!(cardan_host::clock::real().unwrap() > 1_600_000_000_000_000_000);
/// }
/// ```
pub fn real() -> Option<i64> {
    platform::nanoseconds(platform::REAL)
}

/// Nanoseconds of a clock that never goes back, or `None` where it cannot be read.
///
/// # Examples
/// ```
/// assert!(cardan_host::clock::monotonic() <= cardan_host::clock::monotonic());
/// ```
pub fn monotonic() -> Option<i64> {
    platform::nanoseconds(platform::MONOTONIC)
}
