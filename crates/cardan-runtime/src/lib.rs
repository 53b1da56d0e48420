//! The handle runtime: what each entry of the context does, in terms of `cardan-host`; how modules and types are made.
//!
//! A handle is the host's `PyObject *`. The production context therefore needs no table and no lock: to duplicate and to
//! close a handle is to count. All checking is in the contexts of `cardan-debug`, which wrap this one.
//!
//! * [`imports`] is what is called of the C API, [`entries`] what the context offers, one file for each chapter, and
//!   [`functions`] puts them in order; [`context`] fills it for the running host.
//! * [`interpreters`] keeps what belongs to one of a process's interpreters.
//! * [`module`] makes modules, [`types`] makes types, [`call`] calls an author's function from a trampoline.
//! * [`entry`] is where `PyInit_X` of a built module comes in.
#![no_std]
#![allow(non_snake_case)] // The entries are called as in the context.

pub mod call;
pub mod context;
pub mod convert;
mod definitions;
pub mod entries;
pub mod entry;
pub mod functions;
pub mod helpers;
pub mod imports;
pub mod interpreters;
mod items;
pub mod module;
mod stand_ins;
mod table;
pub mod type_flags;
pub mod types;

pub use context::context;
