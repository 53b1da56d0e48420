//! Buffers on hosts whose `Py_buffer` is larger than that of the stable ABI, as PyPy's is.
//!
//! The headers have the 80 bytes of the stable ABI, so that an author's slot may clear or assign what the host hands to it. Where
//! the host writes behind these, a buffer of its own size is filled first, and the author's is a copy. If the copy points into the
//! larger one, to the host's copies of the shape and the strides, that one is kept until the author gives the buffer back: its
//! address is in `internal`, so that copies that the author makes find it too.

use crate::bind::value;
use crate::detect::{Host, known};
use crate::functions::data;
use crate::hosts;
use crate::hosts::releases::untrusted;
use crate::memory;
use crate::polyfill;
use crate::polyfill::Choice;
use crate::types::{Object, c_char, c_int, c_void};
use core::mem::offset_of;
use core::ptr::null_mut;

/// `Py_buffer` as the headers have it, <https://docs.python.org/3/c-api/buffer.html#c.Py_buffer>.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Buffer {
    memory: *mut c_void,
    owner: Object,
    length: isize,
    item_size: isize,
    read_only: c_int,
    dimensions: c_int,
    format: *mut c_char,
    shape: *mut isize,
    strides: *mut isize,
    suboffsets: *mut isize,
    internal: *mut c_void,
}

const _: () = assert!(size_of::<Buffer>() == 80 || size_of::<usize>() != 8);

impl Buffer {
    /// What it points to apart from the memory itself: the format, the shape, the strides, the suboffsets and what is internal.
    fn pointers(&mut self) -> &mut [*mut c_void; 5] {
        // SAFETY: the last five fields are pointers, which lie side by side and have the same layout whatever they point to.
        unsafe { &mut *(&raw mut *self).wrapping_byte_add(offset_of!(Self, format)).cast() }
    }
}

const _: () = assert!(offset_of!(Buffer, internal) - offset_of!(Buffer, format) == 4 * size_of::<usize>());

/// A buffer of the host's own size: the fields of the stable ABI, and what the host has behind them.
#[repr(C)]
struct Larger {
    fields: Buffer,
    rest: [usize; (hosts::BUFFER_ROOM - size_of::<Buffer>()) / size_of::<usize>()],
}

/// A larger buffer that lives until the author gives back the copy of it.
#[repr(C)]
pub(super) struct Kept {
    /// [`MARK`], in each module and version of ours: one may give back what another asked for.
    mark: usize,
    buffer: Larger,
}

/// Nobody else's memory begins with this, and contains the shape of the same buffer.
const MARK: usize = u64::from_le_bytes(*b"cdnbuffr") as usize;

impl Kept {
    /// An empty one, or null when there is no memory.
    pub(super) fn new() -> *mut Self {
        let kept = memory::zeroed(size_of::<Self>()).cast::<Self>();
        if !kept.is_null() {
            // SAFETY: the memory was made for it just now.
            unsafe { (&raw mut (*kept).mark).write(MARK) };
        }
        kept
    }

    /// The buffer for the host.
    pub(super) fn buffer(kept: *mut Self) -> *mut Buffer {
        kept.wrapping_byte_add(offset_of!(Self, buffer)).cast()
    }

    /// That of which [`Kept::buffer`] gave the buffer.
    pub(super) fn of(buffer: *mut Buffer) -> *mut Self {
        buffer.wrapping_byte_sub(offset_of!(Self, buffer)).cast()
    }

