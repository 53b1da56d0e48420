//! The stand-ins: one file for each version or host, with exactly what it lacks.

mod support;

pub mod alternatives;
pub mod before_3_10;
pub mod before_3_11;
pub mod before_3_12;
pub mod before_3_13;
pub mod before_3_13_runtime;
pub mod before_3_14;
pub mod before_3_15;
pub mod float_pack;
pub mod graalpy;
pub mod long_export;
pub mod macros;
pub mod pypy;
pub mod variadic;
pub mod writers;
