//! Functions that convert by a format: with lengths that are `Py_ssize_t` on every host, and with buffers for hosts whose
//! `Py_buffer` is larger than that of the stable ABI.
//!
//! Before 3.13 a host has two functions for each name. The plain one wants `int` for a length, and refuses lengths from 3.10 on; what
//! the headers declare is what 3.13 documents, so the other one is taken.
#![cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]

use super::buffers::{Buffer, Kept};
use super::support;
use super::variadic::variadic;
use crate::arguments::{Arguments, OwnList};
use crate::bind::value;
use crate::detect::{Host, known};
use crate::functions as f;
use crate::functions::{cells, data};
use crate::memory;
use crate::polyfill::{Choice, WithUses};
use crate::types::{Object, c_char, c_int, c_void};
use core::ffi::CStr;
use core::ptr::null_mut;

/// The places that a format takes after the object, in order: for each whether it is a `Py_buffer`.
///
/// The letters are those of <https://docs.python.org/3/c-api/arg.html>.
struct Places<'format> {
    format: &'format [u8],
    /// How many places of the last letter are left.
    left: u8,
}

impl<'format> Places<'format> {
    fn new(format: &'format CStr) -> Self {
        Self { format: format.to_bytes(), left: 0 }
    }

    /// Whether the next character is one of these. Passes over it if so.
    fn goes_on_with(&mut self, characters: &[u8]) -> bool {
        match self.format.split_first() {
            Some((next, rest)) if characters.contains(next) => {
                self.format = rest;
                true
            }
            _ => false,
        }
    }
}

impl Iterator for Places<'_> {
    type Item = bool;

    fn next(&mut self) -> Option<bool> {
        if self.left > 0 {
            self.left -= 1;
            return Some(false);
        }
        loop {
            let (letter, rest) = self.format.split_first()?;
            self.format = rest;
            match letter {
                b':' | b';' => return None,
                b's' | b'z' | b'y' | b'w' | b'u' | b'Z' => {
                    if self.goes_on_with(b"*") {
                        return Some(true);
                    }
                    self.left = self.goes_on_with(b"#").into();
                }
                b'e' => {
                    self.goes_on_with(b"st");
                    self.left = 1 + u8::from(self.goes_on_with(b"#"));
                }
                b'O' => self.left = self.goes_on_with(b"!&").into(),
                b'(' | b')' | b'|' | b'$' | b' ' => continue,
                _ => {}
            }
            return Some(false);
        }
    }
}

/// Has the host convert by a format: `parse` gets a `va_list` of places whose buffers have the host's own size. Needs
/// `PyErr_NoMemory`.
///
/// # Safety
/// The cell is filled; the arguments are the caller's, as for `PyArg_VaParse`.
unsafe fn with_buffers_of_the_host(
    format: *const c_char,
    places: *mut c_void,
    parse: impl FnOnce(*mut c_void) -> c_int,
) -> c_int {
    if known().quirks.fills_plain_buffers {
        return parse(places);
    }
    // SAFETY: the caller's promise. Each array has one item for each place.
    unsafe {
        let format = CStr::from_ptr(format);
        if !Places::new(format).any(|is_buffer| is_buffer) {
            return parse(places);
        }
        let count = Places::new(format).count();
        let own = memory::array::<*mut c_void>(count);
        let authors = memory::array::<*mut Buffer>(count);
        let mut parsed = None;
        if !own.is_null() && !authors.is_null() {
            let mut copy = OwnList::copy(places);
            let mut list = Arguments::new(copy.as_list());
            let mut complete = true;
            for (number, is_buffer) in Places::new(format).enumerate() {
                let mut place: *mut c_void = list.pointer();
                if is_buffer && complete {
                    let kept = Kept::new();
                    complete = !kept.is_null();
                    if complete {
                        // What is not converted, being optional, stays what it is.
                        authors.add(number).write(place.cast());
                        Kept::buffer(kept).write(place.cast::<Buffer>().read());
                        place = Kept::buffer(kept).cast();
                    }
                }
                own.add(number).write(place);
            }
            parsed = complete.then(|| parse(OwnList::of(own).as_list()));
            for number in 0..count {
                let author = authors.add(number).read();
                if author.is_null() {
                    continue;
                }
                let kept = Kept::of(own.add(number).read().cast());
                if parsed.is_some_and(|parsed| parsed != 0) {
                    Kept::hand_over(kept, author);
                } else {
                    memory::release(kept.cast());
                }
            }
        }
        memory::release(own.cast());
        memory::release(authors.cast());
        parsed.unwrap_or_else(|| {
            f::PyErr_NoMemory();
            0
        })
    }
}

