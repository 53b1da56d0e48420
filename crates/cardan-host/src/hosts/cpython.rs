//! CPython 3.9 and later, with the GIL or without.

use super::Layout;
use crate::symbols;

/// The newest version whose structs were looked at, as (major, minor).
pub const NEWEST: (u32, u32) = (3, 15);

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

/// The two counts of a free-threaded header of 3.13, `Include/object.h`: those of the thread that owns the object, and those of all
/// others. Offsets in bytes from the start of the object.
pub mod split_count {
    /// `ob_ref_local`, 32 bits.
    pub const LOCAL: usize = 12;
    /// `ob_ref_shared`, a signed word.
    pub const SHARED: usize = 16;
    /// How far the count in that word is shifted to the left: flags stand below it.
    pub const SHARED_SHIFT: u32 = 2;
    /// What `ob_ref_local` is in objects that live for ever.
    pub const IMMORTAL: u32 = u32::MAX;
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

/// Where `PyListObject` holds the pointer to its items, in bytes from the end of the header.
pub const LIST_ITEMS: usize = 8;

/// Where a tuple's items start, in bytes from the end of the header: since 3.14 behind a cached hash.
pub fn tuple_items(host: &crate::detect::Host) -> usize {
    if host.at_least(3, 14) { 16 } else { 8 }
}

/// Where `PyMemoryViewObject` of `Include/cpython/memoryobject.h` holds its buffer: behind the number of items, the managed
/// buffer, the hash, the flags and the number of exports. In bytes from the end of the header.
pub const MEMORY_VIEW_BUFFER: usize = 40;

/// `PyTypeObject` of `Include/cpython/object.h`: its fields have kept their places from 3.9 to 3.15. Offsets in bytes from
/// the end of the header and `ob_size`.
pub mod type_object {
    /// `tp_vectorcall_offset`.
    pub const VECTORCALL_OFFSET: usize = 32;
    /// `tp_weaklistoffset`.
    pub const WEAK_LIST_OFFSET: usize = 184;
    /// `tp_flags`.
    pub const FLAGS: usize = 144;
    /// `tp_dict`.
    pub const DICT: usize = 240;

    /// Where a type slot is: a field of the type itself, or of one of the tables that the type points to.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct Place {
        /// The field of the type.
        pub field: usize,
        /// The field of the table that the first one points to, if it does.
        pub inner: Option<usize>,
    }

    const AS_ASYNC: usize = 56;
    const AS_NUMBER: usize = 72;
    const AS_SEQUENCE: usize = 80;
    const AS_MAPPING: usize = 88;
    const AS_BUFFER: usize = 136;

    const fn own(field: usize) -> Option<Place> {
        Some(Place { field, inner: None })
    }

    const fn table(field: usize, index: usize) -> Option<Place> {
        Some(Place { field, inner: Some(index * 8) })
    }

    /// The place of each slot, by the numbers of `Include/typeslots.h`; index 0 is unused.
    #[rustfmt::skip]
    const PLACES: [Option<Place>; 82] = [
        None,
        // Buffers and mappings: 1 to 5.
        table(AS_BUFFER, 0), table(AS_BUFFER, 1), table(AS_MAPPING, 2), table(AS_MAPPING, 0), table(AS_MAPPING, 1),
        // Numbers: 6 to 38, in the alphabet's order.
        table(AS_NUMBER, 8), table(AS_NUMBER, 0), table(AS_NUMBER, 13), table(AS_NUMBER, 9), table(AS_NUMBER, 4),
        table(AS_NUMBER, 18), table(AS_NUMBER, 29), table(AS_NUMBER, 33), table(AS_NUMBER, 19), table(AS_NUMBER, 26),
        table(AS_NUMBER, 31), table(AS_NUMBER, 24), table(AS_NUMBER, 21), table(AS_NUMBER, 28), table(AS_NUMBER, 23),
        table(AS_NUMBER, 22), table(AS_NUMBER, 25), table(AS_NUMBER, 20), table(AS_NUMBER, 32), table(AS_NUMBER, 27),
        table(AS_NUMBER, 16), table(AS_NUMBER, 10), table(AS_NUMBER, 11), table(AS_NUMBER, 2), table(AS_NUMBER, 6),
        table(AS_NUMBER, 15), table(AS_NUMBER, 7), table(AS_NUMBER, 5), table(AS_NUMBER, 3), table(AS_NUMBER, 12),
        table(AS_NUMBER, 1), table(AS_NUMBER, 30), table(AS_NUMBER, 14),
        // Sequences: 39 to 46.
        table(AS_SEQUENCE, 5), table(AS_SEQUENCE, 1), table(AS_SEQUENCE, 7), table(AS_SEQUENCE, 8), table(AS_SEQUENCE, 9),
        table(AS_SEQUENCE, 3), table(AS_SEQUENCE, 0), table(AS_SEQUENCE, 2),
        // The type itself: alloc, base, bases, call, clear, dealloc, del, descr_get, descr_set, doc from 47 on,
        own(280), own(232), own(312), own(104), own(168), own(24), own(352), own(248), own(256), own(152),
        // getattr, getattro, hash, init, is_gc, iter, iternext, methods, new, repr from 57 on,
        own(40), own(120), own(96), own(272), own(304), own(192), own(200), own(208), own(288), own(64),
        // richcompare, setattr, setattro, str, traverse, members, getset, free from 67 on.
        own(176), own(48), own(128), own(112), own(160), own(216), own(224), own(296),
        // Matrix multiplication, coroutines, finalize, send: 75 to 81.
        table(AS_NUMBER, 34), table(AS_NUMBER, 35), table(AS_ASYNC, 0), table(AS_ASYNC, 1), table(AS_ASYNC, 2), own(368),
        table(AS_ASYNC, 3),
    ];

    /// Where a slot is, or `None` for a number that is no slot.
    ///
    /// # Examples
    /// ```
    /// use cardan_host::hosts::cpython::type_object::place;
    /// assert!(place(65).is_some() && place(0).is_none() && place(1000).is_none());
    /// ```
    pub const fn place(slot: i32) -> Option<Place> {
        if slot > 0 && (slot as usize) < PLACES.len() { PLACES[slot as usize] } else { None }
    }
}
