//! Iterators.

use crate::forward;
use cardan_abi::Handle;
use core::ffi::c_int;

forward! {
    ctx_GetIter(h: Handle) -> Handle = PyObject_GetIter;
    ctx_Iter_Next(h: Handle) -> Handle = PyIter_Next;
    ctx_Iter_Check(h: Handle) -> c_int = PyIter_Check;
}
