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
    /// An attribute by the general rules, with a dict for that of the instance if it is not null. Null with `AttributeError`, or
    /// without an exception if that is to be suppressed.
    fn _PyObject_GenericGetAttrWithDict(object: Object, name: Object, dict: Object, suppress: c_int) -> Object;
    uses [
        PyObject_GenericGetAttr, PyObject_Type, _PyType_Lookup, PyObject_HasAttrString, PyObject_GetAttrString, PyObject_CallMethod,
        PyDict_GetItemWithError, PyErr_Occurred, PyErr_ExceptionMatches, PyErr_Clear, PyErr_Format, Py_IncRef, Py_DecRef
    ];
    data [PyExc_AttributeError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let found = if dict.is_null() {
                PyObject_GenericGetAttr(object, name)
            } else {
                attribute_with_dict(object, name, dict)
            };
            if found.is_null() && suppress != 0 {
                support::absent_if(&PyExc_AttributeError);
            }
            found
        }
    }
}

/// A data descriptor of the type, then what is in the dict, then any other attribute of the type. A new reference, or null with
/// an exception.
unsafe fn attribute_with_dict(object: Object, name: Object, dict: Object) -> Object {
    use crate::functions as f;
    // SAFETY: the caller lists these cells; the type is kept until the descriptor was used.
    unsafe {
        let class = f::PyObject_Type(object);
        let attribute = f::_PyType_Lookup(class, name);
        let mut found = null_mut();
        let mut done;
        if !attribute.is_null() {
            f::Py_IncRef(attribute);
            let kind = f::PyObject_Type(attribute);
            let has = |method: &core::ffi::CStr| f::PyObject_HasAttrString(kind, method.as_ptr()) != 0;
            let is_data = has(c"__set__") || has(c"__delete__");
            let binds = has(c"__get__");
            if !is_data {
                found = f::PyDict_GetItemWithError(dict, name);
                f::Py_IncRef(found);
            }
            done = !found.is_null() || !f::PyErr_Occurred().is_null();
            if !done && binds {
                let (get, format) = (c"__get__".as_ptr(), c"(OOO)".as_ptr());
                found = f::PyObject_CallMethod()(kind, get, format, attribute, object, class);
                done = true;
            } else if !done {
                f::Py_IncRef(attribute);
                found = attribute;
                done = true;
            }
            f::Py_DecRef(kind);
            f::Py_DecRef(attribute);
        } else {
            found = f::PyDict_GetItemWithError(dict, name);
            f::Py_IncRef(found);
            done = !found.is_null() || !f::PyErr_Occurred().is_null();
        }
        if !done {
            let type_name = f::PyObject_GetAttrString(class, c"__name__".as_ptr());
            if !type_name.is_null() {
                let error = crate::bind::value(&f::data::PyExc_AttributeError);
                f::PyErr_Format()(error, c"'%U' object has no attribute '%U'".as_ptr(), type_name, name);
                f::Py_DecRef(type_name);
            }
        }
        f::Py_DecRef(class);
        found
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
