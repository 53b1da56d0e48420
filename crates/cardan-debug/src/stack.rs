//! Where the running thread is: in Python, and in C as the C library tells it.

use crate::{python_frames, report};
use cardan_host::{memory, symbols};
use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// No stack is recorded deeper.
const DEEPEST: usize = 128;

type Backtrace = unsafe extern "C" fn(*mut *mut c_void, c_int) -> c_int;
type Symbols = unsafe extern "C" fn(*const *mut c_void, c_int) -> *mut *mut c_char;

/// Looks a function of the C library up once.
fn function(place: &AtomicPtr<c_void>, name: &CStr) -> Option<*mut c_void> {
    let mut found = place.load(Ordering::Relaxed);
    if found.is_null() {
        found = symbols::address(name);
        place.store(found, Ordering::Relaxed);
    }
    (!found.is_null()).then_some(found)
}

static BACKTRACE: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static PRINT: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static SYMBOLS: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// A stack that was recorded, or none. What its frames of C are called is found out only when someone asks.
pub struct Stack {
    /// The frames of Python in words, each line ended, or null.
    python: *mut c_char,
    frames: *mut *mut c_void,
    count: usize,
    limit: usize,
}

impl Stack {
    /// None.
    pub const fn none() -> Self {
        Self { python: null_mut(), frames: null_mut(), count: 0, limit: 0 }
    }

    /// The stack of this thread with its innermost frames of Python, otherwise as [`Self::capture`].
    ///
    /// # Safety
    /// The thread is attached.
    pub unsafe fn capture_with_python(limit: usize) -> Self {
        let mut stack = Self::capture(limit);
        if limit != 0 {
            // SAFETY: the caller's promise.
            stack.python = unsafe { python_frames::capture(limit) };
        }
        stack
    }

    /// The stack of this thread, to be described with at most `limit` frames of C; none where the platform cannot tell, or
    /// where there is no memory.
    pub fn capture(limit: usize) -> Self {
        if limit == 0 {
            return Self::none();
        }
        let Some(backtrace) = function(&BACKTRACE, c"backtrace") else { return Self::none() };
        let mut frames = [null_mut::<c_void>(); DEEPEST];
        // The frames of this library come on top; they are few.
        let wanted = limit.saturating_add(8).min(DEEPEST);
        // SAFETY: this is the signature in glibc's `execinfo.h`; the array has room for the frames.
        let count =
            unsafe { core::mem::transmute::<*mut c_void, Backtrace>(backtrace)(frames.as_mut_ptr(), wanted as c_int) };
        let count = usize::try_from(count).unwrap_or(0).min(wanted);
        let kept = memory::array::<*mut c_void>(count);
        if kept.is_null() {
            return Self::none();
        }
        // SAFETY: there is room for so many.
        unsafe { kept.copy_from_nonoverlapping(frames.as_ptr(), count) };
        Self { python: null_mut(), frames: kept, count, limit }
    }

    fn python(&self) -> &CStr {
        // SAFETY: it is null or a C string of this value's own.
        if self.python.is_null() { c"" } else { unsafe { CStr::from_ptr(self.python) } }
    }

    /// The frames of Python, then those of C from the caller of this library on, one a line; `None` if there is no stack.
    pub fn text(&self) -> Option<StackText> {
        let text = match self.names() {
            Some(lines) => {
                // SAFETY: the lines are C strings, one for each frame, in one block, which is released.
                unsafe {
                    let text = join(self.python(), core::slice::from_raw_parts(lines, self.count), self.limit);
                    memory::release(lines.cast());
                    text
                }
            }
            // SAFETY: there are no lines.
            None if !self.python.is_null() => unsafe { join(self.python(), &[], 0) },
            None => return None,
        };
        (!text.is_null()).then_some(StackText(text))
    }

    /// What the frames of C are called: a block with a C string for each.
    fn names(&self) -> Option<*mut *mut c_char> {
        if self.frames.is_null() {
            return None;
        }
        let names = function(&SYMBOLS, c"backtrace_symbols")?;
        // SAFETY: this is the signature in glibc's `execinfo.h`; there are so many frames.
        let lines = unsafe { core::mem::transmute::<*mut c_void, Symbols>(names)(self.frames, self.count as c_int) };
        (!lines.is_null()).then_some(lines)
    }
}

impl Stack {
    /// Writes the frames to stderr, without memory for their names: also those of this library.
    pub fn print(&self) {
        const STDERR: c_int = 2;
        let print = function(&PRINT, c"backtrace_symbols_fd").filter(|_| !self.frames.is_null());
        if print.is_none() && self.python.is_null() {
            report::print(report::NO_STACK);
            report::print(c"\n");
            return;
        }
        report::print(c"It was made here:\n");
        report::print(self.python());
        let Some(print) = print else { return };
        // SAFETY: this is the signature in glibc's `execinfo.h`; there are so many frames.
        unsafe {
            core::mem::transmute::<*mut c_void, unsafe extern "C" fn(*const *mut c_void, c_int, c_int)>(print)(
                self.frames,
                self.count as c_int,
                STDERR,
            );
        }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: the frames and the text are this value's own.
        unsafe {
            memory::release(self.frames.cast());
            memory::release(self.python.cast());
        }
    }
}

/// A stack as text.
pub struct StackText(*mut c_char);

impl StackText {
    /// The text.
    pub fn as_c_str(&self) -> &CStr {
        // SAFETY: it is a C string of this value's own.
        unsafe { CStr::from_ptr(self.0) }
    }
}

impl Drop for StackText {
    fn drop(&mut self) {
        // SAFETY: the text is this value's own.
        unsafe { memory::release(self.0.cast()) };
    }
}

/// The lines in one text behind those of Python, without those of this library at the beginning.
///
/// # Safety
/// Each line is a C string.
unsafe fn join(python: &CStr, lines: &[*mut c_char], limit: usize) -> *mut c_char {
    // SAFETY: the caller's promise.
    let of = |&line: &*mut c_char| unsafe { CStr::from_ptr(line) }.to_bytes();
    let own = |line: &[u8]| line.windows(OWN.len()).any(|part| part == OWN);
    let first = lines.iter().position(|line| !own(of(line))).unwrap_or(0);
    let kept = || lines.iter().skip(first).take(limit).map(of);
    let python = python.to_bytes();
    let size = python.len() + kept().map(|line| line.len() + 1).sum::<usize>();
    let text = memory::allocate(size.max(1));
    if text.is_null() {
        return null_mut();
    }
    // SAFETY: there is room for that.
    unsafe { text.copy_from_nonoverlapping(python.as_ptr(), python.len()) };
    let mut position = python.len();
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
