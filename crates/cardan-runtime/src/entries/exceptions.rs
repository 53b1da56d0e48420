//! Exceptions and warnings; exceptions as objects: taking and setting the pending one, causes, contexts, tracebacks, notes,
//! reports.

use super::kinds::is_a;
use crate::convert::{handle, object};
use crate::definitions::raise;
use crate::forward;
use crate::imports::*;
use cardan_abi::{Context, Handle};
use cardan_host::types::Object;
use core::ffi::{CStr, c_char, c_int};
use core::ptr::null_mut;

forward! {
    ctx_FatalError(message: *const c_char) = Py_FatalError;
    ctx_Err_ExceptionMatches(class: Handle) -> c_int = PyErr_ExceptionMatches;
    ctx_Err_NoMemory() -> Handle = PyErr_NoMemory;
    ctx_Err_Clear() = PyErr_Clear;
    ctx_Err_NewException(name: *const c_char, base: Handle, dict: Handle) -> Handle = PyErr_NewException;
    ctx_Err_NewExceptionWithDoc(name: *const c_char, doc: *const c_char, base: Handle, dict: Handle) -> Handle
        = PyErr_NewExceptionWithDoc;
    ctx_Err_WriteUnraisable(h: Handle) = PyErr_WriteUnraisable;
}

/// Raises an exception with a message in UTF-8. Null, always.
///
/// # Safety
/// The handle is open, the message a C string; the thread is attached.
pub unsafe extern "C" fn ctx_Err_SetString(_: *mut Context, class: Handle, message: *const c_char) -> Handle {
    // SAFETY: the imports are bound before a context is handed out.
    unsafe { PyErr_SetString(object(class), message) };
    Handle::NULL
}

/// Raises an exception with a value. Null, always.
///
/// # Safety
/// The handles are open; the thread is attached.
pub unsafe extern "C" fn ctx_Err_SetObject(_: *mut Context, class: Handle, value: Handle) -> Handle {
    // SAFETY: as above.
    unsafe { PyErr_SetObject(object(class), object(value)) };
    Handle::NULL
}

/// Raises an exception for `errno` and a file name. Null, always.
///
/// # Safety
/// The handle is open, the name a C string or null; the thread is attached.
pub unsafe extern "C" fn ctx_Err_SetFromErrnoWithFilename(
    _: *mut Context,
    class: Handle,
    name: *const c_char,
) -> Handle {
    // SAFETY: as above.
    unsafe { PyErr_SetFromErrnoWithFilename(object(class), name) };
    Handle::NULL
}

/// Raises an exception for `errno` and up to two file names. Null, always.
///
/// # Safety
/// The handles are open, the names may be null; the thread is attached.
pub unsafe extern "C" fn ctx_Err_SetFromErrnoWithFilenameObjects(
    _: *mut Context,
    class: Handle,
    name1: Handle,
    name2: Handle,
) -> Handle {
    // SAFETY: as above.
    unsafe { PyErr_SetFromErrnoWithFilenameObjects(object(class), object(name1), object(name2)) };
    Handle::NULL
}

/// Whether an exception is pending.
///
/// # Safety
/// The thread is attached.
pub unsafe extern "C" fn ctx_Err_Occurred(_: *mut Context) -> c_int {
    // SAFETY: as above.
    c_int::from(!unsafe { PyErr_Occurred() }.is_null())
}

/// Warns; without a category with `RuntimeWarning`, on every host.
///
/// # Safety
/// The handle is open or null, the message a C string; the thread is attached.
pub unsafe extern "C" fn ctx_Err_WarnEx(
    _: *mut Context,
    category: Handle,
    message: *const c_char,
    level: isize,
) -> c_int {
    let category = if category.is_null() { PyExc_RuntimeWarning() } else { object(category) };
    // SAFETY: the caller's promise; the imports are bound.
    unsafe { PyErr_WarnEx(category, message, level) }
}

