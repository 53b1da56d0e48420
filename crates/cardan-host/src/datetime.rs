//! The table of `datetime`'s types and constructors.

use crate::detect::known;
use crate::polyfill;
use crate::types::{Object, c_int, c_void};

/// The start of that table: the types, borrowed references. What follows is not used.
#[repr(C)]
pub struct Table {
    /// `datetime.date`.
    pub date: Object,
    /// `datetime.datetime`.
    pub date_time: Object,
    /// `datetime.time`.
    pub time: Object,
    /// `datetime.timedelta`.
    pub delta: Object,
    /// `datetime.tzinfo`.
    pub zone_info: Object,
}

polyfill! {
    /// The table that `PyDateTime_IMPORT` keeps. PyPy has a function for it, the others a capsule.
    fn _PyDateTime_Import() -> *mut c_void;
    uses [PyCapsule_Import, PyImport_ImportModule, Py_DecRef];
    {
        const NO_BLOCK: c_int = 0;
        // SAFETY: the names are C strings; the capsule's content lives as long as the interpreter.
        unsafe {
            // GraalPy's constructors from a timestamp fail unless this module was imported.
            if known().quirks.dates_need_time {
                let time = PyImport_ImportModule(c"time".as_ptr());
                if time.is_null() {
                    return core::ptr::null_mut();
                }
                Py_DecRef(time);
            }
            PyCapsule_Import(c"datetime.datetime_CAPI".as_ptr(), NO_BLOCK)
        }
    }
}
