//! Strings.

use crate::{checks, forward};
use cardan_abi::Handle;
use core::ffi::{c_char, c_void};

checks! {
    ctx_Unicode_Check = UNICODE;
}

forward! {
    ctx_Unicode_FromString(utf8: *const c_char) -> Handle = PyUnicode_FromString;
    ctx_Unicode_AsASCIIString(h: Handle) -> Handle = PyUnicode_AsASCIIString;
    ctx_Unicode_AsLatin1String(h: Handle) -> Handle = PyUnicode_AsLatin1String;
    ctx_Unicode_AsUTF8String(h: Handle) -> Handle = PyUnicode_AsUTF8String;
    ctx_Unicode_AsUTF8AndSize(h: Handle, size: *mut isize) -> *const c_char = PyUnicode_AsUTF8AndSize;
    ctx_Unicode_FromWideChar(text: *const c_void, size: isize) -> Handle = PyUnicode_FromWideChar;
    ctx_Unicode_DecodeFSDefault(text: *const c_char) -> Handle = PyUnicode_DecodeFSDefault;
    ctx_Unicode_DecodeFSDefaultAndSize(text: *const c_char, size: isize) -> Handle = PyUnicode_DecodeFSDefaultAndSize;
    ctx_Unicode_EncodeFSDefault(h: Handle) -> Handle = PyUnicode_EncodeFSDefault;
    ctx_Unicode_ReadChar(h: Handle, index: isize) -> u32 = PyUnicode_ReadChar;
    ctx_Unicode_DecodeASCII(text: *const c_char, size: isize, errors: *const c_char) -> Handle = PyUnicode_DecodeASCII;
    ctx_Unicode_DecodeLatin1(text: *const c_char, size: isize, errors: *const c_char) -> Handle = PyUnicode_DecodeLatin1;
    ctx_Unicode_FromEncodedObject(h: Handle, encoding: *const c_char, errors: *const c_char) -> Handle
        = PyUnicode_FromEncodedObject;
    ctx_Unicode_Substring(h: Handle, start: isize, end: isize) -> Handle = PyUnicode_Substring;
}