forward! {
    ctx_Err_GetRaisedException() -> Handle = PyErr_GetRaisedException;
    ctx_Err_GetHandledException() -> Handle = PyErr_GetHandledException;
    ctx_Err_GivenExceptionMatches(given: Handle, class: Handle) -> c_int = PyErr_GivenExceptionMatches;
    ctx_Err_SetImportError(message: Handle, name: Handle, path: Handle) -> Handle = PyErr_SetImportError;
    ctx_Err_CheckSignals() -> c_int = PyErr_CheckSignals;
}

/// Makes an exception the pending one; null leaves none pending.
///
/// # Safety
/// The handle is open or null; the thread is attached.
pub unsafe extern "C" fn ctx_Err_SetRaisedException(_: *mut Context, exception: Handle) {
    let exception = object(exception);
    // SAFETY: the imports are bound. The function takes a reference over, which is made here.
    unsafe {
        if exception.is_null() {
            return PyErr_Clear();
        }
        if is_exception(exception, c"HPyErr_SetRaisedException needs an exception") {
            Py_IncRef(exception);
            PyErr_SetRaisedException(exception);
        }
    }
}

/// Makes an exception the handled one; null or `None` for none.
///
/// # Safety
/// The handle is open or null; the thread is attached.
pub unsafe extern "C" fn ctx_Err_SetHandledException(_: *mut Context, exception: Handle) {
    // SAFETY: the imports are bound. The function makes a reference of its own.
    unsafe {
        let exception = if exception.is_null() { _Py_NoneStruct() } else { object(exception) };
        // What is raised later gets it as its context without being looked at.
        if exception == _Py_NoneStruct() || is_exception(exception, c"HPyErr_SetHandledException needs an exception") {
            PyErr_SetHandledException(exception);
        }
    }
}

/// Prints and drops the pending exception, if there is one.
///
/// # Safety
/// The thread is attached.
pub unsafe extern "C" fn ctx_Err_Print(_: *mut Context) {
    // SAFETY: the imports are bound.
    unsafe {
        if !PyErr_Occurred().is_null() {
            PyErr_Print();
        }
    }
}

/// Reports the pending exception through `sys.unraisablehook`. As CPython's own reports do, a message that comes with an
/// object has the object's `repr` in it; without a message the hook gets the object.
///
/// # Safety
/// The arguments are as the entry's documentation says; the thread is attached.
pub unsafe extern "C" fn ctx_Err_WriteUnraisableMessage(_: *mut Context, message: *const c_char, subject: Handle) {
    // SAFETY: the formats take a C string and an object; the imports are bound.
    unsafe {
        if message.is_null() {
            PyErr_WriteUnraisable(object(subject));
        } else if subject.is_null() {
            PyErr_FormatUnraisable()(c"%s".as_ptr(), message);
        } else {
            PyErr_FormatUnraisable()(c"%s: %R".as_ptr(), message, object(subject));
        }
    }
}

/// Whether an object is an exception; if not, `TypeError` with what was needed.
unsafe fn is_exception(exception: Object, needed: &CStr) -> bool {
    // SAFETY: `exception` is an object or null.
    let is = !exception.is_null() && unsafe { is_a(exception, PyExc_BaseException()) };
    if !is {
        raise(PyExc_TypeError(), needed);
    }
    is
}

