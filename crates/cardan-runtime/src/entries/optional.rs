//! Attributes and items that tell "absent" from "error", and the attribute access that types inherit.

use crate::forward;
use cardan_abi::Handle;
use core::ffi::{c_char, c_int};

forward! {
    ctx_GetOptionalAttr(h: Handle, name: Handle, result: *mut Handle) -> c_int = PyObject_GetOptionalAttr;
    ctx_GetOptionalAttr_s(h: Handle, name: *const c_char, result: *mut Handle) -> c_int = PyObject_GetOptionalAttrString;
    ctx_HasAttrWithError(h: Handle, name: Handle) -> c_int = PyObject_HasAttrWithError;
    ctx_HasAttrWithError_s(h: Handle, name: *const c_char) -> c_int = PyObject_HasAttrStringWithError;
    ctx_GenericGetAttr(h: Handle, name: Handle) -> Handle = PyObject_GenericGetAttr;
    ctx_GenericSetAttr(h: Handle, name: Handle, value: Handle) -> c_int = PyObject_GenericSetAttr;
    ctx_GetOptionalItem(h: Handle, key: Handle, result: *mut Handle) -> c_int = PyMapping_GetOptionalItem;
    ctx_GetOptionalItem_s(h: Handle, key: *const c_char, result: *mut Handle) -> c_int = PyMapping_GetOptionalItemString;
}
