//! Bytes that are written piece by piece. A writer is the host's, or what stands in for it.

use crate::convert::{FromHost, ToHost};
use crate::forward;
use cardan_abi::{BytesWriter, Handle};
use core::ffi::{c_int, c_void};

impl ToHost for BytesWriter {
    type Host = *mut c_void;
    #[inline]
    fn to_host(self) -> *mut c_void {
        core::ptr::with_exposed_provenance_mut(self.word as usize)
    }
}

impl FromHost<*mut c_void> for BytesWriter {
    #[inline]
    fn from_host(writer: *mut c_void) -> Self {
        Self { word: writer.expose_provenance() as isize }
    }
}

forward! {
    ctx_BytesWriter_New(size: isize) -> BytesWriter = PyBytesWriter_Create;
    ctx_BytesWriter_GetData(writer: BytesWriter) -> *mut c_void = PyBytesWriter_GetData;
    ctx_BytesWriter_GetSize(writer: BytesWriter) -> isize = PyBytesWriter_GetSize;
    ctx_BytesWriter_Resize(writer: BytesWriter, size: isize) -> c_int = PyBytesWriter_Resize;
    ctx_BytesWriter_Write(writer: BytesWriter, bytes: *const c_void, size: isize) -> c_int = PyBytesWriter_WriteBytes;
    ctx_BytesWriter_Finish(writer: BytesWriter) -> Handle = PyBytesWriter_Finish;
    ctx_BytesWriter_Discard(writer: BytesWriter) = PyBytesWriter_Discard;
}
