//! Bytearrays.

use super::kinds::is_a;
use crate::convert::object;
use crate::definitions::raise;
use crate::forward;
use crate::imports::*;
use cardan_abi::{Context, Handle};
use core::ffi::{CStr, c_char, c_int};
use core::ptr::null_mut;

forward! {
    ctx_ByteArray_FromStringAndSize(bytes: *const c_char, size: isize) -> Handle = PyByteArray_FromStringAndSize;
}

/// Whether a handle is of a bytearray; if not, `TypeError` with what was needed. The hosts' functions do not look.
unsafe fn is_bytearray(h: Handle, needed: &CStr) -> bool {
    // SAFETY: the handle is open.
    let is = unsafe { is_a(object(h), PyByteArray_Type()) };
    if !is {
        raise(PyExc_TypeError(), needed);
    }
    is
}

/// The content, which may be written to.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_ByteArray_AsString(_: *mut Context, h: Handle) -> *mut c_char {
    // SAFETY: the function is called with a bytearray only.
    unsafe {
        match is_bytearray(h, c"HPyByteArray_AsString needs a bytearray") {
            true => PyByteArray_AsString(object(h)),
            false => null_mut(),
        }
    }
}

/// The length.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_ByteArray_Size(_: *mut Context, h: Handle) -> isize {
    // SAFETY: as above.
    unsafe {
        match is_bytearray(h, c"HPyByteArray_Size needs a bytearray") {
            true => PyByteArray_Size(object(h)),
            false => -1,
        }
    }
}

/// Makes it shorter or longer.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_ByteArray_Resize(_: *mut Context, h: Handle, size: isize) -> c_int {
    // SAFETY: as above.
    unsafe {
        if !is_bytearray(h, c"HPyByteArray_Resize needs a bytearray") {
            return -1;
        }
        if size < 0 {
            raise(PyExc_ValueError(), c"HPyByteArray_Resize: the size must not be negative");
            return -1;
        }
        PyByteArray_Resize(object(h), size)
    }
}
