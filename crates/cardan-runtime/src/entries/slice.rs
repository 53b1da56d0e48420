//! Slices.

use crate::forward;
use cardan_abi::Handle;
use core::ffi::c_int;

forward! {
    ctx_Slice_New(start: Handle, stop: Handle, step: Handle) -> Handle = PySlice_New;
    ctx_Slice_Unpack(slice: Handle, start: *mut isize, stop: *mut isize, step: *mut isize) -> c_int = PySlice_Unpack;
}
