//! Tries what a record claims of a host's structs on objects whose content is known.
//!
//! A word is followed as an address only after another word of the same struct was as claimed, and only within the size that
//! the host itself states. One claim that does not hold means that this is not the build that was looked at: nothing of it is
//! believed then.

use super::cpython::{split_count, type_object};
use super::detect::Host;
use super::profile::{Count, Digits, Layout, Place};
use super::type_slot;
use crate::cell::Cell;
use crate::functions::{self as f, cells, data};
use crate::types::{Object, c_char, c_ulong};
use core::ffi::{CStr, c_void};

/// The size of `PyObject`, as `object.__basicsize__` says; `None` where the host does not say it.
pub(super) fn header(host: &Host) -> Option<usize> {
    let object = data::PyBaseObject_Type;
    if !Cell::fill_all(&[object, cells::PyObject_GetAttrString, cells::PyLong_AsSsize_t, cells::Py_DecRef], host) {
        return None;
    }
    // SAFETY: the cells were filled, the thread is attached; `object` is a type.
    usize::try_from(unsafe { number_of(object.address().cast(), c"__basicsize__") }?).ok()
}

/// An attribute that is a number; `None` without an exception where there is none.
unsafe fn number_of(object: Object, name: &CStr) -> Option<isize> {
    // SAFETY: the caller filled the cells.
    unsafe {
        let attribute = f::PyObject_GetAttrString(object, name.as_ptr());
        let number = if attribute.is_null() { -1 } else { f::PyLong_AsSsize_t(attribute) };
        if !attribute.is_null() {
            f::Py_DecRef(attribute);
        }
        if number < 0 {
            f::PyErr_Clear();
            return None;
        }
        Some(number)
    }
}

/// What the functions below call.
const NEEDED: [Cell; 17] = [
    cells::Py_IncRef,
    cells::Py_DecRef,
    cells::PyErr_Clear,
    cells::PyObject_GetAttrString,
    cells::PyLong_AsSsize_t,
    cells::PyLong_FromLongLong,
    cells::PyTuple_New,
    cells::PyTuple_SetItem,
    cells::PyList_New,
    cells::PySequence_List,
    cells::PyMemoryView_FromMemory,
    cells::PyType_GetFlags,
    data::PyBaseObject_Type,
    data::PyType_Type,
    data::PyLong_Type,
    data::PyList_Type,
    data::_Py_NoneStruct,
];

/// Whether everything holds that a layout claims. The thread is attached.
pub(super) fn holds(claimed: &Layout, host: &Host) -> bool {
    if *claimed == Layout::unknown(claimed.header()) || !Cell::fill_all(&NEEDED, host) {
        return false;
    }
    // SAFETY: the cells were filled. What each function reads is inside of the objects that it makes, whatever their layout.
    unsafe {
        claimed.type_offset.get().is_none_or(|offset| type_is_at(offset, claimed.header()))
            && claimed.type_fields.get().is_none_or(|start| fields_are_at(start))
            && claimed.count.is_none_or(|count| counts_like(count, claimed))
            && items_are_there(claimed)
            && claimed.digits.is_none_or(|digits| digits_are_like(digits))
            && claimed.memory_view_buffer.get().is_none_or(|offset| buffer_is_at(offset))
            && claimed.text.is_none_or(|text| crate::unicode::holds(&text, host))
    }
}

/// A word of an object.
unsafe fn word(object: Object, offset: usize) -> usize {
    // SAFETY: the caller's object has a word there.
    unsafe { object.byte_add(offset).cast::<usize>().read() }
}

/// `type` is its own type, and that of `object`.
unsafe fn type_is_at(offset: usize, header: usize) -> bool {
    let (object, metatype) = (data::PyBaseObject_Type.address(), data::PyType_Type.address());
    // SAFETY: both are objects, and the word is inside of their header.
    offset + size_of::<usize>() <= header
        && unsafe { word(object.cast(), offset) == metatype.addr() && word(metatype.cast(), offset) == metatype.addr() }
}

/// The flags of `list` are at their place and so is its base, before and behind half of the fields, and its size.
unsafe fn fields_are_at(start: usize) -> bool {
    let list = data::PyList_Type.address().cast();
    // SAFETY: a type is longer than these fields on every host: it ends with them on none. No word is followed.
    unsafe {
        let flags = word(list, start + type_object::FLAGS) as c_ulong;
        // Another thread may give the type a number for its cache meanwhile; what the type is does not change.
        let same = flags & 0xFF00_0000 == f::PyType_GetFlags(list) & 0xFF00_0000 && flags & 0xFF00_0000 != 0;
        let size = number_of(list, c"__basicsize__");
        same && word(list, start + type_object::BASE) == data::PyBaseObject_Type.address().addr()
            && size.is_none_or(|size| word(list, start + type_object::BASIC_SIZE) == size.cast_unsigned())
    }
}

/// Where the fields of types start on a host that was not looked at, if they stand in the known order: those at both ends and
/// in the middle of them hold what functions of the host are known to be there.
pub(super) fn type_fields_behind(header: usize, host: &Host) -> Option<usize> {
    /// How many words a newer host may have put between the header and the fields, beside the number of items.
    const WORDS: usize = 4;
    const END: [Cell; 2] = [cells::PyType_GenericAlloc, cells::PyObject_GenericGetAttr];
    if !Cell::fill_all(&NEEDED, host) || !Cell::fill_all(&END, host) {
        return None;
    }
    let object = data::PyBaseObject_Type.address().cast();
    let holds = |slot, start, cell: Cell| match type_object::place(slot) {
        // SAFETY: a type is longer than its fields.
        Some(place) => unsafe { word(object, start + place.field) == cell.address().addr() },
        None => false,
    };
    (1..=WORDS)
        .map(|words| header + words * size_of::<usize>())
        // SAFETY: the cells were filled.
        .find(|&start| unsafe { fields_are_at(start) }
            && holds(type_slot::ALLOC, start, cells::PyType_GenericAlloc)
            && holds(type_slot::GETATTRO, start, cells::PyObject_GenericGetAttr))
}

