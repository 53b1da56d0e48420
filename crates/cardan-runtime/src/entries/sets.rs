//! Sets and frozen sets.

use crate::forward;
use cardan_abi::Handle;
use core::ffi::c_int;

forward! {
    ctx_Set_New(iterable: Handle) -> Handle = PySet_New;
    ctx_FrozenSet_New(iterable: Handle) -> Handle = PyFrozenSet_New;
    ctx_Set_Add(set: Handle, key: Handle) -> c_int = PySet_Add;
    ctx_Set_Discard(set: Handle, key: Handle) -> c_int = PySet_Discard;
    ctx_Set_Pop(set: Handle) -> Handle = PySet_Pop;
    ctx_Set_Clear(set: Handle) -> c_int = PySet_Clear;
}
