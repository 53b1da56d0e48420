//! Fields, which are references that an object's C struct holds, and the collector.
//!
//! The word of a field is the object, so that the host's collector can be shown it. A field is loaded by value: where there is
//! no GIL, an author who stores and loads the same field from several threads does both in a critical section of the owner, as
//! for any other member of the struct.

use crate::convert::{handle, object};
use crate::forward;
use crate::imports::{Py_DecRef, Py_IncRef};
use cardan_abi::{Context, Field, Handle};
use core::ffi::c_int;
use core::sync::atomic::{AtomicIsize, Ordering};

/// Stores an object or null. What was there is let go after that, since letting go may run any code.
///
/// # Safety
/// The handles are open, the second one may be null; the field is one of the owner's struct; the thread is attached.
pub unsafe extern "C" fn ctx_Field_Store(_: *mut Context, _: Handle, field: *mut Field, h: Handle) {
    // SAFETY: the imports are bound before a context is handed out. A word is aligned for an atomic, and two threads that
    // store at once each let go what they replaced.
    unsafe {
        Py_IncRef(object(h));
        let before = AtomicIsize::from_ptr(&raw mut (*field).word).swap(h.word, Ordering::AcqRel);
        Py_DecRef(object(Handle { word: before }));
    }
}

/// A new handle of what a field holds, or null.
///
/// # Safety
/// The field holds an object or null, and nobody stores to it meanwhile; the thread is attached.
pub unsafe extern "C" fn ctx_Field_Load(_: *mut Context, _: Handle, field: Field) -> Handle {
    let held = object(Handle { word: field.word });
    // SAFETY: as above; the function takes null too.
    unsafe { Py_IncRef(held) };
    handle(held)
}

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