/// `PyArg_VaParse`. Needs that and `PyErr_NoMemory`, and `_PyArg_VaParse_SizeT` where there is one.
///
/// # Safety
/// The cells are filled; the arguments are the caller's.
pub(super) unsafe extern "C" fn parse_tuple(tuple: Object, format: *const c_char, places: *mut c_void) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        with_buffers_of_the_host(format, places, |places| {
            if cells::_PyArg_VaParse_SizeT.address().is_null() {
                f::PyArg_VaParse(tuple, format, places)
            } else {
                f::_PyArg_VaParse_SizeT(tuple, format, places)
            }
        })
    }
}

/// `PyArg_VaParseTupleAndKeywords`. Needs that and `PyErr_NoMemory`, and `_PyArg_VaParseTupleAndKeywords_SizeT` where there is one.
///
/// # Safety
/// The cells are filled; the arguments are the caller's.
pub(super) unsafe extern "C" fn parse_keywords(
    tuple: Object,
    keywords: Object,
    format: *const c_char,
    parameters: *const *const c_char,
    places: *mut c_void,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        with_buffers_of_the_host(format, places, |places| {
            if cells::_PyArg_VaParseTupleAndKeywords_SizeT.address().is_null() {
                f::PyArg_VaParseTupleAndKeywords(tuple, keywords, format, parameters, places)
            } else {
                f::_PyArg_VaParseTupleAndKeywords_SizeT(tuple, keywords, format, parameters, places)
            }
        })
    }
}

/// How many places `PyArg_Parse` takes where buffers are translated: no host has that function with a `va_list`.
const MOST: usize = 16;

