//! Dictionaries: items, those that are told from errors, steps through a dictionary, the whole of one.

use super::kinds::is_a;
use crate::convert::{handle, object};
use crate::definitions::raise;
use crate::imports::*;
use crate::{checks, forward, type_flags};
use cardan_abi::{Context, CriticalSection, Handle};
use core::ffi::{CStr, c_int};
use core::ptr::null_mut;

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

forward! {
    ctx_Dict_GetItemRef(dict: Handle, key: Handle, result: *mut Handle) -> c_int = PyDict_GetItemRef;
    ctx_Dict_SetDefaultRef(dict: Handle, key: Handle, default: Handle, result: *mut Handle) -> c_int = PyDict_SetDefaultRef;
    ctx_Dict_Pop(dict: Handle, key: Handle, result: *mut Handle) -> c_int = PyDict_Pop;
    ctx_Dict_Update(dict: Handle, mapping: Handle) -> c_int = PyDict_Update;
    ctx_Dict_Values(dict: Handle) -> Handle = PyDict_Values;
    ctx_Dict_Items(dict: Handle) -> Handle = PyDict_Items;
}

unsafe fn is_dict_else_type_error(h: Handle, needed: &CStr) -> bool {
    // SAFETY: the handle is open.
    let is = unsafe { is_a(object(h), PyDict_Type()) };
    if !is {
        raise(PyExc_TypeError(), needed);
    }
    is
}

/// The next item of a dictionary: 1, 0 at the end, -1 with an exception.
///
/// # Safety
/// The handle is open, the pointers are the caller's variables or null where they may be; the thread is attached.
pub unsafe extern "C" fn ctx_Dict_Next(
    _: *mut Context,
    dict: Handle,
    position: *mut isize,
    key: *mut Handle,
    value: *mut Handle,
) -> c_int {
    // SAFETY: the function is called with a dict only. It lends references, which are made the caller's before another
    // thread can change the dictionary.
    unsafe {
        let mut found = [null_mut(), null_mut()];
        let done = if is_dict_else_type_error(dict, c"HPyDict_Next needs a dict") {
            let mut section = CriticalSection { opaque: [0; 4] };
            let section = (&raw mut section).cast();
            PyCriticalSection_Begin(section, object(dict));
            let [mut k, mut v] = [null_mut(), null_mut()];
            let more = PyDict_Next(object(dict), position, &mut k, &mut v);
            if more != 0 {
                Py_IncRef(k);
                Py_IncRef(v);
                found = [k, v];
            }
            PyCriticalSection_End(section);
            c_int::from(more != 0)
        } else {
            -1
        };
        for (to, object) in [key, value].into_iter().zip(found) {
            if to.is_null() {
                Py_DecRef(object);
            } else {
                to.write(handle(object));
            }
        }
        done
    }
}

/// A view of a mapping that cannot be written to.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_DictProxy_New(_: *mut Context, mapping: Handle) -> Handle {
    // SAFETY: the caller's promise; the imports are bound. Not every host looks.
    unsafe {
        if PyMapping_Check(object(mapping)) == 0 {
            raise(PyExc_TypeError(), c"HPyDictProxy_New needs a mapping");
            return Handle::NULL;
        }
        handle(PyDictProxy_New(object(mapping)))
    }
}

/// Removes all items.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Dict_Clear(_: *mut Context, dict: Handle) -> c_int {
    // SAFETY: the function is called with a dict only.
    unsafe {
        if !is_dict_else_type_error(dict, c"HPyDict_Clear needs a dict") {
            return -1;
        }
        PyDict_Clear(object(dict));
    }
    0
}
