//! What CPython 3.13 and hosts of its level lack: iterators, ints of a fixed size, imports by attribute.

use super::support::{self, type_flag};
use crate::bind::value;
use crate::detect::Host;
use crate::polyfill;
use crate::polyfill::Choice;
use crate::types::{Object, c_char, c_int, c_void};
use core::ffi::CStr;
use core::ptr::null_mut;

polyfill! {
    /// The next item of an iterator: 1 with a new reference, 0 at the end, -1 with an exception.
    fn PyIter_NextItem(iterator: Object, item: *mut Object) -> c_int;
    uses [
        PyIter_Check, PyIter_Next, PyErr_Occurred, PyObject_Type, PyObject_GetAttrString, PyErr_Format, Py_DecRef
    ];
    data [PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            item.write(null_mut());
            if PyIter_Check(iterator) == 0 {
                support::type_error_about(iterator, c"expected an iterator, got '%U'");
                return -1;
            }
            let next = PyIter_Next(iterator);
            item.write(next);
            match (next.is_null(), PyErr_Occurred().is_null()) {
                (false, _) => 1,
                (true, true) => 0,
                (true, false) => -1,
            }
        }
    }
}

polyfill! {
    /// An attribute of a module that is imported for it, a new reference.
    fn PyImport_ImportModuleAttr(module: Object, name: Object) -> Object;
    uses [PyImport_Import, PyObject_GetAttr, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's; the module is given back.
        unsafe {
            let module = PyImport_Import(module);
            if module.is_null() {
                return module;
            }
            let attribute = PyObject_GetAttr(module, name);
            Py_DecRef(module);
            attribute
        }
    }
}

polyfill! {
    /// The same with names in UTF-8.
    fn PyImport_ImportModuleAttrString(module: *const c_char, name: *const c_char) -> Object;
    uses [PyImport_ImportModule, PyObject_GetAttrString, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { support::module_attribute(CStr::from_ptr(module), CStr::from_ptr(name)) }
    }
}

/// Sets `OverflowError` with the name of the C type that the int does not fit into.
unsafe fn too_large(message: &CStr) -> c_int {
    // SAFETY: the callers list this function and the class.
    unsafe { crate::functions::PyErr_SetString(value(&crate::functions::data::PyExc_OverflowError), message.as_ptr()) };
    -1
}

/// Stand-ins that convert an int to a C type of a fixed size: 0, or -1 with an exception.
macro_rules! convert {
    ($($(#[$attribute:meta])* fn $name:ident -> $type:ty, $message:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(object: Object, result: *mut $type) -> c_int;
            uses [
                PyNumber_Index, PyLong_AsLongLongAndOverflow, PyLong_AsUnsignedLongLong, PyErr_SetString, PyErr_Occurred, PyErr_Clear,
                PyErr_BadInternalCall, Py_DecRef
            ];
            data [PyExc_OverflowError, PyExc_ValueError];
            {
                // SAFETY: the arguments are the caller's; the reference that is made is given back.
                unsafe {
                    if object.is_null() {
                        return support::bad_internal_call();
                    }
                    let number = PyNumber_Index(object);
                    if number.is_null() {
                        return -1;
                    }
                    let mut overflow = 0;
                    let small = PyLong_AsLongLongAndOverflow(number, &mut overflow);
                    let negative = overflow < 0 || overflow == 0 && small < 0;
                    let unsigned = <$type>::MIN == 0;
                    // What does not fit into 64 bits fits into none of these types.
                    let wide = if overflow > 0 {
                        let large = PyLong_AsUnsignedLongLong(number);
                        if PyErr_Occurred().is_null() {
                            Some(i128::from(large))
                        } else {
                            PyErr_Clear();
                            None
                        }
                    } else {
                        (overflow == 0).then_some(i128::from(small))
                    };
                    Py_DecRef(number);
                    if negative && unsigned {
                        PyErr_SetString(value(&PyExc_ValueError), c"Cannot convert negative int".as_ptr());
                        return -1;
                    }
                    match wide.and_then(|wide| <$type>::try_from(wide).ok()) {
                        Some(fitting) => {
                            result.write(fitting);
                            0
                        }
                        None => too_large($message),
                    }
                }
            }
        })*
    };
}

