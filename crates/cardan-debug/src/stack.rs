//! Where the running thread is, in C: the stack as the C library tells it.

use cardan_host::{memory, symbols};
use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::null_mut;

/// No stack is recorded deeper.
const DEEPEST: usize = 128;

type Backtrace = unsafe extern "C" fn(*mut *mut c_void, c_int) -> c_int;
type Symbols = unsafe extern "C" fn(*const *mut c_void, c_int) -> *mut *mut c_char;

/// The frames from the caller of this library on, at most `limit`, one a line; null where the platform cannot tell, or where
/// there is no memory. [`memory::release`] frees it.
pub fn capture(limit: usize) -> *mut c_char {
    let (backtrace, names) = (symbols::address(c"backtrace"), symbols::address(c"backtrace_symbols"));
    if limit == 0 || backtrace.is_null() || names.is_null() {
        return null_mut();
    }
    let mut frames = [null_mut::<c_void>(); DEEPEST];
    // The frames of this library come on top; they are few.
    let wanted = limit.saturating_add(8).min(DEEPEST);
    // SAFETY: these are the signatures of glibc's `execinfo.h`; the array has room for the frames.
    unsafe {
        let backtrace = core::mem::transmute::<*mut c_void, Backtrace>(backtrace);
        let names = core::mem::transmute::<*mut c_void, Symbols>(names);
        let count = backtrace(frames.as_mut_ptr(), wanted as c_int);
        let lines = names(frames.as_ptr(), count);
        if lines.is_null() {
            return null_mut();
        }
        let text = join(core::slice::from_raw_parts(lines, usize::try_from(count).unwrap_or(0)), limit);
        memory::release(lines.cast());
        text
    }
}

/// The lines in one text, without those of this library at the beginning.
///
/// # Safety
/// Each line is a C string.
unsafe fn join(lines: &[*mut c_char], limit: usize) -> *mut c_char {
    // SAFETY: the caller's promise.
    let of = |&line: &*mut c_char| unsafe { CStr::from_ptr(line) }.to_bytes();
    let own = |line: &[u8]| line.windows(OWN.len()).any(|part| part == OWN);
    let first = lines.iter().position(|line| !own(of(line))).unwrap_or(0);
    let kept = || lines.iter().skip(first).take(limit).map(of);
    let size: usize = kept().map(|line| line.len() + 1).sum();
    let text = memory::allocate(size.max(1));
    if text.is_null() {
        return null_mut();
    }
    let mut position = 0;
    for line in kept() {
        // SAFETY: there is room for each line and a byte more.
        unsafe {
            text.add(position).copy_from_nonoverlapping(line.as_ptr(), line.len());
            text.add(position + line.len()).write(b'\n');
        }
        position += line.len() + 1;
    }
    // The last line ends the text.
    // SAFETY: there is room for a byte at least.
    unsafe { text.add(position.saturating_sub(1)).write(0) };
    text.cast()
}

/// What the file of this library is called.
const OWN: &[u8] = b"_runtime.so";
