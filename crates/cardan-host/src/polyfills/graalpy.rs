//! What GraalPy has as a stub only, or answers otherwise.

use super::support::{self, only_as};
use crate::bind::value;
use crate::detect::{Family, Host};
use crate::polyfill;
use crate::polyfill::Choice;
use crate::types::{Object, c_char, c_int, c_void};
use core::ptr::null_mut;

/// Our function on GraalPy, where it gives an address that stands for the one interpreter and is the same for all modules:
/// GraalPy's own gives null, or ends the process in a thread that it did not enter by itself.
fn the_interpreter(host: &Host, ours: *const c_void, elsewhere: Choice) -> Choice {
    if host.family == Family::GraalPy { Choice::Ours(ours) } else { elsewhere }
}

polyfill! {
    /// The interpreter of this thread.
    fn PyInterpreterState_Get() -> *mut c_void;
    uses [];
    data [PyBaseObject_Type];
    choose |host| the_interpreter(host, PyInterpreterState_Get as *const _, only_as(host, c"PyInterpreterState_Head"));
    { PyBaseObject_Type.address() }
}

polyfill! {
    /// The main interpreter. PyPy has one.
    fn PyInterpreterState_Main() -> *mut c_void;
    uses [];
    data [PyBaseObject_Type];
    choose |host| the_interpreter(host, PyInterpreterState_Main as *const _, only_as(host, c"PyInterpreterState_Head"));
    { PyBaseObject_Type.address() }
}

polyfill! {
    /// The interpreter of a thread. PyPy has one.
    fn PyThreadState_GetInterpreter(_state: *mut c_void) -> *mut c_void;
    uses [];
    data [PyBaseObject_Type];
    choose |host| the_interpreter(host, PyThreadState_GetInterpreter as *const _, only_as(host, c"PyInterpreterState_Head"));
    { PyBaseObject_Type.address() }
}

polyfill! {
    /// The number of an interpreter.
    fn PyInterpreterState_GetID(_interpreter: *mut c_void) -> i64;
    uses [];
    choose |host| if host.family == Family::GraalPy { Choice::Ours(PyInterpreterState_GetID as *const _) } else { Choice::Host };
    { 0 }
}

polyfill! {
    /// The start and end of a slice for a sequence of this length, and how many items it takes.
    fn PySlice_GetIndicesEx(slice: Object, length: isize, start: *mut isize, stop: *mut isize, step: *mut isize, count: *mut isize) -> c_int;
    uses [PySlice_Unpack, PySlice_AdjustIndices];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if PySlice_Unpack(slice, start, stop, step) < 0 {
                count.write(0);
                return -1;
            }
            count.write(PySlice_AdjustIndices(length, start, stop, step.read()));
            0
        }
    }
}

/// Raises an `ImportError` with a name and a path; always null.
unsafe fn import_error(class: Object, message: Object, name: Object, path: Object) -> Object {
    use crate::functions::{Py_BuildValue, Py_DecRef, PyErr_SetObject, PyObject_Call};
    // SAFETY: the callers list these cells; the references made here are given back.
    unsafe {
        let none = support::none();
        let or_none = |object: Object| if object.is_null() { none } else { object };
        let keywords =
            Py_BuildValue()(c"{s:O,s:O}".as_ptr(), c"name".as_ptr(), or_none(name), c"path".as_ptr(), or_none(path));
        if keywords.is_null() {
            return null_mut();
        }
        let arguments = Py_BuildValue()(c"(O)".as_ptr(), message);
        if !arguments.is_null() {
            let exception = PyObject_Call(class, arguments, keywords);
            if !exception.is_null() {
                PyErr_SetObject(class, exception);
                Py_DecRef(exception);
            }
            Py_DecRef(arguments);
        }
        Py_DecRef(keywords);
    }
    null_mut()
}

polyfill! {
    /// Raises a subclass of `ImportError` with a name and a path, both of which may be null. Always null.
    fn PyErr_SetImportErrorSubclass(class: Object, message: Object, name: Object, path: Object) -> Object;
    uses [
        Py_BuildValue, PyObject_Call, PyObject_IsSubclass, PyErr_SetObject, PyErr_SetString, Py_DecRef
    ];
    data [PyExc_ImportError, PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            match PyObject_IsSubclass(class, value(&PyExc_ImportError)) {
                1 if message.is_null() => {
                    PyErr_SetString(value(&PyExc_TypeError), c"expected a message argument".as_ptr());
                    null_mut()
                }
                1 => import_error(class, message, name, path),
                0 => {
                    PyErr_SetString(value(&PyExc_TypeError), c"expected a subclass of ImportError".as_ptr());
                    null_mut()
                }
                _ => null_mut(),
            }
        }
    }
}

polyfill! {
    /// Raises `ImportError` with a name and a path, both of which may be null. Always null.
    fn PyErr_SetImportError(message: Object, name: Object, path: Object) -> Object;
    uses [Py_BuildValue, PyObject_Call, PyErr_SetObject, PyErr_SetString, Py_DecRef];
    data [PyExc_ImportError, PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if message.is_null() {
                PyErr_SetString(value(&PyExc_TypeError), c"expected a message argument".as_ptr());
                return null_mut();
            }
            import_error(value(&PyExc_ImportError), message, name, path)
        }
    }
}

polyfill! {
    /// Compiles source text, with flags.
    fn Py_CompileStringFlags(source: *const c_char, file: *const c_char, start: c_int, flags: *mut c_void) -> Object;
    uses [Py_CompileStringExFlags];
    {
        const LEVEL_OF_THE_INTERPRETER: c_int = -1;
        // SAFETY: the arguments are the caller's.
        unsafe { Py_CompileStringExFlags(source, file, start, flags, LEVEL_OF_THE_INTERPRETER) }
    }
}
