//! Memory from the C allocator: for the definitions that were laid out for the host, which are never given back, like the
//! static definitions that they stand for, and for what is needed for a while.

use core::ffi::c_void;

unsafe extern "C" {
    fn calloc(count: usize, size: usize) -> *mut c_void;
    fn malloc(size: usize) -> *mut c_void;
    fn realloc(memory: *mut c_void, size: usize) -> *mut c_void;
    fn free(memory: *mut c_void);
}

/// `size` bytes of any content, aligned for any C type, or null when there is no memory. [`release`] gives them back.
///
/// # Examples
/// ```
/// let memory = cardan_host::memory::allocate(16);
/// assert!(!memory.is_null());
/// // SAFETY: the memory was asked for just now, and nothing else refers to it.
/// unsafe { cardan_host::memory::release(memory) };
/// ```
pub fn allocate(size: usize) -> *mut u8 {
    // SAFETY: malloc takes any size and answers null when it cannot serve it.
    unsafe { malloc(size.max(1)) }.cast()
}

/// The same memory with another size, its content kept; null when there is no memory, and then the old one stays.
///
/// # Safety
/// `memory` is null or comes from [`allocate`] or [`resize`] and was not released.
pub unsafe fn resize(memory: *mut u8, size: usize) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe { realloc(memory.cast(), size.max(1)) }.cast()
}

/// Gives memory back; null is passed over.
///
/// # Safety
/// `memory` is null or comes from [`allocate`], [`resize`] or [`zeroed`], and is not used afterwards.
pub unsafe fn release(memory: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe { free(memory.cast()) }
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
