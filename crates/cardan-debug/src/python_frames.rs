//! Where the running thread is, in Python: its innermost frames.
//!
//! They are told in words when they are looked at, and no object is kept: a handle may be forgotten by another thread, or once
//! its interpreter is gone. What is called here runs no code of Python's, makes no handle, and leaves what is pending alone.

use cardan_host::detect::known;
use cardan_host::memory;
use cardan_host::types::{Object, c_char, c_int, c_void};
use cardan_runtime::imports::{
    Py_DecRef, Py_IncRef, PyErr_Clear, PyErr_Occurred, PyLong_AsLong, PyObject_GetAttrString, PyUnicode_AsUTF8AndSize,
};
use core::ffi::CStr;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

/// How many frames are told of, at most: those that a module was called from, and not those of what runs its tests.
const INNERMOST: usize = 3;

type Current = unsafe extern "C" fn() -> Object;
type OfFrame = unsafe extern "C" fn(Object) -> Object;
type Line = unsafe extern "C" fn(Object) -> c_int;
type Fetch = unsafe extern "C" fn(*mut Object, *mut Object, *mut Object);
type Restore = unsafe extern "C" fn(Object, Object, Object);

/// Functions of the C API that modules do not need, so that they are none of the runtime's imports. Null where the host lacks
/// one.
struct Functions {
    are_known: AtomicBool,
    current: AtomicPtr<c_void>,
    code: AtomicPtr<c_void>,
    back: AtomicPtr<c_void>,
    line: AtomicPtr<c_void>,
    fetch: AtomicPtr<c_void>,
    restore: AtomicPtr<c_void>,
}

static FUNCTIONS: Functions = Functions {
    are_known: AtomicBool::new(false),
    current: AtomicPtr::new(null_mut()),
    code: AtomicPtr::new(null_mut()),
    back: AtomicPtr::new(null_mut()),
    line: AtomicPtr::new(null_mut()),
    fetch: AtomicPtr::new(null_mut()),
    restore: AtomicPtr::new(null_mut()),
};

impl Functions {
    /// The functions, looked up once.
    fn get() -> &'static Self {
        if !FUNCTIONS.are_known.load(Ordering::Acquire) {
            for (place, name) in [
                (&FUNCTIONS.current, c"PyEval_GetFrame"),
                (&FUNCTIONS.code, c"PyFrame_GetCode"),
                (&FUNCTIONS.back, c"PyFrame_GetBack"),
                (&FUNCTIONS.line, c"PyFrame_GetLineNumber"),
                (&FUNCTIONS.fetch, c"PyErr_Fetch"),
                (&FUNCTIONS.restore, c"PyErr_Restore"),
            ] {
                place.store(known().resolve(name), Ordering::Relaxed);
            }
            FUNCTIONS.are_known.store(true, Ordering::Release);
        }
        &FUNCTIONS
    }

    fn has(&self, function: &AtomicPtr<c_void>) -> bool {
        !function.load(Ordering::Relaxed).is_null()
    }

    /// The running frame, a borrowed reference, or null.
    unsafe fn current(&self) -> Object {
        // SAFETY: this is the function's signature; the thread is attached.
        unsafe { core::mem::transmute::<*mut c_void, Current>(self.current.load(Ordering::Relaxed))() }
    }

    /// The code of a frame; null without an exception if there is none.
    unsafe fn code(&self, frame: Object) -> Object {
        // SAFETY: this is the function's signature; the frame is the caller's.
        unsafe {
            if self.has(&self.code) {
                return core::mem::transmute::<*mut c_void, OfFrame>(self.code.load(Ordering::Relaxed))(frame);
            }
            attribute_of(frame, c"f_code")
        }
    }

    /// The frame that called a frame; null if there is none. Where the host lacks the function, to ask takes long, and is not
    /// done.
    unsafe fn back(&self, frame: Object) -> Object {
        // SAFETY: as above.
        unsafe {
            if self.has(&self.back) {
                return core::mem::transmute::<*mut c_void, OfFrame>(self.back.load(Ordering::Relaxed))(frame);
            }
            null_mut()
        }
    }

    /// The line that a frame is at.
    unsafe fn line(&self, frame: Object) -> usize {
        // SAFETY: as above; the reference made here is given back.
        unsafe {
            let line = if self.has(&self.line) {
                i64::from(core::mem::transmute::<*mut c_void, Line>(self.line.load(Ordering::Relaxed))(frame))
            } else {
                let number = attribute_of(frame, c"f_lineno");
                let line = if number.is_null() { 0 } else { PyLong_AsLong(number) };
                Py_DecRef(number);
                line as i64
            };
            usize::try_from(line).unwrap_or(0)
        }
    }
}

/// An attribute, or null without an exception.
unsafe fn attribute_of(object: Object, name: &CStr) -> Object {
    // SAFETY: the caller's object.
    unsafe {
        let found = PyObject_GetAttrString(object, name.as_ptr());
        if found.is_null() {
            PyErr_Clear();
        }
        found
    }
}

