//! Import.

use crate::forward;
use cardan_abi::Handle;
use core::ffi::c_char;

forward! {
    ctx_Import_ImportModule(name: *const c_char) -> Handle = PyImport_ImportModule;
}
