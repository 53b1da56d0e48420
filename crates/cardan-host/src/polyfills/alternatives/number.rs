//! Ints as bytes and from bytes.

use crate::bind::value;
use crate::polyfill;
use crate::polyfill::Choice;
use crate::polyfills::support;
use crate::types::{Object, c_char, c_int, c_void};
use core::ptr::null_mut;

/// Calls `int.to_bytes` or `int.from_bytes` with `signed` as keyword. A new reference, or null with an exception.
unsafe fn convert(method: &core::ffi::CStr, arguments: Object, signed: c_int) -> Object {
    use crate::functions::{Py_BuildValue, Py_DecRef, PyBool_FromLong, PyObject_Call, PyObject_GetAttrString, data};
    // SAFETY: the callers list these cells; the arguments are taken, and what is made on the way is given back.
    unsafe {
        let function = PyObject_GetAttrString(data::PyLong_Type.address().cast(), method.as_ptr());
        let keywords = Py_BuildValue()(c"{s:N}".as_ptr(), c"signed".as_ptr(), PyBool_FromLong(signed.into()));
        let mut result = null_mut();
        if !function.is_null() && !keywords.is_null() && !arguments.is_null() {
            result = PyObject_Call(function, arguments, keywords);
        }
        for object in [function, keywords, arguments] {
            Py_DecRef(object);
        }
        result
    }
}

const fn order(little: c_int) -> *const c_char {
    if little != 0 { c"little".as_ptr() } else { c"big".as_ptr() }
}

polyfill! {
    /// An int as bytes of a given number and order. 0, or -1 with `OverflowError`.
    fn _PyLong_AsByteArray(number: Object, bytes: *mut u8, size: usize, little: c_int, signed: c_int) -> c_int;
    uses [Py_BuildValue, PyBool_FromLong, PyObject_GetAttrString, PyObject_Call, PyBytes_AsString, Py_DecRef];
    data [PyLong_Type];
    // From 3.13 on the function of this name has one more argument.
    choose |host| if host.quirks.byte_array_has_six_arguments {
        Choice::Ours(_PyLong_AsByteArray as *const _)
    } else {
        Choice::HostElse(_PyLong_AsByteArray as *const _)
    };
    {
        // SAFETY: the arguments are the caller's; the bytes that are copied are as many as were asked for.
        unsafe {
            let arguments = Py_BuildValue()(c"(Ons)".as_ptr(), number, size as isize, order(little));
            let result = convert(c"to_bytes", arguments, signed);
            if result.is_null() {
                return -1;
            }
            core::ptr::copy_nonoverlapping(PyBytes_AsString(result).cast(), bytes, size);
            Py_DecRef(result);
            0
        }
    }
}

/// An int that is not negative as bytes, the lowest first: a bytes object, or null with an exception. Needs what [`from_bytes`]
/// needs but `PyBytes_FromStringAndSize`.
///
/// # Safety
/// The cells are filled, and `number` is an int.
pub unsafe fn to_bytes(number: Object, size: usize) -> Object {
    // SAFETY: the caller's promise.
    unsafe {
        let arguments = crate::functions::Py_BuildValue()(c"(Ons)".as_ptr(), number, size as isize, order(1));
        convert(c"to_bytes", arguments, 0)
    }
}

/// The bits of the flags of the functions below that are meant here, <https://docs.python.org/3/c-api/long.html>.
mod native {
    use crate::types::c_int;

    pub const BIG_ENDIAN: c_int = 0;
    pub const NATIVE: c_int = 3;
    pub const UNSIGNED: c_int = 4;
    pub const REJECT_NEGATIVE: c_int = 8;
    pub const ALLOW_INDEX: c_int = 16;
    pub const DEFAULTS: c_int = -1;

    /// Whether the flags mean little-endian: 0 is big, 1 little, everything with both bits set the machine's.
    pub fn is_little(flags: c_int) -> bool {
        if flags == DEFAULTS || flags & NATIVE == NATIVE {
            cfg!(target_endian = "little")
        } else {
            flags & NATIVE != BIG_ENDIAN
        }
    }
}

/// An int from bytes. Needs `PyBytes_FromStringAndSize`, `Py_BuildValue`, `PyBool_FromLong`, `PyObject_GetAttrString`,
/// `PyObject_Call`, `Py_DecRef` and `PyLong_Type`. A new reference, or null with an exception.
///
/// # Safety
/// The cells are filled, and there are so many bytes.
pub unsafe fn from_bytes(bytes: *const c_void, size: usize, little: bool, signed: bool) -> Object {
    use crate::functions::{Py_BuildValue, PyBytes_FromStringAndSize};
    // SAFETY: the caller's promise; `N` takes the reference.
    unsafe {
        let object = PyBytes_FromStringAndSize(bytes.cast(), size as isize);
        if object.is_null() {
            return object;
        }
        let arguments = Py_BuildValue()(c"(Ns)".as_ptr(), object, order(little.into()));
        convert(c"from_bytes", arguments, signed.into())
    }
}

polyfill! {
    /// An int from bytes with a sign, unless the flags say otherwise.
    fn PyLong_FromNativeBytes(bytes: *const c_void, size: usize, flags: c_int) -> Object;
    uses [PyBytes_FromStringAndSize, Py_BuildValue, PyBool_FromLong, PyObject_GetAttrString, PyObject_Call, Py_DecRef];
    data [PyLong_Type];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { from_bytes(bytes, size, native::is_little(flags), flags == native::DEFAULTS || flags & native::UNSIGNED == 0) }
    }
}

