//! Builders of the debug context: one that was built or cancelled must not be used again.

use crate::call::Call;
use crate::handles::report_builder;
use cardan_abi::{Context, Handle, ListBuilder, TupleBuilder};
use cardan_host::memory;
use core::sync::atomic::{AtomicPtr, Ordering};

/// A builder as the author sees it: the address of one of these, which is never given back, only used again.
struct DebugBuilder {
    next: *mut DebugBuilder,
    inner: isize,
    done: bool,
}

/// Builders that were done with longest ago come first when memory for a new one is wanted: they are used again only when
/// there are many.
static DONE: AtomicPtr<DebugBuilder> = AtomicPtr::new(core::ptr::null_mut());

fn address(word: isize) -> *mut DebugBuilder {
    core::ptr::with_exposed_provenance_mut(word as usize)
}

/// The word of a builder for one of the production context; null for null, and when there is no memory.
fn open(inner: isize) -> isize {
    if inner == 0 {
        return 0;
    }
    let made = memory::array::<DebugBuilder>(1);
    if made.is_null() {
        return 0;
    }
    // SAFETY: the memory is the builder's.
    unsafe { made.write(DebugBuilder { next: core::ptr::null_mut(), inner, done: false }) };
    made.expose_provenance() as isize
}

/// The builder of the production context, null for null. One that is done with is reported.
///
/// # Safety
/// The word is null or a builder's; the thread is attached.
unsafe fn look(word: isize, call: &Call) -> isize {
    // SAFETY: builders stay allocated.
    match unsafe { address(word).as_ref() } {
        None => 0,
        Some(builder) if builder.done => {
            // SAFETY: the thread is attached.
            unsafe { report_builder(call.name()) };
            0
        }
        Some(builder) => builder.inner,
    }
}

/// Marks a builder as done with.
///
/// # Safety
/// The word is null or a builder's.
unsafe fn close(word: isize) {
    // SAFETY: builders stay allocated.
    unsafe {
        let Some(builder) = address(word).as_mut() else { return };
        if builder.done {
            return;
        }
        builder.done = true;
        // They stay in a list, so that a tool that looks for leaks finds them.
        builder.next = DONE.swap(address(word), Ordering::AcqRel);
    }
}

macro_rules! builder {
    ($type:ident, $name:literal, $new:ident = $inner_new:ident, $set:ident = $inner_set:ident, $build:ident = $inner_build:ident, $cancel:ident = $inner_cancel:ident) => {
        /// # Safety
        /// As for the entry.
        pub unsafe extern "C" fn $new(context: *mut Context, size: isize) -> $type {
            // SAFETY: the caller's promise.
            unsafe {
                let call = Call::enter(context, name!($name, "_New"));
                let inner = ((*call.inner()).$inner_new)(call.inner(), size);
                $type { word: open(inner.word) }
            }
        }

        /// # Safety
        /// As for the entry.
        pub unsafe extern "C" fn $set(context: *mut Context, builder: $type, index: isize, item: Handle) {
            // SAFETY: the caller's promise.
            unsafe {
                let call = Call::enter(context, name!($name, "_Set"));
                let (inner, item) = (look(builder.word, &call), call.unwrap(item));
                ((*call.inner()).$inner_set)(call.inner(), $type { word: inner }, index, item);
            }
        }

        /// # Safety
        /// As for the entry.
        pub unsafe extern "C" fn $build(context: *mut Context, builder: $type) -> Handle {
            // SAFETY: the caller's promise. The production context raises the error of a builder that is null.
            unsafe {
                let call = Call::enter(context, name!($name, "_Build"));
                let inner = look(builder.word, &call);
                close(builder.word);
                call.open(((*call.inner()).$inner_build)(call.inner(), $type { word: inner }))
            }
        }

        /// # Safety
        /// As for the entry.
        pub unsafe extern "C" fn $cancel(context: *mut Context, builder: $type) {
            // SAFETY: the caller's promise.
            unsafe {
                let call = Call::enter(context, name!($name, "_Cancel"));
                let inner = look(builder.word, &call);
                close(builder.word);
                ((*call.inner()).$inner_cancel)(call.inner(), $type { word: inner });
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
