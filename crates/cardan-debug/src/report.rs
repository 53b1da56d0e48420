//! What is said about a mistake, and what happens then.

use cardan_host::types::{Object, c_char, c_int, c_void};
use cardan_runtime::imports::{
    Py_DecRef, PyErr_GetRaisedException, PyErr_SetRaisedException, PyErr_WriteUnraisable, PyObject_CallObject,
};
use core::ffi::CStr;
use core::ptr::null_mut;

unsafe extern "C" {
    fn write(file: c_int, bytes: *const c_void, count: usize) -> isize;
    fn abort() -> !;
}

/// Writes a text to stderr, whatever the interpreter is doing. What cannot be written is lost.
pub fn say(text: &CStr) {
    const STDERR: c_int = 2;
    let bytes = text.to_bytes();
    // SAFETY: the bytes are those of the text.
    unsafe { write(STDERR, bytes.as_ptr().cast(), bytes.len()) };
}

/// Writes an address as Python's `%x` does.
pub fn say_address(address: usize) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [0u8; 19];
    let mut position = 18;
    let mut rest = address;
    loop {
        position -= 1;
        text[position] = DIGITS[rest & 15];
        rest >>= 4;
        if rest == 0 {
            break;
        }
    }
    text[position - 2] = b'0';
    text[position - 1] = b'x';
    say(CStr::from_bytes_until_nul(&text[position - 2..]).unwrap_or(c""));
}

/// Ends the process: a core file or a debugger shows the mistake where it was made.
pub fn end() -> ! {
    // SAFETY: abort takes nothing and never returns.
    unsafe { abort() }
}

/// Says what is wrong in one line and ends the process.
pub fn fatal(pieces: &[&CStr]) -> ! {
    say(c"HPy debug mode: ");
    for piece in pieces {
        say(piece);
    }
    say(c"\n");
    end()
}

/// Says where something was made.
///
/// # Safety
/// The text is null or a C string.
pub unsafe fn say_stack(stack: *const c_char) {
    if stack.is_null() {
        say(c"(set a stack limit to see where: cardan.debug.set_stack_limit(16))\n");
        return;
    }
    // SAFETY: the caller's promise.
    let stack = unsafe { CStr::from_ptr(stack) };
    say(c"It was made here:\n");
    say(stack);
    say(c"\n");
}

/// Calls a function that was set to be called instead of ending the process. An exception of its own is printed; one that was
/// pending is pending again.
///
/// # Safety
/// The function is callable, the thread is attached.
pub unsafe fn call(function: Object) {
    // SAFETY: the caller's promise; the imports are bound.
    unsafe {
        let pending = PyErr_GetRaisedException();
        let result = PyObject_CallObject(function, null_mut());
        if result.is_null() {
            PyErr_WriteUnraisable(function);
        } else {
            Py_DecRef(result);
        }
        if !pending.is_null() {
            PyErr_SetRaisedException(pending);
        }
    }
}
