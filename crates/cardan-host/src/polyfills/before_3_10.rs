//! What CPython 3.9 and hosts of its level lack.

use super::support::{self, alias};
use crate::polyfill;
use crate::polyfill::Choice;
use crate::types::{Object, c_char, c_int};
use core::ffi::CStr;
use core::ptr::null_mut;

polyfill! {
    /// Adds an object to a module, without taking the reference.
    fn PyModule_AddObjectRef(module: Object, name: *const c_char, value: Object) -> c_int;
    uses [PyModule_AddObject, Py_IncRef, Py_DecRef, PyErr_Occurred, PyErr_SetString];
    data [PyExc_SystemError];
    {
        // SAFETY: the arguments are the caller's; the reference that a failed call did not take is given back.
        unsafe {
            if value.is_null() {
                if PyErr_Occurred().is_null() {
                    PyErr_SetString(crate::bind::value(&PyExc_SystemError), c"PyModule_AddObjectRef() must be called with an exception raised if value is NULL".as_ptr());
                }
                return -1;
            }
            Py_IncRef(value);
            let result = PyModule_AddObject(module, name, value);
            if result < 0 {
                Py_DecRef(value);
            }
            result
        }
    }
}

alias! {
    /// Takes a reference to an object that is not null.
    _Py_IncRef = c"Py_IncRef";
    /// Gives back a reference to an object that is not null.
    _Py_DecRef = c"Py_DecRef";
}

polyfill! {
    /// A new reference to an object.
    fn Py_NewRef(object: Object) -> Object;
    uses [Py_IncRef];
    {
        // SAFETY: the caller's object.
        unsafe { Py_IncRef(object) };
        object
    }
}

polyfill! {
    /// A new reference to an object, or null for null.
    fn Py_XNewRef(object: Object) -> Object;
    uses [Py_IncRef];
    {
        // SAFETY: the function takes null too.
        unsafe { Py_IncRef(object) };
        object
    }
}

polyfill! {
    /// Whether both are the same object.
    fn Py_Is(left: Object, right: Object) -> c_int;
    uses [];
    { c_int::from(left == right) }
}

polyfill! {
    /// Whether an object is `None`.
    fn Py_IsNone(object: Object) -> c_int;
    uses [Py_BuildValue, Py_DecRef];
    {
        // SAFETY: the cells are filled.
        c_int::from(unsafe { support::none() } == object)
    }
}

/// Whether an object is `True` or `False`, as `value` says.
unsafe fn is_bool(object: Object, value: bool) -> c_int {
    // SAFETY: the callers list both cells. The singleton outlives the reference.
    unsafe {
        let constant = crate::functions::PyBool_FromLong(value.into());
        crate::functions::Py_DecRef(constant);
        c_int::from(constant == object)
    }
}

polyfill! {
    /// Whether an object is `True`.
    fn Py_IsTrue(object: Object) -> c_int;
    uses [PyBool_FromLong, Py_DecRef];
    {
        // SAFETY: the cells are filled.
        unsafe { is_bool(object, true) }
    }
}

polyfill! {
    /// Whether an object is `False`.
    fn Py_IsFalse(object: Object) -> c_int;
    uses [PyBool_FromLong, Py_DecRef];
    {
        // SAFETY: the cells are filled.
        unsafe { is_bool(object, false) }
    }
}

polyfill! {
    /// Sends a value into an iterator: 1 with the next value, 0 with the value it returned, -1 with an exception.
    fn PyIter_Send(iterator: Object, sent: Object, result: *mut Object) -> c_int;
    uses [
        PyIter_Check, PyObject_CallMethod, PyErr_Occurred, PyErr_ExceptionMatches, PyErr_Fetch, PyErr_NormalizeException,
        PyObject_GetAttrString, Py_BuildValue, Py_DecRef
    ];
    data [PyExc_StopIteration];
    // PyPy's own says that it is not implemented; GraalPy's does not store what was returned.
    {
        // SAFETY: the arguments are the caller's; what is fetched is given back.
        unsafe {
            // By method, not by `PyIter_Next`: that one drops the value which comes with StopIteration.
            let next = if sent == support::none() && PyIter_Check(iterator) != 0 {
                PyObject_CallMethod()(iterator, c"__next__".as_ptr(), core::ptr::null())
            } else {
                PyObject_CallMethod()(iterator, c"send".as_ptr(), c"(O)".as_ptr(), sent)
            };
            result.write(next);
            if !next.is_null() {
                return 1;
            }
            if PyErr_Occurred().is_null() || PyErr_ExceptionMatches(crate::bind::value(&PyExc_StopIteration)) == 0 {
                return -1;
            }
            let (mut kind, mut exception, mut traceback) = (null_mut(), null_mut(), null_mut());
            PyErr_Fetch(&mut kind, &mut exception, &mut traceback);
            PyErr_NormalizeException(&mut kind, &mut exception, &mut traceback);
            let returned = PyObject_GetAttrString(exception, c"value".as_ptr());
            for object in [kind, exception, traceback] {
                if !object.is_null() {
                    Py_DecRef(object);
                }
            }
            result.write(returned);
            if returned.is_null() { -1 } else { 0 }
        }
    }
}

