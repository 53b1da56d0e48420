//! Exceptions and warnings.

use crate::bind::value;
use crate::polyfill;
use crate::polyfills::support;
use crate::types::{Object, c_char, c_int};
use core::ptr::null_mut;

polyfill! {
    /// Raises `KeyError` with a key, also if that is a tuple.
    fn _PyErr_SetKeyError(key: Object);
    uses [Py_BuildValue, PyErr_SetObject, Py_DecRef];
    data [PyExc_KeyError];
    {
        // SAFETY: the caller's object. A tuple around the key becomes the arguments of the exception.
        unsafe {
            let arguments = Py_BuildValue()(c"(O)".as_ptr(), key);
            if !arguments.is_null() {
                PyErr_SetObject(value(&PyExc_KeyError), arguments);
                Py_DecRef(arguments);
            }
        }
    }
}

polyfill! {
    /// The value of the `StopIteration` that is pending, which is cleared; `None` if none is. 0, or -1 with another exception.
    fn _PyGen_FetchStopIterationValue(result: *mut Object) -> c_int;
    uses [
        PyErr_Occurred, PyErr_ExceptionMatches, PyErr_Fetch, PyErr_NormalizeException, PyObject_GetAttrString, Py_BuildValue, Py_DecRef
    ];
    data [PyExc_StopIteration];
    // GraalPy's own does not store it.
    {
        // SAFETY: the caller's place; what is fetched is given back.
        unsafe {
            result.write(null_mut());
            if PyErr_Occurred().is_null() {
                result.write(Py_BuildValue()(c"".as_ptr()));
                return 0;
            }
            if PyErr_ExceptionMatches(value(&PyExc_StopIteration)) == 0 {
                return -1;
            }
            let (mut kind, mut exception, mut traceback) = (null_mut(), null_mut(), null_mut());
            PyErr_Fetch(&mut kind, &mut exception, &mut traceback);
            PyErr_NormalizeException(&mut kind, &mut exception, &mut traceback);
            let returned = PyObject_GetAttrString(exception, c"value".as_ptr());
            for object in [kind, exception, traceback] {
                Py_DecRef(object);
            }
            result.write(returned);
            if returned.is_null() { -1 } else { 0 }
        }
    }
}

polyfill! {
    /// Warns, with all that a warning consists of. 0, or -1 with an exception.
    fn PyErr_WarnExplicitObject(category: Object, message: Object, file: Object, line: c_int, module: Object, registry: Object) -> c_int;
    uses [PyImport_ImportModule, PyObject_CallMethod, Py_BuildValue, Py_DecRef];
    data [PyExc_RuntimeWarning];
    {
        // SAFETY: the arguments are the caller's; the module `warnings` is given back.
        unsafe {
            let warnings = PyImport_ImportModule(c"warnings".as_ptr());
            if warnings.is_null() {
                return -1;
            }
            let or = |object: Object, other: Object| if object.is_null() { other } else { object };
            let result = PyObject_CallMethod()(
                warnings,
                c"warn_explicit".as_ptr(),
                c"(OOOiOO)".as_ptr(),
                message,
                or(category, value(&PyExc_RuntimeWarning)),
                file,
                line,
                or(module, support::none()),
                or(registry, support::none()),
            );
            Py_DecRef(warnings);
            super::status(result)
        }
    }
}

polyfill! {
    /// Has an exception that cannot be raised reported, with a message about where it comes from.
    fn _PyErr_WriteUnraisableMsg(message: *const c_char, object: Object);
    uses [PyErr_FormatUnraisable];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if object.is_null() {
                PyErr_FormatUnraisable()(c"Exception ignored %s".as_ptr(), message);
            } else {
                PyErr_FormatUnraisable()(c"Exception ignored %s: %R".as_ptr(), message, object);
            }
        }
    }
}

polyfill! {
    /// Prints a traceback to a file. 0, or -1 with an exception.
    fn PyTraceBack_Print(traceback: Object, file: Object) -> c_int;
    uses [PyImport_ImportModule, PyObject_CallMethod, PyFile_WriteString, Py_BuildValue, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's; the module is given back.
        unsafe {
            if traceback.is_null() {
                return 0;
            }
            if PyFile_WriteString(c"Traceback (most recent call last):\n".as_ptr(), file) < 0 {
                return -1;
            }
            let module = PyImport_ImportModule(c"traceback".as_ptr());
            if module.is_null() {
                return -1;
            }
            let (name, format) = (c"print_tb".as_ptr(), c"(OOO)".as_ptr());
            let result = PyObject_CallMethod()(module, name, format, traceback, support::none(), file);
            Py_DecRef(module);
            super::status(result)
        }
    }
}
