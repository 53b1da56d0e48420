//! Type specs: `PyType_FromSpec` and its family, with a spec translated for the host.
//!
//! A spec that is compiled once may say more than a host understands: slots and flags that came later, sizes relative to
//! the base class (PEP 697), a metaclass. What only makes things faster is left out; what has a meaning is done another
//! way. See <https://docs.python.org/3/c-api/type.html#creating-heap-allocated-types>.

use super::finalizer;
use crate::bind::{host_function, value};
use crate::functions::cells;
use crate::hosts::cpython::type_object;
use crate::hosts::{self, Quirks, type_slot};
use crate::polyfill::Choice;
use crate::polyfills::alternatives::call::_PyType_CalculateMetaclass;
use crate::polyfills::support::has_type_flag;
use crate::text::Text;
use crate::types::type_flag;
use crate::types::{Object, PyGetSetDef, PyMemberDef, PyMethodDef, PyType_Spec, Slot, c_int, c_void};
use crate::{Host, detect, memory, polyfill};
use core::ffi::{CStr, c_char};

/// `Py_RELATIVE_OFFSET` of a member's flags: the offset counts from the end of the base class.
const RELATIVE_OFFSET: c_int = 8;

/// `METH_METHOD` of a method's flags.
const METH_METHOD: c_int = 0x200;

/// The alignment of the data of each class (`_Py_SIZE_ROUND_UP` to `alignof(max_align_t)` in PEP 697).
const ALIGNMENT: isize = 16;

/// Rounds the size of a base class up to where the data of a class made relative to it starts.
fn align(size: isize) -> isize {
    (size + ALIGNMENT - 1) & !(ALIGNMENT - 1)
}

/// A spec laid out for the host. The spec and its slots are needed only while the type is made; they are small, and types
/// are made once, so they are kept like the members that the host refers to for good. `room` is the number of bytes that a
/// metaclass adds, see [`make_room`].
unsafe fn translate(spec: *mut PyType_Spec, bases: Object, room: usize, host: &Host) -> *mut PyType_Spec {
    // SAFETY: the author passes a spec whose slots end with a zero.
    unsafe {
        let author = *spec;
        if author.name.is_null() {
            return refuse_spec(c"Type spec does not define the name field.");
        }
        let count = (0..).take_while(|&index| (*author.slots.add(index)).slot != 0).count();
        let slots = memory::array::<Slot>(count + 3);
        let copy = memory::array::<PyType_Spec>(1);
        if slots.is_null() || copy.is_null() {
            crate::functions::PyErr_NoMemory();
            return core::ptr::null_mut();
        }
        let own = core::slice::from_raw_parts(author.slots, count);
        if let Some(method) = method_with_class(own)
            && !host.quirks.passes_defining_class
        {
            refuse_method(CStr::from_ptr(author.name), method, host);
            return core::ptr::null_mut();
        }
        if let Some((flag, instead)) = managed_flag(author.flags & !host.quirks.type_flags) {
            refuse_flag(CStr::from_ptr(author.name), flag, instead, host);
            return core::ptr::null_mut();
        }
        if let Some(message) = wrong_member(own, author.basicsize) {
            return refuse_spec(message);
        }
        let relative = author.basicsize < 0 && !host.quirks.has_relative_sizes;
        let base = if relative { base_size(own, bases) } else { 0 };
        if base < 0 {
            return core::ptr::null_mut();
        }
        let Some(members) = merge_members(own, relative.then(|| align(base)), room) else {
            crate::functions::PyErr_NoMemory();
            return core::ptr::null_mut();
        };
        let Some(methods) = finalizer::methods(own, host) else {
            crate::functions::PyErr_NoMemory();
            return core::ptr::null_mut();
        };
        let mut kept = 0;
        for slot in own {
            let keep = match slot.slot {
                type_slot::MEMBERS => false,
                type_slot::METHODS => methods.is_null(),
                type_slot::DOC => !has_doc_property(own),
                other => hosts::knows_type_slot(host, other),
            };
            if keep {
                let value = match slot.slot {
                    // `Py_TP_USE_SPEC`: the address of the spec, which is the author's and not that of the copy.
                    type_slot::TOKEN if slot.value.is_null() => spec.cast(),
                    _ => host_function(slot.value),
                };
                slots.add(kept).write(Slot { slot: slot.slot, value });
                kept += 1;
            }
        }
        if !methods.is_null() {
            slots.add(kept).write(Slot { slot: type_slot::METHODS, value: methods.cast() });
            kept += 1;
        }
        if !members.is_null() {
            slots.add(kept).write(Slot { slot: type_slot::MEMBERS, value: members.cast() });
        }
        let size = if relative { align(base) - author.basicsize as isize } else { author.basicsize as isize };
        let Ok(size) = c_int::try_from(size) else {
            return refuse_spec(c"objects of the type would have more than 2147483647 bytes");
        };
        copy.write(PyType_Spec { basicsize: size, flags: author.flags & host.quirks.type_flags, slots, ..author });
        copy
    }
}

