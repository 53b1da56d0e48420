//! `PyLong_Export` and `PyLongWriter` of 3.14, <https://docs.python.org/3/c-api/long.html#export-api>. The layout of the digits
//! is the implementation's to say; here a digit is 32 bits, the lowest first, as `int.to_bytes` gives them.

use super::alternatives::number::{from_bytes, to_bytes};
use super::support::{self, type_flag};
use crate::bind::value;
use crate::polyfill;
use crate::types::{Object, c_int, c_void};
use core::ptr::{null, null_mut};

/// `PyLongLayout`.
#[repr(C)]
pub struct Layout {
    bits_per_digit: u8,
    digit_size: u8,
    digits_order: i8,
    digit_endianness: i8,
}

const LEAST_FIRST: i8 = -1;

/// The bytes of a digit.
const DIGIT: usize = 4;

static LAYOUT: Layout = Layout {
    bits_per_digit: 8 * DIGIT as u8,
    digit_size: DIGIT as u8,
    digits_order: LEAST_FIRST,
    digit_endianness: LEAST_FIRST,
};

polyfill! {
    /// How the digits of an int are laid out.
    fn PyLong_GetNativeLayout() -> *const Layout;
    uses [];
    { &raw const LAYOUT }
}

/// `PyLongExport`.
#[repr(C)]
pub struct Export {
    value: i64,
    negative: u8,
    digit_count: isize,
    digits: *const c_void,
    /// The bytes object that holds the digits.
    reserved: Object,
}

polyfill! {
    /// Gives the value of an int, or its digits if it does not fit into 64 bits. 0, or -1 with an exception.
    fn PyLong_Export(object: Object, export: *mut Export) -> c_int;
    uses [
        PyObject_Type, PyType_GetFlags, PyObject_GetAttrString, PyErr_Format, PyLong_AsLongLongAndOverflow, PyObject_CallMethod,
        PyLong_AsSsize_t, Py_BuildValue, PyBool_FromLong, PyObject_Call, PyNumber_Absolute, PyBytes_AsString, Py_DecRef
    ];
    data [PyLong_Type, PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's; what is made on the way is given back, but the bytes that hold the digits.
        unsafe {
            export.write(Export { value: 0, negative: 0, digit_count: 0, digits: null(), reserved: null_mut() });
            if !support::has_type_flag(object, type_flag::LONG) {
                support::type_error_about(object, c"expect int, got %U");
                return -1;
            }
            let mut overflow = 0;
            let small = PyLong_AsLongLongAndOverflow(object, &mut overflow);
            if overflow == 0 {
                (*export).value = small;
                return 0;
            }
            let magnitude = PyNumber_Absolute(object);
            let length = if magnitude.is_null() { magnitude } else { PyObject_CallMethod()(magnitude, c"bit_length".as_ptr(), null()) };
            let mut bytes = null_mut();
            if !length.is_null() {
                let count = PyLong_AsSsize_t(length).unsigned_abs().div_ceil(8 * DIGIT);
                Py_DecRef(length);
                bytes = to_bytes(magnitude, count * DIGIT);
                (*export).digit_count = count as isize;
            }
            Py_DecRef(magnitude);
            if bytes.is_null() {
                return -1;
            }
            (*export).negative = (overflow < 0).into();
            (*export).digits = PyBytes_AsString(bytes).cast();
            (*export).reserved = bytes;
            0
        }
    }
}

polyfill! {
    /// Ends what `PyLong_Export` began.
    fn PyLong_FreeExport(export: *mut Export);
    uses [Py_DecRef];
    {
        // SAFETY: the caller's struct; null stays null.
        unsafe {
            Py_DecRef((*export).reserved);
            (*export).reserved = null_mut();
        }
    }
}

/// A `PyLongWriter`: the digits follow it.
#[repr(C)]
pub struct Writer {
    digit_count: usize,
    negative: c_int,
}

polyfill! {
    /// A writer of an int of so many digits, whose place goes to `digits`.
    fn PyLongWriter_Create(negative: c_int, digit_count: isize, digits: *mut *mut c_void) -> *mut Writer;
    uses [PyMem_Malloc, PyErr_NoMemory, PyErr_SetString];
    data [PyExc_ValueError];
    {
        // SAFETY: the arguments are the caller's; the memory is as large as what is written to it.
        unsafe {
            digits.write(null_mut());
            if digit_count <= 0 {
                PyErr_SetString(value(&PyExc_ValueError), c"ndigits must be positive".as_ptr());
                return null_mut();
            }
            let digit_count = digit_count.unsigned_abs();
            let size = digit_count.saturating_mul(DIGIT).saturating_add(size_of::<Writer>());
            let writer = PyMem_Malloc(size).cast::<Writer>();
            if writer.is_null() {
                PyErr_NoMemory();
                return writer;
            }
            writer.write(Writer { digit_count, negative });
            digits.write(writer.add(1).cast());
            writer
        }
    }
}

polyfill! {
    /// Ends a writer: its int, a new reference.
    fn PyLongWriter_Finish(writer: *mut Writer) -> Object;
    uses [
        PyBytes_FromStringAndSize, Py_BuildValue, PyBool_FromLong, PyObject_GetAttrString, PyObject_Call, PyNumber_Negative, PyMem_Free,
        Py_DecRef
    ];
    data [PyLong_Type];
    {
        // SAFETY: the caller's writer, whose digits were written.
        unsafe {
            let magnitude = from_bytes(writer.add(1).cast(), (*writer).digit_count * DIGIT, true, false);
            let negative = (*writer).negative != 0;
            PyMem_Free(writer.cast());
            if magnitude.is_null() || !negative {
                return magnitude;
            }
            let number = PyNumber_Negative(magnitude);
            Py_DecRef(magnitude);
            number
        }
    }
}

polyfill! {
    /// Ends a writer without a result. Null is no writer.
    fn PyLongWriter_Discard(writer: *mut Writer);
    uses [PyMem_Free];
    {
        // SAFETY: the caller's writer or null.
        unsafe { PyMem_Free(writer.cast()) }
    }
}