macro_rules! get {
    ($($(#[$attribute:meta])* $entry:ident = $function:ident, $needed:literal;)*) => {
        $(
            $(#[$attribute])*
            ///
            /// # Safety
            /// The handle is open; the thread is attached.
            pub unsafe extern "C" fn $entry(_: *mut Context, exception: Handle) -> Handle {
                // SAFETY: the function is called with an exception only; the imports are bound.
                unsafe {
                    if is_exception(object(exception), $needed) {
                        handle($function(object(exception)))
                    } else {
                        Handle::NULL
                    }
                }
            }
        )*
    };
}

get! {
    /// `__cause__`, or null.
    ctx_Exception_GetCause = PyException_GetCause, c"HPyException_GetCause needs an exception";
    /// `__context__`, or null.
    ctx_Exception_GetContext = PyException_GetContext, c"HPyException_GetContext needs an exception";
    /// `__traceback__`, or null.
    ctx_Exception_GetTraceback = PyException_GetTraceback, c"HPyException_GetTraceback needs an exception";
}

/// Sets `__cause__` or `__context__` by a function that takes the reference over. `None` is none, as in Python.
unsafe fn chain(exception: Handle, other: Handle, set: unsafe fn(Object, Object), is_cause: bool) -> c_int {
    let (exception, mut other) = (object(exception), object(other));
    // SAFETY: both are exceptions, the second may be null; the imports are bound.
    unsafe {
        if other == _Py_NoneStruct() {
            other = null_mut();
        }
        let (needed, of_class) = if is_cause {
            (c"HPyException_SetCause needs an exception", c"exception cause must be None or derive from BaseException")
        } else {
            (
                c"HPyException_SetContext needs an exception",
                c"exception context must be None or derive from BaseException",
            )
        };
        if !is_exception(exception, needed) || !(other.is_null() || is_exception(other, of_class)) {
            return -1;
        }
        Py_IncRef(other);
        set(exception, other);
    }
    0
}

/// Sets `__cause__`; null for none.
///
/// # Safety
/// The handles are open, the second may be null; the thread is attached.
pub unsafe extern "C" fn ctx_Exception_SetCause(_: *mut Context, exception: Handle, cause: Handle) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { chain(exception, cause, |exception, cause| PyException_SetCause(exception, cause), true) }
}

/// Sets `__context__`; null for none.
///
/// # Safety
/// The handles are open, the second may be null; the thread is attached.
pub unsafe extern "C" fn ctx_Exception_SetContext(_: *mut Context, exception: Handle, context: Handle) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { chain(exception, context, |exception, context| PyException_SetContext(exception, context), false) }
}

/// Sets `__traceback__`; null for none.
///
/// # Safety
/// The handles are open, the second may be null; the thread is attached.
pub unsafe extern "C" fn ctx_Exception_SetTraceback(_: *mut Context, exception: Handle, traceback: Handle) -> c_int {
    // SAFETY: the function is called with an exception only; the imports are bound.
    unsafe {
        if !is_exception(object(exception), c"HPyException_SetTraceback needs an exception") {
            return -1;
        }
        let traceback = if traceback.is_null() { _Py_NoneStruct() } else { object(traceback) };
        PyException_SetTraceback(object(exception), traceback)
    }
}

/// `exception.add_note(note)`, also where exceptions have no such method.
///
/// # Safety
/// The handles are open; the thread is attached.
pub unsafe extern "C" fn ctx_Exception_AddNote(_: *mut Context, exception: Handle, note: Handle) -> c_int {
    let (exception, note) = (object(exception), object(note));
    // SAFETY: the handles are open; the imports are bound; references that are made are dropped.
    unsafe {
        if !is_exception(exception, c"HPyException_AddNote needs an exception") {
            return -1;
        }
        if !is_a(note, PyUnicode_Type()) {
            raise(PyExc_TypeError(), c"HPyException_AddNote: the note must be a str");
            return -1;
        }
        let mut method = null_mut();
        match PyObject_GetOptionalAttrString(exception, c"add_note".as_ptr(), &mut method) {
            1 => {
                let result = PyObject_CallOneArg(method, note);
                Py_DecRef(method);
                Py_DecRef(result);
                if result.is_null() { -1 } else { 0 }
            }
            0 => append_note(exception, note),
            _ => -1,
        }
    }
}

/// What `add_note` does, where there is none.
unsafe fn append_note(exception: Object, note: Object) -> c_int {
    const NOTES: &CStr = c"__notes__";
    // SAFETY: as above.
    unsafe {
        let mut notes = null_mut();
        let found = PyObject_GetOptionalAttrString(exception, NOTES.as_ptr(), &mut notes);
        if found < 0 {
            return -1;
        }
        if found == 0 {
            notes = PyList_New(0);
            if notes.is_null() || PyObject_SetAttrString(exception, NOTES.as_ptr(), notes) < 0 {
                Py_DecRef(notes);
                return -1;
            }
        }
        let done = if is_a(notes, PyList_Type()) {
            PyList_Append(notes, note)
        } else {
            raise(PyExc_TypeError(), c"Cannot add note: __notes__ is not a list");
            -1
        };
        Py_DecRef(notes);
        done
    }
}
