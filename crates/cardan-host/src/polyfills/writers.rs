//! `PyUnicodeWriter` of 3.14 and `PyBytesWriter` of 3.15, <https://docs.python.org/3/c-api/unicode.html#pyunicodewriter>.
//!
//! Both are opaque to their users, so here they are what suits: a list of strs to be joined, and a block of memory. The
//! functions of one writer are the host's or ours together, since a host has all of them or none.

use super::support::{self, type_flag};
use crate::bind::value;
use crate::polyfill;
use crate::types::{Object, c_char, c_int, c_void};
use core::ffi::CStr;
use core::ptr::null_mut;

/// Appends a piece, and takes the reference. Needs `PyList_Append` and `Py_DecRef`. 0, or -1 with an exception.
///
/// # Safety
/// The cells are filled, `writer` is one of ours, and `piece` a str or null with an exception.
pub(super) unsafe fn append(writer: Object, piece: Object) -> c_int {
    // SAFETY: the caller's promise; the writer is a list.
    unsafe {
        if piece.is_null() {
            return -1;
        }
        let outcome = crate::functions::PyList_Append(writer, piece);
        crate::functions::Py_DecRef(piece);
        outcome
    }
}

/// The length of a C string, if it is not given.
unsafe fn length_of(text: *const c_char, size: isize) -> isize {
    // SAFETY: a size below zero says that the text is a C string.
    if size < 0 { unsafe { CStr::from_ptr(text) }.count_bytes() as isize } else { size }
}

polyfill! {
    /// A writer of a str. The length is a guess that is not needed.
    fn PyUnicodeWriter_Create(length: isize) -> Object;
    uses [PyList_New, PyErr_SetString];
    data [PyExc_ValueError];
    {
        // SAFETY: the cells are filled.
        unsafe {
            if length < 0 {
                PyErr_SetString(value(&PyExc_ValueError), c"length must be positive".as_ptr());
                return null_mut();
            }
            PyList_New(0)
        }
    }
}

polyfill! {
    /// Ends a writer without a result. Null is no writer.
    fn PyUnicodeWriter_Discard(writer: Object);
    uses [Py_DecRef];
    {
        // SAFETY: the caller's writer, which is a list, or null.
        unsafe { Py_DecRef(writer) }
    }
}

polyfill! {
    /// Ends a writer: its str, a new reference.
    fn PyUnicodeWriter_Finish(writer: Object) -> Object;
    uses [PyUnicode_FromStringAndSize, PyUnicode_Join, Py_DecRef];
    {
        // SAFETY: the caller's writer, which is a list of strs.
        unsafe {
            let empty = PyUnicode_FromStringAndSize(c"".as_ptr(), 0);
            let text = if empty.is_null() { empty } else { PyUnicode_Join(empty, writer) };
            Py_DecRef(empty);
            Py_DecRef(writer);
            text
        }
    }
}

/// Stand-ins that write a piece.
macro_rules! write {
    ($(
        $(#[$attribute:meta])*
        fn $name:ident($($argument:ident: $type:ty),*) = $piece:expr;
        uses [$($use:ident),*];
    )*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(writer: Object, $($argument: $type),*) -> c_int;
            uses [PyList_Append, $($use,)* Py_DecRef];
            {
                // SAFETY: the arguments are the caller's; the piece goes to the list.
                unsafe { append(writer, $piece) }
            }
        })*
    };
}

write! {
    /// Writes a character.
    fn PyUnicodeWriter_WriteChar(character: u32) = PyUnicode_FromOrdinal(c_int::try_from(character).unwrap_or(-1));
    uses [PyUnicode_FromOrdinal];

    /// Writes `str(object)`.
    fn PyUnicodeWriter_WriteStr(object: Object) = PyObject_Str(object);
    uses [PyObject_Str];

    /// Writes `repr(object)`.
    fn PyUnicodeWriter_WriteRepr(object: Object) = PyObject_Repr(object);
    uses [PyObject_Repr];

    /// Writes UTF-8; a size below zero is that of a C string.
    fn PyUnicodeWriter_WriteUTF8(text: *const c_char, size: isize) = PyUnicode_DecodeUTF8(text, length_of(text, size), core::ptr::null());
    uses [PyUnicode_DecodeUTF8];

    /// Writes ASCII; a size below zero is that of a C string.
    fn PyUnicodeWriter_WriteASCII(text: *const c_char, size: isize) = PyUnicode_DecodeASCII(text, length_of(text, size), core::ptr::null());
    uses [PyUnicode_DecodeASCII];

    /// Writes wide characters; a size below zero is that of a C string.
    fn PyUnicodeWriter_WriteWideChar(text: *const c_void, size: isize) = PyUnicode_FromWideChar(text, size);
    uses [PyUnicode_FromWideChar];
}

