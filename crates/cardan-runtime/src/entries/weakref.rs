//! Weak references.

use crate::convert::{handle, object};
use crate::forward;
use crate::imports::{_Py_NoneStruct, Py_DecRef, PyObject_CallNoArgs, PyWeakref_GetRef};
use cardan_abi::{Context, Handle};
use cardan_host::detect;
use core::ffi::c_int;

forward! {
    ctx_Weakref_NewRef(h: Handle, callback: Handle) -> Handle = PyWeakref_NewRef;
    ctx_Weakref_NewProxy(h: Handle, callback: Handle) -> Handle = PyWeakref_NewProxy;
}

/// What a weak reference refers to: 1, 0 if it is gone, -1 with an exception.
///
/// # Safety
/// The handle is open, the pointer the caller's variable; the thread is attached.
pub unsafe extern "C" fn ctx_Weakref_GetRef(_: *mut Context, reference: Handle, result: *mut Handle) -> c_int {
    // SAFETY: the caller's promise; the imports are bound.
    unsafe {
        let this = object(reference);
        // Where the function lends its result, the host keeps that alive as long as the weak reference. To call a reference
        // gives the same without that. A proxy may be called too, but that calls what it stands for.
        if detect::known().quirks.has_types_of_weakref || !super::kinds::is_weak_reference(this) {
            return PyWeakref_GetRef(this, result.cast());
        }
        result.write(Handle::NULL);
        let found = PyObject_CallNoArgs(this);
        if found.is_null() {
            return -1;
        }
        if found == _Py_NoneStruct() {
            Py_DecRef(found);
            return 0;
        }
        result.write(handle(found));
        1
    }
}
