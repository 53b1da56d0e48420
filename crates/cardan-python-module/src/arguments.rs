//! What Python passes to the functions of this module, and how errors are raised.

use cardan_host::types::{Object, c_void};
use cardan_runtime::imports::{
    PyBytes_AsString, PyErr_Occurred, PyErr_SetString, PyLong_AsLongLong, PyLong_AsVoidPtr, PyTuple_GetItem,
};
use core::ffi::CStr;
use core::ptr::null_mut;

/// The arguments of a call, a tuple. Each reader gives `None` with an exception if the argument is not there or of
/// another type.
pub struct Arguments(pub Object);

impl Arguments {
    /// An argument, borrowed.
    ///
    /// # Safety
    /// As for all functions of this type: the tuple is alive, the imports are bound, the thread is attached.
    pub unsafe fn object(&self, index: isize) -> Option<Object> {
        // SAFETY: the caller's promise.
        let object = unsafe { PyTuple_GetItem(self.0, index) };
        (!object.is_null()).then_some(object)
    }

    /// A number.
    ///
    /// # Safety
    /// As for [`Self::object`].
    pub unsafe fn number(&self, index: isize) -> Option<i64> {
        // SAFETY: the caller's promise.
        unsafe {
            let number = PyLong_AsLongLong(self.object(index)?);
            (number != -1 || PyErr_Occurred().is_null()).then_some(number)
        }
    }

    /// An address that was given out as a number, not null.
    ///
    /// # Safety
    /// As for [`Self::object`].
    pub unsafe fn address(&self, index: isize) -> Option<*mut c_void> {
        // SAFETY: the caller's promise.
        let address = unsafe { PyLong_AsVoidPtr(self.object(index)?) };
        (!address.is_null()).then_some(address)
    }

    /// A C string out of bytes, valid as long as they are.
    ///
    /// # Safety
    /// As for [`Self::object`].
    pub unsafe fn text(&self, index: isize) -> Option<&CStr> {
        // SAFETY: the caller's promise; bytes end with a zero.
        unsafe {
            let text = PyBytes_AsString(self.object(index)?);
            (!text.is_null()).then(|| CStr::from_ptr(text))
        }
    }
}

/// Raises an exception of a class; null.
///
/// # Safety
/// The class is an exception class, the imports are bound, the thread is attached.
pub unsafe fn raise(class: Object, message: &CStr) -> Object {
    // SAFETY: the caller's promise.
    unsafe { PyErr_SetString(class, message.as_ptr()) };
    null_mut()
}
