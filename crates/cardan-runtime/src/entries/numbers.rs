//! Numbers: arithmetic, conversions from and to the types of C, integers of any size.

use crate::convert::{handle, object};
use crate::definitions::raise;
use crate::imports::*;
use crate::{forward, type_flags};
use cardan_abi::{Context, Handle};
use cardan_host::detect::known;
use core::ffi::{CStr, c_char, c_int, c_long, c_void};
use core::ptr::null_mut;

forward! {
    ctx_Long_FromInt64_t(value: i64) -> Handle = PyLong_FromLongLong;
    ctx_Long_FromUInt64_t(value: u64) -> Handle = PyLong_FromUnsignedLongLong;
    ctx_Long_FromSize_t(value: usize) -> Handle = PyLong_FromSize_t;
    ctx_Long_FromSsize_t(value: isize) -> Handle = PyLong_FromSsize_t;
    ctx_Long_AsInt64_t(h: Handle) -> i64 = PyLong_AsLongLong;
    ctx_Long_AsUInt64_tMask(h: Handle) -> u64 = PyLong_AsUnsignedLongLongMask;
    ctx_Long_AsVoidPtr(h: Handle) -> *mut c_void = PyLong_AsVoidPtr;
    ctx_Long_AsDouble(h: Handle) -> f64 = PyLong_AsDouble;
    ctx_Float_FromDouble(value: f64) -> Handle = PyFloat_FromDouble;
    ctx_Number_Check(h: Handle) -> c_int = PyNumber_Check;
    ctx_Add(h1: Handle, h2: Handle) -> Handle = PyNumber_Add;
    ctx_Subtract(h1: Handle, h2: Handle) -> Handle = PyNumber_Subtract;
    ctx_Multiply(h1: Handle, h2: Handle) -> Handle = PyNumber_Multiply;
    ctx_MatrixMultiply(h1: Handle, h2: Handle) -> Handle = PyNumber_MatrixMultiply;
    ctx_FloorDivide(h1: Handle, h2: Handle) -> Handle = PyNumber_FloorDivide;
    ctx_TrueDivide(h1: Handle, h2: Handle) -> Handle = PyNumber_TrueDivide;
    ctx_Remainder(h1: Handle, h2: Handle) -> Handle = PyNumber_Remainder;
    ctx_Divmod(h1: Handle, h2: Handle) -> Handle = PyNumber_Divmod;
    ctx_Power(h1: Handle, h2: Handle, h3: Handle) -> Handle = PyNumber_Power;
    ctx_Negative(h: Handle) -> Handle = PyNumber_Negative;
    ctx_Positive(h: Handle) -> Handle = PyNumber_Positive;
    ctx_Absolute(h: Handle) -> Handle = PyNumber_Absolute;
    ctx_Invert(h: Handle) -> Handle = PyNumber_Invert;
    ctx_Lshift(h1: Handle, h2: Handle) -> Handle = PyNumber_Lshift;
    ctx_Rshift(h1: Handle, h2: Handle) -> Handle = PyNumber_Rshift;
    ctx_And(h1: Handle, h2: Handle) -> Handle = PyNumber_And;
    ctx_Xor(h1: Handle, h2: Handle) -> Handle = PyNumber_Xor;
    ctx_Or(h1: Handle, h2: Handle) -> Handle = PyNumber_Or;
    ctx_Index(h: Handle) -> Handle = PyNumber_Index;
    ctx_Long(h: Handle) -> Handle = PyNumber_Long;
    ctx_Float(h: Handle) -> Handle = PyNumber_Float;
    ctx_InPlaceAdd(h1: Handle, h2: Handle) -> Handle = PyNumber_InPlaceAdd;
    ctx_InPlaceSubtract(h1: Handle, h2: Handle) -> Handle = PyNumber_InPlaceSubtract;
    ctx_InPlaceMultiply(h1: Handle, h2: Handle) -> Handle = PyNumber_InPlaceMultiply;
    ctx_InPlaceMatrixMultiply(h1: Handle, h2: Handle) -> Handle = PyNumber_InPlaceMatrixMultiply;
    ctx_InPlaceFloorDivide(h1: Handle, h2: Handle) -> Handle = PyNumber_InPlaceFloorDivide;
    ctx_InPlaceTrueDivide(h1: Handle, h2: Handle) -> Handle = PyNumber_InPlaceTrueDivide;
    ctx_InPlaceRemainder(h1: Handle, h2: Handle) -> Handle = PyNumber_InPlaceRemainder;
    ctx_InPlacePower(h1: Handle, h2: Handle, h3: Handle) -> Handle = PyNumber_InPlacePower;
    ctx_InPlaceLshift(h1: Handle, h2: Handle) -> Handle = PyNumber_InPlaceLshift;
    ctx_InPlaceRshift(h1: Handle, h2: Handle) -> Handle = PyNumber_InPlaceRshift;
    ctx_InPlaceAnd(h1: Handle, h2: Handle) -> Handle = PyNumber_InPlaceAnd;
    ctx_InPlaceXor(h1: Handle, h2: Handle) -> Handle = PyNumber_InPlaceXor;
    ctx_InPlaceOr(h1: Handle, h2: Handle) -> Handle = PyNumber_InPlaceOr;
}