polyfill! {
    /// Writes characters of 32 bits.
    fn PyUnicodeWriter_WriteUCS4(writer: Object, text: *const u32, size: isize) -> c_int;
    uses [PyList_Append, PyUnicode_FromKindAndData, PyErr_SetString, Py_DecRef];
    data [PyExc_ValueError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if size < 0 {
                PyErr_SetString(value(&PyExc_ValueError), c"size must be positive".as_ptr());
                return -1;
            }
            append(writer, PyUnicode_FromKindAndData(4, text.cast(), size))
        }
    }
}

polyfill! {
    /// Writes a part of a str.
    fn PyUnicodeWriter_WriteSubstring(writer: Object, text: Object, start: isize, end: isize) -> c_int;
    uses [
        PyList_Append, PyUnicode_Substring, PyUnicode_GetLength, PyObject_Type, PyType_GetFlags, PyObject_GetAttrString,
        PyErr_Format, PyErr_SetString, Py_DecRef
    ];
    data [PyExc_ValueError, PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if !support::has_type_flag(text, type_flag::UNICODE) {
                support::type_error_about(text, c"expect str, not %U");
                return -1;
            }
            let wrong = if start < 0 || start > end {
                Some(c"invalid start argument")
            } else if end > PyUnicode_GetLength(text) {
                Some(c"invalid end argument")
            } else {
                None
            };
            if let Some(message) = wrong {
                PyErr_SetString(value(&PyExc_ValueError), message.as_ptr());
                return -1;
            }
            append(writer, PyUnicode_Substring(text, start, end))
        }
    }
}

polyfill! {
    /// Writes UTF-8, with a way of handling errors; how much was taken goes to `consumed`, if that is not null.
    fn PyUnicodeWriter_DecodeUTF8Stateful(writer: Object, text: *const c_char, size: isize, errors: *const c_char, consumed: *mut isize) -> c_int;
    uses [
        PyList_Append, PyUnicode_DecodeUTF8, PyBytes_FromStringAndSize, PyImport_ImportModule, PyObject_CallMethod, PyTuple_GetItem,
        PyLong_AsSsize_t, Py_IncRef, Py_DecRef
    ];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let size = length_of(text, size);
            let piece = super::alternatives::text::decode_utf8(text, size, errors, consumed);
            if piece.is_null() {
                support::put(consumed, 0);
            }
            append(writer, piece)
        }
    }
}

/// A `PyBytesWriter`.
#[repr(C)]
pub struct BytesWriter {
    data: *mut u8,
    size: usize,
    capacity: usize,
}

/// Sets the size of a writer's data. 0, or -1 with an exception.
unsafe fn resize(writer: &mut BytesWriter, size: usize) -> c_int {
    use crate::functions::{PyErr_NoMemory, PyMem_Realloc};
    // SAFETY: the callers list these cells. The data is ours, and stays where it is when there is no memory.
    unsafe {
        if size > writer.capacity || writer.data.is_null() {
            let capacity = size.saturating_add(size / 2).max(64);
            let data = PyMem_Realloc(writer.data.cast(), capacity).cast::<u8>();
            if data.is_null() {
                PyErr_NoMemory();
                return -1;
            }
            writer.data = data;
            writer.capacity = capacity;
        }
        writer.size = size;
        0
    }
}

polyfill! {
    /// A writer of bytes with room for this many, whose content is not set.
    fn PyBytesWriter_Create(size: isize) -> *mut BytesWriter;
    uses [PyMem_Malloc, PyMem_Realloc, PyMem_Free, PyErr_NoMemory, PyErr_SetString];
    data [PyExc_ValueError];
    {
        // SAFETY: the cells are filled; the memory is as large as what is written to it.
        unsafe {
            let Ok(size) = usize::try_from(size) else {
                PyErr_SetString(value(&PyExc_ValueError), c"size must be >= 0".as_ptr());
                return null_mut();
            };
            let writer = PyMem_Malloc(size_of::<BytesWriter>()).cast::<BytesWriter>();
            if writer.is_null() {
                PyErr_NoMemory();
                return writer;
            }
            writer.write(BytesWriter { data: null_mut(), size: 0, capacity: 0 });
            if resize(&mut *writer, size) < 0 {
                PyMem_Free(writer.cast());
                return null_mut();
            }
            writer
        }
    }
}

polyfill! {
    /// Ends a writer without a result. Null is no writer.
    fn PyBytesWriter_Discard(writer: *mut BytesWriter);
    uses [PyMem_Free];
    {
        // SAFETY: the caller's writer or null.
        unsafe {
            if !writer.is_null() {
                PyMem_Free((*writer).data.cast());
                PyMem_Free(writer.cast());
            }
        }
    }
}

polyfill! {
    /// The data of a writer, valid until it is resized.
    fn PyBytesWriter_GetData(writer: *mut BytesWriter) -> *mut c_void;
    uses [];
    {
        // SAFETY: the caller's writer.
        unsafe { (*writer).data.cast() }
    }
}

