//! Strings and bytes.

use super::{first, method};
use crate::detect::Host;
use crate::polyfill;
use crate::polyfill::Choice;
use crate::polyfills::support::{self, type_flag};
use crate::types::{Object, c_char, c_int};
use core::ffi::CStr;
use core::ptr::null_mut;

method! {
    /// The parts before, at and after the first separator, a tuple.
    fn PyUnicode_Partition(text: Object, separator: Object) = PyUnicode_Type.c"partition"(c"(OO)", text, separator);
    /// The parts before, at and after the last separator, a tuple.
    fn PyUnicode_RPartition(text: Object, separator: Object) = PyUnicode_Type.c"rpartition"(c"(OO)", text, separator);
    /// The lines of a str, a list.
    fn PyUnicode_Splitlines(text: Object, keep_ends: c_int) = PyUnicode_Type.c"splitlines"(c"(Oi)", text, keep_ends);
    /// A str with its characters mapped by a table.
    fn PyUnicode_Translate(text: Object, table: Object, _errors: *const c_char) = PyUnicode_Type.c"translate"(c"(OO)", text, table);
    /// A str as UTF-16 in native order, with a mark in front.
    fn PyUnicode_AsUTF16String(text: Object) = PyUnicode_Type.c"encode"(c"(Os)", text, c"utf-16".as_ptr());
    /// A str as UTF-32 in native order, with a mark in front.
    fn PyUnicode_AsUTF32String(text: Object) = PyUnicode_Type.c"encode"(c"(Os)", text, c"utf-32".as_ptr());
    /// A str in the codec `raw_unicode_escape`.
    fn PyUnicode_AsRawUnicodeEscapeString(text: Object) = PyUnicode_Type.c"encode"(c"(Os)", text, c"raw_unicode_escape".as_ptr());
    /// A bytearray of what an object holds.
    fn PyByteArray_FromObject(object: Object) = PyByteArray_Type.c"__call__"(c"(O)", object);
}

polyfill! {
    /// The map from characters to bytes that goes with a str of 256 characters.
    fn PyUnicode_BuildEncodingMap(text: Object) -> Object;
    uses [PyObject_Type, PyType_GetFlags, PyUnicode_GetLength, PyImport_ImportModule, PyObject_CallMethod, PyErr_SetString, Py_DecRef];
    data [PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's; the module is given back.
        unsafe {
            if !support::has_type_flag(text, type_flag::UNICODE) || PyUnicode_GetLength(text) == 0 {
                bad_argument();
                return null_mut();
            }
            let module = PyImport_ImportModule(c"codecs".as_ptr());
            if module.is_null() {
                return module;
            }
            let map = PyObject_CallMethod()(module, c"charmap_build".as_ptr(), c"(O)".as_ptr(), text);
            Py_DecRef(module);
            map
        }
    }
}

/// Sets `TypeError` as `PyErr_BadArgument` does.
unsafe fn bad_argument() {
    use crate::functions::{PyErr_SetString, data};
    let message = c"bad argument type for built-in operation".as_ptr();
    // SAFETY: the callers list the cells.
    unsafe { PyErr_SetString(crate::bind::value(&data::PyExc_TypeError), message) };
}

polyfill! {
    /// The parts of a str between separators, from the right, a list. Null separates at white space.
    fn PyUnicode_RSplit(text: Object, separator: Object, most: isize) -> Object;
    uses [PyObject_CallMethod, Py_BuildValue, Py_DecRef];
    data [PyUnicode_Type];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let separator = if separator.is_null() { support::none() } else { separator };
            PyObject_CallMethod()(PyUnicode_Type.address().cast(), c"rsplit".as_ptr(), c"(OOn)".as_ptr(), text, separator, most)
        }
    }
}