/// The value of a float, or of what has `__float__` or `__index__`; not every host's function asks for the latter.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Float_AsDouble(_: *mut Context, h: Handle) -> f64 {
    // SAFETY: the imports are bound; the reference that is made is dropped.
    unsafe {
        let value = PyFloat_AsDouble(object(h));
        if value != -1.0
            || PyErr_Occurred().is_null()
            || PyErr_ExceptionMatches(PyExc_TypeError()) == 0
            || PyIndex_Check(object(h)) == 0
        {
            return value;
        }
        // A `__float__` that raises has the last word.
        let refusal = PyErr_GetRaisedException();
        let has_float = PyObject_HasAttrStringWithError(Py_TYPE(object(h)), c"__float__".as_ptr());
        if has_float == 1 {
            PyErr_SetRaisedException(refusal);
            return -1.0;
        }
        Py_DecRef(refusal);
        if has_float < 0 {
            return -1.0;
        }
        let index = PyNumber_Index(object(h));
        if index.is_null() {
            return -1.0;
        }
        let value = PyLong_AsDouble(index);
        Py_DecRef(index);
        value
    }
}

/// An int; `long` holds 32 bits on every platform.
///
/// # Safety
/// The thread is attached.
pub unsafe extern "C" fn ctx_Long_FromInt32_t(_: *mut Context, value: i32) -> Handle {
    // SAFETY: the imports are bound before a context is handed out.
    handle(unsafe { PyLong_FromLong(c_long::from(value)) })
}

/// An int of 32 bits without a sign, by way of 64 bits.
///
/// # Safety
/// The thread is attached.
pub unsafe extern "C" fn ctx_Long_FromUInt32_t(_: *mut Context, value: u32) -> Handle {
    // SAFETY: as above.
    handle(unsafe { crate::imports::PyLong_FromLongLong(i64::from(value)) })
}

/// Whether a host's function may convert an object. Those of some hosts would ask any object for an int, where CPython's take
/// an int alone: where the host is not known to be CPython that is checked first. False with `TypeError`.
unsafe fn may_convert(h: Handle) -> bool {
    // SAFETY: the handle is open.
    unsafe {
        let may = known().quirks.converts_only_ints || type_flags::of(object(h), type_flags::LONG) != 0;
        if !may {
            PyErr_SetString(PyExc_TypeError(), c"an integer is required".as_ptr());
        }
        may
    }
}

macro_rules! strict {
    ($($entry:ident -> $result:ty = $function:ident, $failed:expr;)*) => {
        $(
            #[doc = concat!("`", stringify!($function), "` for handles.")]
            ///
            /// # Safety
            /// The handle is open; the thread is attached.
            pub unsafe extern "C" fn $entry(_: *mut Context, h: Handle) -> $result {
                // SAFETY: the imports are bound before a context is handed out.
                unsafe { if may_convert(h) { $function(object(h)) } else { $failed } }
            }
        )*
    };
}

strict! {
    ctx_Long_AsUInt64_t -> u64 = PyLong_AsUnsignedLongLong, u64::MAX;
    ctx_Long_AsSize_t -> usize = PyLong_AsSize_t, usize::MAX;
    ctx_Long_AsSsize_t -> isize = PyLong_AsSsize_t, -1;
}

/// Raises `OverflowError` with this message.
unsafe fn overflow(message: &CStr) {
    // SAFETY: the imports are bound; the message is a C string.
    unsafe { PyErr_SetString(PyExc_OverflowError(), message.as_ptr()) };
}