/// Raises `SystemError` for a spec; null.
unsafe fn refuse_spec(message: &CStr) -> *mut PyType_Spec {
    use crate::functions::{PyErr_SetString, data};
    // SAFETY: the cells are among those of the stand-ins below, the message is a C string.
    unsafe { PyErr_SetString(value(&data::PyExc_SystemError), message.as_ptr()) };
    core::ptr::null_mut()
}

/// What is wrong with a member whose offset is relative, if anything is: hosts before 3.12 would not look.
unsafe fn wrong_member(slots: &[Slot], basic_size: c_int) -> Option<&'static CStr> {
    slots.iter().filter(|slot| slot.slot == type_slot::MEMBERS && !slot.value.is_null()).find_map(|slot| {
        let array: *const PyMemberDef = slot.value.cast();
        // SAFETY: the array ends with an empty name.
        let members = (0..).map(|index| unsafe { *array.add(index) }).take_while(|member| !member.name.is_null());
        members.into_iter().filter(|member| member.flags & RELATIVE_OFFSET != 0).find_map(|member| {
            if basic_size > 0 {
                Some(c"With Py_RELATIVE_OFFSET, basicsize must be negative.")
            } else if member.offset < 0 || member.offset >= -(basic_size as isize) {
                Some(c"Member offset out of range (0..-basicsize)")
            } else {
                None
            }
        })
    })
}

/// The first method of the spec that wants to be told the class that defines it.
unsafe fn method_with_class<'spec>(slots: &[Slot]) -> Option<&'spec CStr> {
    slots.iter().filter(|slot| slot.slot == type_slot::METHODS && !slot.value.is_null()).find_map(|slot| {
        let array: *const PyMethodDef = slot.value.cast();
        // SAFETY: the array ends with an empty name; other names are C strings.
        unsafe {
            let methods = (0..).map(|index| *array.add(index)).take_while(|method| !method.ml_name.is_null());
            methods
                .filter(|method| method.ml_flags & METH_METHOD != 0)
                .map(|method| CStr::from_ptr(method.ml_name))
                .next()
        }
    })
}

/// Raises `ImportError` for a method that the host would call with other arguments than it takes.
unsafe fn refuse_method(class: &CStr, method: &CStr, host: &Host) {
    use crate::functions::{PyErr_SetString, data};
    let mut text = Text::new();
    text.push(c"cannot make the type ").push(class).push(c": its method ").push(method);
    host.describe(text.push(c" takes the class that defines it (METH_METHOD), which "))
        .push(c" does not pass; there, leave METH_METHOD out and call PyType_GetModuleByDef");
    // SAFETY: the cells are among those of the stand-ins below, the message is a C string.
    unsafe { PyErr_SetString(value(&data::PyExc_ImportError), text.as_ptr()) };
}

/// The name of a flag that asks the host to keep something for each object, and what to do without it.
fn managed_flag(flags: u32) -> Option<(&'static CStr, &'static CStr)> {
    match () {
        () if flags & Quirks::MANAGED_DICT != 0 => Some((c"Py_TPFLAGS_MANAGED_DICT", c"__dictoffset__")),
        () if flags & Quirks::MANAGED_WEAKREF != 0 => Some((c"Py_TPFLAGS_MANAGED_WEAKREF", c"__weaklistoffset__")),
        () => None,
    }
}

