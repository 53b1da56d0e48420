//! The text of a str in place: kind, data, and whether it is ASCII.
//!
//! CPython's headers read these from the object. Here a host whose layout is known is checked once against strings whose
//! content is known, and only then read from; GraalPy has functions for it. Elsewhere kind and ASCII are found through the
//! public API, and the data cannot be had: a module that needs it is refused when it is imported.
//! See <https://docs.python.org/3/c-api/unicode.html>.

use crate::cell::Cell;
use crate::detect::Host;
use crate::hosts::profile::Place;
use crate::polyfill;
use crate::polyfill::Choice;
use crate::types::{Object, c_int, c_void};
use core::ffi::CStr;

/// Where a host keeps a str's state and text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Layout {
    /// The word of the state.
    pub state: Place,
    /// The first bit of the kind in it.
    pub kind: u8,
    /// The mask of the kind.
    pub kind_mask: u8,
    /// The bit that says that the text follows the struct.
    pub compact: u8,
    /// The bit that says that the text is ASCII.
    pub ascii: u8,
    /// The bit that says that the text is there, where that is not always so.
    pub ready: Option<u8>,
    /// Where the text of a compact ASCII str starts.
    pub ascii_text: Place,
    /// Where the text of any other compact str starts.
    pub compact_text: Place,
    /// Where the pointer to the text is, if it is not inside the object.
    pub pointer: Place,
}

impl Layout {
    /// The same fields, so many bytes later.
    fn moved(&self, bytes: usize) -> Self {
        let by = |place: Place| place.get().map_or(place, |offset| Place::at(offset + bytes));
        let (state, pointer) = (by(self.state), by(self.pointer));
        Self { state, pointer, ascii_text: by(self.ascii_text), compact_text: by(self.compact_text), ..*self }
    }

    /// The state's word.
    unsafe fn word(&self, text: Object) -> u64 {
        // SAFETY: the caller has a str of a host with this layout. The fields after the word belong to the object too.
        unsafe { text.byte_add(self.state.get().unwrap_or(0)).cast::<u64>().read_unaligned() }
    }

    unsafe fn is_ready(&self, text: Object) -> bool {
        // SAFETY: as above.
        self.ready.is_none_or(|bit| unsafe { self.word(text) } >> bit & 1 != 0)
    }

    unsafe fn kind(&self, text: Object) -> c_int {
        // SAFETY: as above.
        (unsafe { self.word(text) } >> self.kind & u64::from(self.kind_mask)) as c_int
    }

    unsafe fn flag(&self, text: Object, bit: u8) -> c_int {
        // SAFETY: as above.
        (unsafe { self.word(text) } >> bit & 1) as c_int
    }

    unsafe fn data(&self, text: Object) -> *mut c_void {
        // SAFETY: as above; which of the three places holds the text is what the state says.
        unsafe {
            let inside = match (self.flag(text, self.compact), self.flag(text, self.ascii)) {
                (0, _) => return text.byte_add(self.pointer.get().unwrap_or(0)).cast::<*mut c_void>().read(),
                (_, 0) => self.compact_text,
                _ => self.ascii_text,
            };
            text.byte_add(inside.get().unwrap_or(0)).cast()
        }
    }
}

/// The layout of this host's strs. The functions that call this are chosen only where it is known.
fn known() -> &'static Layout {
    const NONE: &Layout = &Layout {
        state: Place::UNKNOWN,
        kind: 0,
        kind_mask: 0,
        compact: 0,
        ascii: 0,
        ready: None,
        ascii_text: Place::UNKNOWN,
        compact_text: Place::UNKNOWN,
        pointer: Place::UNKNOWN,
    };
    crate::detect::known().layout.text.as_ref().unwrap_or(NONE)
}

/// Whether the layout of this host's strs is known.
fn is_known(host: &Host) -> bool {
    host.layout.text.is_some()
}

/// Whether `PyUnicode_DATA` can be had on this host.
pub fn shows_text(host: &Host) -> bool {
    is_known(host) || host.has(&crate::functions::cells::GraalPyUnicode_NONCOMPACT_DATA)
}

/// Strings of each kind as UTF-8, longer than any header, with the bytes that their text starts with.
const SAMPLES: [(&CStr, c_int, bool, &[u8]); 4] = [
    (c"cardan looks at the layout of a str: ascii", 1, true, b"cardan lo"),
    (c"\u{e9}t\u{e9} cardan looks at the layout of a str", 1, false, b"\xE9t\xE9 cardan"),
    (c"\u{394}x cardan looks at the layout of a str", 2, false, b"\x94\x03x\0 \0c\0a\0"),
    (c"\u{1F600}x cardan looks at the layout of a str", 4, false, b"\x00\xF6\x01\0x\0\0\0 \0\0\0"),
];

