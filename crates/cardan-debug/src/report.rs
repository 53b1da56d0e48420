//! What is said about a mistake, and what happens then.

use crate::stack::Stack;
use cardan_abi::{Function, Handle};
use cardan_host::symbols;
use cardan_host::types::{Object, c_char, c_int, c_void};
use cardan_runtime::convert::object;
use cardan_runtime::imports::{
    Py_DecRef, Py_IncRef, Py_TYPE, PyBaseObject_Type, PyErr_Clear, PyErr_GetRaisedException, PyErr_SetRaisedException,
    PyErr_WriteUnraisable, PyModule_Type, PyObject_ASCII, PyObject_CallObject, PyObject_GetAttrString, PyTuple_New,
    PyTuple_SetItem, PyType_IsSubtype, PyUnicode_AsUTF8AndSize, PyUnicode_DecodeUTF8,
};
use core::ffi::CStr;
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicBool, Ordering};

unsafe extern "C" {
    fn write(file: c_int, bytes: *const c_void, count: usize) -> isize;
    fn abort() -> !;
}

/// What kind of mistake it is: for each, a function can be set that is called instead of ending the process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mistake {
    /// A handle that must not be used, as one that is closed. The function gets no argument.
    Handle = 0,
    /// A builder, a tracker or a writer that is done with. The function gets no argument.
    Builder = 1,
    /// Everything else that the program can go on after. The function gets the text.
    Misuse = 2,
}

/// Sets the function that is called when a mistake of that kind is found in this interpreter; null for none.
///
/// # Safety
/// The function is callable or null; the thread is attached.
pub unsafe fn set_callback(mistake: Mistake, function: Object) {
    // SAFETY: the caller's promise.
    unsafe { callback::set(mistake as usize, function) };
}

/// The functions that are called by the debug and trace modes: each interpreter has its own, which go with it.
pub(crate) mod callback {
    use super::{Object, Py_DecRef, Py_IncRef};
    use cardan_runtime::interpreters;
    use core::ptr::null_mut;

    /// The first of the places of the trace mode; before it come those of the [mistakes](super::Mistake).
    pub const TRACE: usize = 3;
    const _: () = assert!(TRACE + 2 <= interpreters::KEPT);

    /// Sets a function, or none.
    ///
    /// # Safety
    /// It is callable or null; the thread is attached.
    pub unsafe fn set(place: usize, function: Object) {
        // SAFETY: the caller's promise; both functions take null too. What is let go may run code, so not under the lock.
        unsafe {
            interpreters::set_at_end(crate::forget_interpreter);
            if let Some(interpreter) = interpreters::current() {
                Py_IncRef(function);
                Py_DecRef(interpreter.keep(place, function));
            }
        }
    }

    /// Lets go of the functions of an interpreter, which ends.
    ///
    /// # Safety
    /// The thread is attached to it.
    pub unsafe fn let_go() {
        // SAFETY: the caller's promise; null is taken too.
        unsafe {
            if let Some(interpreter) = interpreters::current() {
                for place in 0..interpreters::KEPT {
                    Py_DecRef(interpreter.keep(place, null_mut()));
                }
            }
        }
    }

    /// A new reference to a function, or null.
    ///
    /// # Safety
    /// The thread is attached.
    pub unsafe fn get(place: usize) -> Object {
        // SAFETY: the caller's promise.
        unsafe { interpreters::current().map_or(null_mut(), |interpreter| interpreter.kept(place)) }
    }
}

/// Writes a text to stderr, whatever the interpreter is doing. What cannot be written is lost.
pub fn print(text: &CStr) {
    print_bytes(text.to_bytes());
}

fn print_bytes(bytes: &[u8]) {
    const STDERR: c_int = 2;
    // SAFETY: the bytes are the caller's.
    unsafe { write(STDERR, bytes.as_ptr().cast(), bytes.len()) };
}

/// Writes an address to stderr as Python's `%#x` has it.
pub fn print_address(address: usize) {
    let (digits, first) = digits(address);
    print(c"0x");
    print_bytes(digits.get(first..).unwrap_or_default());
}

/// The hexadecimal digits of a number, and where they begin.
fn digits(number: usize) -> ([u8; 16], usize) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let (mut digits, mut first, mut rest) = ([b'0'; 16], 16, number);
    while first == 16 || rest != 0 {
        first -= 1;
        digits[first] = DIGITS[rest & 15];
        rest >>= 4;
    }
    (digits, first)
}

/// Ends the process: a core file or a debugger shows the mistake where it was made.
pub fn end() -> ! {
    // SAFETY: abort takes nothing and never returns.
    unsafe { abort() }
}

