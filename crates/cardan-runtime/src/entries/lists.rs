//! Lists as wholes.

use crate::forward;
use cardan_abi::Handle;
use core::ffi::c_int;

forward! {
    ctx_List_AsTuple(list: Handle) -> Handle = PyList_AsTuple;
    ctx_List_Sort(list: Handle) -> c_int = PyList_Sort;
    ctx_List_Reverse(list: Handle) -> c_int = PyList_Reverse;
    ctx_List_Extend(list: Handle, iterable: Handle) -> c_int = PyList_Extend;
    ctx_List_Clear(list: Handle) -> c_int = PyList_Clear;
}
