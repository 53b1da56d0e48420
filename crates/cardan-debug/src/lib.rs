//! The debug and the trace context: both wrap the production context of `cardan-runtime`.
//!
//! A handle of the debug context is the address of a [`DebugHandle`](handles::DebugHandle), which knows the real handle,
//! whether it is closed, and where it was made. Each entry of the context is a wrapper: it checks that the context is the
//! one that the running function was given, takes the real handles out of its arguments, calls the production context,
//! and makes a debug handle of the result. Most wrappers are generated from `spec/handles/context.toml`; those that need to
//! know more are in [`by_hand`].
//!
//! The trace context counts the calls of each entry, and the time that they take.
//!
//! * [`handles`] keeps the handles, [`data`] the memory that was handed out through them, [`stack`] says where they were
//!   made, [`report`] what is wrong, [`fields`] what fields and globals hold.
//! * [`call`] is what a wrapper is made of, [`switch`] gives each call of an author's function a context of its own, and
//!   [`border`] is the way into these functions.
#![no_std]
#![allow(non_snake_case)] // The entries are called as in the context.

pub mod border;
pub mod builders;
pub mod by_hand;
pub mod call;
pub mod data;
mod debug_entries;
mod faults;
pub mod fields;
pub mod handles;
pub mod lock;
mod pool;
mod python_frames;
pub mod report;
pub mod stack;
pub mod switch;
pub mod trace;
mod trace_entries;
mod words;

pub use switch::context as debug_context;
pub use trace::context as trace_context;

/// What is done when an interpreter ends: its handles are closed, and its functions let go.
///
/// # Safety
/// The thread is attached to it.
unsafe fn forget_interpreter(generation: u64) {
    // SAFETY: the caller's promise.
    unsafe {
        handles::forget_interpreter(generation);
        report::callback::let_go();
    }
}
