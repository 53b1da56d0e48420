//! The registry of codecs and of the ways to handle errors, <https://docs.python.org/3/c-api/codec.html>.

use super::{library, library_status};
use crate::bind::value;
use crate::polyfill;
use crate::types::{Object, c_char, c_int};
use core::ffi::CStr;
use core::ptr::null_mut;

library! {
    /// The handler of errors of this name; null is `strict`.
    fn PyCodec_LookupError(name: *const c_char) = c"codecs".c"lookup_error"(c"(s)", if name.is_null() { c"strict".as_ptr() } else { name });
    /// Handles an error by leaving the character out.
    fn PyCodec_IgnoreErrors(exception: Object) = c"codecs".c"ignore_errors"(c"(O)", exception);
    /// Handles an error by a question mark or U+FFFD.
    fn PyCodec_ReplaceErrors(exception: Object) = c"codecs".c"replace_errors"(c"(O)", exception);
    /// Handles an error by a reference of XML.
    fn PyCodec_XMLCharRefReplaceErrors(exception: Object) = c"codecs".c"xmlcharrefreplace_errors"(c"(O)", exception);
    /// Handles an error by an escape with a backslash.
    fn PyCodec_BackslashReplaceErrors(exception: Object) = c"codecs".c"backslashreplace_errors"(c"(O)", exception);
    /// Handles an error by an escape with the character's name.
    fn PyCodec_NameReplaceErrors(exception: Object) = c"codecs".c"namereplace_errors"(c"(O)", exception);
}

polyfill! {
    /// Handles an error by raising it: always null with that exception, or with `TypeError` for what is none.
    fn PyCodec_StrictErrors(exception: Object) -> Object;
    uses [PyObject_IsInstance, PyObject_Type, PyErr_SetObject, PyErr_SetString, Py_DecRef];
    data [PyExc_BaseException, PyExc_TypeError];
    {
        // SAFETY: the caller's object; its type is given back.
        unsafe {
            match PyObject_IsInstance(exception, value(&PyExc_BaseException)) {
                1 => {
                    let class = PyObject_Type(exception);
                    PyErr_SetObject(class, exception);
                    Py_DecRef(class);
                }
                0 => PyErr_SetString(value(&PyExc_TypeError), c"codec must pass exception instance".as_ptr()),
                _ => {}
            }
        }
        null_mut()
    }
}

library_status! {
    /// Registers a search function.
    fn PyCodec_Register(search: Object) = c"codecs".c"register"(c"(O)", search);
    /// Registers a handler of errors.
    fn PyCodec_RegisterError(name: *const c_char, handler: Object) = c"codecs".c"register_error"(c"(sO)", name, handler);
}

polyfill! {
    /// Whether there is a codec of this name. It cannot fail.
    fn PyCodec_KnownEncoding(name: *const c_char) -> c_int;
    uses [PyImport_ImportModule, PyObject_CallMethod, PyErr_Clear, Py_DecRef];
    {
        // SAFETY: the caller's C string; what is made is given back.
        unsafe {
            let module = PyImport_ImportModule(c"codecs".as_ptr());
            let mut found = module;
            if !module.is_null() {
                found = PyObject_CallMethod()(module, c"lookup".as_ptr(), c"(s)".as_ptr(), name);
                Py_DecRef(module);
            }
            if found.is_null() {
                PyErr_Clear();
                return 0;
            }
            Py_DecRef(found);
            1
        }
    }
}

/// Calls a function of `codecs` with an object, a codec's name and a way of handling errors, each of which may be null: no name is
/// UTF-8, or a `TypeError` where there is no default.
unsafe fn convert(
    function: &CStr,
    object: Object,
    encoding: *const c_char,
    errors: *const c_char,
    has_default: bool,
) -> Object {
    use crate::functions::{Py_DecRef, PyErr_SetString, PyImport_ImportModule, PyObject_CallMethod, data};
    // SAFETY: the callers list these cells; the module is given back.
    unsafe {
        if encoding.is_null() && !has_default {
            let message = c"bad argument type for built-in operation".as_ptr();
            PyErr_SetString(value(&data::PyExc_TypeError), message);
            return null_mut();
        }
        let module = PyImport_ImportModule(c"codecs".as_ptr());
        if module.is_null() {
            return module;
        }
        let encoding = if encoding.is_null() { c"utf-8".as_ptr() } else { encoding };
        let errors = if errors.is_null() { c"strict".as_ptr() } else { errors };
        let result = PyObject_CallMethod()(module, function.as_ptr(), c"(Oss)".as_ptr(), object, encoding, errors);
        Py_DecRef(module);
        result
    }
}

