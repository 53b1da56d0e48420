//! What several stand-ins share. Each function says which cells it needs; a stand-in that calls it lists them too.

use crate::bind::value;
use crate::cell::Cell;
use crate::detect::Host;
use crate::functions as f;
use crate::functions::data;
use crate::polyfill::Choice;
use crate::types::{Object, c_int, c_ulong, c_void};
use core::ffi::CStr;

pub use crate::types::type_flag;

/// The host's own function under another name that means the same; where it has neither, `ours`.
pub fn same_as(host: &Host, name: &CStr, ours: *const c_void) -> Choice {
    let alias = host.resolve(name);
    Choice::HostElse(if alias.is_null() { ours } else { alias })
}

/// The host's own function under another name that means the same; where it has neither, the function is missing.
pub fn only_as(host: &Host, name: &CStr) -> Choice {
    same_as(host, name, core::ptr::null())
}

/// The host's own function under another name that means what is documented; where it has none, that of this name.
pub fn preferably_as(host: &Host, name: &CStr) -> Choice {
    let other = host.resolve(name);
    if other.is_null() { Choice::Host } else { Choice::Ours(other) }
}

/// Whether the type of `object` has a flag. Needs `PyObject_Type`, `PyType_GetFlags` and `Py_DecRef`.
///
/// # Safety
/// The cells are filled and `object` is an object.
pub unsafe fn has_type_flag(object: Object, flag: c_ulong) -> bool {
    // SAFETY: the caller's promise. The object keeps its type alive.
    unsafe {
        let class = f::PyObject_Type(object);
        f::Py_DecRef(class);
        f::PyType_GetFlags(class) & flag != 0
    }
}

/// `None`, a borrowed reference; null with an exception when there is no memory. Needs `Py_BuildValue` and `Py_DecRef`.
///
/// # Safety
/// The cells are filled.
pub unsafe fn none() -> Object {
    // SAFETY: an empty format makes `None`, which never dies.
    unsafe {
        let none = f::Py_BuildValue()(c"".as_ptr());
        f::Py_DecRef(none);
        none
    }
}

/// Calls a function with the pending exception put aside, and has it pending again afterwards. Needs `PyErr_Fetch` and
/// `PyErr_Restore`.
///
/// # Safety
/// The cells are filled; `action` leaves no exception behind.
pub unsafe fn with_exception_aside<R>(action: impl FnOnce() -> R) -> R {
    let (mut kind, mut exception, mut traceback) =
        (core::ptr::null_mut(), core::ptr::null_mut(), core::ptr::null_mut());
    // SAFETY: the references that are fetched are those that are restored.
    unsafe {
        f::PyErr_Fetch(&mut kind, &mut exception, &mut traceback);
        let result = action();
        f::PyErr_Restore(kind, exception, traceback);
        result
    }
}

/// Turns the exception that is pending into "absent" if it is of this class: 0 with the exception cleared, else -1. Needs
/// `PyErr_ExceptionMatches` and `PyErr_Clear`.
///
/// # Safety
/// The cells are filled, `class` is the cell of an exception class, and an exception is pending.
pub unsafe fn absent_if(class: &Cell) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        if f::PyErr_ExceptionMatches(value(class)) == 0 {
            return -1;
        }
        f::PyErr_Clear();
        0
    }
}

/// Sets `SystemError` as for an argument of a wrong type, and gives -1. Needs `PyErr_BadInternalCall`.
///
/// # Safety
/// The cell is filled.
pub unsafe fn bad_internal_call() -> c_int {
    // SAFETY: the caller's promise.
    unsafe { f::PyErr_BadInternalCall() };
    -1
}

/// The same for a function that returns an object: null.
///
/// # Safety
/// The cell is filled.
pub unsafe fn no_object() -> Object {
    // SAFETY: the caller's promise.
    unsafe { f::PyErr_BadInternalCall() };
    core::ptr::null_mut()
}

/// An attribute of a module, a new reference, or null with an exception. Needs `PyImport_ImportModule`,
/// `PyObject_GetAttrString` and `Py_DecRef`.
///
/// # Safety
/// The cells are filled.
pub unsafe fn module_attribute(module: &CStr, name: &CStr) -> Object {
    // SAFETY: the caller's promise; both names are C strings.
    unsafe {
        let module = f::PyImport_ImportModule(module.as_ptr());
        if module.is_null() {
            return module;
        }
        let attribute = f::PyObject_GetAttrString(module, name.as_ptr());
        f::Py_DecRef(module);
        attribute
    }
}

/// Calls a function of a module without arguments: a new reference, or null with an exception. Needs what
/// [`module_attribute`] needs, and `PyObject_CallFunctionObjArgs`.
///
/// # Safety
/// The cells are filled.
pub unsafe fn call_module_function(module: &CStr, name: &CStr) -> Object {
    // SAFETY: the caller's promise; a null pointer ends the arguments.
    unsafe {
        let function = module_attribute(module, name);
        if function.is_null() {
            return function;
        }
        let result = f::PyObject_CallFunctionObjArgs()(function, core::ptr::null_mut::<c_void>());
        f::Py_DecRef(function);
        result
    }
}

/// Sets `TypeError` with `format`, whose one `%U` is the name of `object`'s type. Needs `PyObject_Type`,
/// `PyObject_GetAttrString`, `PyErr_Format`, `Py_DecRef` and `PyExc_TypeError`.
///
/// # Safety
/// The cells are filled and `object` is an object.
pub unsafe fn type_error_about(object: Object, format: &CStr) {
    // SAFETY: the caller's promise.
    unsafe {
        let class = f::PyObject_Type(object);
        let name = f::PyObject_GetAttrString(class, c"__name__".as_ptr());
        if !name.is_null() {
            f::PyErr_Format()(value(&data::PyExc_TypeError), format.as_ptr(), name);
            f::Py_DecRef(name);
        }
        f::Py_DecRef(class);
    }
}

/// What a weak reference points to, a borrowed reference, `None` if it died; null, with an exception or without, for another
/// object. Needs `PyWeakref_GetObject`, and `PyWeakref_Check` where there is one.
///
/// # Safety
/// The cells are filled or tried, and `reference` is an object.
pub unsafe fn referent(reference: Object) -> Object {
    // SAFETY: the caller's promise.
    unsafe {
        // PyPy has this function, and its other one would call whatever can be called.
        if !f::cells::PyWeakref_Check.address().is_null() && f::PyWeakref_Check(reference) == 0 {
            return core::ptr::null_mut();
        }
        f::PyWeakref_GetObject(reference)
    }
}

/// Writes to an output argument that may be null.
///
/// # Safety
/// The place is null or valid for writing.
pub unsafe fn put<T>(place: *mut T, content: T) {
    if !place.is_null() {
        // SAFETY: the caller's promise.
        unsafe { place.write(content) };
    }
}

/// Stand-ins that are the host's own function under another name, and nothing where it has neither.
macro_rules! alias {
    ($($(#[$attribute:meta])* $name:ident = $other:literal;)*) => {
        $(const _: () = {
            $(#[$attribute])*
            #[unsafe(export_name = concat!("cardan_polyfill_", stringify!($name)))]
            static POLYFILL: $crate::polyfill::WithUses<0> = $crate::polyfill::WithUses::chosen(|host| $crate::polyfills::support::only_as(host, $other), []);
        };)*
    };
}
pub(crate) use alias;
