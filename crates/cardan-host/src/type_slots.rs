//! What a type holds in a slot.

use crate::hosts::cpython::type_object;
use crate::polyfill;
use crate::polyfill::Choice;
use crate::types::{Object, Pointer, c_int};

/// `Py_TPFLAGS_HEAPTYPE`.
const HEAP_TYPE: core::ffi::c_ulong = 1 << 9;

polyfill! {
    /// What a type holds in a slot. CPython 3.9 answers only for heap types: there it is read from the type.
    fn PyType_GetSlot(class: Object, slot: c_int) -> Pointer;
    uses [PyType_GetSlot, PyType_GetFlags];
    choose |host| {
        if host.known_cpython() && !host.at_least(3, 10) { Choice::Ours(PyType_GetSlot as *const _) } else { Choice::Host }
    };
    {
        // SAFETY: `class` is a type of CPython 3.9, whose static types have the fields at these places.
        unsafe {
            let place = type_object::place(slot);
            let Some(place) = place.filter(|_| PyType_GetFlags(class) & HEAP_TYPE == 0) else {
                return PyType_GetSlot(class, slot);
            };
            let layout = crate::detect::known().layout;
            // The header and `ob_size` come first.
            let value = class.byte_add(layout.header + 8 + place.field).cast::<Pointer>().read();
            match place.inner {
                Some(inner) if !value.is_null() => value.byte_add(inner).cast::<Pointer>().read(),
                _ => value,
            }
        }
    }
}
