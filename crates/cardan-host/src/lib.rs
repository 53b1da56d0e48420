//! Which interpreter this is, where its functions are, what it lacks and how to make up for it, and what its
//! structs look like.
//!
//! This is the only crate that knows a version number, an implementation's name or an offset in a struct of the
//! interpreter. It is `no_std` without an allocator and has no dependency: it ends up in every module that is built.
//!
//! * [`hosts`] tells the running interpreter apart and has a record of each; nothing else knows a name or a version.
//! * [`symbols`] finds a function by name; [`cell`] keeps what was found; [`functions`] lists what this crate calls.
//! * [`definitions`] lays modules and types out for the host; [`imports`] is what a runtime of ours calls.
//! * [`arguments`] reads a `va_list`.
//! * [`bind`] fills a module's slots; [`polyfill`] says what stands in for a function that a host lacks, and
//!   [`polyfills`] holds these stand-ins, one file for each version or host that needs them.
#![no_std]

pub mod arguments;
pub mod bind;
pub mod cell;
pub mod clock;
pub mod code;
pub mod datetime;
pub mod definitions;
pub mod functions;
pub mod hosts;
pub mod imports;
pub mod integers;
pub mod lock;
pub mod memory;
pub mod objects;
pub mod once;
pub mod polyfill;
pub mod polyfills;
pub mod process;
pub mod symbols;
pub mod text;
pub mod type_slots;
pub mod types;
pub mod unicode;

pub use hosts::{Host, detect};
