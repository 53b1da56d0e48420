//! RustPython: recognised, and refused with a reason.

use crate::symbols;
use core::ffi::CStr;

/// What messages call it.
pub(super) const NAME: &CStr = c"RustPython";

/// Why a module does not run there.
pub(super) const REFUSED: &CStr =
    c"RustPython is not supported: its C API has neither PyModuleDef_Init nor PyType_FromSpec";

/// Whether the process is RustPython: it exports the C API without CPython's runtime structure.
pub(super) fn is_running() -> bool {
    !symbols::address(c"PyLong_FromLong").is_null()
        && symbols::address(c"PyModuleDef_Init").is_null()
        && !symbols::address(c"PyCMethod_New").is_null()
}
