//! Dicts.

use crate::convert::{handle, object};
use crate::imports::{PyDict_Copy, PyDict_Keys, PyErr_SetString, PyExc_SystemError};
use crate::{checks, forward, type_flags};
use cardan_abi::{Context, Handle};
use core::ffi::CStr;

checks! {
    ctx_Dict_Check = DICT;
}

forward! {
    ctx_Dict_New() -> Handle = PyDict_New;
}

/// Whether a handle is a dict's. False with `SystemError`: not every host's functions look.
unsafe fn is_dict(h: Handle, message: &CStr) -> bool {
    // SAFETY: the handle is open or null; the imports are bound before a context is handed out.
    unsafe {
        let is = !h.is_null() && type_flags::of(object(h), type_flags::DICT) != 0;
        if !is {
            PyErr_SetString(PyExc_SystemError(), message.as_ptr());
        }
        is
    }
}

/// A list of the keys of a dict.
///
/// # Safety
/// The handle is open or null; the thread is attached.
pub unsafe extern "C" fn ctx_Dict_Keys(_: *mut Context, h: Handle) -> Handle {
    // SAFETY: as above.
    unsafe { if is_dict(h, c"HPyDict_Keys needs a dict") { handle(PyDict_Keys(object(h))) } else { Handle::NULL } }
}

/// A copy of a dict.
///
/// # Safety
/// The handle is open or null; the thread is attached.
pub unsafe extern "C" fn ctx_Dict_Copy(_: *mut Context, h: Handle) -> Handle {
    // SAFETY: as above.
    unsafe { if is_dict(h, c"HPyDict_Copy needs a dict") { handle(PyDict_Copy(object(h))) } else { Handle::NULL } }
}
