//! Attributes that lie in a field of a C struct, for hosts that read and write them only by themselves.
//!
//! <https://docs.python.org/3/c-api/structures.html#member-types> says what each kind of field is in Python.

use super::support;
use crate::bind::value;
use crate::functions::data::{PyExc_RuntimeWarning, PyExc_SystemError};
use crate::polyfill;
use crate::types::{Object, PyMemberDef, c_char, c_int, c_long, c_ulong, c_void};
use core::ffi::CStr;
use core::ptr::null_mut;

/// The kinds of fields, `Py_T_*`.
mod kind {
    pub const SHORT: i32 = 0;
    pub const INT: i32 = 1;
    pub const LONG: i32 = 2;
    pub const FLOAT: i32 = 3;
    pub const DOUBLE: i32 = 4;
    pub const STRING: i32 = 5;
    pub const OBJECT: i32 = 6;
    pub const CHAR: i32 = 7;
    pub const BYTE: i32 = 8;
    pub const UBYTE: i32 = 9;
    pub const USHORT: i32 = 10;
    pub const UINT: i32 = 11;
    pub const ULONG: i32 = 12;
    pub const STRING_INPLACE: i32 = 13;
    pub const BOOL: i32 = 14;
    pub const OBJECT_EX: i32 = 16;
    pub const LONGLONG: i32 = 17;
    pub const ULONGLONG: i32 = 18;
    pub const PYSSIZET: i32 = 19;
    pub const NONE: i32 = 20;
}

/// `Py_READONLY`.
const READONLY: c_int = 1;

/// `Py_RELATIVE_OFFSET`: where the struct starts is known only while the type is made.
const RELATIVE_OFFSET: c_int = 8;

polyfill! {
    /// Reads the attribute that lies in a field of the struct at an address: a new reference, or null with an exception.
    fn PyMember_GetOne(start: *const c_char, member: *mut PyMemberDef) -> Object;
    uses [
        Py_BuildValue, Py_IncRef, Py_DecRef, PyLong_FromLong, PyLong_FromLongLong, PyLong_FromUnsignedLong,
        PyLong_FromUnsignedLongLong, PyFloat_FromDouble, PyBool_FromLong, PyUnicode_DecodeUTF8, PyErr_SetString
    ];
    data [PyExc_AttributeError, PyExc_SystemError];
    {
        // SAFETY: the member says what lies at its offset in the caller's struct.
        unsafe {
            let (member, field) = (&*member, start.wrapping_byte_offset((*member).offset));
            if member.flags & RELATIVE_OFFSET != 0 {
                let message = c"PyMember_GetOne used with Py_RELATIVE_OFFSET".as_ptr();
                PyErr_SetString(value(&PyExc_SystemError), message);
                return null_mut();
            }
            let text = |text: *const c_char| {
                PyUnicode_DecodeUTF8(text, CStr::from_ptr(text).count_bytes() as isize, core::ptr::null())
            };
            match member.kind {
                kind::SHORT => PyLong_FromLongLong(field.cast::<i16>().read().into()),
                kind::INT => PyLong_FromLongLong(field.cast::<c_int>().read().into()),
                kind::LONG => PyLong_FromLong(field.cast::<c_long>().read()),
                kind::FLOAT => PyFloat_FromDouble(field.cast::<f32>().read().into()),
                kind::DOUBLE => PyFloat_FromDouble(field.cast::<f64>().read()),
                kind::STRING => {
                    let string = field.cast::<*const c_char>().read();
                    if string.is_null() { new_none() } else { text(string) }
                }
                kind::OBJECT | kind::OBJECT_EX => {
                    let held = field.cast::<Object>().read();
                    if !held.is_null() {
                        Py_IncRef(held);
                        held
                    } else if member.kind == kind::OBJECT {
                        new_none()
                    } else {
                        PyErr_SetString(value(&PyExc_AttributeError), member.name);
                        null_mut()
                    }
                }
                kind::CHAR => PyUnicode_DecodeUTF8(field, 1, core::ptr::null()),
                kind::BYTE => PyLong_FromLongLong(field.cast::<i8>().read().into()),
                kind::UBYTE => PyLong_FromLongLong(field.cast::<u8>().read().into()),
                kind::USHORT => PyLong_FromLongLong(field.cast::<u16>().read().into()),
                kind::UINT => PyLong_FromLongLong(field.cast::<u32>().read().into()),
                kind::ULONG => PyLong_FromUnsignedLong(field.cast::<c_ulong>().read()),
                kind::STRING_INPLACE => text(field),
                kind::BOOL => PyBool_FromLong((field.cast::<u8>().read() != 0).into()),
                kind::LONGLONG => PyLong_FromLongLong(field.cast::<i64>().read()),
                kind::ULONGLONG => PyLong_FromUnsignedLongLong(field.cast::<u64>().read()),
                kind::PYSSIZET => PyLong_FromLongLong(field.cast::<isize>().read() as i64),
                kind::NONE => new_none(),
                _ => {
                    PyErr_SetString(value(&PyExc_SystemError), c"bad memberdescr type".as_ptr());
                    null_mut()
                }
            }
        }
    }
}

/// `None`, a new reference.
unsafe fn new_none() -> Object {
    // SAFETY: the callers list these cells.
    unsafe {
        let none = support::none();
        if !none.is_null() {
            crate::functions::Py_IncRef(none);
        }
        none
    }
}