/// Whether strs of known content are as this layout says.
pub(crate) fn holds(layout: &Layout, host: &Host) -> bool {
    use crate::functions::{Py_DecRef, PyErr_Clear, PyUnicode_FromString, cells};
    let needed = [&cells::PyUnicode_FromString, &cells::Py_DecRef, &cells::PyErr_Clear];
    if !needed.iter().all(|cell| cell.fill(host)) || (layout.ready.is_some() && !cells::_PyUnicode_Ready.fill(host)) {
        return false;
    }
    SAMPLES.iter().all(|sample| {
        // SAFETY: the cells were filled.
        unsafe {
            let text = PyUnicode_FromString(sample.0.as_ptr());
            let same = !text.is_null() && is_sample(layout, text, sample);
            if !text.is_null() {
                Py_DecRef(text);
            }
            if !same {
                // A wrong layout may have asked for what only an unready str takes.
                PyErr_Clear();
            }
            same
        }
    })
}

/// Whether a str with the content of a sample is as this layout says.
unsafe fn is_sample(layout: &Layout, text: Object, &(_, kind, ascii, start): &(&CStr, c_int, bool, &[u8])) -> bool {
    /// No address is as small as this.
    const SMALL: usize = 4096;
    // SAFETY: the caller filled the cells. The text is read only if the state says what a str with this content has, and the
    // sample is longer than what is read.
    unsafe {
        let ready = layout.is_ready(text) || crate::functions::_PyUnicode_Ready(text) == 0;
        let ready = ready && layout.is_ready(text);
        let as_said = ready && layout.kind(text) == kind && layout.flag(text, layout.ascii) == c_int::from(ascii);
        let data = if as_said { layout.data(text).cast::<u8>() } else { core::ptr::null_mut() };
        data.addr() > SMALL && (0..start.len()).all(|index| start.get(index) == Some(&data.add(index).read()))
    }
}

/// The layout of the strs of a host that was not looked at, if it is a known one that starts elsewhere. A str whose text stands
/// in memory of its own, as in objects of derived classes, is looked at too.
pub(crate) fn found(known: &Layout, host: &Host) -> Option<Layout> {
    use crate::functions::{Py_DecRef, PyErr_Clear, PyObject_CallFunction, cells, data};
    /// How many words of its own a newer host may have put in front of the state.
    const WORDS: usize = 4;
    if !Cell::fill_all(
        &[cells::PyObject_CallFunction, data::PyType_Type, data::PyUnicode_Type, cells::PyErr_Clear],
        host,
    ) {
        return None;
    }
    let layout = (0..WORDS).map(|words| known.moved(words * size_of::<usize>())).find(|layout| holds(layout, host))?;
    // SAFETY: the cells were filled, `holds` filled the others; the formats fit the arguments.
    unsafe {
        let (metatype, text) = (data::PyType_Type.address().cast(), data::PyUnicode_Type.address());
        let class = PyObject_CallFunction()(metatype, c"s(O){}".as_ptr(), c"str".as_ptr(), text);
        let sample = &SAMPLES[0];
        let of_class = |class| PyObject_CallFunction()(class, c"s".as_ptr(), sample.0.as_ptr());
        let derived = if class.is_null() { class } else { of_class(class) };
        let same =
            !derived.is_null() && layout.flag(derived, layout.compact) == 0 && is_sample(&layout, derived, sample);
        for object in [class, derived] {
            if !object.is_null() {
                Py_DecRef(object);
            }
        }
        PyErr_Clear();
        same.then_some(layout)
    }
}

/// Has the text put in place, where a host does that late. False with an exception when it fails.
unsafe fn make_ready(text: Object) -> bool {
    // SAFETY: the layout holds; a layout with a ready bit was checked with this function's cell filled.
    unsafe { known().is_ready(text) || crate::functions::_PyUnicode_Ready(text) == 0 }
}

unsafe extern "C" fn known_kind(text: Object) -> c_int {
    // SAFETY: as above.
    unsafe { if make_ready(text) { known().kind(text) } else { 0 } }
}

unsafe extern "C" fn known_is_ascii(text: Object) -> c_int {
    // SAFETY: as above.
    unsafe { if make_ready(text) { known().flag(text, known().ascii) } else { 0 } }
}

unsafe extern "C" fn known_is_compact(text: Object) -> c_int {
    // SAFETY: as above.
    unsafe { if make_ready(text) { known().flag(text, known().compact) } else { 0 } }
}

unsafe extern "C" fn known_ready(text: Object) -> c_int {
    // SAFETY: as above.
    if unsafe { make_ready(text) } { 0 } else { -1 }
}

