//! Members and properties of a type, as the host takes them.

use super::beside::{self, BESIDE};
use super::call_function::Call;
use super::shape::{AFTER_ITEMS, after_items};
use crate::definitions::{Definitions, is_address, is_optional, length, raise, room};
use crate::imports::*;
use cardan_abi::shape;
use cardan_host::detect::known;
use cardan_host::hosts;
use cardan_host::text::Text;
use cardan_host::types::{Object, PyGetSetDef, PyMemberDef};
use core::ffi::{CStr, c_int, c_uint, c_ulong, c_void};
use core::ptr::null_mut;

/// `T_PYSSIZET` and `READONLY` of `structmember.h`.
const SSIZE_T: c_int = 19;
const READONLY: c_int = 1;

/// The members of a type.
pub(super) struct Members<'a> {
    pub(super) definitions: Definitions,
    pub(super) legacy: *const PyMemberDef,
    pub(super) data_offset: isize,
    pub(super) data_size: isize,
    pub(super) call: &'a Call,
}

/// How many bytes a member takes, by the number of its type; `None` if there is no such type.
fn member_size(kind: c_uint) -> Option<isize> {
    let size = match kind {
        0 | 10 => 2,
        1 | 3 | 11 => 4,
        2 | 12 => size_of::<c_ulong>(),
        4 | 17 | 18 => 8,
        5 | 6 | 16 | 19 => size_of::<usize>(),
        7..=9 | 13 | 14 => 1,
        20 => 0,
        _ => return None,
    };
    Some(size as isize)
}

/// The members as the host takes them, and what some of them say of the objects.
pub(super) struct WrittenMembers {
    pub(super) list: *mut PyMemberDef,
    pub(super) weak_list_offset: isize,
    pub(super) dict_offset: isize,
    pub(super) vectorcall: bool,
    /// Members of a struct that comes after the items of an object, with offsets in the struct; ends with an empty name. They
    /// have no fixed place in the object, so they become properties. So do those of a struct that stands beside the object.
    pub(super) behind: *mut PyMemberDef,
}

impl Members<'_> {
    pub(super) unsafe fn write(&self, has_size: bool) -> Option<WrittenMembers> {
        // SAFETY: names are C strings, the list of the C API ends with an empty name.
        unsafe {
            let own = self.definitions.members().count();
            let legacy = length(self.legacy);
            let mut has_offset = self.call.offset != 0 && known().quirks.takes_vectorcall_offset;
            let mut written = WrittenMembers {
                list: null_mut(),
                weak_list_offset: 0,
                dict_offset: 0,
                vectorcall: has_offset && self.call.is_own,
                behind: null_mut(),
            };
            let is = |member: &PyMemberDef, name: &CStr| CStr::from_ptr(member.name) == name;
            if own > 0 && !has_size {
                raise(PyExc_TypeError(), c"Type claims to have basicsize==0 but defines members");
                return None;
            }
            if own + legacy == 0 && !has_offset {
                return Some(written);
            }
            written.list = room::<PyMemberDef>(own + legacy + 1);
            if written.list.is_null() {
                return None;
            }
            let is_behind = matches!(self.data_offset, AFTER_ITEMS | BESIDE);
            if is_behind && own > 0 {
                written.behind = room::<PyMemberDef>(own);
                if written.behind.is_null() {
                    return None;
                }
            }
            let mut next = 0;
            for (index, member) in self.definitions.members().enumerate() {
                if !is_address(member.name) || !is_optional(member.doc) {
                    raise(PyExc_SystemError(), c"HPyMember needs a name");
                    return None;
                }
                // A legacy type counts from the start of the object, where the host's header is.
                let first = if self.data_offset == 0 && member.readonly == 0 {
                    hosts::data_offset(known()) as isize
                } else {
                    0
                };
                let fits = member_size(member.kind).is_some_and(|size| {
                    member.offset >= first && member.offset.checked_add(size).is_some_and(|end| end <= self.data_size)
                });
                if !fits {
                    let mut text = Text::new();
                    text.push(c"HPyMember '").push(CStr::from_ptr(member.name));
                    text.push(c"' is of no known type, or is not inside the struct of ");
                    text.push_number(self.data_size as usize).push(c" bytes");
                    raise(PyExc_SystemError(), text.as_c_str());
                    return None;
                }
                // These say where the host finds a pointer in each object.
                let name = CStr::from_ptr(member.name);
                let is_place =
                    name == c"__dictoffset__" || name == c"__weaklistoffset__" || name == c"__vectorcalloffset__";
                let can_be = member.kind == SSIZE_T as c_uint
                    && member.readonly != 0
                    && member.offset % size_of::<usize>() as isize == 0;
                if is_place && !can_be {
                    let mut text = Text::new();
                    text.push(c"HPyMember '").push(name);
                    text.push(c"' has to be of the type HPyMember_HPYSSIZET, read only, and where a pointer can be");
                    raise(PyExc_SystemError(), text.as_c_str());
                    return None;
                }
                let host = PyMemberDef {
                    name: member.name,
                    kind: member.kind as c_int,
                    offset: member.offset + if is_behind { 0 } else { self.data_offset },
                    flags: if member.readonly != 0 { READONLY } else { 0 },
                    doc: member.doc,
                };
                if is_behind {
                    written.behind.add(index).write(host);
                } else {
                    written.list.add(next).write(host);
                    next += 1;
                }
            }
            core::ptr::copy_nonoverlapping(self.legacy, written.list.add(next), legacy);
            next += legacy;
            for index in 0..next {
                let member = &*written.list.add(index);
                if is(member, c"__weaklistoffset__") {
                    written.weak_list_offset = member.offset;
                } else if is(member, c"__dictoffset__") {
                    written.dict_offset = member.offset;
                } else if is(member, c"__vectorcalloffset__") {
                    if self.call.offset != 0 && self.call.is_own {
                        raise(
                            PyExc_TypeError(),
                            c"Cannot have HPy_tp_call and explicit member '__vectorcalloffset__'. Specify just one of them.",
                        );
                        return None;
                    }
                    has_offset = false;
                }
            }
            if has_offset {
                written.list.add(next).write(PyMemberDef {
                    name: c"__vectorcalloffset__".as_ptr(),
                    kind: SSIZE_T,
                    offset: self.call.offset,
                    flags: READONLY,
                    doc: core::ptr::null(),
                });
            }
            Some(written)
        }
    }
}

