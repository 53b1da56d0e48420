//! What CPython's headers read from an object by macros and inline functions, as functions.
//!
//! On a host whose layout is known each is a load; elsewhere it asks the public API.

use crate::polyfill;
use crate::polyfill::Choice;
use crate::types::{Object, c_int};

/// The type of `object` at `OFFSET` in its header.
unsafe extern "C" fn type_at<const OFFSET: usize>(object: Object) -> Object {
    // SAFETY: chosen only for hosts whose headers hold the type there.
    unsafe { object.byte_add(OFFSET).cast::<Object>().read() }
}

unsafe extern "C" fn type_of_graalpy(object: Object) -> Object {
    // SAFETY: chosen only on GraalPy, with the cell filled.
    unsafe { crate::functions::GraalPy_TYPE(object) }
}

polyfill! {
    /// The type of an object, a borrowed reference.
    fn Py_TYPE(object: Object) -> Object;
    uses [PyObject_Type, Py_DecRef];
    may_use [GraalPy_TYPE];
    choose |host| match host.layout.type_offset {
        Some(8) if !host.generic => Choice::Ours(type_at::<8> as *const _),
        Some(16) if !host.generic => Choice::Ours(type_at::<16> as *const _),
        Some(24) if !host.generic => Choice::Ours(type_at::<24> as *const _),
        _ if host.has(&crate::functions::cells::GraalPy_TYPE) => Choice::Ours(type_of_graalpy as *const _),
        _ => Choice::Ours(Py_TYPE as *const _),
    };
    {
        // SAFETY: `object` is an object, which keeps its type alive: the reference may be borrowed.
        unsafe {
            let class = PyObject_Type(object);
            Py_DecRef(class);
            class
        }
    }
}

polyfill! {
    /// Whether the type of `object` is exactly `class`.
    fn Py_IS_TYPE(object: Object, class: Object) -> c_int;
    uses [PyObject_Type, Py_DecRef];
    choose |_| Choice::Ours(Py_IS_TYPE as *const _);
    {
        // SAFETY: `object` is an object.
        unsafe {
            let own = PyObject_Type(object);
            Py_DecRef(own);
            c_int::from(own == class)
        }
    }
}