/// Stand-ins that encode or decode by the registry: any object becomes any other.
macro_rules! convert {
    ($($(#[$attribute:meta])* fn $name:ident = $function:literal, $has_default:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(object: Object, encoding: *const c_char, errors: *const c_char) -> Object;
            uses [PyImport_ImportModule, PyObject_CallMethod, PyErr_SetString, Py_DecRef];
            data [PyExc_TypeError];
            {
                // SAFETY: the arguments are the caller's.
                unsafe { convert($function, object, encoding, errors, $has_default) }
            }
        })*
    };
}

convert! {
    /// Encodes an object.
    fn PyCodec_Encode = c"encode", false;
    /// Decodes an object.
    fn PyCodec_Decode = c"decode", false;
    /// Encodes a str to an object.
    fn PyUnicode_AsEncodedObject = c"encode", true;
    /// Encodes a str to a str.
    fn PyUnicode_AsEncodedUnicode = c"encode", true;
    /// Decodes a str to an object.
    fn PyUnicode_AsDecodedObject = c"decode", true;
    /// Decodes a str to a str.
    fn PyUnicode_AsDecodedUnicode = c"decode", true;
}

/// Makes a coder of a kind that `codecs` has a function for, with a stream or without.
unsafe fn make(getter: &CStr, encoding: *const c_char, stream: Object, errors: *const c_char) -> Object {
    use crate::functions::{Py_DecRef, PyImport_ImportModule, PyObject_CallFunction, PyObject_CallMethod};
    // SAFETY: the callers list these cells; what is made on the way is given back.
    unsafe {
        let module = PyImport_ImportModule(c"codecs".as_ptr());
        if module.is_null() {
            return module;
        }
        let factory = PyObject_CallMethod()(module, getter.as_ptr(), c"(s)".as_ptr(), encoding);
        Py_DecRef(module);
        if factory.is_null() {
            return null_mut();
        }
        let coder = match (stream.is_null(), errors.is_null()) {
            (true, true) => PyObject_CallFunction()(factory, core::ptr::null()),
            (true, false) => PyObject_CallFunction()(factory, c"(s)".as_ptr(), errors),
            (false, true) => PyObject_CallFunction()(factory, c"(O)".as_ptr(), stream),
            (false, false) => PyObject_CallFunction()(factory, c"(Os)".as_ptr(), stream, errors),
        };
        Py_DecRef(factory);
        coder
    }
}

macro_rules! make {
    ($($(#[$attribute:meta])* fn $name:ident(encoding $(, $stream:ident)?) = $getter:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(encoding: *const c_char, $($stream: Object,)? errors: *const c_char) -> Object;
            uses [PyImport_ImportModule, PyObject_CallMethod, PyObject_CallFunction, Py_DecRef];
            {
                let no_stream: Object = null_mut();
                let streams = [$($stream,)? no_stream];
                // SAFETY: the arguments are the caller's.
                unsafe { make($getter, encoding, streams.first().copied().unwrap_or(no_stream), errors) }
            }
        })*
    };
}

make! {
    /// A reader that decodes what it reads from a stream.
    fn PyCodec_StreamReader(encoding, stream) = c"getreader";
    /// A writer that encodes what it writes to a stream.
    fn PyCodec_StreamWriter(encoding, stream) = c"getwriter";
    /// A decoder that is fed piece by piece.
    fn PyCodec_IncrementalDecoder(encoding) = c"getincrementaldecoder";
    /// An encoder that is fed piece by piece.
    fn PyCodec_IncrementalEncoder(encoding) = c"getincrementalencoder";
}
