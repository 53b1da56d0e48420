//! Calls, and what CPython's own code checks around them.

use crate::polyfill;
use crate::polyfills::support;
use crate::types::{Object, c_char, c_int, c_void};
use core::ptr::null_mut;

polyfill! {
    /// Calls an object through its `__call__`, with a tuple of names or a dict as keywords.
    fn _PyObject_MakeTpCall(_state: *mut c_void, callable: Object, arguments: *const Object, count: isize, keywords: Object) -> Object;
    uses [
        PyObject_VectorcallDict, PyObject_Type, PyType_GetFlags, PyTuple_Size, PyTuple_GetItem, PyDict_New, PyDict_SetItem, Py_DecRef
    ];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let count = count.unsigned_abs();
            if !keywords.is_null() && support::has_type_flag(keywords, support::type_flag::TUPLE) {
                return super::super::before_3_11::PyObject_Vectorcall(callable, arguments, count, keywords);
            }
            PyObject_VectorcallDict(callable, arguments, count, keywords)
        }
    }
}

polyfill! {
    /// A dict of the keyword arguments of a vectorcall.
    fn _PyStack_AsDict(values: *const Object, names: Object) -> Object;
    uses [PyTuple_Size, PyTuple_GetItem, PyDict_New, PyDict_SetItem, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's: there is a value for each name.
        unsafe {
            let dict = PyDict_New();
            if dict.is_null() {
                return dict;
            }
            for index in 0..PyTuple_Size(names) {
                if PyDict_SetItem(dict, PyTuple_GetItem(names, index), values.offset(index).read()) < 0 {
                    Py_DecRef(dict);
                    return null_mut();
                }
            }
            dict
        }
    }
}

polyfill! {
    /// Checks that a call gave either a result or an exception, and gives the result.
    fn _Py_CheckFunctionResult(_state: *mut c_void, _callable: Object, result: Object, _place: *const c_char) -> Object;
    uses [PyErr_Occurred, PyErr_SetString, Py_DecRef];
    data [PyExc_SystemError];
    {
        // SAFETY: the caller's reference.
        unsafe {
            let failed = !PyErr_Occurred().is_null();
            if result.is_null() && !failed {
                let message = c"a function returned NULL without setting an exception".as_ptr();
                PyErr_SetString(crate::bind::value(&PyExc_SystemError), message);
            } else if !result.is_null() && failed {
                // The exception that is pending says more than one about it would.
                Py_DecRef(result);
                return null_mut();
            }
            result
        }
    }
}

polyfill! {
    /// Calls a method without arguments.
    fn PyObject_CallMethodNoArgs(object: Object, name: Object) -> Object;
    uses [PyObject_CallMethodObjArgs];
    {
        // SAFETY: the arguments are the caller's; a null pointer ends them.
        unsafe { PyObject_CallMethodObjArgs()(object, name, null_mut::<c_void>()) }
    }
}

polyfill! {
    /// Calls a method with one argument.
    fn PyObject_CallMethodOneArg(object: Object, name: Object, argument: Object) -> Object;
    uses [PyObject_CallMethodObjArgs];
    {
        // SAFETY: the arguments are the caller's; a null pointer ends them.
        unsafe { PyObject_CallMethodObjArgs()(object, name, argument, null_mut::<c_void>()) }
    }
}

polyfill! {
    /// Ends an iteration over an object that has no iterator: what CPython puts into such a type's `tp_iternext`.
    fn _PyObject_NextNotImplemented(object: Object) -> Object;
    uses [PyObject_Type, PyObject_GetAttrString, PyErr_Format, Py_DecRef];
    data [PyExc_TypeError];
    {
        // SAFETY: the caller's object.
        unsafe { support::type_error_about(object, c"'%U' object is not iterable") };
        null_mut()
    }
}

// CPython bounds how deeply destructors nest; without that they nest as deeply as the data does, which is right too.
polyfill! {
    /// Whether a destructor's work is to be put off: no.
    fn _PyTrash_cond(_object: Object, _destructor: *mut c_void) -> c_int;
    uses [];
    { 0 }
}

polyfill! {
    /// Whether a destructor's work was put off: no.
    fn _PyTrash_begin(_state: *mut c_void, _object: Object) -> c_int;
    uses [];
    { 0 }
}

polyfill! {
    /// Ends what `_PyTrash_begin` began.
    fn _PyTrash_end(_state: *mut c_void);
    uses [];
    {}
}

polyfill! {
    /// The most derived of a metaclass and the metaclasses of the bases, a borrowed reference.
    fn _PyType_CalculateMetaclass(metaclass: Object, bases: Object) -> Object;
    uses [PyTuple_Size, PyTuple_GetItem, PyObject_Type, PyType_IsSubtype, PyErr_SetString, Py_DecRef];
    data [PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's; the bases keep their types alive.
        unsafe {
            let mut winner = metaclass;
            for index in 0..PyTuple_Size(bases) {
                let own = PyObject_Type(PyTuple_GetItem(bases, index));
                Py_DecRef(own);
                if PyType_IsSubtype(winner, own) != 0 {
                    continue;
                }
                if PyType_IsSubtype(own, winner) == 0 {
                    let message = c"metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases";
                    PyErr_SetString(crate::bind::value(&PyExc_TypeError), message.as_ptr());
                    return null_mut();
                }
                winner = own;
            }
            winner
        }
    }
}
