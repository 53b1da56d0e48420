//! Any object: attributes, items, types, comparison, text.

use crate::convert::{handle, object};
use crate::definitions::raise;
use crate::forward;
use crate::imports::{
    Py_DecRef, Py_TYPE, PyErr_Occurred, PyExc_SystemError, PyLong_FromSsize_t, PyObject_DelAttr,
    PyObject_DelAttrString, PyObject_DelItem, PyObject_GetItem, PyObject_SetAttr, PyObject_SetAttrString,
    PyObject_SetItem, PySequence_Check, PySequence_GetItem, PyType_IsSubtype, PyUnicode_FromString,
};
use crate::items;
use cardan_abi::{Context, Handle};
use cardan_host::types::Object;
use core::ffi::{c_char, c_int};

forward! {
    ctx_Length(h: Handle) -> isize = PyObject_Size;
    ctx_IsTrue(h: Handle) -> c_int = PyObject_IsTrue;
    ctx_GetAttr(h: Handle, name: Handle) -> Handle = PyObject_GetAttr;
    ctx_GetAttr_s(h: Handle, name: *const c_char) -> Handle = PyObject_GetAttrString;
    ctx_HasAttr(h: Handle, name: Handle) -> c_int = PyObject_HasAttr;
    ctx_HasAttr_s(h: Handle, name: *const c_char) -> c_int = PyObject_HasAttrString;
    ctx_GetItem(h: Handle, key: Handle) -> Handle = PyObject_GetItem;
    ctx_Contains(container: Handle, key: Handle) -> c_int = PySequence_Contains;
    ctx_DelItem(h: Handle, key: Handle) -> c_int = PyObject_DelItem;
    ctx_GetSlice(h: Handle, start: isize, end: isize) -> Handle = PySequence_GetSlice;
    ctx_SetSlice(h: Handle, start: isize, end: isize, value: Handle) -> c_int = PySequence_SetSlice;
    ctx_DelSlice(h: Handle, start: isize, end: isize) -> c_int = PySequence_DelSlice;
    ctx_Type(h: Handle) -> Handle = PyObject_Type;
    ctx_Type_IsSubtype(class: Handle, base: Handle) -> c_int = PyType_IsSubtype;
    ctx_Is(h1: Handle, h2: Handle) -> c_int = Py_Is;
    ctx_Repr(h: Handle) -> Handle = PyObject_Repr;
    ctx_Str(h: Handle) -> Handle = PyObject_Str;
    ctx_ASCII(h: Handle) -> Handle = PyObject_ASCII;
    ctx_Bytes(h: Handle) -> Handle = PyObject_Bytes;
    ctx_RichCompare(h1: Handle, h2: Handle, operation: c_int) -> Handle = PyObject_RichCompare;
    ctx_RichCompareBool(h1: Handle, h2: Handle, operation: c_int) -> c_int = PyObject_RichCompareBool;
    ctx_Hash(h: Handle) -> isize = PyObject_Hash;
}

/// Whether an object is of a type or of a subtype.
///
/// # Safety
/// Both handles are open, the second one's object is a type; the thread is attached.
pub unsafe extern "C" fn ctx_TypeCheck(_: *mut Context, h: Handle, class: Handle) -> c_int {
    // SAFETY: the imports are bound before a context is handed out; the object keeps its type alive.
    unsafe {
        let own = Py_TYPE(object(h));
        c_int::from(own == object(class) || PyType_IsSubtype(own, object(class)) != 0)
    }
}

/// Sets an attribute, or deletes it if the value is null. Not every host's function for setting takes null for that.
///
/// # Safety
/// The handles are open, the value may be null; the thread is attached.
pub unsafe extern "C" fn ctx_SetAttr(_: *mut Context, h: Handle, name: Handle, value: Handle) -> c_int {
    // SAFETY: as above.
    unsafe {
        if value.is_null() {
            return PyObject_DelAttr(object(h), object(name));
        }
        PyObject_SetAttr(object(h), object(name), object(value))
    }
}

