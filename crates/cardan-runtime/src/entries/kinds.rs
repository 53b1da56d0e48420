//! Which built-in type an object is of.

use crate::convert::object;
use crate::imports::*;
use cardan_abi::{Context, Handle};
use cardan_host::types::Object;
use core::ffi::c_int;

/// Whether an object is of a type or of a subtype of it; not what `isinstance` may be told by a metaclass.
///
/// # Safety
/// Both are objects; the thread is attached.
pub(super) unsafe fn is_a(this: Object, class: Object) -> bool {
    // SAFETY: the caller's promise; the imports are bound.
    unsafe {
        let own = Py_TYPE(this);
        own == class || PyType_IsSubtype(own, class) != 0
    }
}

macro_rules! check {
    ($($entry:ident: $($class:ident)|+;)*) => {
        $(
            #[doc = concat!("Whether an object is of the type", $(" `", stringify!($class), "`",)+ " or of a subtype.")]
            ///
            /// # Safety
            /// The handle is open; the thread is attached.
            pub unsafe extern "C" fn $entry(_: *mut Context, h: Handle) -> c_int {
                // SAFETY: the caller's promise; the type objects are the host's.
                c_int::from(unsafe { $(is_a(object(h), $class()))||+ })
            }
        )*
    };
}

check! {
    ctx_Long_Check: PyLong_Type;
    ctx_Float_Check: PyFloat_Type;
    ctx_Bool_Check: PyBool_Type;
    ctx_Complex_Check: PyComplex_Type;
    ctx_ByteArray_Check: PyByteArray_Type;
    ctx_Set_Check: PySet_Type;
    ctx_FrozenSet_Check: PyFrozenSet_Type;
    ctx_Weakref_Check: _PyWeakref_RefType | _PyWeakref_ProxyType | _PyWeakref_CallableProxyType;
    ctx_Slice_Check: PySlice_Type;
}