polyfill! {
    /// The size of a writer's data.
    fn PyBytesWriter_GetSize(writer: *mut BytesWriter) -> isize;
    uses [];
    {
        // SAFETY: the caller's writer.
        unsafe { (*writer).size as isize }
    }
}

polyfill! {
    /// Ends a writer: its first `size` bytes, a new reference.
    fn PyBytesWriter_FinishWithSize(writer: *mut BytesWriter, size: isize) -> Object;
    uses [PyBytes_FromStringAndSize, PyMem_Free, PyErr_SetString];
    data [PyExc_ValueError];
    {
        // SAFETY: the caller's writer; the bytes are copied before it ends.
        unsafe {
            let bytes = if size < 0 || size.unsigned_abs() > (*writer).capacity {
                PyErr_SetString(value(&PyExc_ValueError), c"invalid size".as_ptr());
                null_mut()
            } else {
                PyBytes_FromStringAndSize((*writer).data.cast(), size)
            };
            PyBytesWriter_Discard(writer);
            bytes
        }
    }
}

polyfill! {
    /// Ends a writer: its bytes, a new reference.
    fn PyBytesWriter_Finish(writer: *mut BytesWriter) -> Object;
    uses [PyBytes_FromStringAndSize, PyMem_Free, PyErr_SetString];
    data [PyExc_ValueError];
    {
        // SAFETY: the caller's writer.
        unsafe { PyBytesWriter_FinishWithSize(writer, (*writer).size as isize) }
    }
}

polyfill! {
    /// Ends a writer: its bytes up to `end`, a new reference.
    fn PyBytesWriter_FinishWithPointer(writer: *mut BytesWriter, end: *mut c_void) -> Object;
    uses [PyBytes_FromStringAndSize, PyMem_Free, PyErr_SetString];
    data [PyExc_ValueError];
    {
        // SAFETY: the caller's writer; `end` lies in its data.
        unsafe { PyBytesWriter_FinishWithSize(writer, end.addr().wrapping_sub((*writer).data.addr()) as isize) }
    }
}

polyfill! {
    /// Sets the size of a writer's data. 0, or -1 with an exception.
    fn PyBytesWriter_Resize(writer: *mut BytesWriter, size: isize) -> c_int;
    uses [PyMem_Realloc, PyErr_NoMemory, PyErr_SetString];
    data [PyExc_ValueError];
    {
        // SAFETY: the caller's writer.
        unsafe {
            match usize::try_from(size) {
                Ok(size) => resize(&mut *writer, size),
                Err(_) => {
                    PyErr_SetString(value(&PyExc_ValueError), c"size must be >= 0".as_ptr());
                    -1
                }
            }
        }
    }
}

polyfill! {
    /// Makes a writer's data longer, or shorter for a number below zero. 0, or -1 with an exception.
    fn PyBytesWriter_Grow(writer: *mut BytesWriter, more: isize) -> c_int;
    uses [PyMem_Realloc, PyErr_NoMemory, PyErr_SetString];
    data [PyExc_ValueError];
    {
        // SAFETY: the caller's writer.
        unsafe {
            match (*writer).size.checked_add_signed(more) {
                Some(size) => resize(&mut *writer, size),
                None if more < 0 => {
                    PyErr_SetString(value(&PyExc_ValueError), c"invalid size".as_ptr());
                    -1
                }
                None => {
                    PyErr_NoMemory();
                    -1
                }
            }
        }
    }
}

polyfill! {
    /// Makes a writer's data longer, and moves a pointer into it along; null with an exception.
    fn PyBytesWriter_GrowAndUpdatePointer(writer: *mut BytesWriter, more: isize, place: *mut c_void) -> *mut c_void;
    uses [PyMem_Realloc, PyErr_NoMemory, PyErr_SetString];
    data [PyExc_ValueError];
    {
        // SAFETY: the caller's writer; `place` lies in its data.
        unsafe {
            let offset = place.addr().wrapping_sub((*writer).data.addr());
            if PyBytesWriter_Grow(writer, more) < 0 { null_mut() } else { (*writer).data.wrapping_add(offset).cast() }
        }
    }
}

polyfill! {
    /// Appends bytes; a size below zero is that of a C string. 0, or -1 with an exception.
    fn PyBytesWriter_WriteBytes(writer: *mut BytesWriter, bytes: *const c_void, size: isize) -> c_int;
    uses [PyMem_Realloc, PyErr_NoMemory, PyErr_SetString];
    data [PyExc_ValueError];
    {
        // SAFETY: the caller's writer and bytes; the data has room for them once it has grown.
        unsafe {
            let size = length_of(bytes.cast(), size);
            let end = (*writer).size;
            if PyBytesWriter_Grow(writer, size) < 0 {
                return -1;
            }
            core::ptr::copy_nonoverlapping(bytes.cast::<u8>(), (*writer).data.add(end), size.unsigned_abs());
            0
        }
    }
}