polyfill! {
    /// Whether a str is an identifier.
    fn PyUnicode_IsIdentifier(text: Object) -> c_int;
    uses [PyObject_CallMethod, PyObject_IsTrue, PyErr_Clear, Py_DecRef];
    data [PyUnicode_Type];
    {
        // SAFETY: the caller's str; the reference made here is given back. The function cannot fail.
        unsafe {
            let result = PyObject_CallMethod()(PyUnicode_Type.address().cast(), c"isidentifier".as_ptr(), c"(O)".as_ptr(), text);
            if result.is_null() {
                PyErr_Clear();
                return 0;
            }
            let answer = PyObject_IsTrue(result);
            Py_DecRef(result);
            answer
        }
    }
}

polyfill! {
    /// Compares two strs: a bool, or `NotImplemented` if one is no str. A new reference.
    fn PyUnicode_RichCompare(left: Object, right: Object, operation: c_int) -> Object;
    uses [PyObject_Type, PyType_GetFlags, PyObject_RichCompare, PyEval_GetBuiltins, PyDict_GetItemString, Py_IncRef, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if support::has_type_flag(left, type_flag::UNICODE) && support::has_type_flag(right, type_flag::UNICODE) {
                return PyObject_RichCompare(left, right, operation);
            }
            let not_implemented = PyDict_GetItemString(PyEval_GetBuiltins(), c"NotImplemented".as_ptr());
            Py_IncRef(not_implemented);
            not_implemented
        }
    }
}

polyfill! {
    /// `left + right` as a bytearray.
    fn PyByteArray_Concat(left: Object, right: Object) -> Object;
    uses [PyObject_CallMethod, PySequence_Concat, Py_DecRef];
    data [PyByteArray_Type];
    // PyPy's own gives bytes.
    {
        // SAFETY: the arguments are the caller's; the reference made here is given back.
        unsafe {
            let copy = PyByteArray_FromObject(left);
            if copy.is_null() {
                return copy;
            }
            let result = PySequence_Concat(copy, right);
            Py_DecRef(copy);
            result
        }
    }
}

/// Calls a decoder of the module `_codecs` with bytes, the way of handling errors and further arguments; a tuple, or null
/// with an exception.
macro_rules! decode {
    ($decoder:expr, $format:literal, $bytes:expr, $size:expr, $errors:expr $(, $more:expr)*) => {{
        use crate::functions::{Py_DecRef, PyBytes_FromStringAndSize, PyImport_ImportModule, PyObject_CallMethod};
        let bytes = PyBytes_FromStringAndSize($bytes, $size);
        if bytes.is_null() {
            bytes
        } else {
            let module = PyImport_ImportModule(c"_codecs".as_ptr());
            let mut result = module;
            if !module.is_null() {
                let decoder: &CStr = $decoder;
                result = PyObject_CallMethod()(module, decoder.as_ptr(), $format.as_ptr(), bytes, $errors $(, $more)*);
                Py_DecRef(module);
            }
            Py_DecRef(bytes);
            result
        }
    }};
}

/// The str in what a decoder gave, and how many bytes it took.
unsafe fn taken(result: Object, consumed: *mut isize) -> Object {
    // SAFETY: the callers list the cells; decoders give a tuple of a str and a number.
    unsafe {
        if !result.is_null() {
            support::put(consumed, crate::functions::PyLong_AsSsize_t(crate::functions::PyTuple_GetItem(result, 1)));
        }
        first(result)
    }
}

/// Decodes UTF-8, up to the last whole character if `consumed` is not null. Needs what the stand-in of
/// `PyUnicode_DecodeUTF8Stateful` needs, and `PyUnicode_DecodeUTF8`.
///
/// # Safety
/// The cells are filled and the arguments as for that function.
pub unsafe fn decode_utf8(bytes: *const c_char, size: isize, errors: *const c_char, consumed: *mut isize) -> Object {
    // SAFETY: the caller's promise.
    unsafe {
        if consumed.is_null() {
            return crate::functions::PyUnicode_DecodeUTF8(bytes, size, errors);
        }
        taken(decode!(c"utf_8_decode", c"(Ozi)", bytes, size, errors, 0 as c_int), consumed)
    }
}