/// `PyArg_Parse`.
unsafe extern "C" fn parse_object(object: Object, format: *const c_char, places: *mut c_void) -> c_int {
    // SAFETY: the cells are filled; the arguments are the caller's.
    unsafe {
        let count = Places::new(CStr::from_ptr(format)).count();
        if count > MOST {
            let message = c"PyArg_Parse takes at most 16 places on this host: use PyArg_ParseTuple".as_ptr();
            f::PyErr_SetString(value(&data::PyExc_SystemError), message);
            return 0;
        }
        with_buffers_of_the_host(format, places, |places| {
            let mut copy = OwnList::copy(places);
            let mut list = Arguments::new(copy.as_list());
            let mut p = [null_mut::<c_void>(); MOST];
            for place in p.iter_mut().take(count) {
                *place = list.pointer();
            }
            let has_other = !cells::_PyArg_Parse_SizeT.address().is_null();
            let parse = if has_other { f::_PyArg_Parse_SizeT() } else { f::PyArg_Parse() };
            let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = p;
            parse(object, format, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
        })
    }
}

/// The function of the host whose lengths are `Py_ssize_t`; `ours` where buffers are larger.
fn with_wide_lengths(host: &Host, wide: &CStr, ours: *const c_void) -> Choice {
    if host.quirks.fills_plain_buffers { support::preferably_as(host, wide) } else { Choice::Ours(ours) }
}

variadic! {
    /// Converts one object by a format.
    fn PyArg_Parse(2, "rdx", "x2") = parse_object;
    uses [cells::PyArg_Parse, cells::PyErr_NoMemory, cells::PyErr_SetString, data::PyExc_SystemError];
    may_use [cells::_PyArg_Parse_SizeT];
    choose |host, ours| with_wide_lengths(host, c"_PyArg_Parse_SizeT", ours);

    /// Converts one object by a format.
    fn _PyArg_Parse_SizeT(2, "rdx", "x2") = parse_object;
    uses [cells::PyArg_Parse, cells::PyErr_NoMemory, cells::PyErr_SetString, data::PyExc_SystemError];
    may_use [cells::_PyArg_Parse_SizeT];
    choose |host, ours| with_wide_lengths(host, c"_PyArg_Parse_SizeT", ours);

    /// Converts positional arguments by a format.
    fn PyArg_ParseTuple(2, "rdx", "x2") = parse_tuple;
    uses [cells::PyArg_VaParse, cells::PyErr_NoMemory];
    may_use [cells::_PyArg_VaParse_SizeT];
    choose |host, ours| with_wide_lengths(host, c"_PyArg_ParseTuple_SizeT", ours);

    /// Converts positional arguments by a format.
    fn _PyArg_ParseTuple_SizeT(2, "rdx", "x2") = parse_tuple;
    uses [cells::PyArg_VaParse, cells::PyErr_NoMemory];
    may_use [cells::_PyArg_VaParse_SizeT];
    choose |host, ours| with_wide_lengths(host, c"_PyArg_ParseTuple_SizeT", ours);

    /// Converts positional and keyword arguments by a format and a list of names.
    fn PyArg_ParseTupleAndKeywords(4, "r8", "x4") = parse_keywords;
    uses [cells::PyArg_VaParseTupleAndKeywords, cells::PyErr_NoMemory];
    may_use [cells::_PyArg_VaParseTupleAndKeywords_SizeT];
    choose |host, ours| with_wide_lengths(host, c"_PyArg_ParseTupleAndKeywords_SizeT", ours);

    /// Converts positional and keyword arguments by a format and a list of names.
    fn _PyArg_ParseTupleAndKeywords_SizeT(4, "r8", "x4") = parse_keywords;
    uses [cells::PyArg_VaParseTupleAndKeywords, cells::PyErr_NoMemory];
    may_use [cells::_PyArg_VaParseTupleAndKeywords_SizeT];
    choose |host, ours| with_wide_lengths(host, c"_PyArg_ParseTupleAndKeywords_SizeT", ours);
}

/// The stand-ins that take a `va_list`: one of ours where buffers are larger.
macro_rules! of_a_list {
    ($($name:ident = $ours:ident, $wide:ident, uses [$($use:ident),*], may_use [$($may:ident),*];)*) => {
        $(const _: () = {
            #[unsafe(export_name = concat!("cardan_polyfill_", stringify!($name)))]
            static POLYFILL: WithUses<COUNT> = WithUses::chosen(
                |host| {
                    // SAFETY: the bytes are the name and a zero.
                    let wide = unsafe { CStr::from_bytes_with_nul_unchecked(concat!(stringify!($wide), "\0").as_bytes()) };
                    with_wide_lengths(host, wide, $ours as *const c_void)
                },
                [$(cells::$use,)* $(cells::$may.optional(),)*],
            );
            const COUNT: usize = 0 $(+ { stringify!($use); 1 })* $(+ { stringify!($may); 1 })*;
        };)*
    };
}

of_a_list! {
    PyArg_VaParse = parse_tuple, _PyArg_VaParse_SizeT, uses [PyArg_VaParse, PyErr_NoMemory], may_use [_PyArg_VaParse_SizeT];
    _PyArg_VaParse_SizeT = parse_tuple, _PyArg_VaParse_SizeT, uses [PyArg_VaParse, PyErr_NoMemory], may_use [_PyArg_VaParse_SizeT];
    PyArg_VaParseTupleAndKeywords = parse_keywords, _PyArg_VaParseTupleAndKeywords_SizeT,
        uses [PyArg_VaParseTupleAndKeywords, PyErr_NoMemory], may_use [_PyArg_VaParseTupleAndKeywords_SizeT];
    _PyArg_VaParseTupleAndKeywords_SizeT = parse_keywords, _PyArg_VaParseTupleAndKeywords_SizeT,
        uses [PyArg_VaParseTupleAndKeywords, PyErr_NoMemory], may_use [_PyArg_VaParseTupleAndKeywords_SizeT];
}

/// Stand-ins that are the host's own function whose lengths are `Py_ssize_t`; where it has but one, that.
macro_rules! wide {
    ($($(#[$attribute:meta])* $name:ident = $other:literal;)*) => {
        $(const _: () = {
            $(#[$attribute])*
            #[unsafe(export_name = concat!("cardan_polyfill_", stringify!($name)))]
            static POLYFILL: WithUses<0> = WithUses::chosen(|host| support::preferably_as(host, $other), []);
        };)*
    };
}

wide! {
    /// An object built from C values by a format.
    Py_BuildValue = c"_Py_BuildValue_SizeT";
    /// The same with a `va_list`.
    Py_VaBuildValue = c"_Py_VaBuildValue_SizeT";
    /// Calls an object with arguments built by a format.
    PyObject_CallFunction = c"_PyObject_CallFunction_SizeT";
    /// Calls a method with arguments built by a format.
    PyObject_CallMethod = c"_PyObject_CallMethod_SizeT";
}

#[cfg(test)]
mod tests {
    use super::Places;
    use core::ffi::CStr;

    fn places(format: &CStr) -> (usize, usize) {
        (Places::new(format).count(), Places::new(format).filter(|is_buffer| *is_buffer).count())
    }

    #[test]
    fn letters_take_as_many_places_as_documented() {
        assert_eq!(places(c"bBhHiIlkLKnfdDcCpSYUO"), (21, 0));
        assert_eq!(places(c"s z# y* w* u# Z"), (8, 2));
        assert_eq!(places(c"es et# O! O&"), (2 + 3 + 2 + 2, 0));
        assert_eq!(places(c"(i(s*)|O)$p:name*y*"), (4, 1));
        assert_eq!(places(c";y*"), (0, 0));
        assert_eq!(places(c""), (0, 0));
    }
}
