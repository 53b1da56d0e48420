//! The protocols of objects that HPy leaves out: instances and subclasses, sequences, calls with few arguments, recursion.

use crate::convert::{handle, object, objects};
use crate::definitions::raise;
use crate::forward;
use crate::imports::*;
use cardan_abi::{Context, Handle};
use core::ffi::{CStr, c_char, c_int};

forward! {
    ctx_IsInstance(h: Handle, class: Handle) -> c_int = PyObject_IsInstance;
    ctx_IsSubclass(derived: Handle, class: Handle) -> c_int = PyObject_IsSubclass;
    ctx_Format(h: Handle, spec: Handle) -> Handle = PyObject_Format;
    ctx_Dir(h: Handle) -> Handle = PyObject_Dir;
    ctx_LengthHint(h: Handle, default: isize) -> isize = PyObject_LengthHint;
    ctx_Index_Check(h: Handle) -> c_int = PyIndex_Check;
    ctx_Mapping_Check(h: Handle) -> c_int = PyMapping_Check;
    ctx_Sequence_Check(h: Handle) -> c_int = PySequence_Check;
    ctx_Sequence_List(h: Handle) -> Handle = PySequence_List;
    ctx_Sequence_Tuple(h: Handle) -> Handle = PySequence_Tuple;
    ctx_CallNoArgs(callable: Handle) -> Handle = PyObject_CallNoArgs;
    ctx_CallOneArg(callable: Handle, argument: Handle) -> Handle = PyObject_CallOneArg;
    ctx_LeaveRecursiveCall() = Py_LeaveRecursiveCall;
}

/// Calls a method by a name in UTF-8; the first argument is the object.
///
/// # Safety
/// The arguments are as the entry's documentation says; the thread is attached.
pub unsafe extern "C" fn ctx_CallMethod_s(
    _: *mut Context,
    name: *const c_char,
    arguments: *const Handle,
    count: usize,
    keywords: Handle,
) -> Handle {
    // SAFETY: the caller's arguments; the imports are bound.
    unsafe {
        if count == 0 {
            raise(PyExc_TypeError(), c"HPy_CallMethod_s needs the object as its first argument, found none");
            return Handle::NULL;
        }
        let name = PyUnicode_FromString(name);
        if name.is_null() {
            return Handle::NULL;
        }
        let result = PyObject_VectorcallMethod(name, objects(arguments), count, object(keywords));
        Py_DecRef(name);
        handle(result)
    }
}

/// Whether an object is a sequence; if not, `TypeError` with what was needed. Some hosts would add and multiply numbers.
unsafe fn is_sequence(h: Handle, needed: &CStr) -> bool {
    // SAFETY: the handle is open; the imports are bound.
    let is = unsafe { PySequence_Check(object(h)) } != 0;
    if !is {
        raise(PyExc_TypeError(), needed);
    }
    is
}

/// Two sequences, one after the other.
///
/// # Safety
/// The handles are open; the thread is attached.
pub unsafe extern "C" fn ctx_Concat(_: *mut Context, left: Handle, right: Handle) -> Handle {
    // SAFETY: the caller's promise; the imports are bound.
    unsafe {
        match is_sequence(left, c"HPy_Concat needs two sequences") {
            true => handle(PySequence_Concat(object(left), object(right))),
            false => Handle::NULL,
        }
    }
}

/// A sequence that often.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Repeat(_: *mut Context, h: Handle, count: isize) -> Handle {
    // SAFETY: the caller's promise; the imports are bound.
    unsafe {
        match is_sequence(h, c"HPy_Repeat needs a sequence") {
            true => handle(PySequence_Repeat(object(h), count)),
            false => Handle::NULL,
        }
    }
}

/// 0, or -1 with `RecursionError`.
///
/// # Safety
/// The text is a C string; the thread is attached.
pub unsafe extern "C" fn ctx_EnterRecursiveCall(_: *mut Context, place: *const c_char) -> c_int {
    // SAFETY: the caller's promise. Hosts answer with different numbers other than 0.
    if unsafe { Py_EnterRecursiveCall(place) } == 0 { 0 } else { -1 }
}
