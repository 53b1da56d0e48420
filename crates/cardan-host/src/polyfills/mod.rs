//! The stand-ins: one file for each version or host, with exactly what it lacks.
//!
//! Each is a C function with the name, the arguments and the meaning that CPython documents,
//! <https://docs.python.org/3/c-api/>; for what is not documented there, CPython's own behaviour is the measure. What a
//! docstring does not say is as everywhere in the C API:
//!
//! * Arguments are borrowed. A result of type [`Object`](crate::types::Object) is a new reference, or null with an exception;
//!   a `c_int` or `isize` that tells of success is -1 with an exception on failure, else 0 or more.
//! * A C string is UTF-8 and ends with a zero byte. Lengths, indices and counts are in items: bytes of a buffer, code points of
//!   a str. Sizes and offsets are in bytes.
//! * The calling thread is attached to the interpreter, and no exception is pending unless the function is about that.
//!
//! The tests in `tests/capi/` hold stand-ins and the hosts' own functions to the same expectations.

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
