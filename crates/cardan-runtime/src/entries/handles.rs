//! Handles themselves: a handle is a reference to the object whose address it is.

use crate::convert::{handle, object};
use crate::forward;
use crate::imports::Py_IncRef;
use cardan_abi::{Context, Handle};
use core::ffi::c_void;

/// Another handle of the same object; null for null.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Dup(_: *mut Context, h: Handle) -> Handle {
    // SAFETY: the imports are bound, and the function takes null too.
    unsafe { Py_IncRef(object(h)) };
    h
}

forward! {
    ctx_Close(h: Handle) = Py_DecRef;
}

/// A handle of an object of the C API. The reference that the caller has stays the caller's.
///
/// # Safety
/// The object is alive or null; the thread is attached.
pub unsafe extern "C" fn ctx_FromPyObject(_: *mut Context, object: *mut c_void) -> Handle {
    // SAFETY: the imports are bound, and the function takes null too.
    unsafe { Py_IncRef(object.cast()) };
    handle(object.cast())
}

/// A new reference to the object of a handle, for the C API. The handle stays open.
///
/// # Safety
/// The handle is open or null; the thread is attached.
pub unsafe extern "C" fn ctx_AsPyObject(_: *mut Context, h: Handle) -> *mut c_void {
    // SAFETY: as above.
    unsafe { Py_IncRef(object(h)) };
    object(h).cast()
}