/// A fresh object has one reference, and what the public functions do shows in its count. `None` lives for ever where counts
/// are narrow or split.
unsafe fn counts_like(count: Count, claimed: &Layout) -> bool {
    // SAFETY: the cells were filled, and an object begins with its header.
    unsafe {
        let list = f::PyList_New(0);
        if list.is_null() {
            f::PyErr_Clear();
            return false;
        }
        let before = count.of(list);
        f::Py_IncRef(list);
        let between = count.of(list);
        f::Py_DecRef(list);
        let after = count.of(list);
        f::Py_DecRef(list);
        let none = data::_Py_NoneStruct.address();
        let lives_for_ever = match count {
            Count::Word => true,
            Count::Narrow => none.cast::<i32>().read() < 0,
            Count::Split => count.of(none.cast()) == split_count::IMMORTAL as isize,
        };
        // Where a host keeps a link to an object of its own, references of its own are in the count too.
        let starts_at_one = claimed.list_items.get().is_none() || before == 1;
        starts_at_one && between == before + 1 && after == before && lives_for_ever
    }
}

/// How many items the list and the tuple have that are looked at: enough for the two items that are read to be inside of the
/// tuple, whatever its layout.
const ITEMS: usize = 8;

/// The number of items of a tuple and a list, and the items.
unsafe fn items_are_there(claimed: &Layout) -> bool {
    if claimed.size.get().is_none() && claimed.tuple_items.get().is_none() && claimed.list_items.get().is_none() {
        return true;
    }
    let known = [data::PyBaseObject_Type.address().cast(), data::PyType_Type.address().cast()];
    // SAFETY: the cells were filled; a function that sets an item takes the reference.
    unsafe {
        let tuple = f::PyTuple_New(ITEMS as isize);
        for index in 0..if tuple.is_null() { 0 } else { ITEMS } {
            let item = known[index % 2];
            f::Py_IncRef(item);
            f::PyTuple_SetItem(tuple, index as isize, item);
        }
        let list = if tuple.is_null() { tuple } else { f::PySequence_List(tuple) };
        let made = !list.is_null();
        let are_known = |items: *const Object| [0, 1].into_iter().all(|index| items.add(index).read() == known[index]);
        let holds = made
            && claimed.size.get().is_none_or(|offset| has_size(tuple, list, offset, claimed))
            && claimed.tuple_items.get().is_none_or(|offset| are_known(tuple.byte_add(offset).cast()))
            && claimed.list_items.get().is_none_or(|offset| {
                // Each word of a list is a small number or an address, so one that is no small number can be followed.
                let items = word(list, offset);
                items > SMALL
                    && items.is_multiple_of(align_of::<Object>())
                    && are_known(core::ptr::with_exposed_provenance(items))
            });
        for object in [tuple, list] {
            if !object.is_null() {
                f::Py_DecRef(object);
            }
        }
        if !made {
            f::PyErr_Clear();
        }
        holds
    }
}

/// No address is as small as this, and no number in a fresh list is larger.
const SMALL: usize = 4096;

/// The number of items is right after the header, in containers that keep their items themselves; otherwise in a type, whose
/// fields follow it.
unsafe fn has_size(tuple: Object, list: Object, offset: usize, claimed: &Layout) -> bool {
    if claimed.list_items.get().is_none() && claimed.type_fields.get().is_some() {
        // PyPy's containers are no memory of C's. The header of a type is followed by the same field.
        return claimed.type_fields.get() == Some(offset + size_of::<usize>());
    }
    // SAFETY: both objects are longer than this.
    unsafe { word(tuple, offset) == ITEMS && word(list, offset) == ITEMS }
}

/// Whether the number of items is right behind a header of this size, on a host of which nothing else is known.
pub(super) fn size_is_behind(header: usize, host: &Host) -> bool {
    holds(&Layout { size: Place::at(header), ..Layout::unknown(header) }, host)
}

/// Two digits of a positive and of a negative number.
unsafe fn digits_are_like(digits: Digits) -> bool {
    const LOW: u64 = 0x1234_5678;
    const HIGH: u64 = 0x9ABC;
    let value = (HIGH << crate::integers::BITS | LOW).cast_signed();
    [value, -value].into_iter().all(|value| {
        // SAFETY: the cells were filled. An int with two digits is longer than what is read.
        unsafe {
            let number = f::PyLong_FromLongLong(value);
            if number.is_null() {
                f::PyErr_Clear();
                return false;
            }
            let found = word(number, usize::from(digits.number) + size_of::<usize>());
            let holds = digits.count(number) == 2 && found as u64 == HIGH << 32 | LOW;
            f::Py_DecRef(number);
            holds
        }
    })
}

/// A memory view of bytes of our own begins its buffer with their address, and has their number as its third field.
unsafe fn buffer_is_at(offset: usize) -> bool {
    const READ: i32 = 0x100;
    static BYTES: [c_char; 24] = [0; 24];
    // SAFETY: the cells were filled; the bytes are not written to. A memory view is longer than what is read.
    unsafe {
        let view = f::PyMemoryView_FromMemory(BYTES.as_ptr().cast_mut(), BYTES.len().cast_signed(), READ);
        if view.is_null() {
            f::PyErr_Clear();
            return false;
        }
        let holds = word(view, offset) == BYTES.as_ptr().addr()
            && word(view, offset + 2 * size_of::<*const c_void>()) == BYTES.len();
        f::Py_DecRef(view);
        holds
    }
}