polyfill! {
    /// Sets the attribute that lies in a field of the struct at an address, or deletes it if `new` is null. 0, or -1 with an
    /// exception.
    fn PyMember_SetOne(start: *mut c_char, member: *mut PyMemberDef, new: Object) -> c_int;
    uses [
        PyNumber_Index, PyLong_AsLongLong, PyLong_AsUnsignedLongLong, PyFloat_AsDouble, PyErr_Occurred, PyErr_WarnEx,
        PyErr_SetString, PyUnicode_AsUTF8AndSize, PyObject_Type, PyBool_FromLong, Py_IncRef, Py_DecRef
    ];
    data [PyExc_AttributeError, PyExc_TypeError, PyExc_SystemError, PyExc_RuntimeWarning];
    {
        let refuse = |class: &crate::cell::Cell, message: &CStr| {
            // SAFETY: the class and the cell are listed above.
            unsafe { PyErr_SetString(value(class), message.as_ptr()) };
            -1
        };
        // SAFETY: the member says what lies at its offset in the caller's struct; references that are made are given back.
        unsafe {
            let (member, field) = (&*member, start.wrapping_byte_offset((*member).offset));
            if member.flags & RELATIVE_OFFSET != 0 {
                return refuse(&PyExc_SystemError, c"PyMember_SetOne used with Py_RELATIVE_OFFSET");
            }
            if member.flags & READONLY != 0 {
                return refuse(&PyExc_AttributeError, c"readonly attribute");
            }
            if new.is_null() {
                let held = field.cast::<Object>();
                return match member.kind {
                    kind::OBJECT_EX if held.read().is_null() => refuse(&PyExc_AttributeError, CStr::from_ptr(member.name)),
                    kind::OBJECT | kind::OBJECT_EX => {
                        Py_DecRef(held.replace(null_mut()));
                        0
                    }
                    _ => refuse(&PyExc_TypeError, c"can't delete numeric/char attribute"),
                };
            }
            match member.kind {
                kind::OBJECT | kind::OBJECT_EX => {
                    Py_IncRef(new);
                    let old = field.cast::<Object>().replace(new);
                    if !old.is_null() {
                        Py_DecRef(old);
                    }
                    0
                }
                kind::BOOL => {
                    let (truth, class) = (PyBool_FromLong(1), PyObject_Type(new));
                    let usual = PyObject_Type(truth);
                    let is_bool = class == usual;
                    let is_true = new == truth;
                    for object in [truth, class, usual] {
                        Py_DecRef(object);
                    }
                    if !is_bool {
                        return refuse(&PyExc_TypeError, c"attribute value type must be bool");
                    }
                    field.cast::<u8>().write(is_true.into());
                    0
                }
                kind::FLOAT | kind::DOUBLE => {
                    let number = PyFloat_AsDouble(new);
                    if number == -1.0 && !PyErr_Occurred().is_null() {
                        return -1;
                    }
                    if member.kind == kind::FLOAT {
                        field.cast::<f32>().write(number as f32);
                    } else {
                        field.cast::<f64>().write(number);
                    }
                    0
                }
                kind::CHAR => {
                    let mut size = 0;
                    let text = PyUnicode_AsUTF8AndSize(new, &raw mut size);
                    if text.is_null() || size != 1 {
                        return refuse(&PyExc_TypeError, c"bad argument type for built-in operation");
                    }
                    field.write(text.read());
                    0
                }
                kind::STRING | kind::STRING_INPLACE => refuse(&PyExc_TypeError, c"readonly attribute"),
                kind::ULONG | kind::ULONGLONG => {
                    let number = PyNumber_Index(new);
                    if number.is_null() {
                        return -1;
                    }
                    let word = PyLong_AsUnsignedLongLong(number);
                    Py_DecRef(number);
                    if word == u64::MAX && !PyErr_Occurred().is_null() {
                        return -1;
                    }
                    if member.kind == kind::ULONG {
                        field.cast::<c_ulong>().write(word as c_ulong);
                    } else {
                        field.cast::<u64>().write(word);
                    }
                    0
                }
                _ => {
                    let number = PyNumber_Index(new);
                    if number.is_null() {
                        return -1;
                    }
                    let word = PyLong_AsLongLong(number);
                    Py_DecRef(number);
                    if word == -1 && !PyErr_Occurred().is_null() {
                        return -1;
                    }
                    store_signed(field.cast(), member.kind, word)
                }
            }
        }
    }
}

/// Stores a number in a field of at most 64 bits. 0, or -1 with an exception. As in CPython a number that is too large loses its
/// upper bits, with a warning.
unsafe fn store_signed(field: *mut c_void, kind: c_int, word: i64) -> c_int {
    use crate::functions::{PyErr_SetString, PyErr_WarnEx};
    macro_rules! store {
        ($type:ty, $warning:literal) => {{
            let stored = word as $type;
            // SAFETY: the caller's field is of this type; the cells are those of `PyMember_SetOne`.
            unsafe {
                field.cast::<$type>().write_unaligned(stored);
                if i128::from(word) == stored as i128 {
                    return 0;
                }
                PyErr_WarnEx(value(&PyExc_RuntimeWarning), $warning.as_ptr(), 1)
            }
        }};
    }
    match kind {
        kind::BYTE => store!(i8, c"Truncation of value to char"),
        kind::UBYTE => store!(u8, c"Truncation of value to unsigned char"),
        kind::SHORT => store!(i16, c"Truncation of value to short"),
        kind::USHORT => store!(u16, c"Truncation of value to unsigned short"),
        kind::INT => store!(c_int, c"Truncation of value to int"),
        kind::UINT => store!(u32, c"Truncation of value to unsigned int"),
        kind::LONG => store!(c_long, c"Truncation of value to long"),
        kind::LONGLONG => store!(i64, c"Truncation of value to long long"),
        kind::PYSSIZET => store!(isize, c"Truncation of value to Py_ssize_t"),
        _ => {
            // SAFETY: as above.
            unsafe { PyErr_SetString(value(&PyExc_SystemError), c"bad memberdescr type".as_ptr()) };
            -1
        }
    }
}
