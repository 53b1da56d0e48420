//! Context variables.

use crate::convert::{handle, object};
use crate::forward;
use crate::imports::PyContextVar_Get;
use cardan_abi::{Context, Handle};
use core::ffi::c_char;
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
