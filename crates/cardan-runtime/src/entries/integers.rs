//! Integers of any size.

use crate::convert::{handle, object};
use crate::definitions::raise;
use crate::forward;
use crate::imports::*;
use cardan_abi::{Context, Handle};
use core::ffi::{c_char, c_int, c_void};
use core::ptr::null_mut;

forward! {
    ctx_Long_GetSign(h: Handle, sign: *mut c_int) -> c_int = PyLong_GetSign;
    ctx_Long_AsInt64AndOverflow(h: Handle, overflow: *mut c_int) -> i64 = PyLong_AsLongLongAndOverflow;
}

/// The bytes of an int in two's complement. `SystemError` for a negative size, at which not every stand-in looks.
///
/// # Safety
/// The handle is open, the buffer has that many bytes; the thread is attached.
pub unsafe extern "C" fn ctx_Long_AsNativeBytes(
    _: *mut Context,
    h: Handle,
    buffer: *mut c_void,
    size: isize,
    flags: c_int,
) -> isize {
    if size < 0 {
        raise(PyExc_SystemError(), c"HPyLong_AsNativeBytes: the size must not be negative");
        return -1;
    }
    // SAFETY: the caller's promise; the imports are bound.
    unsafe { PyLong_AsNativeBytes(object(h), buffer, size, flags) }
}

/// The number of bytes, or `None` with `ValueError`, or with `SystemError` if there are none to read.
fn checked(buffer: *const c_void, size: isize) -> Option<usize> {
    if buffer.is_null() {
        raise(PyExc_SystemError(), c"an int of bytes needs a buffer, found NULL");
        return None;
    }
    let checked = usize::try_from(size).ok();
    if checked.is_none() {
        raise(PyExc_ValueError(), c"n_bytes must not be negative");
    }
    checked
}

/// An int of bytes in two's complement.
///
/// # Safety
/// The buffer has that many bytes; the thread is attached.
pub unsafe extern "C" fn ctx_Long_FromNativeBytes(
    _: *mut Context,
    buffer: *const c_void,
    size: isize,
    flags: c_int,
) -> Handle {
    match checked(buffer, size) {
        // SAFETY: the caller's promise; the imports are bound.
        Some(size) => handle(unsafe { PyLong_FromNativeBytes(buffer, size, flags) }),
        None => Handle::NULL,
    }
}

/// An int of bytes without a sign.
///
/// # Safety
/// The buffer has that many bytes; the thread is attached.
pub unsafe extern "C" fn ctx_Long_FromUnsignedNativeBytes(
    _: *mut Context,
    buffer: *const c_void,
    size: isize,
    flags: c_int,
) -> Handle {
    match checked(buffer, size) {
        // SAFETY: the caller's promise; the imports are bound.
        Some(size) => handle(unsafe { PyLong_FromUnsignedNativeBytes(buffer, size, flags) }),
        None => Handle::NULL,
    }
}

/// The int that a string stands for.
///
/// # Safety
/// The text is a C string; the thread is attached.
pub unsafe extern "C" fn ctx_Long_FromString(_: *mut Context, text: *const c_char, base: c_int) -> Handle {
    // SAFETY: the caller's promise; the imports are bound. Without a place for the end the whole text has to be a number.
    handle(unsafe { PyLong_FromString(text, null_mut(), base) })
}