/// An int as 32 bits: -1 with an exception if it is none, or too large.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Long_AsInt32_t(_: *mut Context, h: Handle) -> i32 {
    // SAFETY: as above.
    unsafe {
        let value = PyLong_AsLong(object(h));
        i32::try_from(value).unwrap_or_else(|_| {
            overflow(c"Python int too large to convert to C int32_t");
            -1
        })
    }
}

/// An int as 32 bits without a sign: -1 with an exception if it is none, negative or too large.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Long_AsUInt32_t(_: *mut Context, h: Handle) -> u32 {
    // SAFETY: as above.
    unsafe {
        if !may_convert(h) {
            return u32::MAX;
        }
        let value = PyLong_AsUnsignedLong(object(h));
        u32::try_from(value).unwrap_or_else(|_| {
            if PyErr_Occurred().is_null() {
                overflow(c"Python int too large to convert to C uint32_t");
            }
            u32::MAX
        })
    }
}

/// The low 32 bits of an int; all ones with an exception if it is none.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Long_AsUInt32_tMask(_: *mut Context, h: Handle) -> u32 {
    // SAFETY: as above.
    (unsafe { PyLong_AsUnsignedLongLongMask(object(h)) }) as u32
}

/// `True` or `False`.
///
/// # Safety
/// The thread is attached.
pub unsafe extern "C" fn ctx_Bool_FromBool(_: *mut Context, value: bool) -> Handle {
    // SAFETY: as above.
    handle(unsafe { PyBool_FromLong(c_long::from(value)) })
}

forward! {
    ctx_Long_GetSign(h: Handle, sign: *mut c_int) -> c_int = PyLong_GetSign;
    ctx_Long_AsInt64AndOverflow(h: Handle, overflow: *mut c_int) -> i64 = PyLong_AsLongLongAndOverflow;
}

/// The bytes of an int in two's complement. `SystemError` for a negative size, at which not every stand-in looks.
///
/// # Safety
/// The handle is open, the buffer has that many bytes; the thread is attached.
pub unsafe extern "C" fn ctx_Long_AsNativeBytes(
    _: *mut Context,
    h: Handle,
    buffer: *mut c_void,
    size: isize,
    flags: c_int,
) -> isize {
    if size < 0 {
        raise(PyExc_SystemError(), c"HPyLong_AsNativeBytes: the size must not be negative");
        return -1;
    }
    // SAFETY: the caller's promise; the imports are bound.
    unsafe { PyLong_AsNativeBytes(object(h), buffer, size, flags) }
}

/// The number of bytes, or `None` with `ValueError`, or with `SystemError` if there are none to read.
fn checked(buffer: *const c_void, size: isize) -> Option<usize> {
    if buffer.is_null() {
        raise(PyExc_SystemError(), c"an int of bytes needs a buffer, found NULL");
        return None;
    }
    let checked = usize::try_from(size).ok();
    if checked.is_none() {
        raise(PyExc_ValueError(), c"n_bytes must not be negative");
    }
    checked
}

/// An int of bytes in two's complement.
///
/// # Safety
/// The buffer has that many bytes; the thread is attached.
pub unsafe extern "C" fn ctx_Long_FromNativeBytes(
    _: *mut Context,
    buffer: *const c_void,
    size: isize,
    flags: c_int,
) -> Handle {
    match checked(buffer, size) {
        // SAFETY: the caller's promise; the imports are bound.
        Some(size) => handle(unsafe { PyLong_FromNativeBytes(buffer, size, flags) }),
        None => Handle::NULL,
    }
}

/// An int of bytes without a sign.
///
/// # Safety
/// The buffer has that many bytes; the thread is attached.
pub unsafe extern "C" fn ctx_Long_FromUnsignedNativeBytes(
    _: *mut Context,
    buffer: *const c_void,
    size: isize,
    flags: c_int,
) -> Handle {
    match checked(buffer, size) {
        // SAFETY: the caller's promise; the imports are bound.
        Some(size) => handle(unsafe { PyLong_FromUnsignedNativeBytes(buffer, size, flags) }),
        None => Handle::NULL,
    }
}

/// The int that a string stands for.
///
/// # Safety
/// The text is a C string; the thread is attached.
pub unsafe extern "C" fn ctx_Long_FromString(_: *mut Context, text: *const c_char, base: c_int) -> Handle {
    // SAFETY: the caller's promise; the imports are bound. Without a place for the end the whole text has to be a number.
    handle(unsafe { PyLong_FromString(text, null_mut(), base) })
}
