//! GraalPy 25 and later: CPython's names over tagged pointers. A `PyObject *` that a module did not allocate itself is
//! not an address, so nothing is read through it.

use super::Layout;
use crate::symbols;

/// The size of the header is CPython's; the type is asked for by a function.
pub const LAYOUT: Layout = Layout { header: 16, type_offset: None };

/// Whether the process is GraalPy.
pub fn is_running() -> bool {
    !symbols::address(c"GraalPy_TYPE").is_null()
}

/// Whether a type object that GraalPy exports was ever filled in: some are only room, and their `ob_type` is null.
///
/// # Safety
/// `exported` is the address of a type object that the host exports, so it is memory and no handle.
pub unsafe fn is_filled(exported: *const core::ffi::c_void) -> bool {
    const TYPE: usize = 8;
    // SAFETY: the caller's promise; the header is 16 bytes long.
    unsafe { !exported.byte_add(TYPE).cast::<*const core::ffi::c_void>().read().is_null() }
}

/// Keeps GraalPy's native library loaded until the process ends.
///
/// GraalPy unloads it when it exits and then clears a thread-local variable of it once more. If a library with
/// thread-local variables of its own was loaded later and is still there, as C++'s runtime is, the memory of that variable
/// has been freed by then: the process ends with a corrupted heap.
pub fn keep_loaded() {
    symbols::keep_loaded(symbols::address(c"GraalPy_TYPE"));
}

/// Where the count of references is in an object of a type that was made in C, which is an address: `ob_refcnt`.
pub const COUNT: usize = 0;

/// How many bytes before such an object the word is that remembers, if its type is collected, whether it was finalised:
/// `PyGC_Head._gc_prev`.
const COLLECTOR_FLAGS: usize = 8;

/// The bit of that word.
const FINALIZED: usize = 1;

/// Remembers that an object was finalised, for `PyObject_GC_IsFinalized`.
///
/// # Safety
/// The object is of a type that was made in C and is collected; the thread is attached.
pub unsafe fn set_finalized(object: crate::types::Object) {
    // SAFETY: the caller's promise.
    unsafe { *object.byte_sub(COLLECTOR_FLAGS).cast::<usize>() |= FINALIZED }
}
