//! Strings: made, read, by kind, encoded, interned, compared, joined.

use super::kinds::is_a;
use crate::convert::{handle, object};
use crate::definitions::raise;
use crate::imports::*;
use crate::{checks, forward};
use cardan_abi::{Context, Handle};
use cardan_host::types::Object;
use cardan_host::{detect, unicode};
use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::{null, null_mut};

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

forward! {
    ctx_Unicode_DecodeUTF8(text: *const c_char, size: isize, errors: *const c_char) -> Handle = PyUnicode_DecodeUTF8;
    ctx_Unicode_Intern(text: *const c_char) -> Handle = PyUnicode_InternFromString;
}

/// Whether an object is a str; if not, `TypeError` with what was needed.
unsafe fn is_str(text: Object, needed: &CStr) -> bool {
    // SAFETY: `text` is an object.
    let is = unsafe { is_a(text, PyUnicode_Type()) };
    if !is {
        raise(PyExc_TypeError(), needed);
    }
    is
}

/// The number of characters.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Unicode_GetLength(_: *mut Context, h: Handle) -> isize {
    // SAFETY: the function is called with a str only.
    unsafe {
        match is_str(object(h), c"HPyUnicode_GetLength needs a str") {
            true => PyUnicode_GetLength(object(h)),
            false => -1,
        }
    }
}

/// A str of characters of 1, 2 or 4 bytes.
///
/// # Safety
/// The data has that many characters of that size; the thread is attached.
pub unsafe extern "C" fn ctx_Unicode_FromKindAndData(
    _: *mut Context,
    kind: c_int,
    data: *const c_void,
    length: isize,
) -> Handle {
    if !matches!(kind, 1 | 2 | 4) {
        raise(PyExc_ValueError(), c"HPyUnicode_FromKindAndData: the kind must be 1, 2 or 4");
        return Handle::NULL;
    }
    if length < 0 {
        raise(PyExc_SystemError(), c"HPyUnicode_FromKindAndData: the length must not be negative");
        return Handle::NULL;
    }
    // SAFETY: the caller's promise; the imports are bound.
    handle(unsafe { PyUnicode_FromKindAndData(kind, data, length) })
}

/// The characters of a str, borrowed from it.
///
/// # Safety
/// The handle is open, the pointers are the caller's variables; the thread is attached.
pub unsafe extern "C" fn ctx_Unicode_AsKindAndData(
    _: *mut Context,
    h: Handle,
    kind: *mut c_int,
    length: *mut isize,
) -> *const c_void {
    let text = object(h);
    // SAFETY: the functions are called with a str only; the imports are bound.
    unsafe {
        if !is_str(text, c"HPyUnicode_AsKindAndData needs a str") {
            return null();
        }
        let count = PyUnicode_GetLength(text);
        if count < 0 {
            return null();
        }
        let (data, size) = if unicode::shows_text(detect::known()) {
            // The data first: it has a str put in place that is not there yet.
            (PyUnicode_DATA(text).cast_const(), PyUnicode_KIND(text))
        } else {
            kept_copy(text, count)
        };
        if !data.is_null() {
            kind.write(size);
            length.write(count);
        }
        data
    }
}

/// The characters of a str of a host that does not show them. ASCII is its own UTF-8, which a str keeps. Others are kept for
/// good, one copy for equal texts, since nothing tells when the str goes.
unsafe fn kept_copy(text: Object, count: isize) -> (*const c_void, c_int) {
    const COPIES: &CStr = c"_cardan_texts";
    const NOTHING: (*const c_void, c_int) = (null(), 0);
    // SAFETY: the text is a str of that length; the imports are bound; references that are made are dropped, but the
    // dictionary keeps the copy alive.
    unsafe {
        let kind = PyUnicode_KIND(text);
        if PyUnicode_IS_ASCII(text) != 0 {
            return (PyUnicode_AsUTF8AndSize(text, null_mut()).cast(), kind);
        }
        let mut copies = null_mut();
        match PySys_GetOptionalAttrString(COPIES.as_ptr(), &mut copies) {
            1 => {}
            0 => {
                copies = PyDict_New();
                if copies.is_null() || PySys_SetObject(COPIES.as_ptr(), copies) < 0 {
                    Py_DecRef(copies);
                    return NOTHING;
                }
            }
            _ => return NOTHING,
        }
        // Of a subtype's object its own text, whose comparison cannot be overridden.
        let key = PyUnicode_Substring(text, 0, count);
        let mut copy = null_mut();
        if !key.is_null() && PyDict_GetItemRef(copies, key, &mut copy) == 0 {
            let made = copied(text, count, kind);
            if !made.is_null() && PyDict_SetDefaultRef(copies, key, made, &mut copy) < 0 {
                copy = null_mut();
            }
            Py_DecRef(made);
        }
        let data = if copy.is_null() { null_mut() } else { PyBytes_AsString(copy) };
        Py_DecRef(copy);
        Py_DecRef(key);
        Py_DecRef(copies);
        (data.cast_const().cast(), kind)
    }
}

