//! The definitions that a module hands to the interpreter, laid out for the host: one file for each kind.
//!
//! Both doors need them: what a module was compiled with is one definition, and each host gets its own form of it.

mod finalizer;
pub mod module;
pub mod type_spec;