/// Sets or deletes an attribute by its name in UTF-8.
///
/// # Safety
/// As for [`ctx_SetAttr`], the name is a C string.
pub unsafe extern "C" fn ctx_SetAttr_s(_: *mut Context, h: Handle, name: *const c_char, value: Handle) -> c_int {
    // SAFETY: as above.
    unsafe {
        if value.is_null() {
            return PyObject_DelAttrString(object(h), name);
        }
        PyObject_SetAttrString(object(h), name, object(value))
    }
}

/// Does something with a key that is made for it; `failed` if it cannot be made.
#[inline]
unsafe fn with_key<R>(key: Object, failed: R, action: impl FnOnce(Object) -> R) -> R {
    if key.is_null() {
        return failed;
    }
    let result = action(key);
    // SAFETY: the key is the caller's own reference.
    unsafe { Py_DecRef(key) };
    result
}

/// An item by its number; that of a sequence counts from the end if it is negative.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_GetItem_i(context: *mut Context, h: Handle, index: isize) -> Handle {
    // SAFETY: as above.
    unsafe {
        let container = object(h);
        if let Some(item) = items::get(context, container, index) {
            return handle(item);
        }
        if PySequence_Check(container) != 0 {
            return handle(PySequence_GetItem(container, index));
        }
        with_key(PyLong_FromSsize_t(index), Handle::NULL, |key| handle(PyObject_GetItem(container, key)))
    }
}

/// An item by a key in UTF-8.
///
/// # Safety
/// The handle is open, the key a C string; the thread is attached.
pub unsafe extern "C" fn ctx_GetItem_s(_: *mut Context, h: Handle, key: *const c_char) -> Handle {
    // SAFETY: as above.
    unsafe { with_key(PyUnicode_FromString(key), Handle::NULL, |key| handle(PyObject_GetItem(object(h), key))) }
}

/// There is no value, mostly because it could not be made: then an exception says why. Some hosts would delete the item.
#[cold]
unsafe fn without_value() -> c_int {
    // SAFETY: the imports are bound before a context is handed out.
    unsafe {
        if PyErr_Occurred().is_null() {
            raise(PyExc_SystemError(), c"the value of an item is HPy_NULL; expected an object");
        }
    }
    -1
}

/// Sets an item by a key.
///
/// # Safety
/// The handles are open, the value may be null; the thread is attached.
pub unsafe extern "C" fn ctx_SetItem(_: *mut Context, h: Handle, key: Handle, value: Handle) -> c_int {
    // SAFETY: as above.
    unsafe {
        if value.is_null() {
            return without_value();
        }
        PyObject_SetItem(object(h), object(key), object(value))
    }
}

/// Sets an item by its number.
///
/// # Safety
/// The handles are open, the value may be null; the thread is attached.
pub unsafe extern "C" fn ctx_SetItem_i(_: *mut Context, h: Handle, index: isize, value: Handle) -> c_int {
    // SAFETY: as above.
    unsafe {
        if value.is_null() {
            return without_value();
        }
        with_key(PyLong_FromSsize_t(index), -1, |key| PyObject_SetItem(object(h), key, object(value)))
    }
}

/// Sets an item by a key in UTF-8.
///
/// # Safety
/// The handles are open, the value may be null, the key is a C string; the thread is attached.
pub unsafe extern "C" fn ctx_SetItem_s(_: *mut Context, h: Handle, key: *const c_char, value: Handle) -> c_int {
    // SAFETY: as above.
    unsafe {
        if value.is_null() {
            return without_value();
        }
        with_key(PyUnicode_FromString(key), -1, |key| PyObject_SetItem(object(h), key, object(value)))
    }
}

/// Deletes an item by its number.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_DelItem_i(_: *mut Context, h: Handle, index: isize) -> c_int {
    // SAFETY: as above.
    unsafe { with_key(PyLong_FromSsize_t(index), -1, |key| PyObject_DelItem(object(h), key)) }
}

/// Deletes an item by a key in UTF-8.
///
/// # Safety
/// The handle is open, the key a C string; the thread is attached.
pub unsafe extern "C" fn ctx_DelItem_s(_: *mut Context, h: Handle, key: *const c_char) -> c_int {
    // SAFETY: as above.
    unsafe { with_key(PyUnicode_FromString(key), -1, |key| PyObject_DelItem(object(h), key)) }
}
