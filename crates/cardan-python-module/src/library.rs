//! Shared libraries: the only file that knows how the platform opens them.

use cardan_host::symbols;
use core::ffi::{CStr, c_char, c_int, c_void};

/// `RTLD_NOW` of `dlfcn.h`: what is missing is found out here and not in the middle of a call.
const NOW: c_int = 2;

type Open = unsafe extern "C" fn(*const c_char, c_int) -> *mut c_void;
type Find = unsafe extern "C" fn(*mut c_void, *const c_char) -> *mut c_void;
type Complaint = unsafe extern "C" fn() -> *const c_char;

/// A function of the C library by its name: which file has it differs between its versions, and the interpreter has
/// loaded it in any case.
fn function(name: &CStr) -> Option<*mut c_void> {
    let address = symbols::address(name);
    (!address.is_null()).then_some(address)
}

/// Opens a library for as long as the process runs.
///
/// # Errors
/// The platform's words.
pub fn open(path: &CStr) -> Result<*mut c_void, &'static CStr> {
    let Some(open) = function(c"dlopen") else { return Err(c"this platform has no dlopen") };
    // Found before: a search of its own would take the place of what there is to complain of.
    let complain = function(c"dlerror");
    // SAFETY: this is the function's signature; the path is a C string.
    let library = unsafe { core::mem::transmute::<*mut c_void, Open>(open)(path.as_ptr(), NOW) };
    if !library.is_null() {
        return Ok(library);
    }
    let complaint = complain.map_or(core::ptr::null(), |address| {
        // SAFETY: this is the function's signature.
        unsafe { core::mem::transmute::<*mut c_void, Complaint>(address)() }
    });
    // SAFETY: words that are not null are a C string, which stays until the thread's next call of such a function.
    Err(if complaint.is_null() { c"the platform does not say why" } else { unsafe { CStr::from_ptr(complaint) } })
}

/// A symbol of an open library.
///
/// # Safety
/// The library was opened by [`open`].
pub unsafe fn symbol(library: *mut c_void, name: &CStr) -> Option<*mut c_void> {
    let find = function(c"dlsym")?;
    // SAFETY: this is the function's signature; the name is a C string.
    let address = unsafe { core::mem::transmute::<*mut c_void, Find>(find)(library, name.as_ptr()) };
    (!address.is_null()).then_some(address)
}
