//! What the runtime of one file tells the runtimes of others about a type that it made.
//!
//! The methods of such a type are an array whose last entry has no name, as the C API wants it. Its other fields say
//! [`MARK`] and [`VERSION`] and point at a [`TypeRecord`], which points back at the array. Python code reaches none of this. Neither
//! the array nor the record is ever freed.

use crate::definitions::{Destroy, Function};
use core::ffi::{c_int, c_void};
use core::mem::offset_of;
use core::sync::atomic::AtomicU32;

/// The function of the last entry of a type's methods: no address of any function.
pub const MARK: usize = 0xc4a7_da5e_1f93_b06d;

/// The flags of the last entry of a type's methods. A record that does not begin with the fields below has another number.
pub const VERSION: c_int = 0x4361_0001;

/// An object of the interpreter.
pub type Object = *mut c_void;

/// What other files have to know of a type. Fields are only ever added at the end; `size` says which are there.
#[repr(C)]
pub struct TypeRecord {
    /// The size of the record in bytes.
    pub size: usize,
    /// The methods that the type was made with.
    pub methods: *const c_void,
    /// One of [`shape`](crate::shape).
    pub shape: c_int,
    /// The bits of [`flag`].
    pub flags: AtomicU32,
    /// Where the author's struct starts in bytes from the object; negative if `locate` has to be asked.
    pub data_offset: isize,
    /// The size of the author's struct in bytes.
    pub data_size: isize,
    /// The author's function that releases what the struct holds besides its fields.
    pub destroy: Option<Destroy>,
    /// The author's function that visits the struct's fields, or null.
    pub traverse: Function,
    /// What an object is called by unless it was given another function; null if it cannot be called.
    pub call: Function,
    /// Where an object holds what it is called by, in bytes; 0 if it holds nothing.
    pub call_offset: isize,
    /// Where the author has put an object's weak references and its dictionary, in bytes; 0 for none.
    pub weak_list_offset: isize,
    /// See `weak_list_offset`.
    pub dict_offset: isize,
    /// What the runtime has in the type's slots `tp_dealloc`, `tp_traverse` and `tp_clear`. Where the type holds something else,
    /// that is the author's, or was inherited.
    pub slots: [Function; 3],
    /// The struct of an object; null without an exception if it has none.
    pub locate: unsafe extern "C" fn(record: &TypeRecord, this: Object) -> *mut c_void,
    /// A new object of `class`, which is the type or derives from it, and its struct; null with an exception.
    pub create: unsafe extern "C" fn(record: &TypeRecord, class: Object, data: *mut *mut c_void) -> Object,
    /// Visits the fields of a struct with a `visitproc` of the C API. Only where there is a `traverse`.
    pub visit: unsafe extern "C" fn(
        record: &TypeRecord,
        data: *mut c_void,
        visit: *mut c_void,
        argument: *mut c_void,
    ) -> c_int,
    /// Empties the fields of a struct of an object. Only where there is a `traverse`.
    pub clear: unsafe extern "C" fn(record: &TypeRecord, data: *mut c_void, owner: Object),
}

/// [`TypeRecord::flags`].
pub mod flag {
    /// Python has to see an object so that the host finalises it.
    pub const SHOWN: u32 = 1;
    /// The objects have a list of weak references that a class of Python's added.
    pub const WEAK_LIST: u32 = 1 << 1;
    /// The objects have a dictionary that a class of Python's added, and that no other destructor lets go.
    pub const DICT: u32 = 1 << 2;
    /// The objects have a dictionary that a class of Python's added, and that no other traversal visits.
    pub const VISITED_DICT: u32 = 1 << 3;
}

// Compiled modules rely on each of these.
const _: () = {
    assert!(offset_of!(TypeRecord, size) == 0 && offset_of!(TypeRecord, methods) == 8);
    assert!(offset_of!(TypeRecord, shape) == 16 && offset_of!(TypeRecord, flags) == 20);
    assert!(offset_of!(TypeRecord, data_offset) == 24 && offset_of!(TypeRecord, data_size) == 32);
    assert!(offset_of!(TypeRecord, destroy) == 40 && offset_of!(TypeRecord, traverse) == 48);
    assert!(offset_of!(TypeRecord, call) == 56 && offset_of!(TypeRecord, call_offset) == 64);
    assert!(offset_of!(TypeRecord, weak_list_offset) == 72 && offset_of!(TypeRecord, dict_offset) == 80);
    assert!(offset_of!(TypeRecord, slots) == 88 && offset_of!(TypeRecord, locate) == 112);
    assert!(offset_of!(TypeRecord, create) == 120 && offset_of!(TypeRecord, visit) == 128);
    assert!(offset_of!(TypeRecord, clear) == 136 && size_of::<TypeRecord>() == 144);
};