polyfill! {
    /// Decodes UTF-8, up to the last whole character if `consumed` is not null.
    fn PyUnicode_DecodeUTF8Stateful(bytes: *const c_char, size: isize, errors: *const c_char, consumed: *mut isize) -> Object;
    uses [
        PyUnicode_DecodeUTF8, PyBytes_FromStringAndSize, PyImport_ImportModule, PyObject_CallMethod, PyTuple_GetItem, PyLong_AsSsize_t,
        Py_IncRef, Py_DecRef
    ];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { decode_utf8(bytes, size, errors, consumed) }
    }
}

polyfill! {
    /// Decodes UTF-7, up to the last whole character if `consumed` is not null.
    fn PyUnicode_DecodeUTF7Stateful(bytes: *const c_char, size: isize, errors: *const c_char, consumed: *mut isize) -> Object;
    uses [
        PyBytes_FromStringAndSize, PyImport_ImportModule, PyObject_CallMethod, PyTuple_GetItem, PyLong_AsSsize_t, Py_IncRef, Py_DecRef
    ];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { taken(decode!(c"utf_7_decode", c"(Ozi)", bytes, size, errors, c_int::from(consumed.is_null())), consumed) }
    }
}

polyfill! {
    /// Decodes UTF-7.
    fn PyUnicode_DecodeUTF7(bytes: *const c_char, size: isize, errors: *const c_char) -> Object;
    uses [
        PyBytes_FromStringAndSize, PyImport_ImportModule, PyObject_CallMethod, PyTuple_GetItem, PyLong_AsSsize_t, Py_IncRef, Py_DecRef
    ];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { PyUnicode_DecodeUTF7Stateful(bytes, size, errors, null_mut()) }
    }
}

/// Stand-ins for the decoders that find out a byte order: below 0 little, above 0 big, 0 by a mark or the machine's.
macro_rules! with_byte_order {
    ($($(#[$attribute:meta])* fn $name:ident = $decoder:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(bytes: *const c_char, size: isize, errors: *const c_char, order: *mut c_int, consumed: *mut isize) -> Object;
            uses [
                PyBytes_FromStringAndSize, PyImport_ImportModule, PyObject_CallMethod, PyTuple_GetItem, PyLong_AsSsize_t, PyLong_AsLong,
                Py_IncRef, Py_DecRef
            ];
            {
                // SAFETY: the arguments are the caller's; the decoder gives a str, a number and the order.
                unsafe {
                    let asked = if order.is_null() { 0 } else { order.read() };
                    let whole = c_int::from(consumed.is_null());
                    let result = decode!($decoder, c"(Ozii)", bytes, size, errors, asked, whole);
                    if !result.is_null() {
                        support::put(order, PyLong_AsLong(PyTuple_GetItem(result, 2)) as c_int);
                    }
                    taken(result, consumed)
                }
            }
        })*
    };
}

with_byte_order! {
    /// Decodes UTF-16, up to the last whole character if `consumed` is not null.
    fn PyUnicode_DecodeUTF16Stateful = c"utf_16_ex_decode";
    /// Decodes UTF-32, up to the last whole character if `consumed` is not null.
    fn PyUnicode_DecodeUTF32Stateful = c"utf_32_ex_decode";
}

/// Stand-ins for decoders without a state.
macro_rules! decoder {
    ($($(#[$attribute:meta])* fn $name:ident = $decoder:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(bytes: *const c_char, size: isize, errors: *const c_char) -> Object;
            uses [PyBytes_FromStringAndSize, PyImport_ImportModule, PyObject_CallMethod, PyTuple_GetItem, Py_IncRef, Py_DecRef];
            {
                // SAFETY: the arguments are the caller's.
                unsafe { first(decode!($decoder, c"(Oz)", bytes, size, errors)) }
            }
        })*
    };
}

decoder! {
    /// Decodes escapes of Python's string literals.
    fn PyUnicode_DecodeUnicodeEscape = c"unicode_escape_decode";
    /// Decodes escapes of Python's raw string literals.
    fn PyUnicode_DecodeRawUnicodeEscape = c"raw_unicode_escape_decode";
}