/// Raises `ImportError` for a flag that the host would pass over, so that objects had no dict or no weak references.
unsafe fn refuse_flag(class: &CStr, flag: &CStr, instead: &CStr, host: &Host) {
    use crate::functions::{PyErr_SetString, data};
    let mut text = Text::new();
    text.push(c"cannot make the type ").push(class).push(c": its flag ").push(flag).push(c" is not known to ");
    host.describe(&mut text).push(c"; give its struct a field and name that in a member ").push(instead);
    // SAFETY: the cells are among those of the stand-ins below, the message is a C string.
    unsafe { PyErr_SetString(value(&data::PyExc_ImportError), text.as_ptr()) };
}

/// `__basicsize__` of the class that the type will lay its data after, in bytes; -1 with an exception on failure.
///
/// The host itself chooses that class among the bases, or refuses them: it makes a type of them that adds nothing.
unsafe fn base_size(slots: &[Slot], bases: Object) -> isize {
    use crate::functions::{Py_DecRef, PyType_FromSpecWithBases};
    const END: Slot = Slot { slot: 0, value: core::ptr::null_mut() };
    let mut of_bases = [END; 3];
    let given = slots.iter().filter(|slot| matches!(slot.slot, type_slot::BASE | type_slot::BASES));
    for (place, slot) in of_bases[..2].iter_mut().zip(given) {
        *place = *slot;
    }
    let slots = of_bases.as_mut_ptr();
    let mut spec = PyType_Spec { name: c"cardan.base".as_ptr(), basicsize: 0, itemsize: 0, flags: 0, slots };
    // SAFETY: the cells are among those of the stand-ins below; bases are null, a class or a tuple of classes. The spec and its
    // slots are read while the type is made.
    unsafe {
        let has_bases = !bases.is_null();
        let bases = if has_bases { as_tuple(bases) } else { bases };
        if has_bases && bases.is_null() {
            return -1;
        }
        let class = PyType_FromSpecWithBases(&raw mut spec, bases);
        if has_bases {
            Py_DecRef(bases);
        }
        if class.is_null() {
            return -1;
        }
        let size = stated_size(class);
        Py_DecRef(class);
        size
    }
}

unsafe fn is_tuple(object: Object) -> bool {
    use crate::functions::{PyObject_IsInstance, data};
    // SAFETY: the cells are among those of the stand-ins below.
    unsafe { PyObject_IsInstance(object, data::PyTuple_Type.address().cast()) == 1 }
}

/// All members of all `Py_tp_members` slots as one array, with relative offsets made absolute. Hosts refer to the array
/// for as long as the type lives. `Some(null)` when there are no members, `None` when there is no memory. Placeholders for
/// `room` bytes come first.
unsafe fn merge_members(slots: &[Slot], base: Option<isize>, room: usize) -> Option<*mut PyMemberDef> {
    // SAFETY: each array of members ends with an empty name.
    unsafe {
        let arrays = || slots.iter().filter(|slot| slot.slot == type_slot::MEMBERS && !slot.value.is_null());
        let length = |array: *const PyMemberDef| (0..).take_while(|&index| !(*array.add(index)).name.is_null()).count();
        let total: usize = arrays().map(|slot| length(slot.value.cast())).sum();
        let count = room.div_ceil(size_of::<PyMemberDef>()).min(PLACEHOLDERS);
        if arrays().next().is_none() && count == 0 {
            return Some(core::ptr::null_mut());
        }
        let merged = memory::array::<PyMemberDef>(count + total + 1);
        if merged.is_null() {
            return None;
        }
        let mut next = 0;
        for name in placeholders(count) {
            let doc = core::ptr::null();
            merged.add(next).write(PyMemberDef { name, kind: NOTHING, offset: 0, flags: READ_ONLY, doc });
            next += 1;
        }
        for slot in arrays() {
            let array: *const PyMemberDef = slot.value.cast();
            for index in 0..length(array) {
                let mut member = *array.add(index);
                if let Some(base) = base
                    && member.flags & RELATIVE_OFFSET != 0
                {
                    member.offset += base;
                    member.flags &= !RELATIVE_OFFSET;
                }
                merged.add(next).write(member);
                next += 1;
            }
        }
        Some(merged)
    }
}

/// `T_NONE` and `READONLY` of `structmember.h`.
const NOTHING: c_int = 20;
const READ_ONLY: c_int = 1;

/// How many placeholders there are for [`make_room`], more than any metaclass needs.
const PLACEHOLDERS: usize = 16;

