//! Buffers that are asked for, and what an exporter needs to give one out.
//!
//! `HPy_buffer` has the layout of `Py_buffer` in the stable ABI. Where the host's own is larger, the stand-ins for the functions that
//! fill one and give it back translate.

use crate::convert::{handle, object};
use crate::definitions::raise;
use crate::forward;
use crate::imports::*;
use cardan_abi::{Buffer, Context, Handle};
use cardan_host::detect;
use core::ffi::{c_char, c_int, c_void};
use core::ptr::null_mut;

forward! {
    ctx_Buffer_Check(h: Handle) -> c_int = PyObject_CheckBuffer;
    ctx_MemoryView_FromObject(h: Handle) -> Handle = PyMemoryView_FromObject;
}

const EMPTY: Buffer = Buffer {
    buf: null_mut(),
    obj: Handle::NULL,
    len: 0,
    itemsize: 0,
    readonly: 0,
    ndim: 0,
    format: null_mut(),
    shape: null_mut(),
    strides: null_mut(),
    suboffsets: null_mut(),
    internal: null_mut(),
};

/// Fills a view with the memory of an object.
///
/// # Safety
/// The handle is open, the view the caller's variable; the thread is attached.
pub unsafe extern "C" fn ctx_Buffer_Get(_: *mut Context, h: Handle, view: *mut Buffer, flags: c_int) -> c_int {
    // SAFETY: the caller's promise; the imports are bound.
    unsafe {
        view.write(EMPTY);
        let filled = PyObject_GetBuffer(object(h), view.cast(), flags);
        if filled < 0 && detect::known().quirks.refuses_buffers_otherwise {
            refuse_buffer();
        }
        filled
    }
}

/// Some hosts refuse with `ValueError` what cannot be had.
unsafe fn refuse_buffer() {
    // SAFETY: an exception is pending; the imports are bound; the reference that is made is dropped.
    unsafe {
        if PyErr_ExceptionMatches(PyExc_ValueError()) != 0 {
            let exception = PyErr_GetRaisedException();
            let words = PyObject_Str(exception);
            if !words.is_null() {
                PyErr_SetObject(PyExc_BufferError(), words);
            }
            Py_DecRef(words);
            Py_DecRef(exception);
        }
    }
}

/// Gives a view back.
///
/// # Safety
/// The view was filled by [`ctx_Buffer_Get`] or [`ctx_Buffer_FillInfo`], or is empty; the thread is attached.
pub unsafe extern "C" fn ctx_Buffer_Release(_: *mut Context, view: *mut Buffer) {
    // SAFETY: the caller's promise; the imports are bound.
    unsafe {
        if (*view).obj.is_null() {
            return;
        }
        PyBuffer_Release(view.cast());
        view.write(EMPTY);
    }
}

/// Whether a view is contiguous in an order.
///
/// # Safety
/// The view was filled.
pub unsafe extern "C" fn ctx_Buffer_IsContiguous(_: *mut Context, view: *const Buffer, order: c_char) -> c_int {
    // SAFETY: the caller's promise.
    let view = unsafe { &*view };
    let is = view.suboffsets.is_null()
        && match order as u8 {
            b'C' => is_contiguous(view, true),
            b'F' => is_contiguous(view, false),
            b'A' => is_contiguous(view, true) || is_contiguous(view, false),
            _ => false,
        };
    c_int::from(is)
}

fn is_contiguous(view: &Buffer, last_is_fastest: bool) -> bool {
    let dimensions = usize::try_from(view.ndim).unwrap_or(0);
    if view.len == 0 || dimensions == 0 {
        return true;
    }
    if view.strides.is_null() {
        // Without strides a view is in the order of C, which one dimension is in any order.
        // SAFETY: the array has `ndim` items.
        let spread = |&index: &usize| !view.shape.is_null() && unsafe { view.shape.add(index).read() } > 1;
        return last_is_fastest || (0..dimensions).filter(spread).count() <= 1;
    }
    if view.shape.is_null() {
        return false;
    }
    let mut expected = view.itemsize;
    for step in 0..dimensions {
        let index = if last_is_fastest { dimensions - 1 - step } else { step };
        // SAFETY: both arrays have `ndim` items.
        let (count, stride) = unsafe { (view.shape.add(index).read(), view.strides.add(index).read()) };
        if count > 1 && stride != expected {
            return false;
        }
        expected = expected.wrapping_mul(count);
    }
    true
}

/// Fills a view with bytes that an exporter gives out.
///
/// # Safety
/// The arguments are as the entry's documentation says; the thread is attached.
pub unsafe extern "C" fn ctx_Buffer_FillInfo(
    _: *mut Context,
    view: *mut Buffer,
    exporter: Handle,
    memory: *mut c_void,
    len: isize,
    readonly: c_int,
    flags: c_int,
) -> c_int {
    const WRITABLE: c_int = 0x1;
    const FORMAT: c_int = 0x4;
    const SHAPE: c_int = 0x8;
    const STRIDES: c_int = 0x18;
    // SAFETY: the view is the caller's variable, or the host's, whose larger one starts with the same fields.
    unsafe {
        let Some(view) = view.as_mut() else {
            raise(PyExc_BufferError(), c"HPyBuffer_FillInfo needs a view, found NULL");
            return -1;
        };
        // A view that is not filled has no owner, whatever was in the caller's variable.
        view.obj = Handle::NULL;
        if readonly != 0 && flags & WRITABLE != 0 {
            raise(PyExc_BufferError(), c"Object is not writable.");
            return -1;
        }
        Py_IncRef(object(exporter));
        *view = Buffer { buf: memory, obj: handle(object(exporter)), len, itemsize: 1, readonly, ndim: 1, ..EMPTY };
        if flags & FORMAT != 0 {
            view.format = c"B".as_ptr().cast_mut();
        }
        if flags & SHAPE != 0 {
            view.shape = &raw mut view.len;
        }
        if flags & STRIDES == STRIDES {
            view.strides = &raw mut view.itemsize;
        }
    }
    0
}

/// A memoryview of memory.
///
/// # Safety
/// The memory is valid as long as the view is in use; the thread is attached.
pub unsafe extern "C" fn ctx_MemoryView_FromMemory(
    _: *mut Context,
    memory: *mut c_char,
    size: isize,
    writable: c_int,
) -> Handle {
    const READ: c_int = 0x100;
    const WRITE: c_int = 0x200;
    // SAFETY: the caller's promise; the imports are bound.
    handle(unsafe { PyMemoryView_FromMemory(memory, size, if writable != 0 { WRITE } else { READ }) })
}
