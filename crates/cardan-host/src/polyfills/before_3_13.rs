//! What CPython 3.12 and hosts of its level lack: references that are not borrowed, and "absent" told from an error.
//!
//! The dict, list and mapping functions stand here; the rest of that version is in [`super::before_3_13_runtime`].

use super::support::{self, same_as, type_flag};
use crate::bind::value;
use crate::polyfill;
use crate::types::{Object, c_char, c_int};
use core::ptr::null_mut;

polyfill! {
    /// Looks a key up in a dict: 1 with a new reference, 0 if it is absent, -1 with an exception.
    fn PyDict_GetItemRef(dict: Object, key: Object, result: *mut Object) -> c_int;
    uses [PyDict_GetItemWithError, PyErr_Occurred, Py_IncRef];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let found = PyDict_GetItemWithError(dict, key);
            Py_IncRef(found);
            result.write(found);
            match (found.is_null(), PyErr_Occurred().is_null()) {
                (false, _) => 1,
                (true, true) => 0,
                (true, false) => -1,
            }
        }
    }
}

/// Stand-ins for functions with a C string as key, by the function with an object as key.
macro_rules! with_key {
    ($(
        $(#[$attribute:meta])*
        fn $name:ident($first:ident: $type:ty, $key:ident: *const c_char $(, $rest:ident: $rest_type:ty)*) -> $result:ty = $by:ident or $failed:expr;
        uses [$($use:ident),*];
        $(data [$($data:ident),*];)?
    )*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name($first: $type, $key: *const c_char $(, $rest: $rest_type)*) -> $result;
            uses [PyUnicode_FromString, PyErr_BadInternalCall, $($use),*];
            $(data [$($data),*];)?
            {
                // SAFETY: the arguments are the caller's; the key that is made is given back.
                unsafe {
                    let text = if $key.is_null() { support::no_object() } else { PyUnicode_FromString($key) };
                    if text.is_null() {
                        $(support::put($rest, null_mut());)*
                        return $failed;
                    }
                    let result = $by($first, text $(, $rest)*);
                    Py_DecRef(text);
                    result
                }
            }
        })*
    };
}

with_key! {
    /// As `PyDict_GetItemRef`, with a key in UTF-8.
    fn PyDict_GetItemStringRef(dict: Object, key: *const c_char, result: *mut Object) -> c_int = PyDict_GetItemRef or -1;
    uses [PyDict_GetItemWithError, PyErr_Occurred, Py_IncRef, Py_DecRef];

    /// Whether a dict has a key in UTF-8: 1, 0, or -1 with an exception.
    fn PyDict_ContainsString(dict: Object, key: *const c_char) -> c_int = contains or -1;
    uses [PyDict_Contains, PyObject_Type, PyType_GetFlags, Py_DecRef];

    /// As `PyDict_Pop`, with a key in UTF-8.
    fn PyDict_PopString(dict: Object, key: *const c_char, result: *mut Object) -> c_int = PyDict_Pop or -1;
    uses [
        PyDict_GetItemWithError, PyDict_DelItem, PyDict_Size, PyObject_Type, PyType_GetFlags, PyErr_Occurred, Py_IncRef, Py_DecRef
    ];

    /// As `PyObject_GetOptionalAttr`, with a name in UTF-8.
    fn PyObject_GetOptionalAttrString(object: Object, name: *const c_char, result: *mut Object) -> c_int = PyObject_GetOptionalAttr or -1;
    uses [PyObject_GetAttr, PyErr_ExceptionMatches, PyErr_Clear, Py_DecRef];
    data [PyExc_AttributeError];

    /// Whether an object has an attribute, by a name in UTF-8: 1, 0, or -1 with an exception.
    fn PyObject_HasAttrStringWithError(object: Object, name: *const c_char) -> c_int = PyObject_HasAttrWithError or -1;
    uses [PyObject_GetAttr, PyErr_ExceptionMatches, PyErr_Clear, Py_DecRef];
    data [PyExc_AttributeError];

    /// As `PyMapping_GetOptionalItem`, with a key in UTF-8.
    fn PyMapping_GetOptionalItemString(mapping: Object, key: *const c_char, result: *mut Object) -> c_int = PyMapping_GetOptionalItem or -1;
    uses [PyObject_GetItem, PyErr_ExceptionMatches, PyErr_Clear, Py_DecRef];
    data [PyExc_KeyError];

    /// Whether a mapping has a key in UTF-8: 1, 0, or -1 with an exception.
    fn PyMapping_HasKeyStringWithError(mapping: Object, key: *const c_char) -> c_int = PyMapping_HasKeyWithError or -1;
    uses [PyObject_GetItem, PyErr_ExceptionMatches, PyErr_Clear, Py_DecRef];
    data [PyExc_KeyError];
}

/// `PyDict_Contains`, which not every host's own function refuses what is no dict. Needs it, `PyObject_Type`,
/// `PyType_GetFlags`, `PyErr_BadInternalCall` and `Py_DecRef`.
unsafe fn contains(dict: Object, key: Object) -> c_int {
    // SAFETY: the caller lists these cells.
    unsafe {
        if !support::has_type_flag(dict, type_flag::DICT) {
            return support::bad_internal_call();
        }
        crate::functions::PyDict_Contains(dict, key)
    }
}

