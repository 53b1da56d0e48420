//! The way into the author's functions: objects become handles for the length of a call, and back.

use crate::call::{switch, switch_back};
use crate::handles::{self, Kind};
use cardan_abi::{Context, Function, Handle};
use cardan_host::memory;
use cardan_host::types::Object;
use cardan_runtime::call::{Border, call_real};
use cardan_runtime::convert::{handle, object};
use cardan_runtime::imports::{Py_IncRef, PyErr_NoMemory};
use core::ffi::{CStr, c_uint, c_void};

/// The debug context's border.
pub struct Checked;

const ARGUMENT: &CStr = c"the caller of this function";
const RESULT: &CStr = c"a function that returned it";
const CLOSED: &CStr = c"a function that closed its argument, or returned it without HPy_Dup";

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
        unsafe {
            handles::look(handle, CLOSED);
            handles::close(handles::address(handle));
        }
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
            let known = handles::look(handle, RESULT);
            let object = object(known.inner);
            match known.kind {
                Kind::Owned => handles::close(handles::address(handle)),
                // It has no reference that could be the result's. Closing an argument here is found when the call ends.
                Kind::Argument => {
                    Py_IncRef(object);
                    handles::close(handles::address(handle));
                }
                Kind::Constant => {
                    handles::report_closed(handles::address(handle), RESULT);
                    Py_IncRef(object);
                }
            }
            object
        }
    }
}

/// Calls the author's function for a trampoline, with another copy of the context.
///
/// # Safety
/// As for [`call_real`].
pub unsafe extern "C" fn debug_CallRealFunctionFromTrampoline(
    context: *mut Context,
    signature: c_uint,
    implementation: Function,
    args: *mut c_void,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let next = switch(context);
        call_real(&Checked, next, signature, implementation, args);
        switch_back(context, next);
    }
}