polyfill! {
    /// Decodes bytes by a mapping; null is Latin-1.
    fn PyUnicode_DecodeCharmap(bytes: *const c_char, size: isize, mapping: Object, errors: *const c_char) -> Object;
    uses [
        PyBytes_FromStringAndSize, PyImport_ImportModule, PyObject_CallMethod, PyTuple_GetItem, Py_BuildValue, Py_IncRef, Py_DecRef
    ];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let mapping = if mapping.is_null() { support::none() } else { mapping };
            first(decode!(c"charmap_decode", c"(OzO)", bytes, size, errors, mapping))
        }
    }
}

polyfill! {
    /// Encodes a str by a mapping.
    fn PyUnicode_AsCharmapString(text: Object, mapping: Object) -> Object;
    uses [PyImport_ImportModule, PyObject_CallMethod, PyTuple_GetItem, PyErr_SetString, Py_IncRef, Py_DecRef];
    data [PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's; the module is given back.
        unsafe {
            if text.is_null() || mapping.is_null() {
                bad_argument();
                return null_mut();
            }
            let module = PyImport_ImportModule(c"_codecs".as_ptr());
            if module.is_null() {
                return module;
            }
            let name = c"charmap_encode".as_ptr();
            let result = PyObject_CallMethod()(module, name, c"(OsO)".as_ptr(), text, c"strict".as_ptr(), mapping);
            Py_DecRef(module);
            first(result)
        }
    }
}

polyfill! {
    /// Bytes with the escapes of Python's bytes literals decoded.
    fn PyBytes_DecodeEscape(bytes: *const c_char, size: isize, errors: *const c_char, _unicode: isize, _encoding: *const c_char) -> Object;
    uses [PyBytes_FromStringAndSize, PyImport_ImportModule, PyObject_CallMethod, PyTuple_GetItem, Py_IncRef, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { first(decode!(c"escape_decode", c"(Oz)", bytes, size, errors)) }
    }
}

polyfill! {
    /// Interns a str for good.
    fn PyUnicode_InternImmortal(text: *mut Object);
    uses [PyUnicode_InternInPlace, Py_IncRef];
    {
        // SAFETY: the caller's place. The further reference keeps the str.
        unsafe {
            PyUnicode_InternInPlace(text);
            Py_IncRef(text.read());
        }
    }
}

/// Writes a character into a str at an index inside it: 0, or -1 with an exception. Where the text can be reached it is
/// written; elsewhere this is the host's own function.
unsafe fn write_character(text: Object, index: isize, character: u32) -> c_int {
    use crate::functions::{self as f, cells, data};
    // SAFETY: the callers list the cells; a text is an array of characters of its kind.
    unsafe {
        if !writes(crate::detect::known()) {
            if cells::PyUnicode_WriteChar.address().is_null() {
                return support::bad_internal_call();
            }
            return f::PyUnicode_WriteChar(text, index, character);
        }
        let Some((kind, place)) = crate::unicode::characters(text) else { return -1 };
        match (kind, character) {
            (1, 0..=0xFF) => place.cast::<u8>().offset(index).write(character as u8),
            (2, 0..=0xFFFF) => place.cast::<u16>().offset(index).write(character as u16),
            (4, 0..=0x10FFFF) => place.cast::<u32>().offset(index).write(character),
            _ => {
                let message = c"character out of range".as_ptr();
                f::PyErr_SetString(crate::bind::value(&data::PyExc_ValueError), message);
                return -1;
            }
        }
        0
    }
}

/// Whether the text of a str has to be written in place, and can be.
fn writes(host: &Host) -> bool {
    host.quirks.writes_text_in_place && crate::unicode::shows_text(host)
}