polyfill! {
    /// Takes a key out of a dict: 1 with a new reference, 0 if it is absent, -1 with an exception. `result` may be null.
    fn PyDict_Pop(dict: Object, key: Object, result: *mut Object) -> c_int;
    uses [
        PyDict_GetItemWithError, PyDict_DelItem, PyDict_Size, PyObject_Type, PyType_GetFlags, PyErr_BadInternalCall, PyErr_Occurred,
        Py_IncRef, Py_DecRef
    ];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            support::put(result, null_mut());
            if !support::has_type_flag(dict, type_flag::DICT) {
                return support::bad_internal_call();
            }
            // A key that has no hash is no error here.
            if PyDict_Size(dict) == 0 {
                return 0;
            }
            let mut found = null_mut();
            let outcome = PyDict_GetItemRef(dict, key, &mut found);
            if outcome <= 0 {
                return outcome;
            }
            if PyDict_DelItem(dict, key) < 0 {
                Py_DecRef(found);
                return -1;
            }
            if result.is_null() {
                Py_DecRef(found);
            } else {
                result.write(found);
            }
            1
        }
    }
}

polyfill! {
    /// Looks a key up in a dict, or sets it to the default: 1 if it was there, 0 if it was set, -1 with an exception.
    /// `result`, which may be null, gets a new reference.
    fn PyDict_SetDefaultRef(dict: Object, key: Object, default: Object, result: *mut Object) -> c_int;
    uses [PyDict_GetItemWithError, PyDict_SetItem, PyErr_Occurred, Py_IncRef, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let mut found = null_mut();
            let mut outcome = PyDict_GetItemRef(dict, key, &mut found);
            if outcome == 0 {
                outcome = PyDict_SetItem(dict, key, default);
                if outcome == 0 {
                    Py_IncRef(default);
                    found = default;
                }
            }
            if result.is_null() {
                Py_DecRef(found);
            } else {
                result.write(found);
            }
            outcome
        }
    }
}

polyfill! {
    /// An item of a list, a new reference.
    fn PyList_GetItemRef(list: Object, index: isize) -> Object;
    uses [PyObject_Type, PyType_GetFlags, PyList_GetItem, PyErr_SetString, Py_IncRef, Py_DecRef];
    data [PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if !support::has_type_flag(list, type_flag::LIST) {
                PyErr_SetString(value(&PyExc_TypeError), c"expected a list".as_ptr());
                return null_mut();
            }
            let item = PyList_GetItem(list, index);
            Py_IncRef(item);
            item
        }
    }
}

polyfill! {
    /// Removes all items of a list. 0, or -1 with an exception.
    fn PyList_Clear(list: Object) -> c_int;
    uses [PyObject_Type, PyType_GetFlags, PyList_SetSlice, PyErr_BadInternalCall, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if !support::has_type_flag(list, type_flag::LIST) {
                return support::bad_internal_call();
            }
            PyList_SetSlice(list, 0, isize::MAX, null_mut())
        }
    }
}

polyfill! {
    /// Appends the items of an iterable to a list. 0, or -1 with an exception.
    fn PyList_Extend(list: Object, items: Object) -> c_int;
    uses [PyObject_Type, PyType_GetFlags, PyObject_CallMethod, PyErr_BadInternalCall, Py_DecRef];
    data [PyList_Type];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if !support::has_type_flag(list, type_flag::LIST) {
                return support::bad_internal_call();
            }
            let result = PyObject_CallMethod()(PyList_Type.address().cast(), c"extend".as_ptr(), c"(OO)".as_ptr(), list, items);
            if result.is_null() {
                return -1;
            }
            Py_DecRef(result);
            0
        }
    }
}

polyfill! {
    /// An attribute: 1 with a new reference, 0 if there is none, -1 with an exception.
    fn PyObject_GetOptionalAttr(object: Object, name: Object, result: *mut Object) -> c_int;
    uses [PyObject_GetAttr, PyErr_ExceptionMatches, PyErr_Clear];
    data [PyExc_AttributeError];
    choose |host| same_as(host, c"_PyObject_LookupAttr", PyObject_GetOptionalAttr as *const _);
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let found = PyObject_GetAttr(object, name);
            result.write(found);
            if found.is_null() { support::absent_if(&PyExc_AttributeError) } else { 1 }
        }
    }
}

polyfill! {
    /// Whether an object has an attribute: 1, 0, or -1 with an exception.
    fn PyObject_HasAttrWithError(object: Object, name: Object) -> c_int;
    uses [PyObject_GetAttr, PyErr_ExceptionMatches, PyErr_Clear, Py_DecRef];
    data [PyExc_AttributeError];
    {
        let mut found = null_mut();
        // SAFETY: the arguments are the caller's; the new reference is given back.
        unsafe {
            let outcome = PyObject_GetOptionalAttr(object, name, &mut found);
            Py_DecRef(found);
            outcome
        }
    }
}

polyfill! {
    /// An item: 1 with a new reference, 0 if there is none, -1 with an exception.
    fn PyMapping_GetOptionalItem(mapping: Object, key: Object, result: *mut Object) -> c_int;
    uses [PyObject_GetItem, PyErr_ExceptionMatches, PyErr_Clear];
    data [PyExc_KeyError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let found = PyObject_GetItem(mapping, key);
            result.write(found);
            if found.is_null() { support::absent_if(&PyExc_KeyError) } else { 1 }
        }
    }
}

polyfill! {
    /// Whether a mapping has a key: 1, 0, or -1 with an exception.
    fn PyMapping_HasKeyWithError(mapping: Object, key: Object) -> c_int;
    uses [PyObject_GetItem, PyErr_ExceptionMatches, PyErr_Clear, Py_DecRef];
    data [PyExc_KeyError];
    {
        let mut found = null_mut();
        // SAFETY: the arguments are the caller's; the new reference is given back.
        unsafe {
            let outcome = PyMapping_GetOptionalItem(mapping, key, &mut found);
            Py_DecRef(found);
            outcome
        }
    }
}
