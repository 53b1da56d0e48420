//! Bytes.

use crate::convert::{handle, object};
use crate::imports::{PyBytes_FromStringAndSize, PyBytes_Size, PyErr_SetString, PyExc_TypeError, PyExc_ValueError};
use crate::{checks, forward};
use cardan_abi::{Context, Handle};
use core::ffi::c_char;

checks! {
    ctx_Bytes_Check = BYTES;
}

forward! {
    ctx_Bytes_GET_SIZE(h: Handle) -> isize = PyBytes_Size;
    ctx_Bytes_AsString(h: Handle) -> *const c_char = PyBytes_AsString;
    ctx_Bytes_AS_STRING(h: Handle) -> *const c_char = PyBytes_AsString;
    ctx_Bytes_FromString(bytes: *const c_char) -> Handle = PyBytes_FromString;
}

/// The length. Not every host's function looks whether it is a bytes object.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Bytes_Size(context: *mut Context, h: Handle) -> isize {
    // SAFETY: the caller's promise; the imports are bound.
    unsafe {
        if ctx_Bytes_Check(context, h) == 0 {
            PyErr_SetString(PyExc_TypeError(), c"HPyBytes_Size needs a bytes object".as_ptr());
            return -1;
        }
        PyBytes_Size(object(h))
    }
}

/// A copy of bytes. `ValueError` if there are none to copy: the C API would leave the content undefined.
///
/// # Safety
/// There are so many bytes, or the pointer is null; the thread is attached.
pub unsafe extern "C" fn ctx_Bytes_FromStringAndSize(_: *mut Context, bytes: *const c_char, size: isize) -> Handle {
    // SAFETY: the imports are bound before a context is handed out.
    unsafe {
        if bytes.is_null() {
            let message = c"NULL char * passed to HPyBytes_FromStringAndSize";
            PyErr_SetString(PyExc_ValueError(), message.as_ptr());
            return Handle::NULL;
        }
        handle(PyBytes_FromStringAndSize(bytes, size))
    }
}
