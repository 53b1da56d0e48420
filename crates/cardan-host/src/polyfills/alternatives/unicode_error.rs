//! The attributes of `UnicodeEncodeError` and its siblings, <https://docs.python.org/3/c-api/exceptions.html#unicode-exception-objects>.

use crate::polyfill;
use crate::polyfills::support::{self, type_flag};
use crate::types::{Object, c_char, c_int, c_ulong};
use core::ffi::CStr;
use core::ptr::null_mut;

/// An attribute of such an exception that is of a built-in type: a new reference, or null with `TypeError`.
unsafe fn part(exception: Object, name: &CStr, flag: c_ulong) -> Object {
    use crate::functions::{Py_DecRef, PyErr_Format, PyObject_GetAttrString, data};
    // SAFETY: the callers list these cells; an object of another type is given back.
    unsafe {
        let found = PyObject_GetAttrString(exception, name.as_ptr());
        if found.is_null() {
            if support::absent_if(&data::PyExc_AttributeError) == 0 {
                support::type_error_about(exception, c"expecting a UnicodeError object, got %U");
            }
            return found;
        }
        if support::has_type_flag(found, flag) {
            return found;
        }
        Py_DecRef(found);
        let message = c"UnicodeError '%s' attribute is not set, or of another type".as_ptr();
        PyErr_Format()(crate::bind::value(&data::PyExc_TypeError), message, name.as_ptr());
        null_mut()
    }
}

/// Stand-ins that give such an attribute.
macro_rules! part {
    ($($(#[$attribute:meta])* fn $name:ident = $python:literal, $flag:expr;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(exception: Object) -> Object;
            uses [
                PyObject_GetAttrString, PyObject_Type, PyType_GetFlags, PyErr_ExceptionMatches, PyErr_Clear, PyErr_Format, Py_DecRef
            ];
            data [PyExc_AttributeError, PyExc_TypeError];
            {
                // SAFETY: the caller's exception.
                unsafe { part(exception, $python, $flag) }
            }
        })*
    };
}

part! {
    /// The codec's name.
    fn PyUnicodeDecodeError_GetEncoding = c"encoding", type_flag::UNICODE;
    /// The codec's name.
    fn PyUnicodeEncodeError_GetEncoding = c"encoding", type_flag::UNICODE;
    /// The bytes that were to be decoded.
    fn PyUnicodeDecodeError_GetObject = c"object", type_flag::BYTES;
    /// The str that was to be encoded.
    fn PyUnicodeEncodeError_GetObject = c"object", type_flag::UNICODE;
    /// The str that was to be translated.
    fn PyUnicodeTranslateError_GetObject = c"object", type_flag::UNICODE;
    /// The reason.
    fn PyUnicodeDecodeError_GetReason = c"reason", type_flag::UNICODE;
    /// The reason.
    fn PyUnicodeEncodeError_GetReason = c"reason", type_flag::UNICODE;
    /// The reason.
    fn PyUnicodeTranslateError_GetReason = c"reason", type_flag::UNICODE;
}

polyfill! {
    /// A `UnicodeDecodeError`.
    fn PyUnicodeDecodeError_Create(encoding: *const c_char, bytes: *const c_char, length: isize, start: isize, end: isize, reason: *const c_char) -> Object;
    uses [PyBytes_FromStringAndSize, PyObject_CallFunction, Py_DecRef];
    data [PyExc_UnicodeDecodeError];
    {
        // SAFETY: the arguments are the caller's; the bytes that are made are given back.
        unsafe {
            let object = PyBytes_FromStringAndSize(bytes, length);
            if object.is_null() {
                return object;
            }
            let class = crate::bind::value(&PyExc_UnicodeDecodeError);
            let exception = PyObject_CallFunction()(class, c"(sOnns)".as_ptr(), encoding, object, start, end, reason);
            Py_DecRef(object);
            exception
        }
    }
}

/// The number that an attribute holds. False with an exception.
unsafe fn number(exception: Object, name: &core::ffi::CStr, result: &mut isize) -> bool {
    use crate::functions::{Py_DecRef, PyErr_Occurred, PyLong_AsSsize_t, PyObject_GetAttrString};
    // SAFETY: the callers list these cells; the reference that is made is given back.
    unsafe {
        let object = PyObject_GetAttrString(exception, name.as_ptr());
        if object.is_null() {
            return false;
        }
        *result = PyLong_AsSsize_t(object);
        Py_DecRef(object);
        *result != -1 || PyErr_Occurred().is_null()
    }
}

