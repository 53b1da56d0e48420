//! Weak references.

use crate::forward;
use cardan_abi::Handle;
use core::ffi::c_int;

forward! {
    ctx_Weakref_NewRef(h: Handle, callback: Handle) -> Handle = PyWeakref_NewRef;
    ctx_Weakref_NewProxy(h: Handle, callback: Handle) -> Handle = PyWeakref_NewProxy;
    ctx_Weakref_GetRef(reference: Handle, result: *mut Handle) -> c_int = PyWeakref_GetRef;
}