/// Says what is wrong in one line and ends the process.
pub fn fatal(pieces: &[&CStr]) -> ! {
    print(c"HPy debug mode: ");
    for piece in pieces {
        print(piece);
    }
    print(c"\n");
    end()
}

/// Who made a mistake.
#[derive(Clone, Copy)]
pub enum User {
    /// Who called this entry of the context.
    Entry(&'static CStr),
    /// This function of the author's, which returned something.
    Function(Function),
}

/// What is said where no stack was recorded.
pub const NO_STACK: &CStr = c"(set a stack limit to see where: cardan.debug.set_stack_limit(16))";

/// The text about a mistake, put together without an allocator. What does not fit is cut off.
pub struct Report {
    bytes: [u8; 8192],
    length: usize,
}

impl Default for Report {
    fn default() -> Self {
        Self::new()
    }
}

impl Report {
    /// An empty text.
    pub const fn new() -> Self {
        Self { bytes: [0; 8192], length: 0 }
    }

    fn say_bytes(&mut self, bytes: &[u8]) -> &mut Self {
        for &byte in bytes {
            if let Some(place) = self.bytes.get_mut(self.length) {
                *place = byte;
                self.length += 1;
            }
        }
        self
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Appends a text.
    pub fn say(&mut self, text: &CStr) -> &mut Self {
        self.say_bytes(text.to_bytes())
    }

    /// Appends an address as Python's `%#x` has it.
    pub fn say_address(&mut self, address: usize) -> &mut Self {
        let (digits, first) = digits(address);
        self.say(c"0x").say_bytes(digits.get(first..).unwrap_or_default())
    }

    /// Appends what `ascii()` says of the object of a handle of the production context. What is pending stays pending.
    ///
    /// # Safety
    /// The object is alive; the thread is attached.
    pub unsafe fn say_object(&mut self, handle: Handle) -> &mut Self {
        // SAFETY: the caller's promise.
        unsafe {
            let pending = PyErr_GetRaisedException();
            let text = PyObject_ASCII(object(handle));
            self.say_text(text);
            Py_DecRef(text);
            if !pending.is_null() {
                PyErr_SetRaisedException(pending);
            }
        }
        self
    }

    /// Appends the beginning of a repr; null stands for an exception that is pending, which is cleared.
    unsafe fn say_text(&mut self, text: Object) {
        const LONGEST: usize = 200;
        // SAFETY: the caller's str, which is alive as long as its text.
        unsafe {
            let mut size = 0;
            let utf8 = if text.is_null() { null() } else { PyUnicode_AsUTF8AndSize(text, &raw mut size) };
            if utf8.is_null() {
                PyErr_Clear();
                self.say(c"an object that has no repr");
                return;
            }
            let bytes = core::slice::from_raw_parts(utf8.cast::<u8>(), usize::try_from(size).unwrap_or(0));
            self.say_bytes(bytes.get(..LONGEST).unwrap_or(bytes));
            if bytes.len() > LONGEST {
                self.say(c"...");
            }
        }
    }

    /// Appends what `object.__repr__` says of an object, or what a module's own says: code of the author's is not run.
    ///
    /// # Safety
    /// As for [`Self::say_object`].
    pub unsafe fn say_plainly(&mut self, handle: Handle) -> &mut Self {
        // SAFETY: the caller's promise; the references made here are given back.
        unsafe {
            let this = object(handle);
            if PyType_IsSubtype(Py_TYPE(this), PyModule_Type()) != 0 {
                return self.say_object(handle);
            }
            let pending = PyErr_GetRaisedException();
            let method = PyObject_GetAttrString(PyBaseObject_Type(), c"__repr__".as_ptr());
            let arguments = PyTuple_New(1);
            let mut text = null_mut();
            if !method.is_null() && !arguments.is_null() {
                Py_IncRef(this);
                if PyTuple_SetItem(arguments, 0, this) == 0 {
                    text = PyObject_CallObject(method, arguments);
                }
            }
            self.say_text(text);
            for object in [text, arguments, method] {
                Py_DecRef(object);
            }
            if !pending.is_null() {
                PyErr_SetRaisedException(pending);
            }
        }
        self
    }

    /// Appends the exception that is pending, which stays pending.
    ///
    /// # Safety
    /// There is one; the thread is attached.
    pub unsafe fn say_pending(&mut self) -> &mut Self {
        // SAFETY: the caller's promise.
        unsafe {
            let pending = PyErr_GetRaisedException();
            self.say_object(cardan_runtime::convert::handle(pending));
            PyErr_SetRaisedException(pending);
        }
        self
    }

    /// Appends who made a mistake.
    pub(crate) fn say_user(&mut self, user: User) -> &mut Self {
        match user {
            User::Entry(name) => self.say(name),
            User::Function(function) => self.say_function(function),
        }
    }

    /// Appends where an author's function is: the file, and its name there or how far in it is.
    pub(crate) fn say_function(&mut self, function: Function) -> &mut Self {
        /// `Dl_info` of `dlfcn.h`.
        #[repr(C)]
        struct Found {
            file: *const c_char,
            base: *mut c_void,
            name: *const c_char,
            address: *mut c_void,
        }
        let mut found = Found { file: null(), base: null_mut(), name: null(), address: null_mut() };
        let find = symbols::address(c"dladdr");
        // SAFETY: this is the function's signature; what it finds are C strings of the loaded file, or null.
        unsafe {
            let is_found = !find.is_null()
                && core::mem::transmute::<*mut c_void, unsafe extern "C" fn(*const c_void, *mut Found) -> c_int>(find)(
                    function,
                    &raw mut found,
                ) != 0;
            if !is_found || found.file.is_null() {
                return self.say(c"the function at ").say_address(function.addr());
            }
            let path = CStr::from_ptr(found.file).to_bytes();
            let file = path.rsplit(|&byte| byte == b'/').next().unwrap_or(path);
            if !found.name.is_null() && found.address == function {
                self.say(CStr::from_ptr(found.name)).say(c" in ").say_bytes(file)
            } else {
                let offset = function.addr() - found.base.addr();
                self.say(c"the function at ").say_bytes(file).say(c"+").say_address(offset)
            }
        }
    }

    fn print(&self) {
        print(c"HPy debug mode: ");
        print_bytes(self.bytes());
        print(c"\n");
    }

    /// Ends the process with the text.
    pub fn end(&self) -> ! {
        self.print();
        end()
    }

    /// Appends where something was made, on lines of its own.
    pub fn say_stack(&mut self, stack: &Stack) -> &mut Self {
        match stack.text() {
            Some(text) => self.say(c"\nIt was made here:\n").say(text.as_c_str()),
            None => self.say(c"\n").say(NO_STACK),
        }
    }
}

/// Reports a mistake: calls the function that was set for it, or ends the process with the text.
///
/// # Safety
/// The thread is attached.
pub unsafe fn mistake(mistake: Mistake, report: &Report) {
    // SAFETY: the thread is attached.
    let function = unsafe { callback::get(mistake as usize) };
    if function.is_null() {
        report.end();
    }
    // SAFETY: the function was checked when it was set; the reference is this function's own.
    unsafe {
        let pending = PyErr_GetRaisedException();
        let arguments = PyTuple_New(isize::from(mistake == Mistake::Misuse));
        let mut ready = !arguments.is_null();
        if ready && mistake == Mistake::Misuse {
            let bytes = report.bytes();
            let text = PyUnicode_DecodeUTF8(bytes.as_ptr().cast(), bytes.len().cast_signed(), c"replace".as_ptr());
            ready = !text.is_null() && PyTuple_SetItem(arguments, 0, text) == 0;
        }
        let result = if ready { PyObject_CallObject(function, arguments) } else { null_mut() };
        if result.is_null() {
            PyErr_WriteUnraisable(function);
        }
        Py_DecRef(result);
        Py_DecRef(arguments);
        Py_DecRef(function);
        if !pending.is_null() {
            PyErr_SetRaisedException(pending);
        }
    }
}

/// Reports what is neither a handle's nor a builder's mistake.
///
/// # Safety
/// The thread is attached.
pub unsafe fn misuse(report: Report) {
    // SAFETY: the caller's promise.
    unsafe { mistake(Mistake::Misuse, &report) };
}

/// Reports what this runtime defines, and others do not: calls the function that was set for misuse, or prints the text, once.
///
/// # Safety
/// The thread is attached.
pub unsafe fn doubt(report: &Report, said: &AtomicBool) {
    // SAFETY: the caller's promise.
    let function = unsafe { callback::get(Mistake::Misuse as usize) };
    // SAFETY: the reference is this function's own; null is taken too.
    unsafe { Py_DecRef(function) };
    if !function.is_null() {
        // SAFETY: the caller's promise.
        unsafe { mistake(Mistake::Misuse, report) };
    } else if !said.swap(true, Ordering::Relaxed) {
        report.print();
    }
}

#[cfg(test)]
mod tests {
    use super::Report;

    #[test]
    fn addresses_are_hexadecimal() {
        let mut report = Report::new();
        report.say_address(0).say(c" ").say_address(0x7f00_beef).say(c" ").say_address(usize::MAX);
        assert_eq!(report.bytes(), b"0x0 0x7f00beef 0xffffffffffffffff");
    }

    #[test]
    fn what_does_not_fit_is_cut_off() {
        let mut report = Report::new();
        for _ in 0..1000 {
            report.say(c"0123456789");
        }
        assert_eq!(report.bytes().len(), 8192);
    }
}
