//! What objects of a type hold besides the structs of types that runtimes made: what classes of Python's in between added, and
//! what the first other type of C beyond them looks after.
//!
//! A function that a heap type of the host has in a slot (`tp_dealloc` and the like) starts at the object's type and goes up to
//! where another function stands in the slot. Called by the function of a derived type it would find that one again, without
//! end. So what such a heap type does is done here instead, and the function beyond it is called.

use super::{class_of, flags_of, own_info, record, shape, slot};
use crate::imports::*;
use crate::type_flags::{HEAP_TYPE, MANAGED_DICT};
use cardan_abi::type_record::{TypeRecord, flag};
use cardan_host::detect::known;
use cardan_host::hosts::type_slot;
use cardan_host::types::{Object, Pointer, PyMemberDef, PyType_Spec, Slot};
use core::ffi::{CStr, c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// `visitproc` of the C API.
type Visit = unsafe extern "C" fn(Object, *mut c_void) -> c_int;

/// The slots of a type whose functions look after what an object holds, by their numbers in [`USUAL`] and in
/// [`TypeRecord::slots`].
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Keeper {
    Dealloc,
    Traverse,
    Clear,
}

impl Keeper {
    /// What a type holds in the slot, or null.
    unsafe fn of(self, class: Object) -> Pointer {
        // SAFETY: the callers pass a type.
        unsafe {
            match self {
                Keeper::Dealloc => slot::<{ type_slot::DEALLOC }>(class),
                Keeper::Traverse => slot::<{ type_slot::TRAVERSE }>(class),
                Keeper::Clear => slot::<{ type_slot::CLEAR }>(class),
            }
        }
    }

    /// Whether a function is the one of this file in the slot. It starts at the object's type, and so would find itself again.
    fn is_own(self, function: Pointer) -> bool {
        match self {
            Keeper::Dealloc => [super::dealloc as Pointer, super::dealloc_memory as Pointer].contains(&function),
            Keeper::Traverse => function == super::traverse as Pointer,
            Keeper::Clear => function == super::clear as Pointer,
        }
    }
}

/// What the host gives to heap types in these slots: null until a type with such a base was made.
static USUAL: [AtomicPtr<c_void>; 3] = [const { AtomicPtr::new(null_mut()) }; 3];

/// A part of an object that is looked after here.
pub(super) enum Part {
    /// The struct of a type that a runtime made.
    Struct(&'static TypeRecord),
    /// The objects that a heap type of the host has put behind that, by the members that hold them.
    Members(*const PyMemberDef),
}

/// Who looks after the rest of an object.
pub(super) struct Rest {
    /// The type where the parts start.
    pub(super) first: Option<&'static TypeRecord>,
    /// The first type beyond the parts, or null.
    pub(super) base: Object,
    /// What it has in the slot, or null.
    pub(super) function: Pointer,
}

impl Rest {
    /// Whether the objects have something of [`flag`] that is looked after here.
    pub(super) fn has(&self, flag: u32) -> bool {
        self.first.is_some_and(|record| record.flags.load(Ordering::Relaxed) & flag != 0)
    }
}

/// Calls `each` for the parts of an object of this class that the function of this runtime in a slot looks after. A result other
/// than zero ends that and is the error.
///
/// # Safety
/// `class` is a type; the thread is attached.
#[inline(never)] // Once for all slots.
pub(super) unsafe fn walk(keeper: Keeper, class: Object, each: &mut dyn FnMut(Part) -> c_int) -> Result<Rest, c_int> {
    let usual = USUAL[keeper as usize].load(Ordering::Acquire);
    let mut rest = Rest { first: None, base: class, function: null_mut() };
    // SAFETY: `class` is a type, and so are its bases.
    unsafe {
        while !rest.base.is_null() {
            let current = rest.base;
            if current == PyBaseObject_Type() {
                // It looks after nothing, and to find that out would take the longest.
                break;
            }
            let function = keeper.of(current);
            let known_type = record(current);
            let part = match (known_type.filter(|record| record.slots[keeper as usize] == function), rest.first) {
                (Some(record), _) => {
                    rest.first = rest.first.or(Some(record));
                    Some(Part::Struct(record))
                }
                // A class of Python's below has done its part, and called the function of this runtime.
                (None, None) => None,
                (None, _) if function.is_null() => None,
                (None, Some(first)) if function == first.slots[keeper as usize] => None,
                // GraalPy takes the methods from a type, by which it is known, before it tears the last objects down.
                (None, _) if keeper.is_own(function) => None,
                (None, _) if function == usual => Some(Part::Members(slot::<{ type_slot::MEMBERS }>(current).cast())),
                // Where nothing is known of heap types, none of them is believed to have a function of its own.
                (None, _) if usual.is_null() && known_type.is_none() && flags_of(current) & HEAP_TYPE != 0 => None,
                (None, _) => {
                    rest.function = function;
                    return Ok(rest);
                }
            };
            let result = part.map_or(0, &mut *each);
            if result != 0 {
                return Err(result);
            }
            rest.base = slot::<{ type_slot::BASE }>(current).cast();
        }
    }
    Ok(rest)
}

/// The places in an object where members of a heap type hold objects, `T_OBJECT_EX`: what its `__slots__` are. With `all`, those
/// that cannot be assigned to as well.
///
/// # Safety
/// The members are those of a type of the object, or null.
pub(super) unsafe fn objects(
    this: Object,
    members: *const PyMemberDef,
    all: bool,
) -> impl Iterator<Item = *mut Object> {
    const OBJECT_EX: c_int = 16;
    const READONLY: c_int = 1;
    // On other hosts such classes keep in C memory what they inherit, and nothing else.
    let members = if known().quirks.classes_take_room { members } else { core::ptr::null() };
    // SAFETY: the list ends with an entry without a name; the object has room for each of its members.
    unsafe {
        (0..crate::definitions::length(members))
            .map(move |index| &*members.add(index))
            .filter(move |member| member.kind == OBJECT_EX && (all || member.flags & READONLY == 0))
            .map(move |member| this.byte_offset(member.offset).cast())
    }
}

/// Lets go what members of a heap type hold.
///
/// # Safety
/// As for [`objects`]; the thread is attached.
pub(super) unsafe fn let_go(this: Object, members: *const PyMemberDef) {
    // SAFETY: the caller's members: each holds an object or null. It is emptied before the reference is given back.
    unsafe { objects(this, members, false).for_each(|place| Py_DecRef(place.replace(null_mut()))) }
}

/// Visits what members of a heap type hold.
///
/// # Safety
/// As for [`objects`], with a visitor of the C API.
pub(super) unsafe fn visit_members(
    this: Object,
    members: *const PyMemberDef,
    visit: Visit,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: the caller's members: each holds an object or null.
    unsafe {
        for place in objects(this, members, true) {
            let result = if (*place).is_null() { 0 } else { visit(*place, argument) };
            if result != 0 {
                return result;
            }
        }
    }
    0
}

/// Who finds the dictionary of an object.
enum Dict {
    /// Functions for dictionaries that no offset leads to.
    Managed,
    /// The function that gives the place of a dictionary: null or one that is made.
    Placed,
    /// The same; but a class of Python's below has looked after attributes that are in no dictionary yet.
    Shared,
}

/// Who finds the dictionary of an object whose class is passed.
unsafe fn dict_of(keeper: Keeper, class: Object) -> Dict {
    // SAFETY: the callers pass a type.
    unsafe {
        if flags_of(class) & MANAGED_DICT == 0 {
            return Dict::Placed;
        }
        if known().quirks.has_managed_dicts {
            return Dict::Managed;
        }
        // CPython 3.11: such a class does that whatever its base does.
        let is_pythons = keeper.of(class) == USUAL[keeper as usize].load(Ordering::Relaxed);
        if is_pythons { Dict::Shared } else { Dict::Placed }
    }
}

/// Visits the dictionary that a class of Python's has added.
///
/// # Safety
/// `this` is an object that has one by [`flag::VISITED_DICT`], with a visitor of the C API.
pub(super) unsafe fn visit_dict(this: Object, visit: Visit, argument: *mut c_void) -> c_int {
    // SAFETY: the caller's object; the place holds a dictionary or null.
    unsafe {
        let place = match dict_of(Keeper::Traverse, class_of(this)) {
            Dict::Managed => return PyObject_VisitManagedDict(this, visit as *mut c_void, argument),
            Dict::Placed => _PyObject_GetDictPtr(this),
            Dict::Shared => known().quirks.made_dict.map_or(null_mut(), |offset| this.byte_offset(offset).cast()),
        };
        if place.is_null() || (*place).is_null() { 0 } else { visit(*place, argument) }
    }
}

/// Lets go the dictionary that a class of Python's has added, in the function of a slot.
///
/// # Safety
/// `this` is an object that has one by [`flag::DICT`] or [`flag::VISITED_DICT`]; the thread is attached.
pub(super) unsafe fn clear_dict(keeper: Keeper, this: Object) {
    // SAFETY: as above.
    unsafe {
        match dict_of(keeper, class_of(this)) {
            Dict::Managed => PyObject_ClearManagedDict(this),
            // The destructor of the class has let the dictionary go too.
            Dict::Shared if keeper == Keeper::Dealloc => {}
            Dict::Placed | Dict::Shared => {
                let place = _PyObject_GetDictPtr(this);
                if !place.is_null() {
                    Py_DecRef(place.replace(null_mut()));
                }
            }
        }
    }
}

/// Learns what the host gives to heap types in the slots, before a type with such a base is made. False with an exception on
/// failure.
///
/// # Safety
/// `bases` is a tuple of types or null; the thread is attached.
pub(super) unsafe fn prepare(bases: Object) -> bool {
    const NAME: &CStr = c"cardan.usual";
    if bases.is_null() || !USUAL[0].load(Ordering::Relaxed).is_null() {
        return true;
    }
    // SAFETY: the caller's tuple, whose items are borrowed from it. The spec and its slots are read while the type is made. What was
    // made is let go, null or not.
    unsafe {
        let is_new = |class: Object| flags_of(class) & HEAP_TYPE != 0 && own_info(class).is_none();
        if !(0..PyTuple_Size(bases)).any(|index| is_new(PyTuple_GetItem(bases, index))) {
            return true;
        }
        let mut end = Slot { slot: 0, value: null_mut() };
        let mut spec = PyType_Spec { name: NAME.as_ptr(), basicsize: 0, itemsize: 0, flags: 0, slots: &raw mut end };
        let of_c = PyType_FromMetaclass(null_mut(), null_mut(), (&raw mut spec).cast(), null_mut());
        // Any class that is made as Python's are.
        let of_python = PyErr_NewException(NAME.as_ptr(), null_mut(), null_mut());
        let is_made = !of_c.is_null() && !of_python.is_null();
        if is_made {
            for (keeper, class) in [(Keeper::Clear, of_python), (Keeper::Traverse, of_python), (Keeper::Dealloc, of_c)]
            {
                USUAL[keeper as usize].store(keeper.of(class), Ordering::Release);
            }
        }
        for made in [of_c, of_python] {
            Py_DecRef(made);
        }
        is_made
    }
}

/// Notes in a new type what its objects have of Python's classes, if this runtime tears them down. False with an exception on
/// failure.
///
/// # Safety
/// `class` is a type that was made just now; the thread is attached.
pub(super) unsafe fn note(class: Object) -> bool {
    if !known().quirks.classes_take_room || USUAL[0].load(Ordering::Relaxed).is_null() {
        return true;
    }
    // SAFETY: the caller's type, and its bases.
    unsafe {
        let Some(info) = own_info(class) else { return true };
        let (Ok(torn_down), Ok(visited)) =
            (walk(Keeper::Dealloc, class, &mut |_| 0), walk(Keeper::Traverse, class, &mut |_| 0))
        else {
            return true;
        };
        let mut flags = 0;
        for (name, is_dict, bits) in [
            (c"__weakrefoffset__", false, [flag::WEAK_LIST, 0]),
            (c"__dictoffset__", true, [flag::DICT, flag::VISITED_DICT]),
        ] {
            let (Some(own), Some(added)) = (offset(class, name), added(class, torn_down.base, name)) else {
                return false;
            };
            let is_authors = super::records(class)
                .any(|record| own == if is_dict { record.dict_offset } else { record.weak_list_offset });
            // A type that is made from a spec also states what a base has whose objects it does not continue.
            if added == 0 || own != added || is_authors {
                continue;
            }
            for (base, bit) in [(torn_down.base, bits[0]), (visited.base, bits[1])] {
                let Some(its) = offset(base, name) else { return false };
                flags |= if its == 0 { bit } else { 0 };
            }
        }
        info.flags.fetch_or(flags, Ordering::Relaxed);
    }
    true
}

/// An offset that one of the classes of Python's between a type and the base `end` states of its objects, 0 if none has any. `None`
/// with an exception on failure.
unsafe fn added(class: Object, end: Object, name: &CStr) -> Option<isize> {
    // SAFETY: the callers pass a type and one of its bases or null.
    unsafe {
        let mut current: Object = slot::<{ type_slot::BASE }>(class).cast();
        while !current.is_null() && current != end {
            let found = if record(current).is_none() { offset(current, name)? } else { 0 };
            if found != 0 {
                return Some(found);
            }
            current = slot::<{ type_slot::BASE }>(current).cast();
        }
    }
    Some(0)
}

/// An offset that a type states of its objects, 0 for null. `None` with an exception on failure.
unsafe fn offset(class: Object, name: &CStr) -> Option<isize> {
    if class.is_null() {
        return Some(0);
    }
    // SAFETY: the callers pass a type or null.
    unsafe {
        let offset = shape::stated_size(class, name);
        Some(offset).filter(|&offset| offset >= 0 || PyErr_Occurred().is_null())
    }
}
