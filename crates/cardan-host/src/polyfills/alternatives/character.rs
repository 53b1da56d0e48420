//! What a single character is, and what it becomes in another case: by the methods of str and the module `unicodedata`.

use crate::polyfill;
use crate::types::{c_int, c_void};
use core::ffi::CStr;
use core::ptr::null;

/// The result of a method of the str of one character; null with an exception. Needs `PyUnicode_FromOrdinal`,
/// `PyObject_CallMethod` and `Py_DecRef`.
unsafe fn method(character: u32, name: &CStr) -> crate::types::Object {
    use crate::functions::{Py_DecRef, PyObject_CallMethod, PyUnicode_FromOrdinal};
    // SAFETY: the callers list these cells; the str is given back.
    unsafe {
        let text = PyUnicode_FromOrdinal(c_int::try_from(character).unwrap_or(-1));
        if text.is_null() {
            return text;
        }
        let result = PyObject_CallMethod()(text, name.as_ptr(), null());
        Py_DecRef(text);
        result
    }
}

/// Stand-ins that ask a character. They cannot fail; what is no character is nothing.
macro_rules! is {
    ($($(#[$attribute:meta])* fn $name:ident = $python:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(character: u32) -> c_int;
            uses [PyUnicode_FromOrdinal, PyObject_CallMethod, PyObject_IsTrue, PyErr_Clear, Py_DecRef];
            {
                // SAFETY: the cells are filled; the result is given back.
                unsafe {
                    let result = method(character, $python);
                    if result.is_null() {
                        PyErr_Clear();
                        return 0;
                    }
                    let answer = PyObject_IsTrue(result);
                    Py_DecRef(result);
                    answer
                }
            }
        })*
    };
}

is! {
    /// Whether a character is a letter.
    fn _PyUnicode_IsAlpha = c"isalpha";
    /// Whether a character is a decimal digit.
    fn _PyUnicode_IsDecimalDigit = c"isdecimal";
    /// Whether a character is a digit.
    fn _PyUnicode_IsDigit = c"isdigit";
    /// Whether a character stands for a number.
    fn _PyUnicode_IsNumeric = c"isnumeric";
    /// Whether a character is printable.
    fn _PyUnicode_IsPrintable = c"isprintable";
    /// Whether a character is lower case.
    fn _PyUnicode_IsLowercase = c"islower";
    /// Whether a character is upper case.
    fn _PyUnicode_IsUppercase = c"isupper";
    /// Whether a character is white space.
    fn _PyUnicode_IsWhitespace = c"isspace";
}

/// Stand-ins that give what a character becomes: the first of what may be several.
macro_rules! to {
    ($($(#[$attribute:meta])* fn $name:ident = $python:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(character: u32) -> u32;
            uses [PyUnicode_FromOrdinal, PyObject_CallMethod, PyUnicode_GetLength, PyUnicode_ReadChar, PyErr_Clear, Py_DecRef];
            {
                // SAFETY: the cells are filled; the result is given back.
                unsafe {
                    let result = method(character, $python);
                    if result.is_null() {
                        PyErr_Clear();
                        return character;
                    }
                    let becomes = if PyUnicode_GetLength(result) > 0 { PyUnicode_ReadChar(result, 0) } else { character };
                    Py_DecRef(result);
                    becomes
                }
            }
        })*
    };
}

to! {
    /// A character in lower case.
    fn _PyUnicode_ToLowercase = c"lower";
    /// A character in upper case.
    fn _PyUnicode_ToUppercase = c"upper";
    /// A character in title case.
    fn _PyUnicode_ToTitlecase = c"title";
}

/// Stand-ins that give all that a character becomes, at most three characters: how many.
macro_rules! to_full {
    ($($(#[$attribute:meta])* fn $name:ident = $python:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(character: u32, places: *mut u32) -> c_int;
            uses [PyUnicode_FromOrdinal, PyObject_CallMethod, PyUnicode_GetLength, PyUnicode_ReadChar, PyErr_Clear, Py_DecRef];
            {
                const MOST: isize = 3;
                // SAFETY: the caller's three places; the result is given back.
                unsafe {
                    let result = method(character, $python);
                    if result.is_null() {
                        PyErr_Clear();
                        places.write(character);
                        return 1;
                    }
                    let count = PyUnicode_GetLength(result).min(MOST);
                    for index in 0..count {
                        places.offset(index).write(PyUnicode_ReadChar(result, index));
                    }
                    Py_DecRef(result);
                    count as c_int
                }
            }
        })*
    };
}

to_full! {
    /// All characters that a character becomes in lower case.
    fn _PyUnicode_ToLowerFull = c"lower";
    /// All characters that a character becomes in upper case.
    fn _PyUnicode_ToUpperFull = c"upper";
}

