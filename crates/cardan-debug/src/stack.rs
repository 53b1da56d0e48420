//! Where the running thread is, in C: the stack as the C library tells it.

use crate::report;
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

/// A stack that was recorded, or none. What its frames are called is found out only when someone asks.
pub struct Stack {
    frames: *mut *mut c_void,
    count: usize,
    limit: usize,
}

impl Stack {
    /// None.
    pub const fn none() -> Self {
        Self { frames: null_mut(), count: 0, limit: 0 }
    }

    /// The stack of this thread, to be described with at most `limit` frames; none where the platform cannot tell, or where
    /// there is no memory.
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
        Self { frames: kept, count, limit }
    }

    /// The frames from the caller of this library on, one a line; `None` if there is no stack.
    pub fn text(&self) -> Option<StackText> {
        if self.frames.is_null() {
            return None;
        }
        let names = function(&SYMBOLS, c"backtrace_symbols")?;
        // SAFETY: as above; the lines are C strings in one block, which is released.
        unsafe {
            let names = core::mem::transmute::<*mut c_void, Symbols>(names);
            let lines = names(self.frames, self.count as c_int);
            if lines.is_null() {
                return None;
            }
            let text = join(core::slice::from_raw_parts(lines, self.count), self.limit);
            memory::release(lines.cast());
            (!text.is_null()).then_some(StackText(text))
        }
    }
}

impl Stack {
    /// Writes the frames to stderr, without memory for their names: also those of this library.
    pub fn print(&self) {
        const STDERR: c_int = 2;
        let print = function(&PRINT, c"backtrace_symbols_fd");
        let Some(print) = print.filter(|_| !self.frames.is_null()) else {
            report::print(report::NO_STACK);
            report::print(c"\n");
            return;
        };
        report::print(c"It was made here:\n");
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
        // SAFETY: the frames are this value's own.
        unsafe { memory::release(self.frames.cast()) };
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
