//! The host's allocators.

use crate::forward;
use core::ffi::c_void;

forward! {
    ctx_Mem_Malloc(size: usize) -> *mut c_void = PyMem_Malloc;
    ctx_Mem_Calloc(count: usize, size: usize) -> *mut c_void = PyMem_Calloc;
    ctx_Mem_Realloc(memory: *mut c_void, size: usize) -> *mut c_void = PyMem_Realloc;
    ctx_Mem_Free(memory: *mut c_void) = PyMem_Free;
    ctx_Mem_RawMalloc(size: usize) -> *mut c_void = PyMem_RawMalloc;
    ctx_Mem_RawCalloc(count: usize, size: usize) -> *mut c_void = PyMem_RawCalloc;
    ctx_Mem_RawRealloc(memory: *mut c_void, size: usize) -> *mut c_void = PyMem_RawRealloc;
    ctx_Mem_RawFree(memory: *mut c_void) = PyMem_RawFree;
}
