//! The way in: what `PyInit_X` of a module compiled with `hpy.h` calls.

use crate::definitions::raise;
use crate::imports::*;
use crate::{context, module};
use cardan_abi::ModuleEntry;
use cardan_host::symbols;
use cardan_host::text::Text;
use cardan_host::types::Object;
use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::null_mut;

/// Which context a module gets, by the numbers that `cardan.load` takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// The production context.
    Universal = 0,
    /// The context that checks.
    Debug = 1,
    /// The context that counts.
    Trace = 2,
}

/// What the variable `CARDAN` asks for a module: `debug`, `trace`, or one of them with the names of modules, as in
/// `debug:geometry,shapes`.
///
/// # Examples
/// ```
/// use cardan_runtime::entry::{Mode, mode};
/// assert_eq!(mode(c"debug", c"shapes"), Some(Mode::Debug));
/// assert_eq!(mode(c"trace:drawing.shapes", c"shapes"), Some(Mode::Trace));
/// assert_eq!(mode(c"debug:geometry", c"shapes"), Some(Mode::Universal));
/// assert_eq!(mode(c"debugging", c"shapes"), None);
/// ```
pub fn mode(value: &CStr, module: &CStr) -> Option<Mode> {
    let value = value.to_bytes();
    if value.is_empty() {
        return Some(Mode::Universal);
    }
    let (kind, names) = match value.iter().position(|&byte| byte == b':') {
        Some(colon) => (value.get(..colon)?, value.get(colon + 1..)),
        None => (value, None),
    };
    let mode = match kind {
        b"debug" => Mode::Debug,
        b"trace" => Mode::Trace,
        _ => return None,
    };
    let last = |name: &[u8]| name.rsplit(|&byte| byte == b'.').next() == Some(module.to_bytes());
    match names {
        Some(names) if !names.split(|&byte| byte == b',').any(last) => Some(Mode::Universal),
        _ => Some(mode),
    }
}

/// Makes a module of what its file says: what `PyInit_X` returns, or null with an exception.
///
/// # Safety
/// Called by the interpreter's import with the thread attached; the entry is the one of this file.
///
/// # Errors
/// `ImportError` when the interpreter cannot run the module, when `CARDAN` is not understood, and when it asks for a debug
/// or trace context and the package `cardan` is not installed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardan_handle_module(entry: *const ModuleEntry) -> Object {
    // SAFETY: the entry is a static of this file, its name a C string.
    let (entry, name) = unsafe { (&*entry, CStr::from_ptr((*entry).name)) };
    let context = match context() {
        Ok(context) => context,
        Err(reason) => return refuse(Text::new().push(c"cannot import ").push(name).push(c": ").push(reason)),
    };
    let Some(value) = symbols::variable(c"CARDAN") else {
        // SAFETY: the entry and the context are of this file.
        return unsafe { module::initialise(entry, context) };
    };
    match mode(value, name) {
        // SAFETY: as above.
        Some(Mode::Universal) => unsafe { module::initialise(entry, context) },
        // SAFETY: the thread is attached, the imports are bound.
        Some(mode) => unsafe { hand_over(entry, mode) },
        None => refuse(
            Text::new()
                .push(c"cannot import ")
                .push(name)
                .push(c": CARDAN=")
                .push(value)
                .push(c" is not understood; expected \"debug\" or \"trace\", or one of them with names of modules, as in \"debug:geometry\""),
        ),
    }
}

fn refuse(message: &Text) -> Object {
    raise(PyExc_ImportError(), message.as_c_str());
    null_mut()
}

/// Lets the installed package make the module with a context that checks or counts.
unsafe fn hand_over(entry: &ModuleEntry, mode: Mode) -> Object {
    type Adopt = unsafe extern "C" fn(*const ModuleEntry, c_int) -> Object;
    const CAPSULE: &CStr = c"cardan._runtime.adopt";
    // SAFETY: the imports are bound; names are C strings; the capsule holds a function of this type.
    unsafe {
        let runtime = PyImport_ImportModule(c"cardan._runtime".as_ptr());
        if runtime.is_null() {
            if PyErr_ExceptionMatches(PyExc_ModuleNotFoundError()) == 0 {
                return null_mut();
            }
            PyErr_Clear();
            let variable = symbols::variable(c"CARDAN").unwrap_or(c"");
            let mut text = Text::new();
            text.push(c"cannot import ").push(CStr::from_ptr(entry.name)).push(c": CARDAN=").push(variable);
            text.push(
                c" needs the package cardan, which is not installed for this interpreter; install it, or unset CARDAN",
            );
            return refuse(&text);
        }
        let capsule = PyObject_GetAttrString(runtime, c"adopt".as_ptr());
        Py_DecRef(runtime);
        if capsule.is_null() {
            return null_mut();
        }
        let adopt = PyCapsule_GetPointer(capsule, CAPSULE.as_ptr().cast::<c_char>());
        Py_DecRef(capsule);
        if adopt.is_null() {
            return null_mut();
        }
        core::mem::transmute::<*mut c_void, Adopt>(adopt)(entry, mode as c_int)
    }
}