    /// Copies to the author's buffer what the host filled. If nothing points into the rest of it, the larger buffer is let go, and
    /// the author's is all that the exporter filled, its `internal` among it.
    ///
    /// # Safety
    /// `kept` comes from [`Kept::new`] and is not used afterwards; `view` is the author's variable.
    pub(super) unsafe fn hand_over(kept: *mut Self, view: *mut Buffer) {
        // SAFETY: the caller's promise.
        unsafe {
            let start = Self::buffer(kept);
            view.write(start.read());
            for pointer in (*view).pointers() {
                let distance = pointer.addr().wrapping_sub(start.addr());
                if distance >= size_of::<Larger>() {
                    continue;
                }
                if distance >= size_of::<Buffer>() {
                    view.write(Buffer { internal: kept.cast(), ..start.read() });
                    return;
                }
                // An exporter of plain bytes points to the length and the item size for the shape and the strides.
                *pointer = view.wrapping_byte_add(distance).cast();
            }
            memory::release(kept.cast());
        }
    }

    /// The larger buffer of an author's, or null.
    ///
    /// # Safety
    /// The author's buffer was filled, or is empty.
    unsafe fn find(view: *mut Buffer) -> *mut Self {
        // SAFETY: the caller's promise. Only what also contains an array of the buffer is read: it is memory, and no number that an
        // exporter keeps in the field.
        unsafe {
            let kept = (*view).internal.cast::<Self>();
            let inside =
                |pointer: &*mut c_void| pointer.addr().wrapping_sub(kept.addr()).wrapping_sub(1) < size_of::<Self>();
            let found = !kept.is_null() && kept.is_aligned() && (*view).pointers().iter().any(inside);
            if found && (&raw const (*kept).mark).read() == MARK { kept } else { null_mut() }
        }
    }
}

fn ours_where_buffers_are_larger(host: &Host, ours: *const c_void) -> Choice {
    if host.quirks.fills_plain_buffers { Choice::Host } else { Choice::Ours(ours) }
}

polyfill! {
    /// Fills a buffer with an object's memory.
    fn PyObject_GetBuffer(object: Object, view: *mut Buffer, flags: c_int) -> c_int;
    uses [
        PyObject_GetBuffer, PyBuffer_IsContiguous, PyBuffer_Release, PyMemoryView_FromObject, PyObject_GetAttrString, PyObject_IsTrue,
        PyErr_SetString, PyErr_NoMemory, PyErr_ExceptionMatches, PyObject_Type, PyType_GetFlags, Py_DecRef,
    ];
    data [PyExc_BufferError, PyExc_ValueError];
    choose |host| ours_where_buffers_are_larger(host, PyObject_GetBuffer as *const _);
    {
        // SAFETY: the arguments are the caller's; the host fills a buffer of its own size.
        unsafe {
            if view.is_null() {
                PyErr_SetString(value(&data::PyExc_BufferError), c"PyObject_GetBuffer needs a Py_buffer, found NULL".as_ptr());
                return -1;
            }
            let kept = Kept::new();
            if kept.is_null() {
                PyErr_NoMemory();
                (*view).owner = null_mut();
                return -1;
            }
            let filled = Kept::buffer(kept);
            let result = if known().is_one_of(const { untrusted("PyObject_GetBuffer") }) {
                super::pypy_before_3_11::get_buffer(object, filled.cast(), flags)
            } else {
                PyObject_GetBuffer(object, filled.cast(), flags)
            };
            if result < 0 {
                (*view).owner = null_mut();
                memory::release(kept.cast());
                // The host's own bytes refuse to be written with another class of exception than they should.
                if known().quirks.refuses_buffers_otherwise
                    && PyErr_ExceptionMatches(value(&data::PyExc_ValueError)) != 0
                    && super::support::has_type_flag(object, super::support::type_flag::BYTES)
                {
                    PyErr_SetString(value(&data::PyExc_BufferError), c"Object is not writable.".as_ptr());
                }
            } else {
                Kept::hand_over(kept, view);
            }
            result
        }
    }
}

