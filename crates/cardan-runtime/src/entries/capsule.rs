//! Capsules.

use crate::convert::{handle, object};
use crate::forward;
use crate::imports::{
    PyCapsule_GetContext, PyCapsule_GetName, PyCapsule_GetPointer, PyCapsule_New, PyCapsule_SetContext,
    PyCapsule_SetDestructor, PyCapsule_SetName, PyCapsule_SetPointer, PyCapsule_Type, PyErr_SetString,
    PyExc_SystemError, PyExc_ValueError,
};
use cardan_abi::{CapsuleDestructor, Context, Handle};
use core::ffi::{CStr, c_char, c_int, c_uint, c_void};
use core::ptr::null_mut;

/// `_HPyCapsule_key`: what of a capsule is meant.
mod key {
    use core::ffi::c_uint;

    pub const POINTER: c_uint = 0;
    pub const NAME: c_uint = 1;
    pub const CONTEXT: c_uint = 2;
    pub const DESTRUCTOR: c_uint = 3;
}

const NO_SUCH_KEY: &CStr = c"a capsule has no part of this number: expected an HPyCapsule_key from 0 to 3";

forward! {
    ctx_Capsule_IsValid(h: Handle, name: *const c_char) -> c_int = PyCapsule_IsValid;
}

/// The function for the host of a destructor that may be absent. `None` with `ValueError` if it is not whole.
unsafe fn host_destructor(destructor: *mut CapsuleDestructor) -> Option<*mut c_void> {
    // SAFETY: the caller's pointer is null or a destructor's; the imports are bound.
    unsafe {
        let Some(destructor) = destructor.as_ref() else { return Some(null_mut()) };
        if destructor.cpy_trampoline.is_null() || destructor.implementation.is_none() {
            PyErr_SetString(PyExc_ValueError(), c"Invalid HPyCapsule destructor".as_ptr());
            return None;
        }
        Some(destructor.cpy_trampoline)
    }
}

/// A capsule around a pointer.
///
/// # Safety
/// The name is a C string that stays, or null; the destructor is null or one; the thread is attached.
pub unsafe extern "C" fn ctx_Capsule_New(
    _: *mut Context,
    pointer: *mut c_void,
    name: *const c_char,
    destructor: *mut CapsuleDestructor,
) -> Handle {
    // SAFETY: the imports are bound before a context is handed out.
    unsafe {
        match host_destructor(destructor) {
            Some(destructor) => handle(PyCapsule_New(pointer, name, destructor)),
            None => Handle::NULL,
        }
    }
}

/// A part of a capsule.
///
/// # Safety
/// The handle is open, the name a C string or null; the thread is attached.
pub unsafe extern "C" fn ctx_Capsule_Get(_: *mut Context, h: Handle, part: c_uint, name: *const c_char) -> *mut c_void {
    // SAFETY: as above.
    unsafe {
        match part {
            key::POINTER => PyCapsule_GetPointer(object(h), name),
            key::NAME => PyCapsule_GetName(object(h)).cast_mut().cast(),
            key::CONTEXT => PyCapsule_GetContext(object(h)),
            key::DESTRUCTOR => {
                let message = c"Invalid operation: get HPyCapsule_key_Destructor";
                PyErr_SetString(PyExc_ValueError(), message.as_ptr());
                null_mut()
            }
            _ => {
                PyErr_SetString(PyExc_SystemError(), NO_SUCH_KEY.as_ptr());
                null_mut()
            }
        }
    }
}

/// Whether an object is a capsule. False with `ValueError`: not every host's functions look before they write.
unsafe fn is_capsule(h: Handle) -> bool {
    // SAFETY: the handle is open; the imports are bound.
    unsafe {
        let is = crate::types::class_of(object(h)) == PyCapsule_Type();
        if !is {
            PyErr_SetString(PyExc_ValueError(), c"HPyCapsule_Set called with an object that is no capsule".as_ptr());
        }
        is
    }
}

/// Sets a part of a capsule.
///
/// # Safety
/// The handle is open, the value fits the part; the thread is attached.
pub unsafe extern "C" fn ctx_Capsule_Set(_: *mut Context, h: Handle, part: c_uint, value: *mut c_void) -> c_int {
    // SAFETY: as above.
    unsafe {
        if !is_capsule(h) {
            return -1;
        }
        match part {
            key::POINTER => PyCapsule_SetPointer(object(h), value),
            key::NAME => PyCapsule_SetName(object(h), value.cast()),
            key::CONTEXT => PyCapsule_SetContext(object(h), value),
            key::DESTRUCTOR => match host_destructor(value.cast()) {
                Some(destructor) => PyCapsule_SetDestructor(object(h), destructor),
                None => -1,
            },
            _ => {
                PyErr_SetString(PyExc_SystemError(), NO_SUCH_KEY.as_ptr());
                -1
            }
        }
    }
}
