//! Types of other files: each file has a runtime of its own, and they tell each other of a type by its [`TypeRecord`].

use super::{Info, beside, call_function, fields, shape, slot};
use crate::imports::*;
use cardan_abi::shape as abi_shape;
use cardan_abi::type_record::{MARK, TypeRecord, VERSION};
use cardan_host::hosts::type_slot;
use cardan_host::types::{Object, Pointer, PyMethodDef};
use core::ffi::{c_int, c_void};
use core::ptr::null_mut;

/// The end of a type's methods, which says where the type's record is.
pub(super) fn mark(record: *const TypeRecord) -> PyMethodDef {
    PyMethodDef {
        ml_name: core::ptr::null(),
        ml_meth: core::ptr::without_provenance_mut(MARK),
        ml_flags: VERSION,
        ml_doc: record.cast(),
    }
}

/// The record of a type that the runtime of any file made, this one's included.
#[cold]
#[inline(never)] // It is asked where this runtime did not make the type.
pub(super) unsafe fn marked(class: Object) -> Option<&'static TypeRecord> {
    // SAFETY: the callers pass a type. Its methods end with an entry without a name, whose other fields are there too, as in each
    // entry of an array. Only runtimes write the mark, and with it the address of a record that is never freed. An array into which
    // such an end was copied is not the one that the record names.
    unsafe {
        let methods = slot::<{ type_slot::METHODS }>(class).cast::<PyMethodDef>();
        if methods.is_null() {
            return None;
        }
        let mut end = methods;
        while !(*end).ml_name.is_null() {
            end = end.add(1);
        }
        if (*end).ml_meth.addr() != MARK || (*end).ml_flags != VERSION {
            return None;
        }
        (*end).ml_doc.cast::<TypeRecord>().as_ref().filter(|record| record.methods == methods.cast())
    }
}

/// What is known of a type by its record, which a runtime hands only to its own functions.
unsafe fn own(record: &TypeRecord) -> &'static Info {
    // SAFETY: the record is the start of an `Info`, which is never freed.
    unsafe { &*(&raw const *record).cast() }
}

/// [`TypeRecord::locate`].
pub(super) unsafe extern "C" fn locate(record: &TypeRecord, this: *mut c_void) -> *mut c_void {
    // SAFETY: the caller's object is of this type.
    unsafe { shape::find(this.cast(), record) }
}

/// A new object as the type that it starts as makes it without arguments: what a built-in type does not fill in itself is no object.
unsafe fn allocate(record: &TypeRecord, class: Object) -> Object {
    type New = unsafe extern "C" fn(Object, Object, Object) -> Object;
    let start = if record.shape == abi_shape::TYPE { null_mut() } else { shape::builtin(record.shape) };
    // SAFETY: the caller's type derives from that built-in one, whose slot is a function of this type.
    unsafe {
        let function = if beside::is_beside(record) {
            beside::new as Pointer
        } else if start.is_null() {
            null_mut()
        } else {
            slot::<{ type_slot::NEW }>(start)
        };
        if function.is_null() {
            return PyType_GenericAlloc(class, 0);
        }
        let arguments = PyTuple_New(0);
        if arguments.is_null() {
            return arguments;
        }
        let this = core::mem::transmute::<Pointer, New>(function)(class, arguments, null_mut());
        Py_DecRef(arguments);
        this
    }
}

/// [`TypeRecord::create`].
pub(super) unsafe extern "C" fn create(record: &TypeRecord, class: *mut c_void, data: *mut *mut c_void) -> *mut c_void {
    // SAFETY: the caller's type and variable.
    unsafe {
        let this = allocate(record, class.cast());
        if !this.is_null() {
            // The type that derives from this one may have a call of its own.
            call_function::initialise(this, super::info(class.cast()).unwrap_or(record));
            super::show(this, class.cast());
            data.write(shape::data(this, record));
        }
        this.cast()
    }
}

/// [`TypeRecord::visit`].
pub(super) unsafe extern "C" fn visit(
    record: &TypeRecord,
    data: *mut c_void,
    visit: *mut c_void,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: the caller's struct and visitor.
    unsafe { fields::visit_struct(own(record), record.traverse, data, visit, argument) }
}

/// [`TypeRecord::clear`].
pub(super) unsafe extern "C" fn clear(record: &TypeRecord, data: *mut c_void, owner: *mut c_void) {
    // SAFETY: the caller's struct and object.
    unsafe { fields::clear_struct(own(record), data, owner.cast()) }
}