polyfill! {
    /// An int from bytes without a sign.
    fn PyLong_FromUnsignedNativeBytes(bytes: *const c_void, size: usize, flags: c_int) -> Object;
    uses [PyBytes_FromStringAndSize, Py_BuildValue, PyBool_FromLong, PyObject_GetAttrString, PyObject_Call, Py_DecRef];
    data [PyLong_Type];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { from_bytes(bytes, size, native::is_little(flags), false) }
    }
}

polyfill! {
    /// The low bytes of an int, and how many it takes to hold it whole; -1 with an exception.
    fn PyLong_AsNativeBytes(object: Object, buffer: *mut c_void, size: isize, flags: c_int) -> isize;
    uses [
        PyObject_Type, PyType_GetFlags, PyObject_GetAttrString, PyErr_Format, PyErr_SetString, PyErr_Occurred, PyNumber_Index,
        PyObject_CallMethod, PyLong_AsSsize_t, PyLong_AsLongLongAndOverflow, Py_BuildValue, PyBool_FromLong, PyObject_Call,
        PyBytes_AsString, PyErr_BadInternalCall, Py_IncRef, Py_DecRef
    ];
    data [PyLong_Type, PyExc_TypeError, PyExc_ValueError];
    {
        // SAFETY: the arguments are the caller's; what is made on the way is given back.
        unsafe {
            if object.is_null() || size < 0 {
                return support::bad_internal_call() as isize;
            }
            let defaults = flags == native::DEFAULTS;
            let number = if support::has_type_flag(object, support::type_flag::LONG) {
                Py_IncRef(object);
                object
            } else if !defaults && flags & native::ALLOW_INDEX != 0 {
                PyNumber_Index(object)
            } else {
                support::type_error_about(object, c"expect int, got %U");
                null_mut()
            };
            if number.is_null() {
                return -1;
            }
            let needed = low_bytes(number, buffer, size, flags);
            Py_DecRef(number);
            needed
        }
    }
}

unsafe fn low_bytes(number: Object, buffer: *mut c_void, size: isize, flags: c_int) -> isize {
    use crate::functions::{
        Py_BuildValue, Py_DecRef, PyBytes_AsString, PyErr_Occurred, PyErr_SetString, PyLong_AsLongLongAndOverflow,
        PyLong_AsSsize_t, PyObject_CallMethod, data,
    };
    // SAFETY: the caller lists these cells; what is made on the way is given back.
    unsafe {
        let defaults = flags == native::DEFAULTS;
        let mut overflow = 0;
        let small = PyLong_AsLongLongAndOverflow(number, &mut overflow);
        let negative = overflow < 0 || overflow == 0 && small < 0;
        if negative && !defaults && flags & native::REJECT_NEGATIVE != 0 {
            PyErr_SetString(value(&data::PyExc_ValueError), c"Cannot convert negative int".as_ptr());
            return -1;
        }
        let bits = PyObject_CallMethod()(number, c"bit_length".as_ptr(), core::ptr::null());
        if bits.is_null() {
            return -1;
        }
        let bits_needed = PyLong_AsSsize_t(bits);
        Py_DecRef(bits);
        if bits_needed == -1 && !PyErr_Occurred().is_null() {
            return -1;
        }
        // A negative power of two needs no bit for the sign beyond its own: -128 is one byte.
        let unsigned = !defaults && flags & native::UNSIGNED != 0 && !negative;
        let whole = bits_needed / 8 + 1;
        let needed = if unsigned {
            ((bits_needed + 7) / 8).max(1)
        } else if negative && overflow == 0 {
            isize::from(i64::BITS as u8 / 8).min(signed_bytes(small))
        } else {
            whole
        };
        if size > 0 {
            let length = whole.max(size);
            let arguments = Py_BuildValue()(c"(Ons)".as_ptr(), number, length, c"little".as_ptr());
            let bytes = convert(c"to_bytes", arguments, 1);
            if bytes.is_null() {
                return -1;
            }
            let source = PyBytes_AsString(bytes).cast::<u8>();
            let target = buffer.cast::<u8>();
            for index in 0..size {
                let place = if native::is_little(flags) { index } else { size - 1 - index };
                target.offset(place).write(source.offset(index).read());
            }
            Py_DecRef(bytes);
        }
        needed
    }
}

/// How many bytes a number needs with its sign.
const fn signed_bytes(number: i64) -> isize {
    let magnitude = if number < 0 { !number } else { number };
    ((i64::BITS - magnitude.leading_zeros()) / 8 + 1) as isize
}

polyfill! {
    /// An int with the value of another one, of the type `int` itself.
    fn _PyLong_Copy(number: Object) -> Object;
    uses [PyObject_CallMethod];
    data [PyLong_Type];
    {
        // SAFETY: the caller's int.
        unsafe { PyObject_CallMethod()(PyLong_Type.address().cast(), c"__pos__".as_ptr(), c"(O)".as_ptr(), number) }
    }
}

#[cfg(test)]
mod tests {
    use super::signed_bytes;

    #[test]
    fn the_sign_takes_a_bit() {
        for (number, bytes) in [(0, 1), (127, 1), (128, 2), (-128, 1), (-129, 2), (i64::MAX, 8), (i64::MIN, 8)] {
            assert_eq!(signed_bytes(number), bytes, "{number}");
        }
    }
}
