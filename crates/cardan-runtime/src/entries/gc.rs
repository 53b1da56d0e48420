//! The collector, and fields that are emptied.

use crate::convert::object;
use crate::forward;
use crate::imports::Py_DecRef;
use cardan_abi::{Context, Field, Handle};
use core::ffi::c_int;
use core::sync::atomic::{AtomicIsize, Ordering};

forward! {
    ctx_GC_Collect() -> isize = PyGC_Collect;
    ctx_GC_Enable() -> c_int = PyGC_Enable;
    ctx_GC_Disable() -> c_int = PyGC_Disable;
    ctx_GC_IsEnabled() -> c_int = PyGC_IsEnabled;
}

/// Empties a field: 1 if it held an object, else 0.
///
/// # Safety
/// The field is of the struct of the object, whose handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Field_Clear(_: *mut Context, _: Handle, field: *mut Field) -> c_int {
    // SAFETY: the field is an aligned word. The reference is dropped once the field no longer shows it.
    unsafe {
        let word = AtomicIsize::from_ptr(&raw mut (*field).word).swap(0, Ordering::AcqRel);
        Py_DecRef(object(Handle { word }));
        c_int::from(word != 0)
    }
}
