//! The stand-ins: what a host lacks, by means of what it has.
//!
//! * [`before_3_10`] to [`before_3_15`] hold what each version of CPython added, for hosts of the level before;
//!   [`writers`], [`float_pack`] and [`long_export`] are chapters of them.
//! * [`pypy`] and [`graalpy`] hold what these lack, or do otherwise than CPython documents; [`pypy_before_3_11`] what only
//!   PyPy's versions for older Python do otherwise.
//! * [`alternatives`] has for both of them what Python offers where C does not, by chapter.
//! * [`buffers`] translates buffers for hosts whose `Py_buffer` is larger, and [`parsing`] formats that fill them.
//! * [`members`] reads and writes the fields of C structs that are attributes.
//! * [`macros`] has what CPython itself has as macros only, [`variadic`] functions with a variable number of arguments, and
//!   [`tables`] what its headers look up.
//!
//! A function that cannot be had rightly is left out: the import of a module that needs it is refused by its name.

pub(crate) mod support;

pub mod alternatives;
pub mod before_3_10;
pub mod before_3_11;
pub mod before_3_12;
pub mod before_3_13;
pub mod before_3_13_runtime;
pub mod before_3_14;
pub mod before_3_15;
pub mod buffers;
pub mod float_pack;
pub mod graalpy;
pub mod items;
pub mod long_export;
pub mod macros;
pub mod members;
pub mod parsing;
pub mod pypy;
pub mod pypy_before_3_11;
pub mod tables;
pub mod variadic;
pub mod writers;