/// Their names as one text, without an address for each that has to be relocated.
const PLACEHOLDER_NAMES: &str = concat!(
    "__cardan_room_0__\0",
    "__cardan_room_1__\0",
    "__cardan_room_2__\0",
    "__cardan_room_3__\0",
    "__cardan_room_4__\0",
    "__cardan_room_5__\0",
    "__cardan_room_6__\0",
    "__cardan_room_7__\0",
    "__cardan_room_8__\0",
    "__cardan_room_9__\0",
    "__cardan_room_a__\0",
    "__cardan_room_b__\0",
    "__cardan_room_c__\0",
    "__cardan_room_d__\0",
    "__cardan_room_e__\0",
    "__cardan_room_f__\0",
);
const _: () = assert!(PLACEHOLDER_NAMES.len().is_multiple_of(PLACEHOLDERS));

/// The first `count` of these names.
fn placeholders(count: usize) -> impl Iterator<Item = *const c_char> {
    let names = PLACEHOLDER_NAMES.as_bytes().chunks_exact(PLACEHOLDER_NAMES.len() / PLACEHOLDERS);
    names.take(count).map(|name| name.as_ptr().cast())
}

/// The number of bytes that the classes of a metaclass have more than others; none with an exception.
unsafe fn added_by(metaclass: Object) -> Option<usize> {
    let usual = crate::functions::data::PyType_Type.address().cast();
    // SAFETY: both are classes; the cells are among those of the stand-ins below.
    let (own, usual) = unsafe { (stated_size(metaclass), stated_size(usual)) };
    if own < 0 || usual < 0 { None } else { Some(usize::try_from(own - usual).unwrap_or(0)) }
}

/// Gives a class, which was made with `type` as its metaclass, the room for what its real metaclass adds.
///
/// A host that knows no metaclass here puts copies of the members behind the class, where the metaclass has its data. So
/// placeholders were put before the members; their descriptors go away now, and their place is the metaclass's. False with an
/// exception on failure.
unsafe fn make_room(class: Object, room: usize) -> bool {
    use crate::functions::{PyObject_SetAttrString, data};
    // SAFETY: the class was made just now, with the placeholders; the cells are among those of the stand-ins below.
    unsafe {
        for name in placeholders(room.div_ceil(size_of::<PyMemberDef>())) {
            if PyObject_SetAttrString(class, name, core::ptr::null_mut()) < 0 {
                return false;
            }
        }
        let size = stated_size(data::PyType_Type.address().cast());
        if size < 0 {
            return false;
        }
        class.byte_offset(size).cast::<u8>().write_bytes(0, room);
    }
    true
}

/// `__basicsize__` of a class in bytes; -1 with an exception on failure.
unsafe fn stated_size(class: Object) -> isize {
    use crate::functions::{Py_DecRef, PyLong_AsSsize_t, PyObject_GetAttrString};
    // SAFETY: `class` is a class; the cells are among those of the stand-ins below. Where no attribute tells, a field of the class does.
    unsafe {
        if let Some(start) = detect::known().quirks.told_type_fields.get() {
            return class.byte_add(start + type_object::BASIC_SIZE).cast::<isize>().read();
        }
        let size = PyObject_GetAttrString(class, c"__basicsize__".as_ptr());
        if size.is_null() {
            return -1;
        }
        let number = PyLong_AsSsize_t(size);
        Py_DecRef(size);
        number
    }
}

/// Whether the spec defines a property `__doc__`, which a `Py_tp_doc` would hide on some hosts.
unsafe fn has_doc_property(slots: &[Slot]) -> bool {
    let is_doc = |name: *const core::ffi::c_char| {
        // SAFETY: a name that is not null is a C string.
        let name = unsafe { CStr::from_ptr(name) };
        name == c"__doc__"
    };
    slots.iter().filter(|slot| slot.slot == type_slot::GETSET && !slot.value.is_null()).any(|slot| {
        let array: *const PyGetSetDef = slot.value.cast();
        // SAFETY: the array ends with an empty name.
        (0..).map(|index| unsafe { (*array.add(index)).name }).take_while(|name| !name.is_null()).any(is_doc)
    })
}

