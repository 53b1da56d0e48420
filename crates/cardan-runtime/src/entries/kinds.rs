//! Which built-in type an object is of.

use crate::convert::object;
use crate::imports::*;
use cardan_abi::{Context, Handle};
use cardan_host::detect;
use cardan_host::types::Object;
use core::ffi::{CStr, c_int};

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
    ctx_Slice_Check: PySlice_Type;
}

/// Whether an object is a weak reference or a proxy.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Weakref_Check(_: *mut Context, h: Handle) -> c_int {
    // SAFETY: the caller's promise; the imports are bound; the references that are made are dropped.
    unsafe {
        let this = object(h);
        if detect::known().quirks.has_types_of_weakref {
            let classes = [_PyWeakref_RefType(), _PyWeakref_ProxyType(), _PyWeakref_CallableProxyType()];
            return c_int::from(classes.into_iter().any(|class| is_a(this, class)));
        }
        let names: [&CStr; 3] = [c"ReferenceType", c"ProxyType", c"CallableProxyType"];
        c_int::from(names.into_iter().any(|name| is_of_weakref(this, name)))
    }
}

/// Whether an object is a reference of the module `weakref`, not a proxy.
///
/// # Safety
/// `this` is an object; the thread is attached.
pub(super) unsafe fn is_weak_reference(this: Object) -> bool {
    // SAFETY: the caller's promise.
    unsafe { is_of_weakref(this, c"ReferenceType") }
}

/// Whether an object is of a type that the module `weakref` has under this name.
unsafe fn is_of_weakref(this: Object, name: &CStr) -> bool {
    // SAFETY: the imports are bound; the references that are made are dropped.
    unsafe {
        let module = PyImport_ImportModule(c"weakref".as_ptr());
        let class = if module.is_null() { module } else { PyObject_GetAttrString(module, name.as_ptr()) };
        let is = !class.is_null() && is_a(this, class);
        Py_DecRef(class);
        Py_DecRef(module);
        if class.is_null() {
            PyErr_Clear();
        }
        is
    }
}
