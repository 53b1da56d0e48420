//! What CPython's headers read from an object by macros and inline functions, as functions.
//!
//! On a host whose layout is known each is a load; elsewhere it asks the public API.
//!
//! A destructor asks these of an object without references. To take a reference to it and to give it back would run the destructor
//! again inside itself, so none of them does.

use crate::hosts::Host;
use crate::hosts::profile::Count;
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
    choose |host| match host.layout.type_offset.get() {
        Some(8) => Choice::Ours(type_at::<8> as *const _),
        Some(16) => Choice::Ours(type_at::<16> as *const _),
        Some(24) => Choice::Ours(type_at::<24> as *const _),
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

/// Whether the type at `OFFSET` in the header is exactly `class`.
unsafe extern "C" fn is_type_at<const OFFSET: usize>(object: Object, class: Object) -> c_int {
    // SAFETY: chosen only for hosts whose headers hold the type there.
    c_int::from(unsafe { type_at::<OFFSET>(object) } == class)
}

unsafe extern "C" fn is_type_of_graalpy(object: Object, class: Object) -> c_int {
    // SAFETY: chosen only on GraalPy, with the cell filled.
    c_int::from(unsafe { type_of_graalpy(object) } == class)
}

polyfill! {
    /// Whether the type of `object` is exactly `class`.
    fn Py_IS_TYPE(object: Object, class: Object) -> c_int;
    uses [PyObject_Type, Py_DecRef];
    may_use [GraalPy_TYPE];
    choose |host| match host.layout.type_offset.get() {
        Some(8) => Choice::Ours(is_type_at::<8> as *const _),
        Some(16) => Choice::Ours(is_type_at::<16> as *const _),
        Some(24) => Choice::Ours(is_type_at::<24> as *const _),
        _ if host.has(&crate::functions::cells::GraalPy_TYPE) => Choice::Ours(is_type_of_graalpy as *const _),
        _ => Choice::Ours(Py_IS_TYPE as *const _),
    };
    {
        // SAFETY: `object` is an object.
        unsafe {
            let own = PyObject_Type(object);
            Py_DecRef(own);
            c_int::from(own == class)
        }
    }
}

/// The count at the start of the header.
unsafe extern "C" fn count_in_header(object: Object) -> isize {
    // SAFETY: chosen only for hosts whose headers start with the count.
    unsafe { object.cast::<isize>().read() }
}

/// The count of CPython from 3.12 on: 32 bits, the others say that the object is immortal.
unsafe extern "C" fn narrow_count_in_header(object: Object) -> isize {
    // SAFETY: as above.
    unsafe { object.cast::<u32>().read() as isize }
}

/// The counts of a header without the GIL.
unsafe extern "C" fn split_count_in_header(object: Object) -> isize {
    // SAFETY: chosen only for hosts whose headers hold these counts.
    unsafe { Count::Split.of(object) }
}

/// How a host counts where it has no function that tells: as its layout says, or as the stable ABI does.
fn count(host: &Host) -> Option<Count> {
    host.layout.count.or(host.quirks.written_count)
}

polyfill! {
    /// The number of references to an object. Where nobody can tell it is 2: more than one reference is the answer under which
    /// nobody changes the object in place. `sys.getrefcount` is not asked, since that takes references.
    fn Py_REFCNT(_object: Object) -> isize;
    uses [];
    choose |host| Choice::HostElse(match count(host) {
        Some(Count::Word) => count_in_header as *const _,
        Some(Count::Narrow) => narrow_count_in_header as *const _,
        Some(Count::Split) => split_count_in_header as *const _,
        None => Py_REFCNT as *const _,
    });
    { 2 }
}

/// The number of items at `OFFSET`, right after the header.
unsafe extern "C" fn size_at<const OFFSET: usize>(object: Object) -> isize {
    // SAFETY: chosen only for hosts whose variable-size objects hold the number there.
    unsafe { object.byte_add(OFFSET).cast::<isize>().read() }
}

unsafe extern "C" fn size_of_graalpy(object: Object) -> isize {
    // SAFETY: chosen only on GraalPy, with the cell filled.
    unsafe { crate::functions::GraalPy_SIZE(object) }
}

polyfill! {
    /// The number of items of an object of variable size. On an interpreter of which nothing is known: of one that has a length.
    fn Py_SIZE(object: Object) -> isize;
    uses [PyObject_Size];
    may_use [GraalPy_SIZE];
    choose |host| match host.layout.size.get() {
        Some(16) => Choice::Ours(size_at::<16> as *const _),
        Some(24) => Choice::Ours(size_at::<24> as *const _),
        Some(32) => Choice::Ours(size_at::<32> as *const _),
        _ if host.has(&crate::functions::cells::GraalPy_SIZE) => Choice::Ours(size_of_graalpy as *const _),
        _ => Choice::HostElse(Py_SIZE as *const _),
    };
    {
        // SAFETY: `object` is an object.
        unsafe { PyObject_Size(object) }
    }
}

/// Sets the count at the start of the header.
unsafe extern "C" fn set_count_in_header(object: Object, count: isize) {
    // SAFETY: chosen only for hosts whose headers start with the count, which `PyObject.ob_refcnt` of the stable ABI says.
    unsafe { object.cast::<isize>().write(count) }
}

/// Sets the count of CPython 3.12: 32 bits, and never that of an immortal object.
unsafe extern "C" fn set_narrow_count_in_header(object: Object, count: isize) {
    // SAFETY: as above. An immortal count is negative as a signed number of 32 bits.
    unsafe {
        if object.cast::<i32>().read() >= 0 {
            object.cast::<u32>().write(count as u32);
        }
    }
}

polyfill! {
    /// Sets the number of references, as a destructor does that revives its object for a while.
    fn Py_SET_REFCNT(object: Object, count: isize);
    uses [];
    may_use [_Py_SetRefcnt];
    choose |host| match host.quirks.written_count {
        // A function of their own: CPython from 3.13 on, GraalPy.
        _ if host.has(&crate::functions::cells::_Py_SetRefcnt) => Choice::Ours(Py_SET_REFCNT as *const _),
        Some(Count::Word) => Choice::Ours(set_count_in_header as *const _),
        Some(Count::Narrow) => Choice::Ours(set_narrow_count_in_header as *const _),
        Some(Count::Split) | None => Choice::Missing,
    };
    {
        // SAFETY: `object` is an object, the cell was filled.
        unsafe { _Py_SetRefcnt(object, count) }
    }
}

/// Sets the number of items at `OFFSET`, right after the header.
unsafe extern "C" fn set_size_at<const OFFSET: usize>(object: Object, size: isize) {
    // SAFETY: chosen only for hosts whose variable-size objects hold the number there.
    unsafe { object.byte_add(OFFSET).cast::<isize>().write(size) }
}

polyfill! {
    /// Sets the number of items of an object of variable size. Missing on an interpreter of which nothing is known.
    fn Py_SET_SIZE(object: Object, size: isize);
    uses [];
    may_use [GraalPy_SET_SIZE];
    choose |host| match host.layout.size.get() {
        Some(16) => Choice::Ours(set_size_at::<16> as *const _),
        Some(24) => Choice::Ours(set_size_at::<24> as *const _),
        Some(32) => Choice::Ours(set_size_at::<32> as *const _),
        _ if host.has(&crate::functions::cells::GraalPy_SET_SIZE) => Choice::Ours(Py_SET_SIZE as *const _),
        _ => Choice::Missing,
    };
    {
        // SAFETY: chosen only with the cell filled.
        unsafe { GraalPy_SET_SIZE(object, size) }
    }
}

/// Writes the type to the header.
unsafe extern "C" fn set_type_in_header(object: Object, class: Object) {
    if let Some(offset) = crate::detect::known().layout.type_offset.get() {
        // SAFETY: the header of this host holds the type there.
        unsafe { object.byte_add(offset).cast::<Object>().write(class) }
    }
}

polyfill! {
    /// Sets the type of an object. Missing where the layout is not known.
    fn Py_SET_TYPE(object: Object, class: Object);
    uses [];
    may_use [GraalPy_SET_TYPE];
    choose |host| match host.layout.type_offset.get() {
        Some(_) if crate::hosts::can_set_metaclass(host) => Choice::Ours(set_type_in_header as *const _),
        _ if host.has(&crate::functions::cells::GraalPy_SET_TYPE) => Choice::Ours(Py_SET_TYPE as *const _),
        _ => Choice::Missing,
    };
    {
        // SAFETY: chosen only with the cell filled.
        unsafe { GraalPy_SET_TYPE(object, class) }
    }
}
