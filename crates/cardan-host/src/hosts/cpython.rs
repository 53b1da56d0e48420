//! CPython 3.9 and later, with the GIL or without.

use super::profile::{AttachedThread, Count, Digits, Layout, Place, Profile, Quirks};
use super::releases::Releases;
use super::{Build, version};
use crate::symbols;

/// What messages call it.
pub(super) const NAME: &core::ffi::CStr = c"CPython";

/// The first version whose structs were not looked at yet. Nothing is claimed of it, nor of any later one.
pub const FIRST_UNKNOWN: u32 = version(3, 16);

/// Whether the process is CPython.
pub(super) fn is_running() -> bool {
    !symbols::address(c"_PyRuntime").is_null()
}

/// Whether it was built without the GIL. Only that build exports the merging of split reference counts.
pub(super) fn is_free_threaded() -> bool {
    !symbols::address(c"_Py_MergeZeroLocalRefcount").is_null()
}

/// What is known of a build of CPython.
pub fn profile(build: &Build) -> Profile {
    let since = |minor| build.version >= version(3, minor);
    let looked_at = build.version < FIRST_UNKNOWN;
    let quirks = Quirks {
        takes_interpreters_slot: since(12),
        takes_gil_slot: since(13),
        takes_send_slot: since(10),
        takes_vectorcall_slot: since(14),
        takes_token_slot: since(14),
        type_flags: match () {
            () if since(12) => u32::MAX,
            () if since(10) => !Quirks::FLAGS_OF_3_12,
            () => !(Quirks::FLAGS_OF_3_10 | Quirks::FLAGS_OF_3_12),
        },
        has_relative_sizes: since(12),
        disallows_instantiation: since(10),
        answers_for_static_types: since(10),
        fills_plain_buffers: looked_at && !build.generic,
        has_managed_dicts: since(12),
        made_dict: (since(11) && !since(12) && !build.generic).then_some(MADE_DICT),
        attached_thread: if since(12) { AttachedThread::Own } else { AttachedThread::Shared },
        written_count: (!build.free_threaded && looked_at).then(|| count(since(12))),
        keeps_dicts_of_types: !since(12),
        takes_code_of_3_11: since(11),
        has_immortal_objects: since(12),
        unregisters_codecs: since(10),
        byte_array_has_six_arguments: since(13),
        ..Quirks::NONE
    };
    let row = (build.version >> 16 & 0xFF) as usize - OLDEST_MINOR;
    let layouts = if build.free_threaded { &WITHOUT_GIL } else { &WITH_GIL };
    let layout = if looked_at { layouts.get(row).copied() } else { None };
    let layout = layout.unwrap_or(Layout::unknown(HEADER));
    Profile { layout, quirks, release: Releases::NONE }
}

/// `PyObject` of `Include/object.h`: a count and a type.
pub(super) const HEADER: usize = 16;
/// The same without the GIL: who owns it, flags, a mutex, two counts and a type.
const FREE_THREADED_HEADER: usize = 32;
/// The dictionary of an object of 3.11 whose type has `Py_TPFLAGS_MANAGED_DICT`: before the header of the collector.
const MADE_DICT: isize = -24;
/// `ob_size` of `PyVarObject`, behind the header.
const SIZE: usize = 8;

const fn count(is_narrow: bool) -> Count {
    if is_narrow { Count::Narrow } else { Count::Word }
}

/// The oldest version, 3.9.
const OLDEST_MINOR: usize = 9;
/// How many versions were looked at.
const VERSIONS: usize = (FIRST_UNKNOWN >> 16 & 0xFF) as usize - OLDEST_MINOR;

/// The structs of each version that was looked at, from 3.9 on.
static WITH_GIL: [Layout; VERSIONS] = layouts(false);
static WITHOUT_GIL: [Layout; VERSIONS] = layouts(true);

