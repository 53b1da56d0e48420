//! Strings that are written piece by piece. A writer is the host's, or what stands in for it.

use crate::convert::{FromHost, ToHost};
use crate::forward;
use cardan_abi::{Handle, UnicodeWriter};
use core::ffi::{c_char, c_int, c_void};

impl ToHost for UnicodeWriter {
    type Host = *mut c_void;
    #[inline]
    fn to_host(self) -> *mut c_void {
        core::ptr::with_exposed_provenance_mut(self.word as usize)
    }
}

impl FromHost<*mut c_void> for UnicodeWriter {
    #[inline]
    fn from_host(writer: *mut c_void) -> Self {
        Self { word: writer.expose_provenance() as isize }
    }
}

forward! {
    ctx_UnicodeWriter_New(length: isize) -> UnicodeWriter = PyUnicodeWriter_Create;
    ctx_UnicodeWriter_WriteChar(writer: UnicodeWriter, character: u32) -> c_int = PyUnicodeWriter_WriteChar;
    ctx_UnicodeWriter_WriteUTF8(writer: UnicodeWriter, text: *const c_char, size: isize) -> c_int = PyUnicodeWriter_WriteUTF8;
    ctx_UnicodeWriter_WriteUCS4(writer: UnicodeWriter, characters: *const u32, length: isize) -> c_int = PyUnicodeWriter_WriteUCS4;
    ctx_UnicodeWriter_WriteStr(writer: UnicodeWriter, h: Handle) -> c_int = PyUnicodeWriter_WriteStr;
    ctx_UnicodeWriter_WriteSubstring(writer: UnicodeWriter, text: Handle, start: isize, end: isize) -> c_int = PyUnicodeWriter_WriteSubstring;
    ctx_UnicodeWriter_Finish(writer: UnicodeWriter) -> Handle = PyUnicodeWriter_Finish;
    ctx_UnicodeWriter_Discard(writer: UnicodeWriter) = PyUnicodeWriter_Discard;
}
