//! The context's functions on types and on the objects of types.

use super::{beside, call_function, create, info, slot};
use crate::convert::{handle, object};
use crate::definitions::raise;
use crate::imports::*;
use cardan_abi::{Context, Handle, TypeSpec, TypeSpecParameter};
use cardan_host::hosts::type_slot;
use cardan_host::types::{Object, Pointer};
use core::ffi::{c_int, c_void};

pub use super::call_function::ctx_SetCallFunction;

/// Makes a type from a spec.
///
/// # Safety
/// The arguments are as the entry's documentation says; the thread is attached.
pub unsafe extern "C" fn ctx_Type_FromSpec(
    _: *mut Context,
    spec: *mut TypeSpec,
    parameters: *mut TypeSpecParameter,
) -> Handle {
    // SAFETY: the caller's promise.
    handle(unsafe { create::from_spec(spec, parameters) })
}

#[inline(always)] // Hot, and the library is optimised for size.
unsafe fn is_type(class: Object) -> bool {
    // SAFETY: `class` is an object.
    unsafe { super::flags_of(super::class_of(class)) & crate::type_flags::TYPE != 0 }
}

/// A new object of a type, with its struct zeroed.
///
/// # Safety
/// The arguments are as the entry's documentation says; the thread is attached.
pub unsafe extern "C" fn ctx_New(_: *mut Context, h_type: Handle, data: *mut *mut c_void) -> Handle {
    let class = object(h_type);
    // SAFETY: the handle is open; `data` is the caller's variable.
    unsafe {
        if !is_type(class) {
            return refuse(c"HPy_New arg 1 must be a type");
        }
        let Some(info) = super::plain_info(class) else { return new_of_any(class, data) };
        let this = allocate_plain(class, info);
        if !this.is_null() {
            call_function::initialise(this, info);
            data.write(this.byte_offset(info.data_offset).cast());
        }
        handle(this)
    }
}

/// A new object that is nothing but its struct, which is zeroed; null with `MemoryError`.
#[inline(always)] // Hot, and the library is optimised for size.
unsafe fn allocate_plain(class: Object, info: &super::Info) -> Object {
    // The largest struct in bytes that is zeroed word by word: less work than a call for most.
    const SMALL: usize = 64;
    // SAFETY: the caller's type, whose objects are not collected and have no items: the host allocates them as any object's
    // memory, which its type's `tp_free` gives back. Behind the header there are `zeroed` bytes.
    unsafe {
        let this = _PyObject_New(class);
        if this.is_null() {
            return this;
        }
        let (start, size) = (this.byte_offset(info.data_offset).cast::<usize>(), info.zeroed);
        if size > SMALL || size % size_of::<usize>() != 0 {
            start.cast::<u8>().write_bytes(0, size);
            return this;
        }
        for word in 0..size / size_of::<usize>() {
            // The compiler would make a call of plain writes.
            start.add(word).write_volatile(0);
        }
        this
    }
}

#[cold]
#[inline(never)] // So that objects are made without room for it.
fn refuse(message: &core::ffi::CStr) -> Handle {
    raise(PyExc_TypeError(), message);
    Handle::NULL
}

/// As [`ctx_New`], for a type that may have been made by anyone.
#[inline(never)] // So that plain objects are made without room for it.
unsafe fn new_of_any(class: Object, data: *mut *mut c_void) -> Handle {
    // SAFETY: the caller's type and variable.
    unsafe {
        match super::info_of_struct(class) {
            Some(record) => handle((record.create)(record, class.cast(), data).cast()),
            None => handle(super::refuse_struct(class).cast()),
        }
    }
}

/// A new object of a type by the type's allocator; the other arguments are not looked at.
///
/// # Safety
/// The arguments are as the entry's documentation says; the thread is attached.
pub unsafe extern "C" fn ctx_Type_GenericNew(
    _: *mut Context,
    h_type: Handle,
    _: *const Handle,
    _: isize,
    _: Handle,
) -> Handle {
    let class = object(h_type);
    // SAFETY: the handle is open.
    unsafe {
        if !is_type(class) {
            return refuse(c"HPy_Type_GenericNew arg 1 must be a type");
        }
        if let Some(record) = super::info_of_struct(class).filter(|record| beside::is_beside(record)) {
            let mut data = core::ptr::null_mut();
            return handle((record.create)(record, class.cast(), &raw mut data).cast());
        }
        let allocate = slot::<{ type_slot::ALLOC }>(class);
        let this = if allocate.is_null() {
            PyType_GenericAlloc(class, 0)
        } else {
            core::mem::transmute::<Pointer, unsafe extern "C" fn(Object, isize) -> Object>(allocate)(class, 0)
        };
        if !this.is_null()
            && let Some(record) = info(class)
        {
            call_function::initialise(this, record);
            super::show(this, class);
        }
        handle(this)
    }
}

/// Which built-in type the objects of a type start as; -2 with `TypeError` for what is no type.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Type_GetBuiltinShape(_: *mut Context, h_type: Handle) -> c_int {
    let class = object(h_type);
    // SAFETY: the handle is open.
    unsafe {
        if !is_type(class) {
            raise(PyExc_TypeError(), c"arg must be a type");
            return -2;
        }
        info(class).map_or(cardan_abi::shape::LEGACY, |record| record.shape)
    }
}

/// The author's struct of an object whose type derives from `object` alone.
///
/// # Safety
/// The handle is open and of such an object.
pub unsafe extern "C" fn ctx_AsStruct_Object(context: *mut Context, h: Handle) -> *mut c_void {
    // SAFETY: the context is the production context; the object has this layout.
    unsafe { object(h).byte_add((*context).data_offset).cast() }
}

/// The author's struct of a legacy type: the object itself.
///
/// # Safety
/// The handle is open.
pub unsafe extern "C" fn ctx_AsStruct_Legacy(_: *mut Context, h: Handle) -> *mut c_void {
    object(h).cast()
}

macro_rules! by_shape {
    ($($entry:ident)*) => {
        $(
            /// The author's struct of an object whose type derives from a built-in one.
            ///
            /// # Safety
            /// The handle is open and of such an object; the thread is attached.
            pub unsafe extern "C" fn $entry(_: *mut Context, h: Handle) -> *mut c_void {
                // SAFETY: the caller's promise.
                unsafe { super::data(object(h)) }
            }
        )*
    };
}

by_shape! {
    ctx_AsStruct_Type ctx_AsStruct_Long ctx_AsStruct_Float ctx_AsStruct_Unicode ctx_AsStruct_Tuple ctx_AsStruct_List ctx_AsStruct_Dict
}
