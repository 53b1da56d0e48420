//! The trace context: what was called how often, and how long it took.

use crate::report::callback;
use crate::trace_entries;
use cardan_abi::{Context, Function};
use cardan_host::types::Object;
use cardan_host::{clock, memory};
use cardan_runtime::call::{Direct, call_real};
use cardan_runtime::imports::{
    Py_DecRef, PyErr_GetRaisedException, PyErr_NoMemory, PyErr_SetRaisedException, PyErr_WriteUnraisable,
    PyObject_CallObject, PyTuple_New, PyTuple_SetItem, PyUnicode_FromString,
};
use cardan_runtime::interpreters::{self, Interpreter};
use core::ffi::{CStr, c_uint, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicU64, Ordering};

/// What is counted for one entry.
pub struct Counter {
    /// The entry's name in the context.
    pub name: &'static CStr,
    calls: AtomicU64,
    nanoseconds: AtomicU64,
}

impl Counter {
    /// Nothing counted yet.
    pub const fn new(name: &'static CStr) -> Self {
        Self { name, calls: AtomicU64::new(0), nanoseconds: AtomicU64::new(0) }
    }

    /// How often the entry was called.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// How long its calls took together.
    pub fn nanoseconds(&self) -> u64 {
        self.nanoseconds.load(Ordering::Relaxed)
    }
}

/// The counters of all functions of the context, by number.
pub fn counters() -> &'static [Counter] {
    &trace_entries::COUNTERS
}

/// Where the user's functions are among those of the trace mode.
const ON_ENTER: usize = 0;
const ON_EXIT: usize = 1;

/// The production context below a trace context.
///
/// # Safety
/// It is a trace context.
#[inline]
pub unsafe fn inner(context: *mut Context) -> *mut Context {
    // SAFETY: the private word of a trace context is the address of the context below.
    unsafe { (*context).private.cast() }
}

/// The trace context around the production context, the same each time; null with `MemoryError`.
///
/// # Safety
/// `inner` is the first production context of this file; the thread is attached.
pub unsafe fn context(inner: *mut Context) -> *mut Context {
    // SAFETY: the caller's promise.
    unsafe { around(interpreters::of(inner)) }
}

/// The trace context around an interpreter's production context; null with `MemoryError`.
unsafe fn around(interpreter: &Interpreter) -> *mut Context {
    let ready = interpreter.counting.load(Ordering::Acquire);
    if !ready.is_null() {
        return ready;
    }
    let made = memory::array::<Context>(1);
    if made.is_null() {
        // SAFETY: the thread is attached.
        unsafe { PyErr_NoMemory() };
        return null_mut();
    }
    let inner = interpreter.context();
    // SAFETY: the memory is a context's.
    unsafe {
        trace_entries::write(made, c"HPy Trace Mode ABI (Cardan)", inner.cast());
        trace_entries::copy_constants(made, inner);
    }
    match interpreter.counting.compare_exchange(null_mut(), made, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => made,
        // Another thread was first.
        Err(other) => {
            // SAFETY: nobody saw it.
            unsafe { memory::release(made.cast()) };
            other
        }
    }
}

/// When the user's functions are told of a call: not while the thread is not attached.
#[derive(Clone, Copy)]
pub struct Told {
    before: bool,
    after: bool,
}

impl Told {
    /// Before and after the call.
    pub const ALWAYS: Self = Self { before: true, after: true };
    /// Before an entry that detaches the thread.
    pub const BEFORE: Self = Self { before: true, after: false };
    /// After an entry that attaches the thread.
    pub const AFTER: Self = Self { before: false, after: true };
    /// Not at all.
    pub const NEVER: Self = Self { before: false, after: false };
}

/// Calls an entry of the production context, and counts.
///
/// # Safety
/// The thread is attached where `told` says so.
#[inline]
pub unsafe fn counted<R>(counter: &Counter, told: Told, call: impl FnOnce() -> R) -> R {
    if told.before {
        // SAFETY: the caller's promise.
        unsafe { tell(ON_ENTER, counter.name) };
    }
    counter.calls.fetch_add(1, Ordering::Relaxed);
    let start = clock::monotonic().unwrap_or(0);
    let result = call();
    let took = clock::monotonic().unwrap_or(0) - start;
    counter.nanoseconds.fetch_add(u64::try_from(took).unwrap_or(0), Ordering::Relaxed);
    if told.after {
        // SAFETY: as above.
        unsafe { tell(ON_EXIT, counter.name) };
    }
    result
}

/// Calls the user's function with the entry's name, if there is one. The exception that is pending stays pending.
unsafe fn tell(which: usize, name: &CStr) {
    // SAFETY: the thread is attached.
    let function = unsafe { callback::get(callback::TRACE + which) };
    if function.is_null() {
        return;
    }
    // SAFETY: the thread is attached; the reference is this function's own.
    unsafe {
        let pending = PyErr_GetRaisedException();
        let arguments = PyTuple_New(1);
        let text = PyUnicode_FromString(name.as_ptr());
        if !arguments.is_null() && !text.is_null() && PyTuple_SetItem(arguments, 0, text) == 0 {
            let result = PyObject_CallObject(function, arguments);
            if result.is_null() {
                PyErr_WriteUnraisable(function);
            } else {
                Py_DecRef(result);
            }
        }
        Py_DecRef(arguments);
        Py_DecRef(function);
        if !pending.is_null() {
            PyErr_SetRaisedException(pending);
        }
    }
}

/// Sets the function that is called before (or after) each call of an entry in this interpreter; null for none.
///
/// # Safety
/// The function is callable or null; the thread is attached.
pub unsafe fn set_callback(after: bool, function: Object) {
    // SAFETY: the caller's promise.
    unsafe { callback::set(callback::TRACE + if after { ON_EXIT } else { ON_ENTER }, function) };
}

/// The resolution of the clock in hertz.
pub const RESOLUTION: u64 = 1_000_000_000;

/// Calls the author's function for a trampoline with the trace context. It is no call of the author's, and not counted.
///
/// # Safety
/// As for [`call_real`].
pub unsafe extern "C" fn trace_CallRealFunctionFromTrampoline(
    context: *mut Context,
    signature: c_uint,
    implementation: Function,
    args: *mut c_void,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let own = interpreters::for_call(signature).map_or(context, |interpreter| around(interpreter));
        if !own.is_null() {
            call_real(&Direct, own, signature, implementation, args);
        }
    }
}
