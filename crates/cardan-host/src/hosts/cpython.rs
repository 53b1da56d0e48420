//! CPython 3.9 and later, with the GIL or without.

use super::Layout;
use crate::symbols;

/// Whether the process is CPython.
pub fn is_running() -> bool {
    !symbols::address(c"_PyRuntime").is_null()
}

/// Whether it was built without the GIL. Only that build exports the merging of split reference counts.
pub fn is_free_threaded() -> bool {
    !symbols::address(c"_Py_MergeZeroLocalRefcount").is_null()
}

/// `PyObject` of `Include/object.h`: a count and a type, or the free-threaded header of 3.13 and later.
pub const fn layout(free_threaded: bool) -> Layout {
    if free_threaded {
        Layout { header: 32, type_offset: Some(24) }
    } else {
        Layout { header: 16, type_offset: Some(8) }
    }
}

/// `PyUnicodeObject` of `Include/cpython/unicodeobject.h`, offsets from the end of the header.
///
/// The header is followed by `length` and `hash`, then by the state: one 32-bit word of bit-fields, kind, compact and
/// ascii among them. The text itself follows the struct in compact strings.
pub mod unicode {
    /// `length`.
    pub const LENGTH: usize = 0;
    /// The word of bit-fields.
    pub const STATE: usize = 16;
    /// `PyASCIIObject` up to 3.11 ends with the `wstr` pointer.
    pub const ASCII_SIZE_WITH_WSTR: usize = 32;
    /// `PyASCIIObject` from 3.12 on.
    pub const ASCII_SIZE: usize = 24;
    /// `utf8_length`, `utf8` and (up to 3.11) `wstr_length` follow in `PyCompactUnicodeObject`.
    pub const COMPACT_EXTRA_WITH_WSTR: usize = 24;
    /// The same from 3.12 on.
    pub const COMPACT_EXTRA: usize = 16;

    /// Where the fields of the state's word are, as (shift, mask) pairs.
    #[derive(Clone, Copy)]
    pub struct State {
        /// The kind: 1, 2 or 4 bytes a character.
        pub kind: (u32, u32),
        /// Whether the text follows the struct.
        pub compact: (u32, u32),
        /// Whether the text is ASCII.
        pub ascii: (u32, u32),
    }

    /// `interned:2 kind:3 compact:1 ascii:1 ready:1`: every build with the GIL, and 3.13 without it.
    pub const STATE_NARROW: State = State { kind: (2, 7), compact: (5, 1), ascii: (6, 1) };
    /// `interned` is a byte of its own in free-threaded builds from 3.14 on.
    pub const STATE_WIDE: State = State { kind: (8, 7), compact: (11, 1), ascii: (12, 1) };
    /// Up to 3.11 the bit after `ascii` says whether the text is there at all (`PyUnicode_READY`).
    pub const READY: (u32, u32) = (7, 1);
}
