//! The layouts that cross the border between a module that uses handles and the runtime that serves it.
//!
//! [`Context`] is generated from `spec/handles/context.toml`: a table that only ever grows at its end. The definitions
//! that a module hands over are in [`definitions`], what is passed by value or by pointer in [`values`], what the runtimes of
//! several files tell each other of a type in [`type_record`]. No behaviour is here, and nothing else is depended on.
#![no_std]

mod context;
pub mod definitions;
pub mod type_record;
pub mod values;

pub use context::Context;
pub use definitions::*;
pub use values::*;
