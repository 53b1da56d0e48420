//! Where the author's struct is in an object, by the built-in type that the object starts as.

use super::beside::{self, BESIDE};
use crate::imports::*;
use cardan_abi::shape;
use cardan_abi::type_record::TypeRecord;
use cardan_host::detect::known;
use cardan_host::hosts::{self, ALIGNMENT};
use cardan_host::integers;
use cardan_host::types::Object;
use core::ffi::{c_int, c_void};
use core::sync::atomic::{AtomicIsize, Ordering};

/// [`TypeRecord::data_offset`] of types whose objects vary in size: the struct comes after the items.
pub(super) const AFTER_ITEMS: isize = -1;

/// The built-in type of a shape; null for those that have none.
pub(super) fn builtin(shape: c_int) -> Object {
    match shape {
        shape::TYPE => PyType_Type(),
        shape::LONG => PyLong_Type(),
        shape::FLOAT => PyFloat_Type(),
        shape::UNICODE => PyUnicode_Type(),
        shape::TUPLE => PyTuple_Type(),
        shape::LIST => PyList_Type(),
        shape::DICT => PyDict_Type(),
        _ => core::ptr::null_mut(),
    }
}

/// A size that a class states of its objects, in bytes; -1 with an exception on failure.
pub(super) unsafe fn stated_size(class: Object, attribute: &core::ffi::CStr) -> isize {
    // SAFETY: `class` is a class; the imports are bound.
    unsafe {
        let size = PyObject_GetAttrString(class, attribute.as_ptr());
        if size.is_null() {
            return -1;
        }
        let number = PyLong_AsSsize_t(size);
        Py_DecRef(size);
        number
    }
}

/// Where the items start in an `int` and in a `tuple`, in bytes: known once a type with items was made, and the same for all.
/// It is not asked for when it is needed, since asking may fail.
static ITEMS_START: [AtomicIsize; 2] = [const { AtomicIsize::new(0) }; 2];

fn items_start(shape: c_int) -> Option<&'static AtomicIsize> {
    match shape {
        shape::LONG => Some(&ITEMS_START[0]),
        shape::TUPLE => Some(&ITEMS_START[1]),
        _ => None,
    }
}

/// What a shape says of the objects: where the author's struct starts ([`AFTER_ITEMS`] if that varies, [`BESIDE`] if it is
/// not there) and how much of an
/// object is not the author's, both in bytes. `None` with an exception on failure.
pub(super) unsafe fn layout(shape: c_int) -> Option<(isize, isize)> {
    match shape {
        shape::LEGACY => Some((0, 0)),
        shape::OBJECT => {
            let offset = hosts::data_offset(known()) as isize;
            Some((offset, offset))
        }
        _ => {
            // SAFETY: the other shapes have a built-in type.
            let size = unsafe { stated_size(builtin(shape), c"__basicsize__") };
            if size < 0 {
                return None;
            }
            if let Some(start) = items_start(shape) {
                start.store(size, Ordering::Relaxed);
            }
            let offset = aligned(size);
            match shape {
                // The items come first; room for what aligning the struct behind them may take.
                shape::LONG if known().quirks.keeps_digits_in_objects => {
                    Some((AFTER_ITEMS, offset + ALIGNMENT as isize))
                }
                shape::TUPLE if known().quirks.keeps_items_in_objects => {
                    Some((AFTER_ITEMS, offset + ALIGNMENT as isize))
                }
                _ if beside::shape_is_beside(shape) => Some((BESIDE, offset)),
                _ => Some((offset, offset)),
            }
        }
    }
}

/// Rounds up to where any struct may stand.
fn aligned(size: isize) -> isize {
    (size as usize).next_multiple_of(ALIGNMENT) as isize
}

/// The author's struct in an object.
///
/// # Safety
/// `this` is an object of the type that `record` is of, or of one that derives from it.
#[inline(always)] // Hot, and the library is optimised for size.
pub(super) unsafe fn data(this: Object, record: &TypeRecord) -> *mut c_void {
    if record.data_offset < 0 {
        // SAFETY: the caller's object, of a type with such a struct.
        return unsafe { (record.locate)(record, this.cast()) };
    }
    // SAFETY: the objects of this type have the struct there.
    unsafe { this.byte_offset(record.data_offset).cast() }
}

/// The struct that [`data`] has to look for in an object of a type of this runtime.
///
/// # Safety
/// As for [`data`], where the offset is negative.
pub(super) unsafe fn find(this: Object, record: &TypeRecord) -> *mut c_void {
    // SAFETY: the caller's object.
    unsafe { if record.data_offset == BESIDE { beside::find(this) } else { after_items(this, record.shape) } }
}

/// Where the items of an object end, aligned for any struct. `this` is of a type that was made with this shape.
pub(super) unsafe fn after_items(this: Object, shape: c_int) -> *mut c_void {
    let start = items_start(shape).map_or(0, |start| start.load(Ordering::Relaxed));
    // SAFETY: `this` is an `int` or a `tuple`; the imports are bound. The calls neither allocate nor count a reference: there may
    // be no memory, and the object may be on its way out.
    unsafe {
        let end = if shape == shape::TUPLE {
            start + PyTuple_Size(this) * size_of::<Object>() as isize
        } else if let Some(end) = integers::end_of_digits(known(), this) {
            end
        } else {
            start + integers::size_of_digits(_PyLong_NumBits(this))
        };
        this.byte_offset(aligned(end)).cast()
    }
}
