//! Questions to the bits of an object's type that tell what it is.

use crate::types::{class_of, flags_of};
use cardan_host::types::Object;
use core::ffi::{c_int, c_ulong};

pub use cardan_host::types::type_flag::*;

/// Whether the type of an object has a flag, as 1 or 0.
///
/// # Safety
/// The object is alive; the imports are bound and the thread is attached.
#[inline(always)] // Hot, and the library is optimised for size.
pub unsafe fn of(object: Object, flag: c_ulong) -> c_int {
    // SAFETY: the caller's promise; the object keeps its type alive.
    unsafe { c_int::from(flags_of(class_of(object)) & flag != 0) }
}

/// Defines entries that tell whether an object is of a type: `ctx_List_Check = LIST;`.
#[macro_export]
macro_rules! checks {
    ($($entry:ident = $flag:ident;)*) => {
        $(
            #[doc = concat!("Whether an object's type has the flag [`", stringify!($flag), "`](crate::type_flags::", stringify!($flag), ").")]
            ///
            /// # Safety
            /// The handle is open; the thread is attached.
            pub unsafe extern "C" fn $entry(_: *mut cardan_abi::Context, h: cardan_abi::Handle) -> core::ffi::c_int {
                // SAFETY: the caller's promise.
                unsafe { $crate::type_flags::of($crate::convert::object(h), $crate::type_flags::$flag) }
            }
        )*
    };
}