convert! {
    /// An int as 32 bits with a sign.
    fn PyLong_AsInt32 -> i32, c"Python int too large to convert to C int32_t";
    /// An int as 64 bits with a sign.
    fn PyLong_AsInt64 -> i64, c"Python int too large to convert to C int64_t";
    /// An int as 32 bits without a sign.
    fn PyLong_AsUInt32 -> u32, c"Python int too large to convert to C uint32_t";
    /// An int as 64 bits without a sign.
    fn PyLong_AsUInt64 -> u64, c"Python int too large to convert to C uint64_t";
}

/// Stand-ins that make an int from a C type of a fixed size.
macro_rules! make {
    ($($(#[$attribute:meta])* fn $name:ident($type:ty) by $by:ident;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(number: $type) -> Object;
            uses [$by];
            {
                // SAFETY: the cell is filled.
                unsafe { $by(number.into()) }
            }
        })*
    };
}

make! {
    /// An int from 32 bits with a sign.
    fn PyLong_FromInt32(i32) by PyLong_FromLongLong;
    /// An int from 64 bits with a sign.
    fn PyLong_FromInt64(i64) by PyLong_FromLongLong;
    /// An int from 32 bits without a sign.
    fn PyLong_FromUInt32(u32) by PyLong_FromUnsignedLongLong;
    /// An int from 64 bits without a sign.
    fn PyLong_FromUInt64(u64) by PyLong_FromUnsignedLongLong;
}

/// The sign of an int: -1, 0 or 1; `None` with `TypeError` for another object.
unsafe fn sign_of(object: Object, format: &CStr) -> Option<c_int> {
    // SAFETY: the callers list these cells.
    unsafe {
        if !support::has_type_flag(object, type_flag::LONG) {
            support::type_error_about(object, format);
            return None;
        }
        let mut overflow = 0;
        let small = crate::functions::PyLong_AsLongLongAndOverflow(object, &mut overflow);
        Some(if overflow == 0 { small.signum() as c_int } else { overflow })
    }
}

polyfill! {
    /// The sign of an int: 0 with -1, 0 or 1 in `sign`, or -1 with an exception.
    fn PyLong_GetSign(object: Object, sign: *mut c_int) -> c_int;
    uses [PyObject_Type, PyType_GetFlags, PyObject_GetAttrString, PyErr_Format, PyLong_AsLongLongAndOverflow, Py_DecRef];
    data [PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let Some(found) = sign_of(object, c"expect int, got %U") else { return -1 };
            sign.write(found);
            0
        }
    }
}

/// Stand-ins that compare an int with zero: 1, 0, or -1 with an exception.
macro_rules! compare {
    ($($(#[$attribute:meta])* fn $name:ident = $sign:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(object: Object) -> c_int;
            uses [PyObject_Type, PyType_GetFlags, PyObject_GetAttrString, PyErr_Format, PyLong_AsLongLongAndOverflow, Py_DecRef];
            data [PyExc_TypeError];
            {
                // SAFETY: the caller's object.
                unsafe { sign_of(object, c"expected int, got %U") }.map_or(-1, |sign| c_int::from(sign == $sign))
            }
        })*
    };
}

compare! {
    /// Whether an int is above zero.
    fn PyLong_IsPositive = 1;
    /// Whether an int is below zero.
    fn PyLong_IsNegative = -1;
    /// Whether an int is zero.
    fn PyLong_IsZero = 0;
}

polyfill! {
    /// `separator.join(items)` for bytes.
    fn PyBytes_Join(separator: Object, items: Object) -> Object;
    uses [PyObject_Type, PyType_GetFlags, PyObject_GetAttrString, PyObject_CallMethod, PyErr_Format, PyErr_SetString, Py_DecRef];
    data [PyBytes_Type, PyExc_TypeError, PyExc_SystemError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if separator.is_null() {
                PyErr_SetString(value(&PyExc_SystemError), c"null argument to internal routine".as_ptr());
                return null_mut();
            }
            if !support::has_type_flag(separator, type_flag::BYTES) {
                support::type_error_about(separator, c"sep: expected bytes, got %U");
                return null_mut();
            }
            PyObject_CallMethod()(PyBytes_Type.address().cast(), c"join".as_ptr(), c"(OO)".as_ptr(), separator, items)
        }
    }
}

