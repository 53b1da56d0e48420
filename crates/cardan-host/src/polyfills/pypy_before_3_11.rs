//! What PyPy's versions for Python before 3.11 do otherwise than CPython documents, and than later versions of PyPy.

use crate::bind::value;
use crate::functions::data;
use crate::polyfill;
use crate::polyfill::{Choice, WithUses};
use crate::polyfills::support;
use crate::types::{Object, c_char, c_int, c_void, type_flag};
use core::ptr::null_mut;

/// The flags of a request for a buffer, <https://docs.python.org/3/c-api/buffer.html#buffer-request-types>.
mod request {
    use super::c_int;

    pub const WRITABLE: c_int = 0x1;
    pub const STRIDES: c_int = 0x18;
    /// Without the bits of [`STRIDES`].
    pub const C_CONTIGUOUS: c_int = 0x20;
    pub const F_CONTIGUOUS: c_int = 0x40;
    pub const ANY_CONTIGUOUS: c_int = 0x80;
    /// `PyBUF_READ` and `PyBUF_WRITE` of `PyMemoryView_FromMemory`.
    pub const READ: c_int = 0x100;
    pub const WRITE: c_int = 0x200;
}

/// Where a `Py_buffer` says that it is read-only, in bytes: as in the stable ABI.
const READ_ONLY: usize = 32;

/// A value that no host gives for "read-only".
const UNSAID: c_int = 0x5A5A;

/// The order that the memory must have.
fn wanted_order(flags: c_int) -> Option<u8> {
    if flags & request::F_CONTIGUOUS != 0 {
        Some(b'F')
    } else if flags & request::ANY_CONTIGUOUS != 0 {
        Some(b'A')
    } else if flags & request::C_CONTIGUOUS != 0 || flags & request::STRIDES != request::STRIDES {
        Some(b'C')
    } else {
        None
    }
}

/// Whether the memory of an object can only be read, as its `memoryview` says; -1 with an exception on failure.
unsafe fn is_read_only(object: Object) -> c_int {
    use crate::functions::{Py_DecRef, PyMemoryView_FromObject};
    // SAFETY: the caller's object; the cells are filled.
    unsafe {
        let view = PyMemoryView_FromObject(object);
        if view.is_null() {
            return -1;
        }
        let result = says_read_only(view);
        Py_DecRef(view);
        result
    }
}

/// Whether a `memoryview` is read-only; -1 with an exception on failure.
unsafe fn says_read_only(view: Object) -> c_int {
    use crate::functions::{Py_DecRef, PyObject_GetAttrString, PyObject_IsTrue};
    // SAFETY: the caller's object; the cells are filled.
    unsafe {
        let answer = PyObject_GetAttrString(view, c"readonly".as_ptr());
        if answer.is_null() {
            return -1;
        }
        let result = PyObject_IsTrue(answer);
        Py_DecRef(answer);
        result
    }
}

/// Fills a view with the memory of an object. PyPy before 3.11 gives out what is not contiguous to who asked for contiguous
/// memory, what is read-only to who asked to write, and does not say of a `memoryview` whether it is read-only. Needs what the
/// stand-in for `PyObject_GetBuffer` lists.
///
/// # Safety
/// The cells are filled; the object is one, and the view has the host's own size.
pub(super) unsafe fn get_buffer(object: Object, view: *mut c_void, flags: c_int) -> c_int {
    use crate::functions::{PyBuffer_IsContiguous, PyBuffer_Release, PyErr_SetString, PyObject_GetBuffer};
    // SAFETY: the caller's promise; the view starts with the fields of the stable ABI.
    unsafe {
        let read_only = view.byte_add(READ_ONLY).cast::<c_int>();
        read_only.write(UNSAID);
        let result = PyObject_GetBuffer(object, view, flags);
        if result < 0 {
            return result;
        }
        if *read_only == UNSAID {
            let said = is_read_only(object);
            if said < 0 {
                PyBuffer_Release(view);
                return -1;
            }
            *read_only = said;
        }
        let refusal = match wanted_order(flags) {
            _ if flags & request::WRITABLE != 0 && *read_only != 0 => c"Object is not writable.",
            Some(order) if PyBuffer_IsContiguous(view, order as c_char) == 0 => c"the buffer is not contiguous",
            _ => return result,
        };
        PyBuffer_Release(view);
        PyErr_SetString(value(&data::PyExc_BufferError), refusal.as_ptr());
        -1
    }
}