/// What was pending, while something else runs.
struct Aside([Object; 3]);

impl Aside {
    /// # Safety
    /// The thread is attached.
    unsafe fn put(functions: &Functions) -> Self {
        let mut parts = [null_mut(); 3];
        // SAFETY: this is the function's signature, and it is there.
        unsafe {
            if !PyErr_Occurred().is_null() {
                let [class, value, traceback] = &mut parts;
                core::mem::transmute::<*mut c_void, Fetch>(functions.fetch.load(Ordering::Relaxed))(
                    class, value, traceback,
                );
            }
        }
        Self(parts)
    }

    /// # Safety
    /// As for [`Self::put`].
    unsafe fn put_back(self, functions: &Functions) {
        let [class, value, traceback] = self.0;
        // SAFETY: as above; the references are given back where they came from.
        unsafe {
            if !class.is_null() {
                core::mem::transmute::<*mut c_void, Restore>(functions.restore.load(Ordering::Relaxed))(
                    class, value, traceback,
                );
            }
        }
    }
}

/// Text that grows. What there is no memory for is left out.
struct Lines {
    text: *mut u8,
    length: usize,
    room: usize,
}

impl Lines {
    fn add(&mut self, bytes: &[u8]) {
        let needed = self.length + bytes.len() + 1;
        if needed > self.room {
            const FIRST: usize = 256;
            let room = (needed * 2).max(FIRST);
            // SAFETY: the memory is this value's own.
            let text = unsafe { memory::resize(self.text, room) };
            if text.is_null() {
                return;
            }
            (self.text, self.room) = (text, room);
        }
        // SAFETY: there is room for the bytes and a zero.
        unsafe {
            self.text.add(self.length).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            self.length += bytes.len();
            self.text.add(self.length).write(0);
        }
    }

    fn add_number(&mut self, number: usize) {
        let (mut digits, mut first, mut rest) = ([b'0'; 20], 20, number);
        while first == 20 || rest != 0 {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.add(digits.get(first..).unwrap_or_default());
    }

    /// Adds an attribute that is a str.
    unsafe fn add_attribute(&mut self, object: Object, name: &CStr) {
        // SAFETY: the caller's object; the text is alive as long as its str.
        unsafe {
            let found = attribute_of(object, name);
            let mut size = 0;
            let utf8 = if found.is_null() { core::ptr::null() } else { PyUnicode_AsUTF8AndSize(found, &raw mut size) };
            if utf8.is_null() {
                PyErr_Clear();
                self.add(b"?");
            } else {
                self.add(core::slice::from_raw_parts(utf8.cast::<u8>(), usize::try_from(size).unwrap_or(0)));
            }
            Py_DecRef(found);
        }
    }
}

/// The innermost frames of Python, a line each, the last called first, as a C string from [`memory`]; at most `limit`. Null if
/// there is none, where the host cannot tell, and where there is no memory. PyPy tells of the
/// innermost alone.
///
/// # Safety
/// The thread is attached.
pub unsafe fn capture(limit: usize) -> *mut c_char {
    let functions = Functions::get();
    if ![&functions.current, &functions.fetch, &functions.restore].into_iter().all(|it| functions.has(it)) {
        return null_mut();
    }
    let mut lines = Lines { text: null_mut(), length: 0, room: 0 };
    // SAFETY: the caller's promise; each reference made here is given back.
    unsafe {
        let aside = Aside::put(functions);
        let mut frame = functions.current();
        Py_IncRef(frame);
        for _ in 0..limit.min(INNERMOST) {
            if frame.is_null() {
                break;
            }
            let code = functions.code(frame);
            if !code.is_null() {
                lines.add(b"  File \"");
                lines.add_attribute(code, c"co_filename");
                lines.add(b"\", line ");
                lines.add_number(functions.line(frame));
                lines.add(b", in ");
                lines.add_attribute(code, c"co_name");
                lines.add(b"\n");
            }
            Py_DecRef(code);
            let back = functions.back(frame);
            Py_DecRef(frame);
            frame = back;
        }
        Py_DecRef(frame);
        // None of these calls fails for lack of anything but memory.
        PyErr_Clear();
        aside.put_back(functions);
    }
    lines.text.cast()
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;

    #[test]
    fn lines_grow() {
        let mut lines = Lines { text: null_mut(), length: 0, room: 0 };
        let mut expected = std::string::String::new();
        for number in [0, 7, 10, 1234567890, usize::MAX] {
            lines.add(b"line ");
            lines.add_number(number);
            lines.add(&[b'.'; 200]);
            expected += &std::format!("line {number}{:.<200}", "");
        }
        // SAFETY: the text is a C string, and not used afterwards.
        unsafe {
            assert_eq!(CStr::from_ptr(lines.text.cast()).to_str(), Ok(expected.as_str()));
            memory::release(lines.text);
        }
    }
}
