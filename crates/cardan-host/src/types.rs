//! The C types that cross the border, as Rust sees them.
//!
//! Objects are opaque: their size and fields depend on the host. The definition structs are those that every host
//! lays out alike, see <https://docs.python.org/3/c-api/structures.html>.
#![allow(missing_docs, non_camel_case_types)] // Names and fields are those of CPython's documentation, which describes them.

pub use core::ffi::{c_char, c_int, c_long, c_uint, c_ulong, c_void};

/// An object of the host. Never read through: its layout is the host's.
#[repr(C)]
pub struct PyObject {
    _opaque: [u8; 0],
}

/// A reference to an object, borrowed unless the function says otherwise.
pub type Object = *mut PyObject;

/// A function pointer of a slot, of whatever signature.
pub type Pointer = *mut c_void;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyMethodDef {
    pub ml_name: *const c_char,
    pub ml_meth: Pointer,
    pub ml_flags: c_int,
    pub ml_doc: *const c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyMemberDef {
    pub name: *const c_char,
    pub kind: c_int,
    pub offset: isize,
    pub flags: c_int,
    pub doc: *const c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyGetSetDef {
    pub name: *const c_char,
    pub get: Pointer,
    pub set: Pointer,
    pub doc: *const c_char,
    pub closure: Pointer,
}

/// One slot of a type or of a module: both have this layout.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Slot {
    pub slot: c_int,
    pub value: Pointer,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyType_Spec {
    pub name: *const c_char,
    pub basicsize: c_int,
    pub itemsize: c_int,
    pub flags: c_uint,
    pub slots: *mut Slot,
}

/// The bits of a type that tell what its objects are, the same on every host,
/// <https://docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_flags>.
pub mod type_flag {
    use super::c_ulong;

    /// Types whose objects have a dictionary that only the host's functions find, on hosts that have such.
    pub const MANAGED_DICT: c_ulong = 1 << 4;
    /// Types that were made at run time.
    pub const HEAP_TYPE: c_ulong = 1 << 9;
    /// Types that may be derived from.
    pub const BASE_TYPE: c_ulong = 1 << 10;
    /// Objects that take part in garbage collection.
    pub const HAVE_GC: c_ulong = 1 << 14;
    /// `int` and its subclasses.
    pub const LONG: c_ulong = 1 << 24;
    /// `list` and its subclasses.
    pub const LIST: c_ulong = 1 << 25;
    /// `tuple` and its subclasses.
    pub const TUPLE: c_ulong = 1 << 26;
    /// `bytes` and its subclasses.
    pub const BYTES: c_ulong = 1 << 27;
    /// `str` and its subclasses.
    pub const UNICODE: c_ulong = 1 << 28;
    /// `dict` and its subclasses.
    pub const DICT: c_ulong = 1 << 29;
    /// `type` and its subclasses.
    pub const TYPE: c_ulong = 1 << 31;
}