polyfill! {
    /// Writes a character into a str that nobody else has seen. 0, or -1 with an exception.
    fn PyUnicode_WriteChar(text: Object, index: isize, character: u32) -> c_int;
    uses [PyUnicode_GetLength, PyErr_SetString, PyErr_BadInternalCall];
    may_use [GraalPyUnicode_KIND, GraalPyUnicode_NONCOMPACT_DATA, PyUnicode_WriteChar];
    data [PyExc_IndexError, PyExc_ValueError];
    choose |host| if writes(host) { Choice::Ours(PyUnicode_WriteChar as *const _) } else { Choice::Host };
    {
        // SAFETY: the caller's str.
        unsafe {
            let length = PyUnicode_GetLength(text);
            if length < 0 {
                return -1;
            }
            if index < 0 || index >= length {
                PyErr_SetString(crate::bind::value(&PyExc_IndexError), c"string index out of range".as_ptr());
                return -1;
            }
            write_character(text, index, character)
        }
    }
}

polyfill! {
    /// Copies characters into a str that nobody else has seen: how many, or -1 with an exception.
    fn PyUnicode_CopyCharacters(to: Object, to_start: isize, from: Object, from_start: isize, most: isize) -> isize;
    uses [PyUnicode_GetLength, PyUnicode_ReadChar, PyErr_SetString, PyErr_BadInternalCall];
    may_use [GraalPyUnicode_KIND, GraalPyUnicode_NONCOMPACT_DATA, PyUnicode_WriteChar];
    data [PyExc_IndexError, PyExc_ValueError, PyExc_SystemError];
    {
        use crate::bind::value;
        // SAFETY: the arguments are the caller's.
        unsafe {
            // Not by its type: on PyPy who asks for that sees the text, which cannot be written from then on.
            let (there, here) = (PyUnicode_GetLength(from), PyUnicode_GetLength(to));
            if there < 0 || here < 0 {
                return support::bad_internal_call() as isize;
            }
            if from_start > there || to_start > here || from_start < 0 || to_start < 0 {
                PyErr_SetString(value(&PyExc_IndexError), c"string index out of range".as_ptr());
                return -1;
            }
            let count = most.min(there - from_start);
            if most < 0 || to_start + count > here {
                PyErr_SetString(value(&PyExc_SystemError), c"cannot write so many characters into the string".as_ptr());
                return -1;
            }
            for index in 0..count {
                let character = PyUnicode_ReadChar(from, from_start + index);
                if character == u32::MAX || write_character(to, to_start + index, character) < 0 {
                    return -1;
                }
            }
            count
        }
    }
}

polyfill! {
    /// Copies characters into a str that nobody else has seen, without a check.
    fn _PyUnicode_FastCopyCharacters(to: Object, to_start: isize, from: Object, from_start: isize, count: isize);
    uses [PyUnicode_GetLength, PyUnicode_ReadChar, PyErr_SetString, PyErr_BadInternalCall];
    may_use [PyUnicode_CopyCharacters, GraalPyUnicode_KIND, GraalPyUnicode_NONCOMPACT_DATA, PyUnicode_WriteChar];
    data [PyExc_IndexError, PyExc_ValueError, PyExc_SystemError];
    {
        // SAFETY: the arguments are the caller's, who has checked them.
        unsafe {
            if crate::functions::cells::PyUnicode_CopyCharacters.address().is_null() {
                self::PyUnicode_CopyCharacters(to, to_start, from, from_start, count);
            } else {
                PyUnicode_CopyCharacters(to, to_start, from, from_start, count);
            }
        }
    }
}

polyfill! {
    /// Fills a part of a str that nobody else has seen with a character: how many, or -1 with an exception.
    fn PyUnicode_Fill(text: Object, start: isize, most: isize, character: u32) -> isize;
    uses [PyUnicode_GetLength, PyErr_SetString, PyErr_BadInternalCall];
    may_use [GraalPyUnicode_KIND, GraalPyUnicode_NONCOMPACT_DATA, PyUnicode_WriteChar];
    data [PyExc_IndexError, PyExc_ValueError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let length = PyUnicode_GetLength(text);
            if length < 0 {
                return support::bad_internal_call() as isize;
            }
            if start < 0 {
                PyErr_SetString(crate::bind::value(&PyExc_IndexError), c"string index out of range".as_ptr());
                return -1;
            }
            let count = most.min(length.saturating_sub(start)).max(0);
            for index in 0..count {
                if write_character(text, start + index, character) < 0 {
                    return -1;
                }
            }
            count
        }
    }
}