const fn layouts(free_threaded: bool) -> [Layout; VERSIONS] {
    let mut layouts = [Layout::unknown(HEADER); VERSIONS];
    let mut row = 0;
    while row < VERSIONS {
        layouts[row] = layout(OLDEST_MINOR + row, free_threaded);
        row += 1;
    }
    layouts
}

/// The structs of version 3.`minor`.
const fn layout(minor: usize, free_threaded: bool) -> Layout {
    let header = if free_threaded { FREE_THREADED_HEADER } else { HEADER };
    Layout {
        header: header as u8,
        // The type is the last field of the header.
        type_offset: Place::at(header - size_of::<usize>()),
        count: match (free_threaded, minor) {
            (false, _) => Some(count(minor >= 12)),
            (true, ..14) => Some(Count::Split),
            // A function of the host tells it.
            (true, _) => None,
        },
        size: Place::at(header),
        type_fields: Place::at(header + SIZE),
        // Since 3.14 a hash stands between the number of items and the items.
        tuple_items: Place::at(header + SIZE + if minor >= 14 { 8 } else { 0 }),
        list_items: Place::at(header + SIZE),
        // Since 3.12 the lowest bits are the sign and more.
        digits: Some(Digits { number: header as u8, other_bits: if minor >= 12 { 3 } else { 0 } }),
        // Behind the number of items, the managed buffer, the hash, the flags and the number of exports.
        memory_view_buffer: Place::at(header + 40),
        text: Some(text(minor, free_threaded, header)),
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

/// What the strs of a version that was not looked at may be like: those of the newest, behind a header of another size.
pub(super) fn newest_text(header: usize) -> crate::unicode::Layout {
    text(OLDEST_MINOR + VERSIONS - 1, false, header)
}

/// `PyUnicodeObject` of `Include/cpython/unicodeobject.h`: behind the header the length and the hash, then a 32-bit word of
/// bit-fields: interned, kind, compact, ascii.
///
/// Up to 3.11 two more fields (`wstr`, `wstr_length`) stand between the fields, and a bit says whether the text is there at
/// all. In free-threaded builds from 3.14 on `interned` is a byte of its own.
const fn text(minor: usize, free_threaded: bool, header: usize) -> crate::unicode::Layout {
    /// The length and the hash.
    const WORDS_BEFORE_STATE: usize = 16;
    let wstr = if minor >= 12 { 0 } else { 8 };
    let wide = free_threaded && minor >= 14;
    let ascii_size = header + WORDS_BEFORE_STATE + 8 + wstr;
    let compact_size = ascii_size + 16 + wstr;
    crate::unicode::Layout {
        state: Place::at(header + WORDS_BEFORE_STATE),
        kind: if wide { 8 } else { 2 },
        compact: if wide { 11 } else { 5 },
        ascii: if wide { 12 } else { 6 },
        ready: if wstr == 0 { None } else { Some(7) },
        kind_mask: 7,
        ascii_text: Place::at(ascii_size),
        compact_text: Place::at(compact_size),
        pointer: Place::at(compact_size),
    }
}

/// `PyTypeObject` of `Include/cpython/object.h`: its fields have kept their places from 3.9 to 3.15. Offsets in bytes from
/// the end of the header and `ob_size`.
pub mod type_object {
    /// `tp_name`.
    pub const NAME: usize = 0;
    /// `tp_basicsize`.
    pub const BASIC_SIZE: usize = 8;
    /// `tp_itemsize`.
    pub const ITEM_SIZE: usize = 16;
    /// `tp_vectorcall_offset`.
    pub const VECTORCALL_OFFSET: usize = 32;
    /// `tp_weaklistoffset`.
    pub const WEAK_LIST_OFFSET: usize = 184;
    /// `tp_flags`.
    pub const FLAGS: usize = 144;
    /// `tp_base`.
    pub const BASE: usize = 232;
    /// `tp_dict`.
    pub const DICT: usize = 240;
    /// `tp_dictoffset`.
    pub const DICT_OFFSET: usize = 264;

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
