//! The author's struct of an object that has no room for one: memory of its own, which the object holds as an attribute.
//!
//! That is for lists on hosts whose lists are not C's ([`hosts::lists_have_no_room`]). The struct is made with the object, since
//! finding it later must not fail, and goes with it: its capsule gives back what the struct holds.

use super::{class_of, records, slot};
use crate::imports::*;
use cardan_abi::type_record::TypeRecord;
use cardan_host::hosts::{ALIGNMENT, type_slot};
use cardan_host::memory;
use cardan_host::types::{Object, Pointer};
use core::ffi::{CStr, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// [`TypeRecord::data_offset`] of types whose objects hold the struct as an attribute.
pub(super) const BESIDE: isize = -2;

/// The name of the attribute and of the capsule. Not one that Python code can spell by accident.
const NAME: &CStr = c"<struct>";

/// The name as a str that stays, once there is a type with such structs: finding one makes no object of C's. A process with such
/// a host has one interpreter, which keeps it.
static ATTRIBUTE: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// The name of the attribute, borrowed; null with an exception when there is no memory.
unsafe fn attribute() -> Object {
    let known = ATTRIBUTE.load(Ordering::Acquire);
    if !known.is_null() {
        return known.cast();
    }
    // SAFETY: the thread is attached; the reference is the static's, or one too many that stays.
    let made = unsafe { PyUnicode_FromString(NAME.as_ptr()) };
    ATTRIBUTE.store(made.cast(), Ordering::Release);
    made
}

/// What stands before the struct: the object's type, a reference of its own.
type Head = Object;

const _: () = assert!(size_of::<Head>() <= ALIGNMENT);

/// Whether the struct of a type's objects stands beside them.
pub(super) fn is_beside(record: &TypeRecord) -> bool {
    record.data_offset == BESIDE
}

/// The struct of an object; null without an exception if it has none.
///
/// # Safety
/// `this` is an object; the thread is attached.
pub(super) unsafe fn find(this: Object) -> *mut c_void {
    // SAFETY: the caller's object; the capsule that is found is kept by the object.
    unsafe {
        let name = attribute();
        let capsule = if name.is_null() { name } else { PyObject_GenericGetAttr(this, name) };
        let block = if capsule.is_null() { null_mut() } else { PyCapsule_GetPointer(capsule, NAME.as_ptr()) };
        Py_DecRef(capsule);
        if block.is_null() {
            PyErr_Clear();
            return block;
        }
        block.byte_add(ALIGNMENT)
    }
}

/// Gives a new object its struct, zeroed. Null with an exception on failure.
///
/// # Safety
/// `this` is a new object of a type for which [`is_beside`] holds, or of one that derives from it; the thread is attached.
unsafe fn attach(this: Object) -> *mut c_void {
    // SAFETY: the caller's object. The capsule owns the block, the object the capsule.
    unsafe {
        let class = class_of(this);
        let size = records(class).filter(|it| is_beside(it)).map(|it| it.data_size as usize).max().unwrap_or(0);
        let block = memory::zeroed(ALIGNMENT + size).cast::<c_void>();
        if block.is_null() {
            PyErr_NoMemory();
            return null_mut();
        }
        let capsule = PyCapsule_New(block, NAME.as_ptr(), release as *mut c_void);
        if capsule.is_null() {
            memory::release(block.cast());
            return null_mut();
        }
        Py_IncRef(class);
        block.cast::<Head>().write(class);
        let name = attribute();
        let held = !name.is_null() && PyObject_GenericSetAttr(this, name, capsule) == 0;
        Py_DecRef(capsule);
        if !held {
            let message = c"objects of %R have no place for the C struct of its base, as it has __slots__";
            PyErr_Format()(PyExc_TypeError(), message.as_ptr(), class);
            return null_mut();
        }
        block.byte_add(ALIGNMENT)
    }
}

/// What the capsule calls when its object is gone: gives back what the struct holds, and its memory.
unsafe extern "C" fn release(capsule: Object) {
    // SAFETY: the capsule was made by `attach`, and nobody else refers to the block.
    unsafe {
        let block = PyCapsule_GetPointer(capsule, NAME.as_ptr());
        let (class, data) = (block.cast::<Head>().read(), block.byte_add(ALIGNMENT));
        for record in records(class).filter(|record| is_beside(record)) {
            if !record.traverse.is_null() {
                (record.clear)(record, data, capsule.cast());
            }
            if let Some(destroy) = record.destroy {
                destroy(data);
            }
        }
        Py_DecRef(class);
        memory::release(block.cast());
    }
}

/// `tp_new` of such a type: the list's own, then the struct.
///
/// # Safety
/// As for every `tp_new`.
pub(super) unsafe extern "C" fn new(class: Object, arguments: Object, keywords: Object) -> Object {
    type New = unsafe extern "C" fn(Object, Object, Object) -> Object;
    // SAFETY: the interpreter's arguments; the slot of the built-in type is a function of this type.
    unsafe {
        let usual = core::mem::transmute::<Pointer, New>(slot::<{ type_slot::NEW }>(PyList_Type()));
        let this = usual(class, arguments, keywords);
        if this.is_null() || !attach(this).is_null() {
            return this;
        }
        Py_DecRef(this);
        null_mut()
    }
}

/// Whether the struct of a shape stands beside the objects on this host.
pub(super) fn shape_is_beside(shape: core::ffi::c_int) -> bool {
    shape == cardan_abi::shape::LIST && cardan_host::detect::known().quirks.lists_have_no_room
}