/// Bases as a tuple where the host takes nothing else: a new reference, or null with an exception.
unsafe fn as_tuple(bases: Object) -> Object {
    use crate::functions::{Py_IncRef, PyTuple_New, PyTuple_SetItem};
    // SAFETY: the cells are among those of the stand-ins below; `bases` is a class or a tuple.
    unsafe {
        Py_IncRef(bases);
        if is_tuple(bases) {
            return bases;
        }
        let tuple = PyTuple_New(1);
        if !tuple.is_null() {
            PyTuple_SetItem(tuple, 0, bases);
        }
        tuple
    }
}

/// Whether who asks for a metaclass goes without it where there is no function that sets one: Cython, whose metaclass for
/// what its modules have in common only shows `__module__`.
unsafe fn does_without(metaclass: Object) -> bool {
    use crate::functions::{Py_DecRef, PyErr_Clear, PyObject_GetAttrString, PyUnicode_AsUTF8AndSize};
    // SAFETY: `metaclass` is a class; the cells are among those of the stand-ins below; the name is read before it is dropped.
    unsafe {
        let name = PyObject_GetAttrString(metaclass, c"__name__".as_ptr());
        let mut size = 0;
        let text = if name.is_null() { core::ptr::null() } else { PyUnicode_AsUTF8AndSize(name, &raw mut size) };
        let found = !text.is_null() && CStr::from_ptr(text) == c"_common_types_metatype";
        if text.is_null() {
            PyErr_Clear();
        }
        if !name.is_null() {
            Py_DecRef(name);
        }
        found
    }
}

/// The metaclass that a class is to have, given the one that is asked for: the most derived of it and of those of the bases.
/// Null stands for none. `None` with `TypeError` for an object that is no metaclass, for metaclasses of which none derives from
/// all others, and for one with a `__new__` of its own, which nobody would call.
unsafe fn chosen_metaclass(metaclass: Object, spec: *const PyType_Spec, bases: Object, host: &Host) -> Option<Object> {
    use crate::functions::{
        Py_DecRef, PyErr_Format, PyErr_SetString, PyObject_GetAttrString, PyObject_Type, PyType_IsSubtype, data,
    };
    let usual: Object = data::PyType_Type.address().cast();
    if metaclass.is_null() {
        return Some(metaclass);
    }
    // SAFETY: the arguments are the caller's; the cells are among those of the stand-ins below.
    unsafe {
        if !has_type_flag(metaclass, type_flag::TYPE) || PyType_IsSubtype(metaclass, usual) == 0 {
            let message = c"Metaclass '%R' is not a subclass of 'type'.".as_ptr();
            PyErr_Format()(value(&data::PyExc_TypeError), message, metaclass);
            return None;
        }
        if sets_metaclasses(host) {
            return Some(metaclass);
        }
        let bases = as_tuple(if bases.is_null() { named_bases(spec) } else { bases });
        if bases.is_null() {
            return None;
        }
        let winner = _PyType_CalculateMetaclass(metaclass, bases);
        Py_DecRef(bases);
        if winner.is_null() || winner == usual {
            return (!winner.is_null()).then_some(winner);
        }
        let [own, that_of_type] = [winner, usual].map(|class| {
            let new = PyObject_GetAttrString(class, c"__new__".as_ptr());
            if !host.quirks.wraps_inherited_new || new.is_null() {
                return new;
            }
            // A function of Python's is of another type than what wraps one of C.
            let kind = PyObject_Type(new);
            Py_DecRef(new);
            kind
        });
        for compared in [own, that_of_type] {
            Py_DecRef(compared);
        }
        if own != that_of_type {
            let message = c"Metaclasses with custom tp_new are not supported.".as_ptr();
            PyErr_SetString(value(&data::PyExc_TypeError), message);
            return None;
        }
        // A metaclass that only a base asks for is the host's affair where it cannot be set.
        let can_set = hosts::can_set_metaclass(host) || host.quirks.assigns_metaclass;
        Some(if can_set { winner } else { metaclass })
    }
}

/// Whether the host's own `PyType_FromMetaclass` serves for every metaclass.
fn sets_metaclasses(host: &Host) -> bool {
    !cells::PyType_FromMetaclass.address().is_null() && !host.quirks.assigns_metaclass
}

/// The bases that a spec names: a class or a tuple, borrowed.
unsafe fn named_bases(spec: *const PyType_Spec) -> Object {
    // SAFETY: the author's slots end with a zero.
    unsafe {
        let slots = || (0..).map(|index| *(*spec).slots.add(index)).take_while(|slot| slot.slot != 0);
        let last = |id| slots().filter(|slot| slot.slot == id && !slot.value.is_null()).last();
        let named = last(type_slot::BASES).or_else(|| last(type_slot::BASE));
        named.map_or(crate::functions::data::PyBaseObject_Type.address(), |slot| slot.value).cast()
    }
}