polyfill! {
    /// Makes a str longer or shorter: another one takes its place. 0, or -1 with an exception.
    fn PyUnicode_Resize(place: *mut Object, length: isize) -> c_int;
    uses [
        PyUnicode_GetLength, PyUnicode_New, PyUnicode_ReadChar, PyUnicode_Substring, PyErr_SetString, PyErr_BadInternalCall, Py_DecRef
    ];
    may_use [GraalPyUnicode_KIND, GraalPyUnicode_NONCOMPACT_DATA, PyUnicode_WriteChar];
    data [PyExc_IndexError, PyExc_ValueError, PyExc_SystemError];
    choose |host| if writes(host) { Choice::Ours(PyUnicode_Resize as *const _) } else { Choice::Host };
    {
        // SAFETY: the caller's place, with a str that nobody else has.
        unsafe {
            let old = place.read();
            let before = if old.is_null() || length < 0 { -1 } else { PyUnicode_GetLength(old) };
            if before < 0 {
                return support::bad_internal_call();
            }
            if before == length {
                return 0;
            }
            let new = if length < before {
                PyUnicode_Substring(old, 0, length)
            } else {
                let Some((kind, _)) = crate::unicode::characters(old) else { return -1 };
                let most = match kind {
                    1 => 0xFF,
                    2 => 0xFFFF,
                    _ => 0x10FFFF,
                };
                let longer = PyUnicode_New(length, most);
                if !longer.is_null() && PyUnicode_CopyCharacters(longer, 0, old, 0, before) < 0 {
                    Py_DecRef(longer);
                    return -1;
                }
                longer
            };
            if new.is_null() {
                return -1;
            }
            place.write(new);
            Py_DecRef(old);
            0
        }
    }
}

/// Compares two C strings without regard to the case of ASCII letters, up to `most` bytes.
unsafe fn compare_ignoring_case(left: *const c_char, right: *const c_char, most: usize) -> c_int {
    for index in 0..most {
        // SAFETY: both are C strings, and neither ended before this byte.
        let (one, other) = unsafe { (left.add(index).read() as u8, right.add(index).read() as u8) };
        let difference = c_int::from(one.to_ascii_lowercase()) - c_int::from(other.to_ascii_lowercase());
        if difference != 0 || one == 0 {
            return difference;
        }
    }
    0
}

polyfill! {
    /// Compares two C strings without regard to the case of ASCII letters.
    fn PyOS_mystricmp(left: *const c_char, right: *const c_char) -> c_int;
    uses [];
    {
        // SAFETY: the caller's C strings.
        unsafe { compare_ignoring_case(left, right, usize::MAX) }
    }
}

polyfill! {
    /// Compares the first bytes of two C strings without regard to the case of ASCII letters.
    fn PyOS_mystrnicmp(left: *const c_char, right: *const c_char, most: isize) -> c_int;
    uses [];
    {
        // SAFETY: the caller's C strings.
        unsafe { compare_ignoring_case(left, right, most.max(0).unsigned_abs()) }
    }
}

#[cfg(test)]
mod tests {
    use super::compare_ignoring_case;

    #[test]
    fn case_does_not_count_and_length_does() {
        // SAFETY: C strings.
        let compare = |left: &core::ffi::CStr, right: &core::ffi::CStr, most| unsafe {
            compare_ignoring_case(left.as_ptr(), right.as_ptr(), most)
        };
        assert_eq!(compare(c"Data", c"dATA", usize::MAX), 0);
        assert!(compare(c"data", c"date", usize::MAX) < 0);
        assert!(compare(c"data", c"dat", usize::MAX) > 0);
        assert_eq!(compare(c"data", c"date", 3), 0);
    }
}
