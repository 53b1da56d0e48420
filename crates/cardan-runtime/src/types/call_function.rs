//! Objects that can be called: each holds the function that it is called by, behind the author's struct.

use super::beside::BESIDE;
use super::shape::{AFTER_ITEMS, stated_size};
use super::tuple;
use crate::convert::object;
use crate::definitions::{Definitions, raise};
use crate::imports::*;
use cardan_abi::type_record::TypeRecord;
use cardan_abi::{CallFunction, Context, Function, Handle, TypeSpec, shape};
use cardan_host::detect::known;
use cardan_host::hosts::type_slot;
use cardan_host::memory;
use cardan_host::types::{Object, Pointer};
use core::ffi::{c_int, c_uint};
use core::ptr::null_mut;

/// `vectorcallfunc` of the C API.
type Vectorcall = unsafe extern "C" fn(Object, *const Object, usize, Object) -> Object;

/// How the objects of a type are called.
pub(super) struct Call {
    /// What they are called by; null if they cannot be called, or as their base's can.
    pub(super) function: Function,
    /// Where each holds what it is called by, in bytes from its start; 0 if they hold nothing.
    pub(super) offset: isize,
    /// How large an object is with that, in bytes; 0 if it is as large as one of the base.
    pub(super) size: isize,
    /// Whether the type has a call function of its own.
    pub(super) is_own: bool,
}

impl Call {
    /// What the spec and the bases, a tuple of types or null, say of the calls of a type whose objects take `size` bytes without
    /// it (0 if that is for the base to say), of which `rest` come before the author's struct. `None` with an exception if it
    /// cannot be.
    pub(super) unsafe fn of(
        spec: &TypeSpec,
        definitions: Definitions,
        bases: Object,
        (data_offset, rest): (isize, isize),
        size: isize,
    ) -> Option<Self> {
        let own = definitions.slots().find(|slot| slot.slot == type_slot::CALL as c_uint);
        let function = own.map_or(null_mut(), |slot| slot.cpy_trampoline);
        let none = Call { function, offset: 0, size, is_own: own.is_some() };
        // SAFETY: the caller's tuple.
        let inherited = unsafe { callable_base(bases) };
        if own.is_none() && inherited.is_none() {
            return Some(none);
        }
        if spec.itemsize != 0 {
            raise(PyExc_TypeError(), c"Cannot use HPy call protocol with var objects");
            return None;
        }
        if own.is_some() && spec.basicsize == 0 && spec.builtin_shape == shape::LEGACY {
            raise(
                PyExc_TypeError(),
                c"Cannot use HPy call protocol with legacy types that inherit the struct. Either set the basicsize to a non-zero value or use legacy slot 'Py_tp_call'.",
            );
            return None;
        }
        if matches!(data_offset, AFTER_ITEMS | BESIDE) {
            return Some(none);
        }
        let function = inherited.filter(|_| own.is_none()).map_or(function, |base| base.call);
        if let Some(base) = inherited.filter(|_| spec.basicsize == 0) {
            return Some(Call { function, offset: base.call_offset, ..none });
        }
        // SAFETY: as above.
        let before = if spec.basicsize != 0 { size } else { unsafe { largest(bases, rest) }? };
        // A base's pointer stands where its struct ends; the struct of this type may go on there, so it has one behind its own.
        let offset = pointer_aligned(before);
        Some(Call { function, offset, size: offset + size_of::<usize>() as isize, ..none })
    }
}

/// Rounds up to where a pointer may stand.
fn pointer_aligned(size: isize) -> isize {
    (size as usize).next_multiple_of(align_of::<usize>()) as isize
}

/// How large the objects of the largest base are, in bytes, and no less than `least`. `None` with an exception on failure.
unsafe fn largest(bases: Object, least: isize) -> Option<isize> {
    // SAFETY: a tuple of types or null; its items are borrowed from it.
    unsafe {
        let count = if bases.is_null() { 0 } else { PyTuple_Size(bases) };
        let mut found = least;
        for index in 0..count {
            let size = stated_size(PyTuple_GetItem(bases, index), c"__basicsize__");
            if size < 0 {
                return None;
            }
            found = found.max(size);
        }
        Some(found)
    }
}

/// What is known of the base whose objects hold what they are called by: where there are several, of the one with the largest
/// struct, which the others' objects start with.
unsafe fn callable_base(bases: Object) -> Option<&'static TypeRecord> {
    // SAFETY: as above.
    unsafe {
        let count = if bases.is_null() { 0 } else { PyTuple_Size(bases) };
        (0..count)
            .filter_map(|index| super::nearest(PyTuple_GetItem(bases, index), |info| info.call_offset != 0))
            .max_by_key(|info| info.call_offset)
    }
}

/// Lets a fresh object be called by its type's own function.
///
/// # Safety
/// `this` is an object of `class` that nothing else uses yet.
#[inline(always)] // Hot, and the library is optimised for size.
pub(super) unsafe fn initialise(this: Object, class: &TypeRecord) {
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

/// The nearest type that a runtime made and whose objects can be called.
unsafe fn info_with_call(class: Object) -> Option<&'static TypeRecord> {
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
        if named == 0 {
            return call(this, items.as_ptr(), items.len(), null_mut());
        }
        if !known().free_threaded {
            return call_with_names(call, this, &items, keywords);
        }
        // A dictionary that other threads may have too; nobody has its copy.
        let copy = PyDict_Copy(keywords);
        if copy.is_null() {
            return null_mut();
        }
        let result = call_with_names(call, this, &items, copy);
        Py_DecRef(copy);
        result
    }
}

/// Calls with the items of a dictionary as named arguments. No other thread changes it meanwhile; what the collector runs may.
unsafe fn call_with_names(call: Vectorcall, this: Object, items: &tuple::Items, keywords: Object) -> Object {
    // SAFETY: the caller's object and dictionary.
    unsafe {
        let Ok(named) = usize::try_from(PyDict_Size(keywords)) else { return null_mut() };
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
        let result = if count == named {
            call(this, all, items.len(), names)
        } else {
            raise(PyExc_RuntimeError(), c"dictionary changed size during iteration");
            null_mut()
        };
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