/// Raises `TypeError` for a metaclass that the host gives no type of C.
unsafe fn refuse_metaclass(class: *const core::ffi::c_char, metaclass: Object, host: &Host) {
    use crate::functions::{PyErr_Format, data};
    let mut text = Text::new();
    host.describe(&mut text);
    // SAFETY: the cells are among those of the stand-ins below; the format takes a C string, an object and a C string.
    unsafe {
        PyErr_Format()(
            value(&data::PyExc_TypeError),
            c"cannot make the type '%s' with the metaclass %R: %s makes types of C with the metaclass 'type' only; there, leave the metaclass out".as_ptr(),
            class,
            metaclass,
            text.as_ptr(),
        );
    }
}

/// Makes the type: with the metaclass, module and bases that are not null.
unsafe fn create(metaclass: Object, module: Object, spec: *mut PyType_Spec, bases: Object) -> Object {
    use crate::functions::{
        Py_DecRef, PyErr_Clear, PyType_FromMetaclass, PyType_FromModuleAndSpec, PyType_FromSpecWithBases,
    };
    let host = detect::known();
    // SAFETY: the caller's arguments; the cells are filled or tested.
    unsafe {
        let Some(metaclass) = chosen_metaclass(metaclass, spec, bases, host) else { return core::ptr::null_mut() };
        let usual = crate::functions::data::PyType_Type.address().cast();
        let wants_metaclass = !metaclass.is_null() && (metaclass != usual || sets_metaclasses(host));
        let sets_metaclass =
            wants_metaclass && cells::PyType_FromMetaclass.address().is_null() && hosts::can_set_metaclass(host);
        if wants_metaclass
            && !sets_metaclass
            && cells::PyType_FromMetaclass.address().is_null()
            && !does_without(metaclass)
        {
            refuse_metaclass((*spec).name, metaclass, host);
            return core::ptr::null_mut();
        }
        let may_assign = wants_metaclass && host.quirks.assigns_metaclass;
        let Some(room) = (if sets_metaclass || may_assign { added_by(metaclass) } else { Some(0) }) else {
            return core::ptr::null_mut();
        };
        let assigns_metaclass = may_assign && room == 0;
        let room = if sets_metaclass { room } else { 0 };
        if room > PLACEHOLDERS * size_of::<PyMemberDef>() {
            let message = c"the metaclass adds more to a class than there is room for on this interpreter";
            crate::functions::PyErr_SetString(value(&crate::functions::data::PyExc_ImportError), message.as_ptr());
            return core::ptr::null_mut();
        }
        let laid = translate(spec, bases, room, host);
        if laid.is_null() {
            return core::ptr::null_mut();
        }
        let has_bases = !bases.is_null();
        let bases = if has_bases { as_tuple(bases) } else { bases };
        if has_bases && bases.is_null() {
            return bases;
        }
        let class = if wants_metaclass && !assigns_metaclass && !cells::PyType_FromMetaclass.address().is_null() {
            PyType_FromMetaclass(metaclass, module, laid, bases)
        } else {
            let class = if module.is_null() {
                PyType_FromSpecWithBases(laid, bases)
            } else {
                PyType_FromModuleAndSpec(module, laid, bases)
            };
            if !class.is_null() {
                finalizer::show_own_methods(class, spec, host);
            }
            if assigns_metaclass
                && !class.is_null()
                && crate::functions::PyObject_SetAttrString(class, c"__class__".as_ptr(), metaclass) < 0
            {
                Py_DecRef(class);
                if cells::PyType_FromMetaclass.address().is_null() {
                    core::ptr::null_mut()
                } else {
                    // A metaclass that was made in C, which only the host's own function sets.
                    PyErr_Clear();
                    PyType_FromMetaclass(metaclass, module, laid, bases)
                }
            } else if sets_metaclass && !class.is_null() {
                if room != 0 && !make_room(class, room) {
                    Py_DecRef(class);
                    core::ptr::null_mut()
                } else {
                    hosts::set_metaclass(host, class, metaclass);
                    class
                }
            } else {
                class
            }
        };
        if !bases.is_null() {
            Py_DecRef(bases);
        }
        class
    }
}

