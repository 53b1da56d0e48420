//! Context variables, capsules of other modules, `sys`, imports, the interpreter.

use crate::convert::{handle, object};
use crate::forward;
use crate::imports::*;
use cardan_abi::{Context, Handle};
use core::ffi::{c_char, c_int, c_void};
use core::ptr::null_mut;

forward! {
    ctx_ContextVar_New(name: *const c_char, default: Handle) -> Handle = PyContextVar_New;
    ctx_ContextVar_Set(variable: Handle, value: Handle) -> Handle = PyContextVar_Set;
}

/// The value of a context variable.
///
/// # Safety
/// The handles are open, the default may be null; the result can be written; the thread is attached.
pub unsafe extern "C" fn ctx_ContextVar_Get(
    _: *mut Context,
    variable: Handle,
    default: Handle,
    result: *mut Handle,
) -> i32 {
    // SAFETY: the imports are bound before a context is handed out; the place is the caller's.
    unsafe {
        let mut value = null_mut();
        let status = PyContextVar_Get(object(variable), object(default), &mut value);
        result.write(if status < 0 { Handle::NULL } else { handle(value) });
        status
    }
}

forward! {
    ctx_ContextVar_Reset(variable: Handle, token: Handle) -> c_int = PyContextVar_Reset;
    ctx_Import_Import(name: Handle) -> Handle = PyImport_Import;
}

/// The pointer of a capsule that is the attribute of a module.
///
/// # Safety
/// The name is a C string; the thread is attached.
pub unsafe extern "C" fn ctx_Capsule_Import(_: *mut Context, name: *const c_char) -> *mut c_void {
    const BLOCK: c_int = 0;
    // SAFETY: the caller's promise; the imports are bound.
    unsafe { PyCapsule_Import(name, BLOCK) }
}

/// An attribute of `sys`.
///
/// # Safety
/// The name is a C string, the pointer the caller's variable; the thread is attached.
pub unsafe extern "C" fn ctx_Sys_GetOptionalAttr(_: *mut Context, name: *const c_char, result: *mut Handle) -> c_int {
    let mut found = core::ptr::null_mut();
    // SAFETY: the caller's promise; the imports are bound.
    unsafe {
        let done = PySys_GetOptionalAttrString(name, &mut found);
        result.write(handle(found));
        done
    }
}

/// The number of the interpreter that runs.
///
/// # Safety
/// The thread is attached.
pub unsafe extern "C" fn ctx_Interpreter_GetID(_: *mut Context) -> i64 {
    // SAFETY: the imports are bound.
    unsafe { PyInterpreterState_GetID(PyInterpreterState_Get()) }
}
