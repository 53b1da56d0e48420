//! Builders of the debug context: one that was built or cancelled must not be used again, and one that never was is a leak.

use crate::call::Call;
use crate::handles::Kind;
use cardan_abi::{Context, Handle, ListBuilder, TupleBuilder};

macro_rules! builder {
    ($type:ident, $name:literal, $new:ident = $inner_new:ident, $set:ident = $inner_set:ident, $build:ident = $inner_build:ident, $cancel:ident = $inner_cancel:ident) => {
        /// # Safety
        /// As for the entry.
        pub unsafe extern "C" fn $new(context: *mut Context, size: isize) -> $type {
            // SAFETY: the caller's promise.
            unsafe {
                let call = Call::enter(context, name!($name, "_New"));
                let inner = ((*call.inner()).$inner_new)(call.inner(), size);
                $type { word: call.begin(inner.word, Kind::$type) }
            }
        }

        /// # Safety
        /// As for the entry.
        pub unsafe extern "C" fn $set(context: *mut Context, builder: $type, index: isize, item: Handle) {
            // SAFETY: the caller's promise.
            unsafe {
                let call = Call::enter(context, name!($name, "_Set"));
                let item = call.unwrap(item);
                if let Some(word) = call.unfinished(builder.word, Kind::$type) {
                    ((*call.inner()).$inner_set)(call.inner(), $type { word }, index, item);
                }
            }
        }

        /// # Safety
        /// As for the entry.
        pub unsafe extern "C" fn $build(context: *mut Context, builder: $type) -> Handle {
            // SAFETY: the caller's promise. The production context raises the error of a builder that is null.
            unsafe {
                let call = Call::enter(context, name!($name, "_Build"));
                let word = call.unfinished(builder.word, Kind::$type).unwrap_or(0);
                call.finish(builder.word);
                call.open(((*call.inner()).$inner_build)(call.inner(), $type { word }))
            }
        }

        /// # Safety
        /// As for the entry.
        pub unsafe extern "C" fn $cancel(context: *mut Context, builder: $type) {
            // SAFETY: the caller's promise.
            unsafe {
                let call = Call::enter(context, name!($name, "_Cancel"));
                let word = call.unfinished(builder.word, Kind::$type).unwrap_or(0);
                call.finish(builder.word);
                call.outside(|| ((*call.inner()).$inner_cancel)(call.inner(), $type { word }));
            }
        }
    };
}

macro_rules! name {
    ($name:literal, $end:literal) => {{
        const NAME: &core::ffi::CStr = match core::ffi::CStr::from_bytes_with_nul(concat!($name, $end, "\0").as_bytes())
        {
            Ok(name) => name,
            Err(_) => c"a builder",
        };
        NAME
    }};
}

builder!(
    ListBuilder,
    "HPyListBuilder",
    debug_ListBuilder_New = ctx_ListBuilder_New,
    debug_ListBuilder_Set = ctx_ListBuilder_Set,
    debug_ListBuilder_Build = ctx_ListBuilder_Build,
    debug_ListBuilder_Cancel = ctx_ListBuilder_Cancel
);
builder!(
    TupleBuilder,
    "HPyTupleBuilder",
    debug_TupleBuilder_New = ctx_TupleBuilder_New,
    debug_TupleBuilder_Set = ctx_TupleBuilder_Set,
    debug_TupleBuilder_Build = ctx_TupleBuilder_Build,
    debug_TupleBuilder_Cancel = ctx_TupleBuilder_Cancel
);