/// The kind of a str and the array of its characters; `None` with an exception when it cannot be put in place.
///
/// # Safety
/// The layout holds, or the host is GraalPy and the cells of its two functions are filled. `text` is a str.
pub(crate) unsafe fn characters(text: Object) -> Option<(c_int, *mut c_void)> {
    use crate::functions::{GraalPyUnicode_KIND, GraalPyUnicode_NONCOMPACT_DATA, cells};
    // SAFETY: the caller's promise.
    unsafe {
        if !cells::GraalPyUnicode_NONCOMPACT_DATA.address().is_null() {
            return Some((GraalPyUnicode_KIND(text), GraalPyUnicode_NONCOMPACT_DATA(text)));
        }
        make_ready(text).then(|| (known().kind(text), known().data(text)))
    }
}

/// The largest character of a str, by the public API; 0x10FFFF if it cannot be read.
unsafe fn largest(text: Object) -> u32 {
    use crate::functions::{PyErr_Clear, PyUnicode_GetLength, PyUnicode_ReadChar};
    // SAFETY: the cells are among those of the stand-ins below; the index is below the length.
    unsafe {
        let mut most = 0;
        for index in 0..PyUnicode_GetLength(text) {
            let character = PyUnicode_ReadChar(text, index);
            if character == u32::MAX {
                PyErr_Clear();
                return 0x10FFFF;
            }
            most = most.max(character);
        }
        most
    }
}

polyfill! {
    /// The text of a str: an array of its kind's characters, borrowed from it. Missing where a host's layout is unknown.
    fn PyUnicode_DATA(text: Object) -> *mut c_void;
    uses [];
    may_use [GraalPyUnicode_NONCOMPACT_DATA];
    choose |host| if shows_text(host) { Choice::Ours(PyUnicode_DATA as *const _) } else { Choice::Missing };
    {
        // SAFETY: chosen only on GraalPy, with the cell filled, or where the layout holds.
        unsafe {
            if !crate::functions::cells::GraalPyUnicode_NONCOMPACT_DATA.address().is_null() {
                return GraalPyUnicode_NONCOMPACT_DATA(text);
            }
            if make_ready(text) { known().data(text) } else { core::ptr::null_mut() }
        }
    }
}

polyfill! {
    /// The size of a character of a str in bytes: 1, 2 or 4.
    fn PyUnicode_KIND(text: Object) -> c_int;
    uses [PyUnicode_GetLength, PyUnicode_ReadChar, PyErr_Clear];
    may_use [GraalPyUnicode_KIND];
    choose |host| if is_known(host) { Choice::Ours(known_kind as *const _) } else { Choice::Ours(PyUnicode_KIND as *const _) };
    {
        // SAFETY: the cells are filled, or tested.
        unsafe {
            if !crate::functions::cells::GraalPyUnicode_KIND.address().is_null() {
                return GraalPyUnicode_KIND(text);
            }
            match largest(text) {
                0..=0xFF => 1,
                0x100..=0xFFFF => 2,
                _ => 4,
            }
        }
    }
}

polyfill! {
    /// Whether a str is all ASCII.
    fn PyUnicode_IS_ASCII(text: Object) -> c_int;
    uses [PyUnicode_GetLength, PyUnicode_ReadChar, PyErr_Clear];
    may_use [GraalPyUnicode_IS_ASCII];
    choose |host| if is_known(host) { Choice::Ours(known_is_ascii as *const _) } else { Choice::Ours(PyUnicode_IS_ASCII as *const _) };
    {
        // SAFETY: the cells are filled, or tested.
        unsafe {
            if !crate::functions::cells::GraalPyUnicode_IS_ASCII.address().is_null() {
                return GraalPyUnicode_IS_ASCII(text);
            }
            c_int::from(largest(text) < 0x80)
        }
    }
}

polyfill! {
    /// Whether the text of a str follows its header. Where that cannot be known, no.
    fn PyUnicode_IS_COMPACT(_text: Object) -> c_int;
    uses [];
    choose |host| if is_known(host) { Choice::Ours(known_is_compact as *const _) } else { Choice::Ours(PyUnicode_IS_COMPACT as *const _) };
    { 0 }
}

polyfill! {
    /// Has the text of a str put in place, which only older hosts do late. 0, or -1 with an exception.
    fn PyUnicode_READY(_text: Object) -> c_int;
    uses [];
    choose |host| if is_known(host) { Choice::Ours(known_ready as *const _) } else { Choice::Ours(PyUnicode_READY as *const _) };
    { 0 }
}

polyfill! {
    /// A bound for the characters of a str: 127, 255, 65535 or 1114111.
    fn PyUnicode_MAX_CHAR_VALUE(text: Object) -> u32;
    uses [PyUnicode_GetLength, PyUnicode_ReadChar, PyErr_Clear];
    choose |_| Choice::Ours(PyUnicode_MAX_CHAR_VALUE as *const _);
    {
        // SAFETY: the cells are filled.
        match unsafe { largest(text) } {
            0..=0x7F => 0x7F,
            0x80..=0xFF => 0xFF,
            0x100..=0xFFFF => 0xFFFF,
            _ => 0x10FFFF,
        }
    }
}