/// Defines a function of the family; all of them are [`create`].
macro_rules! family {
    ($(#[$attribute:meta])* $name:ident($($argument:ident: $type:ty),*) => ($metaclass:expr, $module:expr, $spec:expr, $bases:expr)) => {
        polyfill! {
            $(#[$attribute])*
            fn $name($($argument: $type),*) -> Object;
            uses [
                PyType_FromSpecWithBases, PyType_FromModuleAndSpec, PyErr_NoMemory, PyObject_GetAttrString, PyLong_AsSsize_t,
                PyTuple_Size, PyTuple_GetItem, PyTuple_New, PyTuple_SetItem, PyObject_IsInstance, Py_IncRef, Py_DecRef,
                PyErr_SetString, PyErr_Format, PyErr_Clear, PyErr_Occurred, PyObject_SetAttrString, PyObject_Type,
                PyUnicode_AsUTF8AndSize, Py_BuildValue, PyType_IsSubtype, PyType_GetFlags,
            ];
            may_use [PyType_FromMetaclass];
            data [PyBaseObject_Type, PyTuple_Type, PyType_Type, PyExc_ImportError, PyExc_TypeError, PyExc_SystemError];
            choose |_| Choice::Ours($name as *const _);
            {
                // SAFETY: the arguments are the caller's, and the functions that `create` calls are those above.
                unsafe { create($metaclass, $module, $spec, $bases) }
            }
        }
    };
}

const NONE: Object = core::ptr::null_mut();

family! {
    /// Makes a heap type, a new reference. The spec and its array of slots are read during the call only; what
    /// they point to, the name included, has to live as long as the type.
    PyType_FromSpec(spec: *mut PyType_Spec) => (NONE, NONE, spec, NONE)
}
family! {
    /// Makes a heap type with these bases: a class or a tuple.
    PyType_FromSpecWithBases(spec: *mut PyType_Spec, bases: Object) => (NONE, NONE, spec, bases)
}
family! {
    /// Makes a heap type that belongs to a module.
    PyType_FromModuleAndSpec(module: Object, spec: *mut PyType_Spec, bases: Object) => (NONE, module, spec, bases)
}
family! {
    /// Makes a heap type with a metaclass; null is `type`.
    PyType_FromMetaclass(metaclass: Object, module: Object, spec: *mut PyType_Spec, bases: Object) =>
        (if metaclass.is_null() { PyType_Type.address().cast() } else { metaclass }, module, spec, bases)
}

/// Where the data of `class` starts in its instances, and how much of it there is: PEP 697 on hosts before it.
unsafe fn own_data(class: Object) -> (isize, isize) {
    use crate::functions::{Py_DecRef, PyObject_GetAttrString};
    // SAFETY: `class` is a class, and so is `__base__` of a heap type; the cells are among those of the stand-ins below.
    unsafe {
        let base = PyObject_GetAttrString(class, c"__base__".as_ptr());
        if base.is_null() {
            return (-1, -1);
        }
        let start = align(stated_size(base));
        Py_DecRef(base);
        (start, stated_size(class) - start)
    }
}

polyfill! {
    /// The start of the data of a class in one of its instances; null with an exception on failure.
    fn PyObject_GetTypeData(object: Object, class: Object) -> *mut c_void;
    uses [PyObject_GetAttrString, PyLong_AsSsize_t, Py_DecRef];
    {
        // SAFETY: `object` is an instance of `class`, a heap type.
        unsafe {
            let (start, _) = own_data(class);
            if start < 0 { core::ptr::null_mut() } else { object.byte_offset(start).cast() }
        }
    }
}

polyfill! {
    /// The size of the data of a class in bytes; -1 with an exception on failure.
    fn PyType_GetTypeDataSize(class: Object) -> isize;
    uses [PyObject_GetAttrString, PyLong_AsSsize_t, Py_DecRef];
    {
        // SAFETY: `class` is a heap type.
        let (start, size) = unsafe { own_data(class) };
        if start < 0 { -1 } else { size.max(0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::ffi::c_char;
    use core::ptr::null_mut;

    fn member(name: *const c_char, offset: isize, flags: c_int) -> PyMemberDef {
        PyMemberDef { name, kind: 0, offset, flags, doc: core::ptr::null() }
    }

    const END: PyMemberDef =
        PyMemberDef { name: core::ptr::null(), kind: 0, offset: 0, flags: 0, doc: core::ptr::null() };

    fn slot<T>(slot: c_int, value: *const T) -> Slot {
        Slot { slot, value: value.cast_mut().cast() }
    }

    #[test]
    fn members_of_several_slots_become_one_array() {
        let first = [member(c"a".as_ptr(), 32, 0), END];
        let second = [member(c"b".as_ptr(), 40, 1), member(c"c".as_ptr(), 48, 0), END];
        let slots = [slot(type_slot::MEMBERS, first.as_ptr()), slot(type_slot::MEMBERS, second.as_ptr())];
        // SAFETY: the arrays end with an empty name, the merged one has four entries.
        unsafe {
            let merged = merge_members(&slots, None, 0).unwrap();
            let offsets = [0, 1, 2].map(|index| (*merged.add(index)).offset);
            assert_eq!(offsets, [32, 40, 48]);
            assert!((*merged.add(3)).name.is_null());
        }
    }

    #[test]
    fn relative_offsets_start_after_the_base_class() {
        let array = [member(c"a".as_ptr(), 8, RELATIVE_OFFSET | 1), END];
        // SAFETY: as above.
        unsafe {
            let merged = merge_members(&[slot(type_slot::MEMBERS, array.as_ptr())], Some(align(24)), 0).unwrap();
            assert_eq!(((*merged).offset, (*merged).flags), (40, 1));
        }
    }

    #[test]
    fn a_relative_offset_outside_of_the_struct_is_seen() {
        let wrong = |offset, basic_size| {
            let array = [member(c"a".as_ptr(), offset, RELATIVE_OFFSET), END];
            // SAFETY: the array ends with an empty name.
            unsafe { wrong_member(&[slot(type_slot::MEMBERS, array.as_ptr())], basic_size) }
        };
        assert_eq!(wrong(8, -16), None);
        assert_eq!(wrong(8, 48), Some(c"With Py_RELATIVE_OFFSET, basicsize must be negative."));
        for (offset, size) in [(16, -16), (-1, -16), (0, 0)] {
            assert_eq!(wrong(offset, size), Some(c"Member offset out of range (0..-basicsize)"));
        }
    }

    #[test]
    fn a_spec_without_members_has_no_array() {
        let slots = [slot::<u8>(type_slot::NEW, core::ptr::null())];
        // SAFETY: there is no array to read.
        let merged = unsafe { merge_members(&slots, None, 0) };
        assert_eq!(merged, Some(null_mut()));
    }

    #[test]
    fn a_doc_property_is_seen() {
        let property =
            |name| PyGetSetDef { name, get: null_mut(), set: null_mut(), doc: core::ptr::null(), closure: null_mut() };
        let with = [property(c"x".as_ptr()), property(c"__doc__".as_ptr()), property(core::ptr::null())];
        let without = [property(c"x".as_ptr()), property(core::ptr::null())];
        // SAFETY: the arrays end with an empty name.
        unsafe {
            assert!(has_doc_property(&[slot(type_slot::GETSET, with.as_ptr())]));
            assert!(!has_doc_property(&[slot(type_slot::GETSET, without.as_ptr())]));
        }
    }

    #[test]
    fn a_method_that_wants_its_class_is_seen() {
        let method =
            |name, ml_flags| PyMethodDef { ml_name: name, ml_meth: null_mut(), ml_flags, ml_doc: core::ptr::null() };
        let end = method(core::ptr::null(), 0);
        let without = [method(c"plain".as_ptr(), 0x82), end];
        let with = [method(c"plain".as_ptr(), 0x82), method(c"add".as_ptr(), 0x282), end];
        // SAFETY: the arrays end with an empty name.
        unsafe {
            assert_eq!(method_with_class(&[slot(type_slot::METHODS, without.as_ptr())]), None);
            let both = [slot(type_slot::METHODS, without.as_ptr()), slot(type_slot::METHODS, with.as_ptr())];
            assert_eq!(method_with_class(&both), Some(c"add"));
        }
    }

    #[test]
    fn data_of_a_class_starts_aligned() {
        assert_eq!([align(16), align(24), align(40)], [16, 32, 48]);
    }
}