polyfill! {
    /// Whether two strs are equal: 1, 0, or -1 with an exception if one is no str.
    fn PyUnicode_Equal(left: Object, right: Object) -> c_int;
    uses [PyObject_Type, PyType_GetFlags, PyObject_GetAttrString, PyUnicode_Compare, PyErr_Format, Py_DecRef];
    data [PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            for (object, format) in [(left, c"first argument must be str, not %U"), (right, c"second argument must be str, not %U")] {
                if !support::has_type_flag(object, type_flag::UNICODE) {
                    support::type_error_about(object, format);
                    return -1;
                }
            }
            c_int::from(PyUnicode_Compare(left, right) == 0)
        }
    }
}

polyfill! {
    /// Whether what a weak reference points to died: 1, 0, or -1 with an exception.
    fn PyWeakref_IsDead(reference: Object) -> c_int;
    uses [
        PyWeakref_GetObject, PyErr_Clear, PyErr_BadInternalCall, PyObject_Type, PyObject_GetAttrString, PyErr_Format, Py_BuildValue,
        Py_DecRef
    ];
    may_use [PyWeakref_Check];
    data [PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if reference.is_null() {
                return support::bad_internal_call();
            }
            let object = support::referent(reference);
            if object.is_null() {
                PyErr_Clear();
                support::type_error_about(reference, c"expected a weakref, got %U");
                return -1;
            }
            c_int::from(object == support::none())
        }
    }
}

/// Critical sections lock objects where there is no GIL; the GIL does that elsewhere.
fn with_gil(host: &Host, ours: *const c_void) -> Choice {
    if host.free_threaded { Choice::Host } else { Choice::HostElse(ours) }
}

polyfill! {
    /// Begins a critical section on a mutex.
    fn PyCriticalSection_BeginMutex(_section: *mut c_void, _mutex: *mut c_void);
    uses [];
    choose |host| with_gil(host, PyCriticalSection_BeginMutex as *const _);
    {}
}

polyfill! {
    /// Begins a critical section on two mutexes.
    fn PyCriticalSection2_BeginMutex(_section: *mut c_void, _first: *mut c_void, _second: *mut c_void);
    uses [];
    choose |host| with_gil(host, PyCriticalSection2_BeginMutex as *const _);
    {}
}

polyfill! {
    /// Whether an object is immortal. Before 3.12, and on PyPy, none is.
    fn PyUnstable_IsImmortal(_object: Object) -> c_int;
    uses [];
    choose |host| if host.quirks.has_immortal_objects { Choice::Host } else { Choice::HostElse(PyUnstable_IsImmortal as *const _) };
    { 0 }
}

polyfill! {
    /// Asks for deferred reference counting, and says whether the object has it: no.
    fn PyUnstable_Object_EnableDeferredRefcount(_object: Object) -> c_int;
    uses [];
    { 0 }
}

polyfill! {
    /// A version as a number, in the manner of `PY_VERSION_HEX`.
    fn Py_PACK_FULL_VERSION(major: c_int, minor: c_int, micro: c_int, level: c_int, serial: c_int) -> u32;
    uses [];
    { pack(major, 24, 0xFF) | pack(minor, 16, 0xFF) | pack(micro, 8, 0xFF) | pack(level, 4, 0xF) | pack(serial, 0, 0xF) }
}

polyfill! {
    /// The same of a version's first two numbers.
    fn Py_PACK_VERSION(major: c_int, minor: c_int) -> u32;
    uses [];
    { pack(major, 24, 0xFF) | pack(minor, 16, 0xFF) }
}

const fn pack(number: c_int, shift: u32, mask: u32) -> u32 {
    (number as u32 & mask) << shift
}

#[cfg(test)]
mod tests {
    use super::Py_PACK_FULL_VERSION;

    #[test]
    fn versions_are_packed_as_by_the_header() {
        // SAFETY: the function uses nothing of a host.
        assert_eq!(unsafe { Py_PACK_FULL_VERSION(3, 15, 2, 0xF, 1) }, 0x030F_02F1);
    }
}
