//! What CPython 3.14 and hosts of its level lack.

use super::support::{self, alias, type_flag};
use crate::bind::value;
use crate::polyfill;
use crate::types::{Object, c_char, c_int};
use core::ptr::null_mut;

polyfill! {
    /// A tuple of these objects, with references of its own.
    fn PyTuple_FromArray(items: *const Object, size: isize) -> Object;
    uses [PyTuple_New, PyTuple_SetItem, Py_IncRef];
    {
        // SAFETY: the caller's array; the tuple takes the references that are made for it.
        unsafe {
            let tuple = PyTuple_New(size);
            if tuple.is_null() {
                return tuple;
            }
            for index in 0..size {
                let item = items.offset(index).read();
                Py_IncRef(item);
                PyTuple_SetItem(tuple, index, item);
            }
            tuple
        }
    }
}

polyfill! {
    /// An attribute of `sys` by a name in UTF-8: 1 with a new reference, 0 if there is none, -1 with an exception.
    fn PySys_GetOptionalAttrString(name: *const c_char, result: *mut Object) -> c_int;
    uses [PySys_GetObject, Py_IncRef];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let found = PySys_GetObject(name);
            Py_IncRef(found);
            result.write(found);
            c_int::from(!found.is_null())
        }
    }
}

polyfill! {
    /// An attribute of `sys`: 1 with a new reference, 0 if there is none, -1 with an exception.
    fn PySys_GetOptionalAttr(name: Object, result: *mut Object) -> c_int;
    uses [
        PySys_GetObject, PyUnicode_AsUTF8AndSize, PyObject_Type, PyType_GetFlags, PyObject_GetAttrString, PyErr_Format, Py_IncRef,
        Py_DecRef
    ];
    data [PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's; the text is borrowed from the name.
        unsafe {
            result.write(null_mut());
            if !support::has_type_flag(name, type_flag::UNICODE) {
                support::type_error_about(name, c"attribute name must be string, not '%U'");
                return -1;
            }
            let text = PyUnicode_AsUTF8AndSize(name, null_mut());
            if text.is_null() { -1 } else { PySys_GetOptionalAttrString(text, result) }
        }
    }
}

polyfill! {
    /// An attribute of `sys`, a new reference.
    fn PySys_GetAttr(name: Object) -> Object;
    uses [
        PySys_GetObject, PyUnicode_AsUTF8AndSize, PyObject_Type, PyType_GetFlags, PyObject_GetAttrString, PyErr_Format, Py_IncRef,
        Py_DecRef
    ];
    data [PyExc_TypeError, PyExc_RuntimeError];
    {
        let mut found = null_mut();
        // SAFETY: the caller's name.
        unsafe {
            if PySys_GetOptionalAttr(name, &mut found) == 0 {
                PyErr_Format()(value(&PyExc_RuntimeError), c"lost sys.%U".as_ptr(), name);
            }
        }
        found
    }
}

polyfill! {
    /// An attribute of `sys` by a name in UTF-8, a new reference.
    fn PySys_GetAttrString(name: *const c_char) -> Object;
    uses [PySys_GetObject, PyErr_Format, Py_IncRef];
    data [PyExc_RuntimeError];
    {
        // SAFETY: the caller's name.
        unsafe {
            let found = PySys_GetObject(name);
            Py_IncRef(found);
            if found.is_null() {
                PyErr_Format()(value(&PyExc_RuntimeError), c"lost sys.%s".as_ptr(), name);
            }
            found
        }
    }
}

// Before 3.15 the functions may themselves be called while the garbage collector runs.
alias! {
    /// The module of a type.
    PyType_GetModule_DuringGC = c"PyType_GetModule";
    /// The state of the module of a type.
    PyType_GetModuleState_DuringGC = c"PyType_GetModuleState";
    /// The state of a module.
    PyModule_GetState_DuringGC = c"PyModule_GetState";
}