polyfill! {
    /// A `memoryview` of memory. PyPy before 3.11 takes the two flags for each other.
    fn PyMemoryView_FromMemory(memory: *mut c_char, size: isize, flags: c_int) -> Object;
    uses [PyMemoryView_FromMemory, PyObject_GetAttrString, PyObject_IsTrue, Py_DecRef];
    {
        let wanted = c_int::from(flags != request::WRITE);
        // SAFETY: the arguments are the caller's; the cells are filled.
        unsafe {
            for flags in [flags, if wanted != 0 { request::WRITE } else { request::READ }] {
                let view = PyMemoryView_FromMemory(memory, size, flags);
                if view.is_null() || says_read_only(view) == wanted {
                    return view;
                }
                Py_DecRef(view);
            }
        }
        null_mut()
    }
}

polyfill! {
    /// An object as `bytes`: a buffer, or numbers one by one. PyPy before 3.11 knows buffers only.
    fn PyBytes_FromObject(object: Object) -> Object;
    uses [
        PyBytes_FromObject, PyMemoryView_FromObject, PyErr_Fetch, PyErr_Restore, PyErr_Clear, PyObject_Type, PyType_GetFlags, PySequence_List,
        PyObject_CallFunctionObjArgs, PyErr_ExceptionMatches, PyErr_Format, PyErr_BadInternalCall, Py_DecRef,
    ];
    data [PyBytes_Type, PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's; the cells are filled; a null pointer ends the arguments of the call.
        unsafe {
            if object.is_null() {
                return support::no_object();
            }
            if super::pypy::PyObject_CheckBuffer(object) != 0 {
                return PyBytes_FromObject(object);
            }
            let class = PyObject_Type(object);
            // The object keeps its type.
            Py_DecRef(class);
            let items = if PyType_GetFlags(class) & type_flag::UNICODE == 0 {
                let items = PySequence_List(object);
                if items.is_null() && PyErr_ExceptionMatches(value(&data::PyExc_TypeError)) == 0 {
                    return null_mut();
                }
                items
            } else {
                null_mut()
            };
            if items.is_null() {
                let message = c"cannot convert %R object to bytes".as_ptr();
                PyErr_Format()(value(&data::PyExc_TypeError), message, class);
                return null_mut();
            }
            let bytes = PyObject_CallFunctionObjArgs()(data::PyBytes_Type.address().cast(), items, null_mut::<c_void>());
            Py_DecRef(items);
            bytes
        }
    }
}

polyfill! {
    /// An object as `bytes`, by its `__bytes__` or as `PyBytes_FromObject`, which PyPy before 3.11 does for buffers only.
    fn PyObject_Bytes(object: Object) -> Object;
    uses [
        PyObject_Bytes, PyObject_HasAttrString, PyBytes_FromObject, PyMemoryView_FromObject, PyErr_Fetch, PyErr_Restore,
        PyErr_Clear, PyObject_Type, PyType_GetFlags, PySequence_List, PyObject_CallFunctionObjArgs,
        PyErr_ExceptionMatches, PyErr_Format, PyErr_BadInternalCall, Py_DecRef,
    ];
    data [PyBytes_Type, PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's; the cells are filled.
        unsafe {
            if !object.is_null() {
                let class = PyObject_Type(object);
                let converts = PyObject_HasAttrString(class, c"__bytes__".as_ptr()) != 0;
                Py_DecRef(class);
                if !converts {
                    return super::pypy_before_3_11::PyBytes_FromObject(object);
                }
            }
            PyObject_Bytes(object)
        }
    }
}

const _: () = {
    /// Attaches a thread. PyPy before 3.11 makes its lock only when Python starts a thread, or when it is asked to, and ends
    /// the process when a thread of C comes first; so it is asked to when a module is loaded that lets threads in.
    #[unsafe(export_name = "cardan_polyfill_PyGILState_Ensure")]
    static POLYFILL: WithUses<0> = WithUses::chosen(
        |host| {
            if host.quirks.threads_need_init && crate::functions::cells::PyEval_InitThreads.fill(host) {
                // SAFETY: the cell was filled; who loads a module is attached.
                unsafe { crate::functions::PyEval_InitThreads() };
            }
            Choice::Host
        },
        [],
    );
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_without_strides_is_contiguous() {
        assert_eq!([0, 0x8, 0x18, 0x1C].map(wanted_order), [Some(b'C'), Some(b'C'), None, None]);
        assert_eq!([0x38, 0x58, 0x98].map(wanted_order), [Some(b'C'), Some(b'F'), Some(b'A')]);
    }
}