polyfill! {
    /// Gives a buffer back to its exporter. Does nothing for one that is given back already.
    fn PyBuffer_Release(view: *mut Buffer);
    uses [PyBuffer_Release];
    choose |host| ours_where_buffers_are_larger(host, PyBuffer_Release as *const _);
    {
        // SAFETY: the caller's buffer; the host is given one of its own size.
        unsafe {
            let kept = Kept::find(view);
            if kept.is_null() {
                let mut larger = lent(view);
                PyBuffer_Release((&raw mut larger).cast());
                view.write(larger.fields);
            } else {
                PyBuffer_Release(Kept::buffer(kept).cast());
                memory::release(kept.cast());
                view.write(EMPTY);
            }
        }
    }
}

const EMPTY: Buffer = Buffer {
    memory: null_mut(),
    owner: null_mut(),
    length: 0,
    item_size: 0,
    read_only: 0,
    dimensions: 0,
    format: null_mut(),
    shape: null_mut(),
    strides: null_mut(),
    suboffsets: null_mut(),
    internal: null_mut(),
};

/// The author's buffer in one of the host's size.
///
/// # Safety
/// The buffer is one.
unsafe fn lent(view: *const Buffer) -> Larger {
    // SAFETY: the caller's promise.
    Larger { fields: unsafe { view.read() }, rest: [0; _] }
}

/// What a request for a buffer may ask for, <https://docs.python.org/3/c-api/buffer.html#buffer-request-types>.
mod request {
    use super::c_int;

    pub const WRITABLE: c_int = 0x1;
    pub const FORMAT: c_int = 0x4;
    pub const SHAPE: c_int = 0x8;
    pub const STRIDES: c_int = 0x18;
}

polyfill! {
    /// Fills a buffer that exposes plain bytes of an exporter: the shape is the length, and the strides are the item size.
    fn PyBuffer_FillInfo(view: *mut Buffer, exporter: Object, memory: *mut c_void, length: isize, read_only: c_int, flags: c_int) -> c_int;
    uses [PyErr_SetString, Py_IncRef];
    data [PyExc_BufferError];
    choose |host| ours_where_buffers_are_larger(host, PyBuffer_FillInfo as *const _);
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if view.is_null() {
                PyErr_SetString(value(&data::PyExc_BufferError), c"PyBuffer_FillInfo needs a Py_buffer, found NULL".as_ptr());
                return -1;
            }
            if flags & request::WRITABLE != 0 && read_only == 1 {
                (*view).owner = null_mut();
                PyErr_SetString(value(&data::PyExc_BufferError), c"Object is not writable.".as_ptr());
                return -1;
            }
            Py_IncRef(exporter);
            let asked = |what: c_int| flags & what == what;
            view.write(Buffer {
                memory,
                owner: exporter,
                length,
                item_size: 1,
                read_only,
                dimensions: 1,
                format: if asked(request::FORMAT) { c"B".as_ptr().cast_mut() } else { null_mut() },
                shape: if asked(request::SHAPE) { &raw mut (*view).length } else { null_mut() },
                strides: if asked(request::STRIDES) { &raw mut (*view).item_size } else { null_mut() },
                ..EMPTY
            });
        }
        0
    }
}

/// Where a host keeps its copy of an array behind a buffer's fields, counted in words, and how many items there is room for.
fn room(array: *const isize, other: *const isize, larger: &Larger) -> Option<(usize, usize)> {
    let start = (&raw const larger.rest).addr();
    let place = |array: *const isize| {
        array
            .addr()
            .checked_sub(start)
            .map(|bytes| bytes / size_of::<usize>())
            .filter(|place| *place < larger.rest.len())
    };
    let (this, other) = (place(array)?, place(other)?);
    Some((this, this.abs_diff(other)))
}