/// Brings a position into the bounds of the object: a start is before the last item, an end behind the first.
fn clamp(position: isize, size: isize, is_end: bool) -> isize {
    if is_end { position.max(1).min(size) } else { position.max(0).min(size - 1) }
}

macro_rules! get_position {
    ($($(#[$attribute:meta])* fn $name:ident = $python:literal, $is_end:literal, $flag:expr;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(exception: Object, result: *mut isize) -> c_int;
            uses [
                PyObject_GetAttrString, PyObject_Type, PyType_GetFlags, PyLong_AsSsize_t, PyObject_Size, PyErr_Occurred,
                PyErr_ExceptionMatches, PyErr_Clear, PyErr_Format, Py_DecRef
            ];
            data [PyExc_AttributeError, PyExc_TypeError];
            {
                // SAFETY: the arguments are the caller's; the reference that is made is given back.
                unsafe {
                    let object = part(exception, c"object", $flag);
                    if object.is_null() {
                        return -1;
                    }
                    let size = PyObject_Size(object);
                    Py_DecRef(object);
                    let mut position = 0;
                    if size < 0 || !number(exception, $python, &mut position) {
                        return -1;
                    }
                    result.write(clamp(position, size, $is_end));
                    0
                }
            }
        })*
    };
}

get_position! {
    /// Where the error starts.
    fn PyUnicodeDecodeError_GetStart = c"start", false, type_flag::BYTES;
    /// Where the error starts.
    fn PyUnicodeEncodeError_GetStart = c"start", false, type_flag::UNICODE;
    /// Where the error starts.
    fn PyUnicodeTranslateError_GetStart = c"start", false, type_flag::UNICODE;
    /// Where the error ends.
    fn PyUnicodeDecodeError_GetEnd = c"end", true, type_flag::BYTES;
    /// Where the error ends.
    fn PyUnicodeEncodeError_GetEnd = c"end", true, type_flag::UNICODE;
    /// Where the error ends.
    fn PyUnicodeTranslateError_GetEnd = c"end", true, type_flag::UNICODE;
}

/// Stand-ins that set an attribute from a C value.
macro_rules! set {
    ($($(#[$attribute:meta])* fn $name:ident($type:ty) = $python:literal by $by:ident;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(exception: Object, content: $type) -> c_int;
            uses [$by, PyObject_SetAttrString, Py_DecRef];
            {
                // SAFETY: the arguments are the caller's; the reference that is made is given back.
                unsafe {
                    let object = $by(content);
                    if object.is_null() {
                        return -1;
                    }
                    let outcome = PyObject_SetAttrString(exception, $python.as_ptr(), object);
                    Py_DecRef(object);
                    outcome
                }
            }
        })*
    };
}

set! {
    /// Sets where the error starts.
    fn PyUnicodeDecodeError_SetStart(isize) = c"start" by PyLong_FromSsize_t;
    /// Sets where the error starts.
    fn PyUnicodeEncodeError_SetStart(isize) = c"start" by PyLong_FromSsize_t;
    /// Sets where the error starts.
    fn PyUnicodeTranslateError_SetStart(isize) = c"start" by PyLong_FromSsize_t;
    /// Sets where the error ends.
    fn PyUnicodeDecodeError_SetEnd(isize) = c"end" by PyLong_FromSsize_t;
    /// Sets where the error ends.
    fn PyUnicodeEncodeError_SetEnd(isize) = c"end" by PyLong_FromSsize_t;
    /// Sets where the error ends.
    fn PyUnicodeTranslateError_SetEnd(isize) = c"end" by PyLong_FromSsize_t;
    /// Sets the reason.
    fn PyUnicodeDecodeError_SetReason(*const c_char) = c"reason" by PyUnicode_FromString;
    /// Sets the reason.
    fn PyUnicodeEncodeError_SetReason(*const c_char) = c"reason" by PyUnicode_FromString;
    /// Sets the reason.
    fn PyUnicodeTranslateError_SetReason(*const c_char) = c"reason" by PyUnicode_FromString;
}

#[cfg(test)]
mod tests {
    use super::clamp;

    #[test]
    fn positions_stay_inside() {
        assert_eq!(clamp(-3, 5, false), 0);
        assert_eq!(clamp(9, 5, false), 4);
        assert_eq!(clamp(0, 5, true), 1);
        assert_eq!(clamp(9, 5, true), 5);
    }
}
