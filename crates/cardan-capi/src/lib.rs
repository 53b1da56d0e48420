//! The C-API door: what a module compiled against `include/Python.h` runs on.
//!
//! [`entry`] binds the module's names when it is imported; [`module`] and [`type_spec`] lay out its definitions for the
//! host, each kind of definition in one place.
#![no_std]

pub mod entry;
pub mod module;
pub mod type_spec;
