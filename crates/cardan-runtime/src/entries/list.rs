//! Lists.

use crate::{checks, forward};
use cardan_abi::Handle;
use core::ffi::c_int;

checks! {
    ctx_List_Check = LIST;
}

forward! {
    ctx_List_New(size: isize) -> Handle = PyList_New;
    ctx_List_Append(list: Handle, item: Handle) -> c_int = PyList_Append;
    ctx_List_Insert(list: Handle, index: isize, item: Handle) -> c_int = PyList_Insert;
}