/// The struct of an object that derives from `int` or `tuple`, or that has it beside.
unsafe fn behind_items(this: Object) -> *mut c_void {
    // SAFETY: the caller's object; the imports are bound.
    unsafe {
        if beside::shape_is_beside(shape::LIST) && PyType_IsSubtype(super::class_of(this), PyList_Type()) != 0 {
            return beside::find(this);
        }
        let is_tuple = PyType_IsSubtype(super::class_of(this), PyTuple_Type()) != 0;
        after_items(this, if is_tuple { shape::TUPLE } else { shape::LONG })
    }
}

/// A member of a struct, with its place counted from the object: hosts without a GIL lock the object whose address they are given.
unsafe fn in_object(this: Object, member: *mut c_void) -> PyMemberDef {
    // SAFETY: the callers pass a member's definition.
    unsafe {
        let mut member = *member.cast::<PyMemberDef>();
        member.offset = member.offset.wrapping_add(behind_items(this) as isize).wrapping_sub(this as isize);
        member
    }
}

unsafe extern "C" fn get_behind(this: Object, member: *mut c_void) -> Object {
    // SAFETY: the property's closure is the member's definition, whose offset is one in the struct.
    unsafe {
        let mut member = in_object(this, member);
        PyMember_GetOne(this.cast(), (&raw mut member).cast())
    }
}

unsafe extern "C" fn set_behind(this: Object, value: Object, member: *mut c_void) -> c_int {
    // SAFETY: as above.
    unsafe {
        let mut member = in_object(this, member);
        PyMember_SetOne(this.cast(), (&raw mut member).cast(), value)
    }
}

/// The properties of a type as the host takes them; null if there are none. `behind` are the members of a struct behind an
/// object's items, or null.
pub(super) unsafe fn write_get_sets(
    definitions: Definitions,
    legacy: *const PyGetSetDef,
    behind: *mut PyMemberDef,
) -> Option<*mut PyGetSetDef> {
    // SAFETY: the list of the C API ends with an empty name.
    unsafe {
        let (own, legacy_count, behind_count) = (definitions.get_sets().count(), length(legacy), length(behind));
        if own + legacy_count + behind_count == 0 {
            return Some(null_mut());
        }
        let list = room::<PyGetSetDef>(own + legacy_count + behind_count);
        if list.is_null() {
            return None;
        }
        for (index, get_set) in definitions.get_sets().enumerate() {
            let functions = [get_set.getter_cpy_trampoline, get_set.setter_cpy_trampoline];
            if !is_address(get_set.name)
                || !is_optional(get_set.doc)
                || !functions.into_iter().all(|it| is_optional(it))
            {
                raise(PyExc_SystemError(), c"HPyGetSet needs a name, and functions that HPyDef_GETSET makes");
                return None;
            }
            list.add(index).write(PyGetSetDef {
                name: get_set.name,
                get: get_set.getter_cpy_trampoline,
                set: get_set.setter_cpy_trampoline,
                doc: get_set.doc,
                closure: get_set.closure,
            });
        }
        core::ptr::copy_nonoverlapping(legacy, list.add(own), legacy_count);
        for index in 0..behind_count {
            let member = behind.add(index);
            let set = if (*member).flags & READONLY == 0 { set_behind as *mut c_void } else { null_mut() };
            list.add(own + legacy_count + index).write(PyGetSetDef {
                name: (*member).name,
                get: get_behind as *mut c_void,
                set,
                doc: (*member).doc,
                closure: member.cast(),
            });
        }
        Some(list)
    }
}
