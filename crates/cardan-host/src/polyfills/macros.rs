//! What CPython has as macros and inline functions only, for code that needs a function: languages other than C, and
//! pointers to them.

use super::items::{list_items_start, tuple_items_start};
use super::support;
use crate::detect::Host;
use crate::hosts::cpython::type_object::WEAK_LIST_OFFSET;
use crate::polyfill;
use crate::polyfill::Choice;
use crate::types::{Object, c_int, c_void};

/// `PY_VECTORCALL_ARGUMENTS_OFFSET`: the callee may write to the place in front of the arguments.
pub const VECTORCALL_ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

/// The number of positional arguments of a vectorcall, without the flag.
pub const fn positional(count: usize) -> usize {
    count & !VECTORCALL_ARGUMENTS_OFFSET
}

polyfill! {
    /// The number of positional arguments of a vectorcall.
    fn PyVectorcall_NARGS(count: usize) -> isize;
    uses [];
    { positional(count) as isize }
}

polyfill! {
    /// The buffer of a memory view, borrowed from it. Missing where the layout of a memory view is not known.
    fn PyMemoryView_GET_BUFFER(view: Object) -> *mut c_void;
    uses [];
    choose |host| match host.layout.memory_view_buffer.get() {
        Some(_) => Choice::HostElse(PyMemoryView_GET_BUFFER as *const _),
        None => Choice::Host,
    };
    {
        // SAFETY: chosen only where a memory view holds its buffer there.
        unsafe { view.byte_add(crate::detect::known().layout.memory_view_buffer.get().unwrap_or(0)).cast() }
    }
}

polyfill! {
    /// The object whose memory a memory view shows, a borrowed reference, or null.
    fn PyMemoryView_GET_BASE(view: Object) -> Object;
    uses [];
    choose |host| match host.layout.memory_view_buffer.get() {
        Some(_) => Choice::HostElse(PyMemoryView_GET_BASE as *const _),
        None => Choice::Host,
    };
    {
        // SAFETY: as above; the second field of a buffer is the object.
        unsafe { PyMemoryView_GET_BUFFER(view).cast::<Object>().add(1).read() }
    }
}

polyfill! {
    /// The array of the items of a list or tuple, borrowed from it. Missing where their layout is not known.
    fn PySequence_Fast_ITEMS(sequence: Object) -> *mut Object;
    uses [PyObject_Type, PyType_GetFlags, Py_DecRef];
    choose |host| match host.layout.tuple_items.get().and(host.layout.list_items.get()) {
        Some(_) => Choice::HostElse(PySequence_Fast_ITEMS as *const _),
        None => Choice::Host,
    };
    {
        let host = crate::detect::known();
        // SAFETY: chosen only where lists and tuples have these fields; the caller's object is one of them.
        unsafe {
            if support::has_type_flag(sequence, support::type_flag::LIST) {
                sequence.byte_add(list_items_start(host)).cast::<*mut Object>().read()
            } else {
                sequence.byte_add(tuple_items_start(host)).cast()
            }
        }
    }
}

/// Where a type says at which offset its instances keep their weak references.
fn weak_list_offset(host: &Host) -> Option<usize> {
    // PyPy's types do not say it.
    host.layout.type_field(WEAK_LIST_OFFSET).filter(|_| host.quirks.takes_vectorcall_offset)
}

polyfill! {
    /// Whether the instances of a type can have weak references. Missing where the layout of a type is not known.
    fn PyType_SUPPORTS_WEAKREFS(class: Object) -> c_int;
    uses [];
    choose |host| match weak_list_offset(host) {
        Some(_) => Choice::HostElse(PyType_SUPPORTS_WEAKREFS as *const _),
        None => Choice::Host,
    };
    {
        let Some(offset) = weak_list_offset(crate::detect::known()) else { return 0 };
        // SAFETY: chosen only where a type has this field.
        c_int::from(unsafe { class.byte_add(offset).cast::<isize>().read() } > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::{VECTORCALL_ARGUMENTS_OFFSET, positional};

    #[test]
    fn the_flag_is_not_counted() {
        assert_eq!(positional(3 | VECTORCALL_ARGUMENTS_OFFSET), 3);
        assert_eq!(positional(0), 0);
    }
}