polyfill! {
    /// A memoryview of a buffer, whose owner must outlive it. PyPy copies the shape and the strides only from where its own function
    /// that fills a buffer has them; it refers to others, and the author's may be gone when the memoryview is looked at.
    fn PyMemoryView_FromBuffer(view: *const Buffer) -> Object;
    uses [PyMemoryView_FromBuffer, PyBuffer_FillInfo];
    choose |host| ours_where_buffers_are_larger(host, PyMemoryView_FromBuffer as *const _);
    {
        // SAFETY: the caller's buffer; the host is given one of its own size.
        unsafe {
            let mut larger = Larger { fields: EMPTY, rest: [0; _] };
            let start = (&raw mut larger).cast::<c_void>();
            PyBuffer_FillInfo(start, null_mut(), start, 1, 1, request::STRIDES);
            let (shape, strides) = (larger.fields.shape, larger.fields.strides);
            let places = [room(shape, strides, &larger), room(strides, shape, &larger)];
            larger.fields = view.read();
            let count = usize::try_from(larger.fields.dimensions).unwrap_or(0);
            for (number, place) in places.into_iter().enumerate() {
                let source = if number == 0 { larger.fields.shape } else { larger.fields.strides };
                let Some((place, room)) = place else { continue };
                if source.is_null() || count > room {
                    continue;
                }
                let Some(copy) = larger.rest.get_mut(place..).and_then(|rest| rest.get_mut(..count)) else { continue };
                for (index, item) in copy.iter_mut().enumerate() {
                    *item = source.add(index).read() as usize;
                }
                let copy = copy.as_mut_ptr().cast();
                if number == 0 { larger.fields.shape = copy } else { larger.fields.strides = copy }
            }
            PyMemoryView_FromBuffer((&raw const larger).cast())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(kept: *mut Kept, change: impl FnOnce(&mut Buffer)) -> Buffer {
        // SAFETY: the test's own memory; the author's buffer is returned, so nothing may point into it.
        unsafe {
            change(&mut *Kept::buffer(kept));
            let mut view = EMPTY;
            Kept::hand_over(kept, &mut view);
            assert!(Kept::find(&mut view).is_null() || view.internal == kept.cast());
            view
        }
    }

    #[test]
    fn what_the_host_copied_behind_the_fields_is_kept() {
        let kept = Kept::new();
        let shape = Kept::buffer(kept).wrapping_add(1).cast::<isize>();
        let mut view = filled(kept, |buffer| buffer.shape = shape);
        assert_eq!((view.shape, view.internal), (shape, kept.cast()));
        // SAFETY: it was filled, and is let go as its last copy goes.
        unsafe {
            assert_eq!(Kept::find(&mut view), kept);
            memory::release(kept.cast());
        }
    }

    #[test]
    fn what_an_exporter_filled_by_itself_is_all_there_is() {
        let mut own = [0_usize, 3];
        let (internal, shape) = (own.as_mut_ptr().cast(), (&raw mut own[1]).cast());
        let mut view = filled(Kept::new(), |buffer| {
            buffer.internal = internal;
            buffer.shape = shape;
        });
        assert_eq!((view.shape, view.internal), (shape, internal));
        // SAFETY: it was filled.
        assert!(unsafe { Kept::find(&mut view) }.is_null());
    }

    #[test]
    fn the_shape_of_plain_bytes_moves_with_the_buffer() {
        let kept = Kept::new();
        let mut view = EMPTY;
        // SAFETY: the test's own memory.
        unsafe {
            let buffer = &mut *Kept::buffer(kept);
            buffer.shape = &raw mut buffer.length;
            Kept::hand_over(kept, &mut view);
        }
        assert_eq!(view.shape.cast_const(), &raw const view.length);
    }

    #[test]
    fn a_place_behind_the_fields_is_told_from_others() {
        let larger = Larger { fields: EMPTY, rest: [0; _] };
        let at = |place: usize| (&raw const larger.rest).cast::<isize>().wrapping_add(place);
        assert_eq!(room(at(1), at(65), &larger), Some((1, 64)));
        assert_eq!(room(&raw const larger.fields.length, at(1), &larger), None);
        assert_eq!(room(null_mut(), null_mut(), &larger), None);
    }
}
