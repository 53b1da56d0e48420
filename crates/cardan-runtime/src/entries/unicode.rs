//! Strings.

use crate::convert::{handle, object};
use crate::imports::{
    PyErr_SetString, PyExc_IndexError, PyExc_SystemError, PyUnicode_FromEncodedObject, PyUnicode_Substring,
};
use crate::{checks, forward};
use cardan_abi::{Context, Handle};
use core::ffi::{c_char, c_void};

checks! {
    ctx_Unicode_Check = UNICODE;
}

forward! {
    ctx_Unicode_FromString(utf8: *const c_char) -> Handle = PyUnicode_FromString;
    ctx_Unicode_AsASCIIString(h: Handle) -> Handle = PyUnicode_AsASCIIString;
    ctx_Unicode_AsLatin1String(h: Handle) -> Handle = PyUnicode_AsLatin1String;
    ctx_Unicode_AsUTF8String(h: Handle) -> Handle = PyUnicode_AsUTF8String;
    ctx_Unicode_AsUTF8AndSize(h: Handle, size: *mut isize) -> *const c_char = PyUnicode_AsUTF8AndSize;
    ctx_Unicode_FromWideChar(text: *const c_void, size: isize) -> Handle = PyUnicode_FromWideChar;
    ctx_Unicode_DecodeFSDefault(text: *const c_char) -> Handle = PyUnicode_DecodeFSDefault;
    ctx_Unicode_DecodeFSDefaultAndSize(text: *const c_char, size: isize) -> Handle = PyUnicode_DecodeFSDefaultAndSize;
    ctx_Unicode_EncodeFSDefault(h: Handle) -> Handle = PyUnicode_EncodeFSDefault;
    ctx_Unicode_ReadChar(h: Handle, index: isize) -> u32 = PyUnicode_ReadChar;
    ctx_Unicode_DecodeASCII(text: *const c_char, size: isize, errors: *const c_char) -> Handle = PyUnicode_DecodeASCII;
    ctx_Unicode_DecodeLatin1(text: *const c_char, size: isize, errors: *const c_char) -> Handle = PyUnicode_DecodeLatin1;
}

/// A str of an object that gives bytes. `SystemError` for a null handle, at which not every host's function looks.
///
/// # Safety
/// The handle is open or null, encoding and errors are C strings or null; the thread is attached.
pub unsafe extern "C" fn ctx_Unicode_FromEncodedObject(
    _: *mut Context,
    h: Handle,
    encoding: *const c_char,
    errors: *const c_char,
) -> Handle {
    // SAFETY: the imports are bound before a context is handed out.
    unsafe {
        if h.is_null() {
            let message = c"HPyUnicode_FromEncodedObject needs an object, not HPy_NULL";
            PyErr_SetString(PyExc_SystemError(), message.as_ptr());
            return Handle::NULL;
        }
        handle(PyUnicode_FromEncodedObject(object(h), encoding, errors))
    }
}

/// A part of a str. `IndexError` for a negative index, at which not every host's function looks.
///
/// # Safety
/// The handle is open, its object a str; the thread is attached.
pub unsafe extern "C" fn ctx_Unicode_Substring(_: *mut Context, h: Handle, start: isize, end: isize) -> Handle {
    // SAFETY: as above.
    unsafe {
        if start < 0 || end < 0 {
            PyErr_SetString(PyExc_IndexError(), c"string index out of range".as_ptr());
            return Handle::NULL;
        }
        handle(PyUnicode_Substring(object(h), start, end))
    }
}
