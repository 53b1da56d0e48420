//! Bytes.

use crate::convert::handle;
use crate::imports::{PyBytes_FromStringAndSize, PyErr_SetString, PyExc_ValueError};
use crate::{checks, forward};
use cardan_abi::{Context, Handle};
use core::ffi::c_char;

checks! {
    ctx_Bytes_Check = BYTES;
}

forward! {
    ctx_Bytes_Size(h: Handle) -> isize = PyBytes_Size;
    ctx_Bytes_GET_SIZE(h: Handle) -> isize = PyBytes_Size;
    ctx_Bytes_AsString(h: Handle) -> *const c_char = PyBytes_AsString;
    ctx_Bytes_AS_STRING(h: Handle) -> *const c_char = PyBytes_AsString;
    ctx_Bytes_FromString(bytes: *const c_char) -> Handle = PyBytes_FromString;
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
