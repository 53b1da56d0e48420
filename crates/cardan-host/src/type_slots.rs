//! What a type holds in a slot.

use crate::bind;
use crate::hosts::cpython::type_object::{self, FLAGS};
use crate::hosts::type_slot;
use crate::polyfill;
use crate::polyfill::{Choice, WithUses};
use crate::types::type_flag::HEAP_TYPE;
use crate::types::{Object, Pointer, c_int};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicIsize, Ordering};

/// Whether a slot is one that destructors ask for on a host where they run without a state of their thread, so that there is no
/// exception to be looked for. Such a host knows these slots.
fn is_asked_without_thread(slot: c_int) -> bool {
    use type_slot::{BASE, CLEAR, DEALLOC, FINALIZE, FREE, METHODS, TRAVERSE};
    matches!(slot, BASE | CLEAR | DEALLOC | FINALIZE | FREE | METHODS | TRAVERSE)
        && crate::detect::known().quirks.destructors_run_without_thread
}

/// A slot by the host's own function, on a host that raises SystemError for slots that it does not know.
unsafe extern "C" fn known_slots_only(class: Object, slot: c_int) -> Pointer {
    use crate::functions::{PyErr_Fetch, PyErr_Occurred, PyErr_Restore};
    // SAFETY: the cells were filled.
    unsafe {
        if is_asked_without_thread(slot) {
            return bind::own_function(crate::functions::PyType_GetSlot(class, slot));
        }
        if PyErr_Occurred().is_null() {
            return bind::own_function(ask_without_exception(class, slot));
        }
        // A destructor may ask while an exception is on its way: it is not the one to be cleared.
        let (mut kind, mut value, mut traceback) = (null_mut(), null_mut(), null_mut());
        PyErr_Fetch(&mut kind, &mut value, &mut traceback);
        let found = ask_without_exception(class, slot);
        // It replaces one for an unknown slot.
        PyErr_Restore(kind, value, traceback);
        bind::own_function(found)
    }
}

/// As above, with no exception pending.
unsafe fn ask_without_exception(class: Object, slot: c_int) -> Pointer {
    use crate::functions::{PyErr_Clear, PyErr_Occurred, PyType_GetSlot};
    // SAFETY: `class` is a type, the cells were filled.
    unsafe {
        let value = PyType_GetSlot(class, slot);
        if value.is_null() && type_object::place(slot).is_some() && !PyErr_Occurred().is_null() {
            // No type of that host has anything there.
            PyErr_Clear();
        }
        value
    }
}

/// A slot by the host's own function, in a file that names functions which hosts have there.
unsafe extern "C" fn exchanged(class: Object, slot: c_int) -> Pointer {
    // SAFETY: `class` is a type, the cell was filled.
    bind::own_function(unsafe { crate::functions::PyType_GetSlot(class, slot) })
}

polyfill! {
    /// What a type holds in a slot: null without an exception where it holds nothing. A function of the C API is the one that the
    /// caller knows by this name. CPython 3.9 answers only for heap types: there it is read from the type.
    fn PyType_GetSlot(class: Object, slot: c_int) -> Pointer;
    uses [PyType_GetSlot, PyType_GetFlags, PyErr_Occurred, PyErr_Clear, PyErr_Fetch, PyErr_Restore];
    choose |host| match host.layout.type_fields.get() {
        _ if host.quirks.raises_for_unknown_slots => Choice::Ours(known_slots_only as *const _),
        Some(_) if !host.quirks.answers_for_static_types => Choice::Ours(PyType_GetSlot as *const _),
        _ if bind::exchanges_functions() => Choice::Ours(exchanged as *const _),
        _ => Choice::Host,
    };
    {
        // SAFETY: `class` is a type of CPython 3.9, whose static types have the fields at these places.
        unsafe {
            let place = type_object::place(slot).filter(|_| PyType_GetFlags(class) & HEAP_TYPE == 0);
            let (Some(place), Some(start)) = (place, crate::detect::known().layout.type_fields.get()) else {
                return bind::own_function(PyType_GetSlot(class, slot));
            };
            let value = class.byte_add(start + place.field).cast::<Pointer>().read();
            bind::own_function(match place.inner {
                Some(inner) if !value.is_null() => value.byte_add(inner).cast::<Pointer>().read(),
                _ => value,
            })
        }
    }
}

/// Where the fields of a type object start, in bytes from the type; 0 where types cannot be read.
///
/// On GraalPy a type may be an object of its own that is no memory.
pub fn fields_start(host: &crate::Host) -> usize {
    host.layout.type_fields.get().unwrap_or(0)
}

/// `tp_flags`, read from a host whose types' fields start at `start` ([`fields_start`], not 0).
///
/// # Safety
/// `class` is a type of that host.
#[inline]
pub unsafe fn flags(class: Object, start: usize) -> core::ffi::c_ulong {
    // SAFETY: the host's types have the field at this place.
    unsafe { class.byte_add(start + FLAGS).cast::<core::ffi::c_ulong>().read() }
}

/// A slot that is a field of the type itself, read from a host whose fields start at `start` ([`fields_start`], not 0).
///
/// # Safety
/// `class` is a type of that host.
#[inline]
pub unsafe fn field<const SLOT: c_int>(class: Object, start: usize) -> Pointer {
    let place = const {
        match type_object::place(SLOT) {
            Some(place) => place.field,
            None => panic!("the slot is a field of the type"),
        }
    };
    // SAFETY: the host's types have the field at this place.
    unsafe { class.byte_add(start + place).cast::<Pointer>().read() }
}

/// Writes a slot that is a field of the type itself, on a host whose fields start at `start`, in bytes from the type.
///
/// # Safety
/// `class` is a type of that host, and what is written is what the host expects there.
pub(crate) unsafe fn set_field<const SLOT: c_int>(class: Object, start: usize, value: Pointer) {
    let place = const {
        match type_object::place(SLOT) {
            Some(place) => place.field,
            None => panic!("the slot is a field of the type"),
        }
    };
    // SAFETY: the host's types have the field at this place.
    unsafe { class.byte_add(start + place).cast::<Pointer>().write(value) }
}

/// Where the fields of a type object start, in words of eight bytes: behind the header and `ob_size`.
static FIELDS: AtomicIsize = AtomicIsize::new(0);

const _: () = {
    /// The variable `PyTypeObject_fields` of a module: the start of a type's fields. Missing where it is not known.
    #[unsafe(export_name = "cardan_polyfill_PyTypeObject_fields")]
    static POLYFILL: WithUses<0> = WithUses::chosen(
        |host| {
            let Some(start) = host.made_type_fields() else { return Choice::Missing };
            FIELDS.store((start / 8) as isize, Ordering::Relaxed);
            Choice::Ours((&raw const FIELDS).cast())
        },
        [],
    );
};