/// Whether the type of an object has a special method.
unsafe fn type_has(object: Object, name: &CStr) -> bool {
    use crate::functions::{Py_DecRef, PyObject_HasAttrString, PyObject_Type};
    // SAFETY: the callers list these cells.
    unsafe {
        let class = PyObject_Type(object);
        Py_DecRef(class);
        PyObject_HasAttrString(class, name.as_ptr()) != 0
    }
}

polyfill! {
    /// Whether an object is an asynchronous iterator.
    fn PyAIter_Check(object: Object) -> c_int;
    uses [PyObject_Type, PyObject_HasAttrString, Py_DecRef];
    {
        // SAFETY: the caller's object.
        c_int::from(unsafe { type_has(object, c"__anext__") })
    }
}

polyfill! {
    /// The asynchronous iterator of an object, a new reference.
    fn PyObject_GetAIter(object: Object) -> Object;
    uses [
        PyObject_Type, PyObject_HasAttrString, PyObject_GetAttrString, PyObject_CallMethod, PyErr_Format, Py_DecRef
    ];
    data [PyExc_TypeError];
    {
        // SAFETY: the caller's object; the references made here are given back.
        unsafe {
            if !type_has(object, c"__aiter__") {
                support::type_error_about(object, c"'%U' object is not an async iterable");
                return null_mut();
            }
            let class = PyObject_Type(object);
            let iterator = PyObject_CallMethod()(class, c"__aiter__".as_ptr(), c"(O)".as_ptr(), object);
            Py_DecRef(class);
            if iterator.is_null() || type_has(iterator, c"__anext__") {
                return iterator;
            }
            support::type_error_about(iterator, c"aiter() returned not an async iterator of type '%U'");
            Py_DecRef(iterator);
            null_mut()
        }
    }
}

polyfill! {
    /// Whether a descriptor is a data descriptor.
    fn PyDescr_IsData(descriptor: Object) -> c_int;
    uses [PyObject_Type, PyObject_HasAttrString, Py_DecRef];
    {
        // SAFETY: the caller's object.
        c_int::from(unsafe { type_has(descriptor, c"__set__") || type_has(descriptor, c"__delete__") })
    }
}

/// Whether the collector was enabled, and then calls a function of the module `gc`.
unsafe fn collector(then: Option<&CStr>) -> c_int {
    use crate::functions::{Py_DecRef, PyErr_Clear, PyObject_IsTrue};
    // SAFETY: the callers list these cells and those of `support`. An error is dropped: the functions cannot fail.
    unsafe {
        support::with_exception_aside(|| {
            let mut enabled = 0;
            for name in [Some(c"isenabled"), then].into_iter().flatten() {
                let result = support::call_module_function(c"gc", name);
                if result.is_null() {
                    PyErr_Clear();
                    continue;
                }
                if name == c"isenabled" {
                    enabled = PyObject_IsTrue(result);
                }
                Py_DecRef(result);
            }
            enabled
        })
    }
}

/// Stand-ins for what switches the collector. PyPy's and GraalPy's own do not agree with their module `gc`.
macro_rules! collector {
    ($($(#[$attribute:meta])* fn $name:ident = $then:expr;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name() -> c_int;
            uses [
                PyImport_ImportModule, PyObject_GetAttrString, PyObject_CallFunctionObjArgs, PyObject_IsTrue, PyErr_Fetch,
                PyErr_Restore, PyErr_Clear, Py_DecRef
            ];
            {
                // SAFETY: the cells are filled.
                unsafe { collector($then) }
            }
        })*
    };
}

collector! {
    /// Enables the garbage collector; whether it was enabled.
    fn PyGC_Enable = Some(c"enable");
    /// Disables the garbage collector; whether it was enabled.
    fn PyGC_Disable = Some(c"disable");
    /// Whether the garbage collector is enabled.
    fn PyGC_IsEnabled = None;
}

polyfill! {
    /// Takes a codec search function out of the registry. Python itself can do that only from 3.10 on.
    fn PyCodec_Unregister(search: Object) -> c_int;
    uses [PyImport_ImportModule, PyObject_CallMethod, Py_DecRef];
    choose |host| if host.quirks.unregisters_codecs { Choice::HostElse(PyCodec_Unregister as *const _) } else { Choice::Host };
    {
        // SAFETY: the caller's object; the references made here are given back.
        unsafe {
            let module = PyImport_ImportModule(c"codecs".as_ptr());
            if module.is_null() {
                return -1;
            }
            let result = PyObject_CallMethod()(module, c"unregister".as_ptr(), c"(O)".as_ptr(), search);
            Py_DecRef(module);
            if result.is_null() {
                return -1;
            }
            Py_DecRef(result);
            0
        }
    }
}
