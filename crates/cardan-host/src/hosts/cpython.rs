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

/// Offsets in `PyUnicodeObject` of `Include/cpython/unicodeobject.h`, in bytes from the start of the object.
///
/// The header is followed by the length and the hash, then by a 32-bit word of bit-fields: interned, kind, compact, ascii.
pub mod unicode {
    use crate::detect::Host;
    use crate::unicode::Layout;

    /// Before the bit-fields: the length and the hash.
    const WORDS_BEFORE_STATE: usize = 16;

    /// The layout of this version. Up to 3.11 two more fields (`wstr`, `wstr_length`) stand between the fields, and a bit
    /// says whether the text is there at all. In free-threaded builds from 3.14 on `interned` is a byte of its own.
    pub fn layout(host: &Host) -> Layout {
        let wstr = if host.at_least(3, 12) { 0 } else { 8 };
        let wide = host.free_threaded && host.at_least(3, 14);
        let header = host.layout.header;
        let ascii_size = header + WORDS_BEFORE_STATE + 8 + wstr;
        let compact_size = ascii_size + 16 + wstr;
        Layout {
            state: header + WORDS_BEFORE_STATE,
            kind: if wide { 8 } else { 2 },
            compact: if wide { 11 } else { 5 },
            ascii: if wide { 12 } else { 6 },
            ready: (wstr != 0).then_some(7),
            kind_mask: 7,
            ascii_text: Some(ascii_size),
            compact_text: Some(compact_size),
            pointer: compact_size,
        }
    }
}
