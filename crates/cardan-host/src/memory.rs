//! Memory for what has to outlive a call: the definitions that were laid out for the host. It is never given back, like
//! the static definitions that it stands for.

use core::ffi::c_void;

unsafe extern "C" {
    fn calloc(count: usize, size: usize) -> *mut c_void;
}

/// `size` zeroed bytes, aligned for any C type, or null when there is no memory.
///
/// # Examples
/// ```
/// let memory = cardan_host::memory::zeroed(16);
/// assert!(!memory.is_null());
/// ```
pub fn zeroed(size: usize) -> *mut u8 {
    // SAFETY: calloc takes any size and answers null when it cannot serve it.
    unsafe { calloc(1, size.max(1)) }.cast()
}

/// Room for `count` values of a C struct, all bytes zero, or null when there is no memory.
///
/// # Examples
/// ```
/// let numbers = cardan_host::memory::array::<u64>(4);
/// assert!(!numbers.is_null());
/// assert!(cardan_host::memory::array::<u64>(usize::MAX).is_null());
/// ```
pub fn array<T>(count: usize) -> *mut T {
    match size_of::<T>().checked_mul(count) {
        Some(size) => zeroed(size).cast(),
        None => core::ptr::null_mut(),
    }
}
