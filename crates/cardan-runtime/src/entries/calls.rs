//! Calls.

use crate::convert::{handle, object, objects};
use crate::forward;
use crate::imports::{
    Py_DecRef, PyErr_SetString, PyExc_TypeError, PyObject_Call, PyObject_Vectorcall, PyObject_VectorcallMethod,
    PyTuple_New,
};
use crate::type_flags;
use cardan_abi::{Context, Handle};
use cardan_host::types::Object;
use core::ffi::{CStr, c_int};

forward! {
    ctx_Callable_Check(h: Handle) -> c_int = PyCallable_Check;
}

const NOT_A_TUPLE: &CStr = c"HPy_CallTupleDict requires args to be a tuple or null handle";
const NOT_A_DICT: &CStr = c"HPy_CallTupleDict requires kw to be a dict or null handle";

/// Calls with a tuple and a dict, either of which may be null.
///
/// # Safety
/// The handles are open or null, the callable is open; the thread is attached.
pub unsafe extern "C" fn ctx_CallTupleDict(_: *mut Context, callable: Handle, args: Handle, kw: Handle) -> Handle {
    // SAFETY: the imports are bound before a context is handed out; the rest is the caller's promise.
    unsafe {
        if !args.is_null() && type_flags::of(object(args), type_flags::TUPLE) == 0 {
            return refuse(NOT_A_TUPLE);
        }
        if !kw.is_null() && type_flags::of(object(kw), type_flags::DICT) == 0 {
            return refuse(NOT_A_DICT);
        }
        if args.is_null() {
            return call_without_tuple(object(callable), object(kw));
        }
        handle(PyObject_Call(object(callable), object(args), object(kw)))
    }
}

#[cold]
unsafe fn refuse(message: &CStr) -> Handle {
    // SAFETY: the imports are bound and the thread is attached.
    unsafe { PyErr_SetString(PyExc_TypeError(), message.as_ptr()) };
    Handle::NULL
}

/// As [`ctx_CallTupleDict`], where the arguments are null.
#[inline(never)] // So that the usual call needs no room for it.
unsafe fn call_without_tuple(callable: Object, kw: Object) -> Handle {
    // SAFETY: the caller's objects.
    unsafe {
        let none = PyTuple_New(0);
        if none.is_null() {
            return Handle::NULL;
        }
        let result = PyObject_Call(callable, none, kw);
        Py_DecRef(none);
        handle(result)
    }
}

/// Calls with an array of arguments, those by name at its end.
///
/// # Safety
/// The handles are open, those of the array too; the names are a tuple or null; the thread is attached.
pub unsafe extern "C" fn ctx_Call(
    _: *mut Context,
    callable: Handle,
    args: *const Handle,
    count: usize,
    names: Handle,
) -> Handle {
    // SAFETY: as above.
    handle(unsafe { PyObject_Vectorcall(object(callable), objects(args), count, object(names)) })
}

/// Calls a method; the first argument is the object.
///
/// # Safety
/// As for [`ctx_Call`], with at least one argument; the name is a str.
pub unsafe extern "C" fn ctx_CallMethod(
    _: *mut Context,
    name: Handle,
    args: *const Handle,
    count: usize,
    names: Handle,
) -> Handle {
    // SAFETY: as above.
    handle(unsafe { PyObject_VectorcallMethod(object(name), objects(args), count, object(names)) })
}
