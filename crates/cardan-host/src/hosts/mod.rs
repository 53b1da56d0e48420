//! One file for each family of interpreters: how to tell it, how it spells names, what its objects look like.

pub mod cpython;
pub mod graalpy;
pub mod pypy;
pub mod rustpython;

use crate::detect::{Family, version};

/// The oldest version of the language that a module runs on.
pub const OLDEST: u32 = version(3, 9);

/// What is known of a host's objects. Sizes and offsets are in bytes.
#[derive(Clone, Copy)]
pub struct Layout {
    /// The size of `PyObject`, the header that each object starts with.
    pub header: usize,
    /// Where the header holds the object's type, if an object is an address and the place is known.
    pub type_offset: Option<usize>,
}

/// The family of the running process, by a symbol that only it exports.
pub fn family() -> Family {
    if graalpy::is_running() {
        Family::GraalPy
    } else if pypy::is_running() {
        Family::PyPy
    } else if cpython::is_running() {
        Family::CPython
    } else if rustpython::is_running() {
        Family::RustPython
    } else {
        Family::Unknown
    }
}

/// What is known of the objects of a family.
pub fn layout(family: Family, free_threaded: bool) -> Layout {
    match family {
        Family::CPython => cpython::layout(free_threaded),
        Family::PyPy => pypy::LAYOUT,
        Family::GraalPy => graalpy::LAYOUT,
        // The header is CPython's, as in the limited API before version 3.15; nothing else is assumed.
        Family::RustPython | Family::Unknown => Layout { header: 16, type_offset: None },
    }
}
