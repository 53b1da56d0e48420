//! The way into the author's functions: objects become handles for the length of a call, and back.

use crate::handles::{self, Kind};
use crate::report::{self, Report, User};
use crate::switch;
use cardan_abi::{Context, Function, Handle, signature};
use cardan_host::memory;
use cardan_host::types::Object;
use cardan_runtime::call::{Border, call_real};
use cardan_runtime::convert::{handle, object};
use cardan_runtime::imports::{
    Py_DecRef, Py_IncRef, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString, PyExc_SystemError,
};
use cardan_runtime::interpreters;
use core::ffi::{CStr, c_uint, c_void};

/// The debug context's border, for one call of an author's function.
struct Checked {
    signature: c_uint,
    function: Function,
    /// Whether an exception was pending before the call, so that one says nothing about the function.
    was_pending: bool,
}

const ARGUMENT: &CStr = c"the call of the function that it is an argument of";
const END: &CStr = c"the end of the call";
const RESULT: &CStr = c"being returned";

impl Checked {
    fn user(&self) -> User {
        User::Function(self.function)
    }

    /// Checks that there is an exception where the result says so, and none where it does not. Whether the function failed: if
    /// the two contradict each other it did, and there is an exception.
    unsafe fn check(&self, failed: bool, what: &CStr) -> bool {
        if self.was_pending {
            return failed;
        }
        // SAFETY: the thread is attached, as for all functions of a border.
        unsafe {
            let pending = !PyErr_Occurred().is_null();
            if failed == pending {
                return failed;
            }
            let mut report = Report::new();
            report.say_function(self.function).say(c" returned ").say(what);
            if pending {
                report.say(c" while an exception is pending: ").say_pending();
            } else {
                report.say(c", which stands for an error, without an exception");
            }
            report::misuse(report);
            if PyErr_Occurred().is_null() {
                PyErr_SetString(PyExc_SystemError(), c"a function of the module failed without an exception".as_ptr());
            }
        }
        true
    }
}

impl Border for Checked {
    unsafe fn open(&self, object: Object) -> Handle {
        // SAFETY: the caller's object is alive for the length of the call.
        unsafe { handles::open(handle(object), Kind::Argument, ARGUMENT) }
    }

    unsafe fn close(&self, handle: Handle) {
        if handle.is_null() {
            return;
        }
        // SAFETY: the handle was made by `open`; nothing uses it after the call.
        unsafe { handles::close(handles::address(handle), END) };
    }

    unsafe fn open_all(&self, objects: *const Object, count: usize) -> *const Handle {
        if count == 0 {
            return core::ptr::null();
        }
        let made = memory::array::<Handle>(count);
        // SAFETY: there are so many objects, and room for so many handles.
        unsafe {
            if made.is_null() {
                PyErr_NoMemory();
                return made;
            }
            for index in 0..count {
                made.add(index).write(self.open(objects.add(index).read()));
            }
        }
        made
    }

    unsafe fn close_all(&self, handles: *const Handle, count: usize) {
        // SAFETY: the array was made by `open_all` for this count.
        unsafe {
            for index in 0..count {
                self.close(handles.add(index).read());
            }
            memory::release(handles.cast_mut().cast());
        }
    }

    unsafe fn take(&self, handle: Handle) -> Object {
        if handle.is_null() {
            return core::ptr::null_mut();
        }
        // SAFETY: the thread is attached; the handle is one of the debug context, or reported.
        unsafe {
            let known = handles::look(handle, self.user());
            let object = object(known.inner);
            if known.kind == Kind::Owned && !known.closed {
                handles::close(handles::address(handle), RESULT);
                return object;
            }
            // There is no reference that could be the result's.
            if !known.closed {
                handles::report_closed(handles::address(handle), self.user());
            }
            Py_IncRef(object);
            object
        }
    }

    unsafe fn check_object(&self, _: Function, result: Object) -> Object {
        // An iterator's end is no error.
        let is_end = self.signature == signature::ITERNEXTFUNC && result.is_null();
        // SAFETY: the caller's promise.
        unsafe {
            let what = if result.is_null() { c"HPy_NULL" } else { c"an object" };
            if is_end || !self.check(result.is_null(), what) {
                return result;
            }
            Py_DecRef(result);
        }
        core::ptr::null_mut()
    }

    unsafe fn check_number(&self, _: Function, result: isize) -> isize {
        // -1 is a number like others where a hash is asked for by `__hash__`.
        if self.signature == signature::HASHFUNC && result == -1 {
            return result;
        }
        // SAFETY: the caller's promise.
        let failed = unsafe { self.check(result < 0, if result < 0 { c"a negative number" } else { c"a number" }) };
        if failed { -1 } else { result }
    }
}

/// Calls the author's function for a trampoline, with another copy of the context.
///
/// # Safety
/// As for [`call_real`].
pub unsafe extern "C" fn debug_CallRealFunctionFromTrampoline(
    _: *mut Context,
    signature: c_uint,
    function: Function,
    args: *mut c_void,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let Some(interpreter) = interpreters::for_call(signature) else {
            report::fatal(&[c"a function was called in an interpreter that its module was not imported into"]);
        };
        let given = switch::give(interpreter);
        let border = Checked { signature, function, was_pending: given.was_pending() };
        call_real(&border, given.context(), signature, function, args);
    }
}
