//! What `hpy.h` offers beyond the context: parsing arguments, building values, formatting, struct sequences.
//!
//! These functions call nothing but the context that they are given, so that a context that checks or counts sees each step. The
//! header's functions with variable arguments hand on a pointer to their `va_list`.

mod build_value;
mod bytes;
mod format;
mod parse;
mod struct_sequence;
mod types;

pub use build_value::cardan_HPy_BuildValue;
pub use format::{cardan_HPyErr_Format, cardan_HPyUnicode_FromFormat};
pub use parse::{cardan_HPyArg_Parse, cardan_HPyArg_ParseKeywords, cardan_HPyArg_ParseKeywordsDict};
pub use struct_sequence::{cardan_HPyStructSequence_New, cardan_HPyStructSequence_NewType};
pub use types::{cardan_HPyHelpers_AddType, cardan_HPyHelpers_PackArgsAndKeywords};

use cardan_abi::{Context, Handle};
use core::ffi::{CStr, c_long, c_ulong};

/// Calls an entry of a context: `call!(context, ctx_Add, left, right)`.
macro_rules! call {
    ($context:expr, $entry:ident $(, $argument:expr)* $(,)?) => {
        ((*$context).$entry)($context $(, $argument)*)
    };
}
use call;

/// Raises an exception with a message of the runtime's own.
unsafe fn raise(context: *mut Context, class: Handle, message: &CStr) {
    // SAFETY: the caller's context; the message is a C string.
    unsafe { call!(context, ctx_Err_SetString, class, message.as_ptr()) };
}

/// Whether an exception is pending.
unsafe fn failed(context: *mut Context) -> bool {
    // SAFETY: the caller's context.
    unsafe { call!(context, ctx_Err_Occurred) != 0 }
}

/// Whether C's `long` has 64 bits here.
const LONG_IS_WIDE: bool = size_of::<c_long>() == size_of::<i64>();

/// An int as a `long`; -1 with an exception if it is none, or too large.
unsafe fn as_long(context: *mut Context, h: Handle) -> c_long {
    // SAFETY: the caller's context and handle. The cast keeps the value: the widths are the same.
    unsafe {
        if LONG_IS_WIDE {
            call!(context, ctx_Long_AsInt64_t, h) as c_long
        } else {
            call!(context, ctx_Long_AsInt32_t, h) as c_long
        }
    }
}

/// The low bits of an int as an `unsigned long`; all ones with an exception if it is none.
unsafe fn as_unsigned_long_mask(context: *mut Context, h: Handle) -> c_ulong {
    // SAFETY: as above.
    unsafe {
        if LONG_IS_WIDE {
            call!(context, ctx_Long_AsUInt64_tMask, h) as c_ulong
        } else {
            c_ulong::from(call!(context, ctx_Long_AsUInt32_tMask, h))
        }
    }
}
