//! GraalPy 25 and later: CPython's names over tagged pointers. A `PyObject *` that a module did not allocate itself is
//! not an address, so nothing is read through it.

use super::Layout;
use crate::symbols;

/// The size of the header is CPython's; the type is asked for by a function.
pub const LAYOUT: Layout = Layout { header: 16, type_offset: None };

/// Whether the process is GraalPy.
pub fn is_running() -> bool {
    !symbols::address(c"GraalPy_TYPE").is_null()
}
