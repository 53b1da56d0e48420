//! Iteration without an exception at the end, generators, asynchronous iteration.

use crate::forward;
use cardan_abi::Handle;
use core::ffi::c_int;

forward! {
    ctx_Iter_NextItem(iterator: Handle, item: *mut Handle) -> c_int = PyIter_NextItem;
    ctx_Iter_Send(iterator: Handle, value: Handle, result: *mut Handle) -> c_int = PyIter_Send;
    ctx_GetAsyncIter(h: Handle) -> Handle = PyObject_GetAIter;
    ctx_AsyncIter_Check(h: Handle) -> c_int = PyAIter_Check;
}
