//! `Py_tp_finalize` on a host that knows the slot but cannot call what is in it (see [`calls_finalizer_slots`](crate::hosts::Quirks::calls_finalizer_slots)).
//!
//! There the type gets a method `__del__` that calls what is in the slot. It takes the place of the host's own wrapper, so
//! that the host does all else as for a class of Python's: it calls the method once, while the object is whole, and sees
//! whether the object came back to life.

use crate::hosts::type_slot;
use crate::types::{Object, PyMethodDef, PyType_Spec, Slot, c_int};
use crate::{Host, detect, memory, type_slots};
use core::ptr::{null, null_mut};

/// `METH_NOARGS | METH_COEXIST`: the method goes before the slot's wrapper.
const NO_ARGUMENTS_BEFORE_SLOT: c_int = 0x4 | 0x40;

/// The array of methods that the author's slots name: the last one, as with every slot that is given twice.
fn authors_methods(slots: &[Slot]) -> *mut PyMethodDef {
    slots.iter().rfind(|slot| slot.slot == type_slot::METHODS).map_or(null_mut(), |slot| slot.value.cast())
}

fn has_finalizer(slots: &[Slot]) -> bool {
    slots.iter().any(|slot| slot.slot == type_slot::FINALIZE && !slot.value.is_null())
}

/// The author's methods and `__del__`, for as long as the type lives: null where the author's are enough, `None` when there
/// is no memory.
///
/// # Safety
/// The arrays that the slots name end with an empty name.
pub(super) unsafe fn methods(slots: &[Slot], host: &Host) -> Option<*mut PyMethodDef> {
    if host.quirks.calls_finalizer_slots || !has_finalizer(slots) {
        return Some(null_mut());
    }
    let author = authors_methods(slots);
    // SAFETY: the array ends with an empty name; the new one has room for one more, and ends with zeros.
    unsafe {
        let count = if author.is_null() {
            0
        } else {
            (0..).take_while(|&index| !(*author.add(index)).ml_name.is_null()).count()
        };
        let all = memory::array::<PyMethodDef>(count + 2);
        if all.is_null() {
            return None;
        }
        if count > 0 {
            core::ptr::copy_nonoverlapping(author, all, count);
        }
        all.add(count).write(PyMethodDef {
            ml_name: c"__del__".as_ptr(),
            ml_meth: finalize as *mut _,
            ml_flags: NO_ARGUMENTS_BEFORE_SLOT,
            ml_doc: null(),
        });
        Some(all)
    }
}

/// Has a fresh type say of its methods what the author did: who made a type may know it by the array.
///
/// # Safety
/// `class` was made from `spec` just now.
pub(super) unsafe fn show_own_methods(class: Object, spec: *const PyType_Spec, host: &Host) {
    // SAFETY: the author's slots end with a zero; the types of such a host have the field at this place.
    unsafe {
        let count = (0..).take_while(|&index| (*(*spec).slots.add(index)).slot != 0).count();
        let slots = core::slice::from_raw_parts((*spec).slots, count);
        if !host.quirks.calls_finalizer_slots && has_finalizer(slots) {
            type_slots::set_field::<{ type_slot::METHODS }>(class, fields(host), authors_methods(slots).cast());
        }
    }
}

/// Where the fields of a type start, in bytes from the type, on a host that does not call the slot.
fn fields(host: &Host) -> usize {
    host.quirks.told_type_fields.get().unwrap_or(0)
}

/// `__del__`: what is in the slot of the object's type, or of the nearest type that it derives from.
unsafe extern "C" fn finalize(this: Object, _: Object) -> Object {
    use crate::functions::{Py_BuildValue, Py_DecRef, PyErr_Occurred, PyObject_Type};
    // SAFETY: the interpreter passes an object of a type with a finalizer; the cells are among those of the stand-ins for the
    // functions that make types; the types of such a host have the fields at these places.
    unsafe {
        let start = fields(detect::known());
        let mut class = PyObject_Type(this);
        // The object keeps its type.
        Py_DecRef(class);
        while !class.is_null() {
            let found = type_slots::field::<{ type_slot::FINALIZE }>(class, start);
            if !found.is_null() {
                core::mem::transmute::<*mut _, unsafe extern "C" fn(Object)>(found)(this);
                break;
            }
            class = type_slots::field::<{ type_slot::BASE }>(class, start).cast();
        }
        // An exception that was left behind is the caller's to report.
        if PyErr_Occurred().is_null() { Py_BuildValue()(c"".as_ptr()) } else { null_mut() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosts::{cpython, pypy};
    use core::ffi::CStr;

    unsafe extern "C" fn nothing(_: Object) {}

    fn slots(methods: &[PyMethodDef]) -> [Slot; 2] {
        [
            Slot { slot: type_slot::METHODS, value: methods.as_ptr().cast_mut().cast() },
            Slot { slot: type_slot::FINALIZE, value: nothing as *mut _ },
        ]
    }

    const END: PyMethodDef = PyMethodDef { ml_name: null(), ml_meth: null_mut(), ml_flags: 0, ml_doc: null() };

    #[test]
    fn a_finalizer_becomes_a_method_where_the_slot_is_not_called() {
        let own = [PyMethodDef { ml_name: c"own".as_ptr(), ml_flags: 4, ..END }, END];
        // SAFETY: the arrays end with an empty name.
        unsafe {
            let all = methods(&slots(&own), &Host::as_recorded(pypy::profile, 9)).unwrap();
            let names = [0, 1].map(|index| CStr::from_ptr((*all.add(index)).ml_name));
            assert_eq!(names, [c"own", c"__del__"]);
            assert!((*all.add(2)).ml_name.is_null());
            let alone = methods(&slots(&own)[1..], &Host::as_recorded(pypy::profile, 9)).unwrap();
            assert_eq!(CStr::from_ptr((*alone).ml_name), c"__del__");
        }
    }

    #[test]
    fn the_methods_stay_where_the_slot_is_called_or_empty() {
        let own = [END];
        // SAFETY: as above.
        unsafe {
            assert_eq!(methods(&slots(&own), &Host::as_recorded(pypy::profile, 11)), Some(null_mut()));
            assert_eq!(methods(&slots(&own), &Host::as_recorded(cpython::profile, 9)), Some(null_mut()));
            assert_eq!(methods(&slots(&own)[..1], &Host::as_recorded(pypy::profile, 9)), Some(null_mut()));
        }
    }
}
