//! Objects that can be called: each holds the function that it is called by, behind the author's struct.

use super::tuple;
use crate::convert::object;
use crate::definitions::raise;
use crate::imports::*;
use cardan_abi::{CallFunction, Context, Handle};
use cardan_host::memory;
use cardan_host::types::{Object, Pointer};
use core::ffi::c_int;
use core::ptr::null_mut;

/// `vectorcallfunc` of the C API.
type Vectorcall = unsafe extern "C" fn(Object, *const Object, usize, Object) -> Object;

/// Lets a fresh object be called by its type's own function.
///
/// # Safety
/// `this` is an object of `class` that nothing else uses yet.
#[inline(always)] // Hot, and the library is optimised for size.
pub(super) unsafe fn initialise(this: Object, class: &super::Info) {
    if class.call_offset != 0 {
        // SAFETY: the objects of this type have room for a pointer there.
        unsafe { this.byte_offset(class.call_offset).cast::<Pointer>().write(class.call) }
    }
}

/// The function that an object is called by, null if it cannot be called.
unsafe fn function_of(this: Object) -> Pointer {
    // SAFETY: `this` is an object.
    unsafe {
        let Some(class) = info_with_call(super::class_of(this)) else { return null_mut() };
        let own = if class.call_offset == 0 {
            null_mut()
        } else {
            this.byte_offset(class.call_offset).cast::<Pointer>().read()
        };
        // Objects that were not made by `HPy_New` have none of their own.
        if own.is_null() { class.call } else { own }
    }
}

/// The nearest type that this runtime made and whose objects can be called.
unsafe fn info_with_call(class: Object) -> Option<&'static super::Info> {
    // SAFETY: the callers pass a type.
    unsafe { super::nearest(class, |info| !info.call.is_null()) }
}

/// `tp_call`: a tuple and a dictionary become an array and a tuple of names.
pub(super) unsafe extern "C" fn call_with_tuple(this: Object, args: Object, keywords: Object) -> Object {
    // SAFETY: the interpreter passes an object of such a type, a tuple, and a dictionary or null.
    unsafe {
        let function = function_of(this);
        if function.is_null() {
            raise(PyExc_TypeError(), c"this object cannot be called: it has no call function");
            return null_mut();
        }
        let call = core::mem::transmute::<Pointer, Vectorcall>(function);
        let Some(items) = tuple::Items::of(args) else { return null_mut() };
        let named = if keywords.is_null() { 0 } else { PyDict_Size(keywords) };
        let Ok(named) = usize::try_from(named) else { return null_mut() };
        if named == 0 {
            return call(this, items.as_ptr(), items.len(), null_mut());
        }
        let names = PyTuple_New(named as isize);
        if names.is_null() {
            return null_mut();
        }
        let all = memory::allocate((items.len() + named) * size_of::<Object>()).cast::<Object>();
        if all.is_null() {
            Py_DecRef(names);
            return PyErr_NoMemory();
        }
        core::ptr::copy_nonoverlapping(items.as_ptr(), all, items.len());
        let (mut position, mut count) = (0isize, 0usize);
        let (mut key, mut value) = (null_mut(), null_mut());
        while count < named && PyDict_Next(keywords, &raw mut position, &raw mut key, &raw mut value) != 0 {
            Py_IncRef(key);
            PyTuple_SetItem(names, count as isize, key);
            Py_IncRef(value);
            all.add(items.len() + count).write(value);
            count += 1;
        }
        let result = call(this, all, items.len(), names);
        for index in 0..count {
            Py_DecRef(*all.add(items.len() + index));
        }
        memory::release(all.cast());
        Py_DecRef(names);
        result
    }
}

/// Sets the function that one object is called by: 0, or -1 with `TypeError` if its type has no call slot.
///
/// # Safety
/// The arguments are as the entry's documentation says; the thread is attached.
pub unsafe extern "C" fn ctx_SetCallFunction(_: *mut Context, h: Handle, function: *mut CallFunction) -> c_int {
    let this = object(h);
    // SAFETY: the handle is open, the function is the author's.
    unsafe {
        let class = super::class_of(this);
        match info_with_call(class) {
            Some(info) if info.call_offset != 0 => {
                this.byte_offset(info.call_offset).cast::<Pointer>().write((*function).cpy_trampoline);
                0
            }
            _ => {
                PyErr_Format()(PyExc_TypeError(), c"type %R does not implement the HPy call protocol".as_ptr(), class);
                -1
            }
        }
    }
}
