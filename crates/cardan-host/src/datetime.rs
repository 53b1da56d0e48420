//! The table of `datetime`'s types and constructors.

use crate::polyfill;
use crate::types::{c_int, c_void};

polyfill! {
    /// The table that `PyDateTime_IMPORT` keeps. PyPy has a function for it, the others a capsule.
    fn _PyDateTime_Import() -> *mut c_void;
    uses [PyCapsule_Import];
    {
        const NO_BLOCK: c_int = 0;
        // SAFETY: the name is a C string; the capsule's content lives as long as the interpreter.
        unsafe { PyCapsule_Import(c"datetime.datetime_CAPI".as_ptr(), NO_BLOCK) }
    }
}