/// The characters of a str as a bytes object with a zero character at the end, or null with an exception.
unsafe fn copied(text: Object, count: isize, kind: c_int) -> Object {
    // SAFETY: the bytes object has room for all characters and the end.
    unsafe {
        let Some(size) = (count + 1).checked_mul(kind as isize) else { return PyErr_NoMemory() };
        let bytes = PyBytes_FromStringAndSize(null(), size);
        if bytes.is_null() {
            return bytes;
        }
        let data = PyBytes_AsString(bytes).cast::<u8>();
        for index in 0..=count {
            let character = if index == count { 0 } else { PyUnicode_ReadChar(text, index) };
            if character == u32::MAX {
                Py_DecRef(bytes);
                return null_mut();
            }
            match kind {
                1 => data.offset(index).write(character as u8),
                2 => data.cast::<u16>().offset(index).write_unaligned(character as u16),
                _ => data.cast::<u32>().offset(index).write_unaligned(character),
            }
        }
        bytes
    }
}

/// The str in an encoding, UTF-8 if none is named.
///
/// # Safety
/// The handle is open, the names are C strings or null; the thread is attached.
pub unsafe extern "C" fn ctx_Unicode_AsEncodedString(
    _: *mut Context,
    h: Handle,
    encoding: *const c_char,
    errors: *const c_char,
) -> Handle {
    // SAFETY: the function is called with a str only; the imports are bound.
    unsafe {
        if !is_str(object(h), c"HPyUnicode_AsEncodedString needs a str") {
            return Handle::NULL;
        }
        let encoding = if encoding.is_null() { c"utf-8".as_ptr() } else { encoding };
        let errors = if errors.is_null() { c"strict".as_ptr() } else { errors };
        handle(PyUnicode_AsEncodedString(object(h), encoding, errors))
    }
}

/// Compares two str.
///
/// # Safety
/// The handles are open; the thread is attached.
pub unsafe extern "C" fn ctx_Unicode_Compare(_: *mut Context, left: Handle, right: Handle) -> c_int {
    const NEEDED: &CStr = c"HPyUnicode_Compare needs two str";
    // SAFETY: the function is called with two str only.
    unsafe {
        match is_str(object(left), NEEDED) && is_str(object(right), NEEDED) {
            true => PyUnicode_Compare(object(left), object(right)).signum(),
            false => -1,
        }
    }
}

/// Whether a str has the characters of these bytes.
///
/// # Safety
/// The handle is open, the text has that many bytes; the thread is attached.
pub unsafe extern "C" fn ctx_Unicode_EqualToUTF8(
    _: *mut Context,
    h: Handle,
    text: *const c_char,
    size: isize,
) -> c_int {
    // SAFETY: the function is called with a str only.
    unsafe {
        match is_str(object(h), c"HPyUnicode_EqualToUTF8 needs a str") {
            true => PyUnicode_EqualToUTF8AndSize(object(h), text, size),
            false => -1,
        }
    }
}

/// Two str, one after the other. Some hosts would add whatever can be added.
///
/// # Safety
/// The handles are open; the thread is attached.
pub unsafe extern "C" fn ctx_Unicode_Concat(_: *mut Context, left: Handle, right: Handle) -> Handle {
    const NEEDED: &CStr = c"HPyUnicode_Concat needs two str";
    // SAFETY: the function is called with two str only.
    unsafe {
        match is_str(object(left), NEEDED) && is_str(object(right), NEEDED) {
            true => handle(PyUnicode_Concat(object(left), object(right))),
            false => Handle::NULL,
        }
    }
}

/// Joins the items; null is a space between them.
///
/// # Safety
/// The handles are open, the first may be null; the thread is attached.
pub unsafe extern "C" fn ctx_Unicode_Join(_: *mut Context, separator: Handle, items: Handle) -> Handle {
    // SAFETY: the imports are bound; null is a missing item to `Py_DecRef`.
    unsafe {
        // Some hosts would ask any object to join.
        if !separator.is_null() && !is_str(object(separator), c"HPyUnicode_Join needs a str as the separator") {
            return Handle::NULL;
        }
        let space = if separator.is_null() { PyUnicode_FromString(c" ".as_ptr()) } else { null_mut() };
        let between = if separator.is_null() { space } else { object(separator) };
        let joined = if between.is_null() { between } else { PyUnicode_Join(between, object(items)) };
        Py_DecRef(space);
        handle(joined)
    }
}
