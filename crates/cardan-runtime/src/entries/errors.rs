//! Exceptions and warnings.

use crate::convert::object;
use crate::forward;
use crate::imports::{
    PyErr_Occurred, PyErr_SetFromErrnoWithFilename, PyErr_SetFromErrnoWithFilenameObjects, PyErr_SetObject,
    PyErr_SetString, PyErr_WarnEx, PyExc_RuntimeWarning,
};
use cardan_abi::{Context, Handle};
use core::ffi::{c_char, c_int};

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
