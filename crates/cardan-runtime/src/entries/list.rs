//! Lists: their items, and lists as wholes.

use crate::convert::handle;
use crate::definitions::raise;
use crate::imports::{PyExc_SystemError, PyList_New};
use crate::{checks, forward};
use cardan_abi::{Context, Handle};
use core::ffi::c_int;

checks! {
    ctx_List_Check = LIST;
}

forward! {
    ctx_List_Append(list: Handle, item: Handle) -> c_int = PyList_Append;
    ctx_List_Insert(list: Handle, index: isize, item: Handle) -> c_int = PyList_Insert;
}

/// A list of so many empty places. `SystemError` if that is negative, which not every host looks at.
///
/// # Safety
/// The thread is attached.
pub unsafe extern "C" fn ctx_List_New(_: *mut Context, size: isize) -> Handle {
    if size < 0 {
        raise(PyExc_SystemError(), c"HPyList_New: the length must not be negative");
        return Handle::NULL;
    }
    // SAFETY: the imports are bound.
    handle(unsafe { PyList_New(size) })
}

forward! {
    ctx_List_AsTuple(list: Handle) -> Handle = PyList_AsTuple;
    ctx_List_Sort(list: Handle) -> c_int = PyList_Sort;
    ctx_List_Reverse(list: Handle) -> c_int = PyList_Reverse;
    ctx_List_Extend(list: Handle, iterable: Handle) -> c_int = PyList_Extend;
    ctx_List_Clear(list: Handle) -> c_int = PyList_Clear;
}
