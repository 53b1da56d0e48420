//! What the context's functions take and return.

use core::ffi::{c_char, c_int, c_void};

macro_rules! words {
    ($($(#[$attribute:meta])* $name:ident)*) => {
        $(
            $(#[$attribute])*
            #[repr(C)]
            #[derive(Clone, Copy, PartialEq, Eq, Debug)]
            pub struct $name {
                /// What the runtime keeps in it. Zero is null.
                pub word: isize,
            }

            impl $name {
                /// The null value.
                pub const NULL: Self = Self { word: 0 };

                /// Whether this is the null value.
                #[inline]
                pub const fn is_null(self) -> bool {
                    self.word == 0
                }
            }
        )*
    };
}

words! {
    /// `HPy`: a handle of an object.
    Handle
    /// `HPyField`: a reference that an object's C struct holds.
    Field
    /// `HPyGlobal`: a reference that a C global holds.
    Global
    /// `HPyTracker`: a set of handles that are closed together.
    Tracker
    /// `HPyListBuilder`: a list that is being made.
    ListBuilder
    /// `HPyTupleBuilder`: a tuple that is being made.
    TupleBuilder
    /// `HPyThreadState`: what leaving Python returns and entering it again takes.
    ThreadState
    /// `HPyUnicodeWriter`: a string that is being made.
    UnicodeWriter
    /// `HPyBytesWriter`: bytes that are being made.
    BytesWriter
    /// `HPyThreadAttachment`: a foreign thread's entry into Python.
    ThreadAttachment
}

/// `HPyCriticalSection`: a lock on one object, kept on the caller's stack.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CriticalSection {
    /// The runtime's.
    pub opaque: [usize; 4],
}

/// `HPyCriticalSection2`: a lock on two objects.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CriticalSection2 {
    /// The runtime's.
    pub opaque: [usize; 6],
}

/// `HPyDateTime_Fields`: the parts of a date and time.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DateTimeFields {
    /// 1 to 9999.
    pub year: c_int,
    /// 1 to 12.
    pub month: c_int,
    /// 1 to 31.
    pub day: c_int,
    /// 0 to 23.
    pub hour: c_int,
    /// 0 to 59.
    pub minute: c_int,
    /// 0 to 59.
    pub second: c_int,
    /// 0 to 999999.
    pub microsecond: c_int,
    /// 1 for the second of two equal times where a clock is set back, else 0.
    pub fold: c_int,
}

/// `HPy_buffer`: a view of an object's memory, <https://docs.python.org/3/c-api/buffer.html#c.Py_buffer>.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Buffer {
    /// The first byte.
    pub buf: *mut c_void,
    /// The exporter, a handle that the view owns.
    pub obj: Handle,
    /// The size of the whole in bytes.
    pub len: isize,
    /// The size of an item in bytes.
    pub itemsize: isize,
    /// Whether the memory must not be written to.
    pub readonly: c_int,
    /// The number of dimensions.
    pub ndim: c_int,
    /// The format of an item in the syntax of the module `struct`, or null for bytes.
    pub format: *mut c_char,
    /// The number of items along each dimension, or null.
    pub shape: *mut isize,
    /// The distance in bytes along each dimension, or null.
    pub strides: *mut isize,
    /// Offsets of indirect dimensions, or null.
    pub suboffsets: *mut isize,
    /// The exporter's or the runtime's own.
    pub internal: *mut c_void,
}