/// The number that a function of `unicodedata` gives for a character, or -1. Needs what [`method`] needs,
/// `PyImport_ImportModule`, `PyFloat_AsDouble` and `PyErr_Clear`.
unsafe fn number(character: u32, function: &CStr) -> f64 {
    use crate::functions::{
        Py_DecRef, PyErr_Clear, PyFloat_AsDouble, PyImport_ImportModule, PyObject_CallMethod, PyUnicode_FromOrdinal,
    };
    // SAFETY: the callers list these cells; what is made is given back.
    unsafe {
        let text = PyUnicode_FromOrdinal(c_int::try_from(character).unwrap_or(-1));
        let module = PyImport_ImportModule(c"unicodedata".as_ptr());
        let mut result = core::ptr::null_mut();
        if !text.is_null() && !module.is_null() {
            result = PyObject_CallMethod()(module, function.as_ptr(), c"(Oi)".as_ptr(), text, -1 as c_int);
        }
        let number = if result.is_null() { -1.0 } else { PyFloat_AsDouble(result) };
        for object in [text, module, result] {
            Py_DecRef(object);
        }
        PyErr_Clear();
        number
    }
}

/// Stand-ins that give the number that a character stands for, or -1.
macro_rules! number {
    ($($(#[$attribute:meta])* fn $name:ident -> $result:ty = $python:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(character: u32) -> $result;
            uses [PyUnicode_FromOrdinal, PyImport_ImportModule, PyObject_CallMethod, PyFloat_AsDouble, PyErr_Clear, Py_DecRef];
            {
                // SAFETY: the cells are filled.
                unsafe { number(character, $python) as $result }
            }
        })*
    };
}

number! {
    /// The value of a decimal digit, or -1.
    fn _PyUnicode_ToDecimalDigit -> c_int = c"decimal";
    /// The value of a digit, or -1.
    fn _PyUnicode_ToDigit -> c_int = c"digit";
    /// The number that a character stands for, or -1.
    fn _PyUnicode_ToNumeric -> f64 = c"numeric";
}

polyfill! {
    /// Whether a character is title case.
    fn _PyUnicode_IsTitlecase(character: u32) -> c_int;
    uses [PyUnicode_FromOrdinal, PyImport_ImportModule, PyObject_CallMethod, PyUnicode_ReadChar, PyErr_Clear, Py_DecRef];
    {
        // SAFETY: the cells are filled; what is made is given back. The category of title case is `Lt`.
        unsafe {
            let text = PyUnicode_FromOrdinal(c_int::try_from(character).unwrap_or(-1));
            let module = PyImport_ImportModule(c"unicodedata".as_ptr());
            let mut category = core::ptr::null_mut();
            if !text.is_null() && !module.is_null() {
                category = PyObject_CallMethod()(module, c"category".as_ptr(), c"(O)".as_ptr(), text);
            }
            let titled = !category.is_null()
                && PyUnicode_ReadChar(category, 0) == u32::from(b'L')
                && PyUnicode_ReadChar(category, 1) == u32::from(b't');
            for object in [text, module, category] {
                Py_DecRef(object);
            }
            PyErr_Clear();
            c_int::from(titled)
        }
    }
}

polyfill! {
    /// Whether a character ends a line.
    fn _PyUnicode_IsLinebreak(character: u32) -> c_int;
    uses [];
    { c_int::from(matches!(character, 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029)) }
}

/// What each byte is as white space, as in C's locale.
static ASCII_WHITESPACE: [u8; 128] = {
    let mut table = [0; 128];
    let spaces = [0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x20];
    let mut index = 0;
    while index < spaces.len() {
        table[spaces[index]] = 1;
        index += 1;
    }
    table
};

const _: () = {
    /// The stand-in for the table of white space.
    #[unsafe(export_name = "cardan_polyfill__Py_ascii_whitespace")]
    static POLYFILL: crate::polyfill::WithUses<0> =
        crate::polyfill::WithUses::new((&raw const ASCII_WHITESPACE).cast::<c_void>(), []);
};

#[cfg(test)]
mod tests {
    use super::{_PyUnicode_IsLinebreak, ASCII_WHITESPACE};

    #[test]
    fn white_space_and_line_ends_are_those_of_str() {
        assert_eq!(ASCII_WHITESPACE.iter().filter(|&&is| is == 1).count(), 10);
        // SAFETY: the function uses nothing of a host.
        let ends = |character: char| unsafe { _PyUnicode_IsLinebreak(character.into()) } == 1;
        assert!(ends('\n') && ends('\u{2028}') && !ends(' ') && !ends('\t'));
    }
}
