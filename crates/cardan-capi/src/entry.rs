//! The way into a module: `PyInit_X` of the built file comes here first.

use cardan_host::bind::{self, Record};
use cardan_host::functions::{cells, data};
use cardan_host::text::Text;
use cardan_host::types::{Object, c_char};
use cardan_host::{Host, detect};
use core::ffi::{CStr, c_void};

/// What the import library's entry object says of a module.
#[repr(C)]
pub struct ModuleEntry {
    /// The module's own name, without its package.
    pub name: *const c_char,
    /// The author's `PyInit_` function.
    pub initialise: unsafe extern "C" fn() -> Object,
    /// The first record of the file.
    pub first: *const Record,
    /// The end of the records.
    pub end: *const Record,
}

/// Binds the module's names and goes on to the author's `PyInit_` function.
///
/// # Safety
/// Called by the interpreter's import with the thread attached; `entry` is the one of this file.
///
/// # Errors
/// Null with an `ImportError` when the interpreter cannot run the module: it names the function, the host and the module.
///
/// The entry point jumps here, so the address to return to is that of the interpreter's code.
#[cfg(target_arch = "x86_64")]
#[unsafe(no_mangle)]
#[unsafe(naked)]
pub unsafe extern "C" fn cardan_enter(entry: *const ModuleEntry) -> Object {
    core::arch::naked_asm!("mov rsi, [rsp]", "jmp {enter}", enter = sym enter)
}

/// The same.
///
/// # Safety
/// The same.
#[cfg(target_arch = "aarch64")]
#[unsafe(no_mangle)]
#[unsafe(naked)]
pub unsafe extern "C" fn cardan_enter(entry: *const ModuleEntry) -> Object {
    core::arch::naked_asm!("mov x1, x30", "b {enter}", enter = sym enter)
}

/// As [`cardan_enter`], called by the code at an address of the interpreter.
unsafe extern "C" fn enter(entry: *const ModuleEntry, caller: *mut c_void) -> Object {
    detect::is_called_by(caller);
    // SAFETY: the entry is a static of this file, its name a C string.
    let (entry, name) = unsafe { (&*entry, CStr::from_ptr((*entry).name)) };
    let host = match detect::current() {
        Ok(host) => host,
        Err(reason) => return refuse(Text::new().push(c"cannot import ").push(name).push(c": ").push(reason)),
    };
    // SAFETY: both pointers are the bounds of one section of this file.
    let records =
        unsafe { core::slice::from_raw_parts(entry.first, entry.end.offset_from(entry.first).unsigned_abs()) };
    // SAFETY: the records are this module's own.
    match unsafe { bind::bind(records, host) } {
        // SAFETY: every name that the function may use is bound.
        Ok(()) => unsafe { (entry.initialise)() },
        Err(missing) => refuse(missing_function(&mut Text::new(), name, missing, host)),
    }
}

fn missing_function<'text>(text: &'text mut Text, module: &CStr, missing: &CStr, host: &Host) -> &'text Text {
    text.push(c"cannot import ").push(module).push(c": it needs ").push(missing).push(c", which ");
    host.describe(text).push(c" does not have and which has no stand-in there")
}

/// Raises `ImportError`. On an interpreter that exports not even that, the import fails without an exception, which its
/// loader reports.
fn refuse(message: &Text) -> Object {
    let host = Host::for_errors();
    if cells::PyErr_SetString.fill(&host) && data::PyExc_ImportError.fill(&host) {
        // SAFETY: both cells were filled and the message is a C string.
        unsafe { cardan_host::functions::PyErr_SetString(bind::value(&data::PyExc_ImportError), message.as_ptr()) };
    }
    core::ptr::null_mut()
}
