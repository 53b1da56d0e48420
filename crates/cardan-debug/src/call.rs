//! What a wrapper is made of, and the contexts that it is called with.
//!
//! Each call of an author's function gets another copy of the context, and while that function calls into the runtime, its copy
//! is not valid: whoever keeps a context and uses it later is found out.

use crate::handles::{self, Kind};
use crate::{debug_entries, report, stack};
use cardan_abi::{Context, Handle};
use cardan_host::memory;
use cardan_runtime::imports::PyErr_NoMemory;
use core::ffi::CStr;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};

/// How many copies there are.
const COPIES: usize = 16;
/// How many frames are shown of where a wrong context was used.
const SHOWN: usize = 16;

/// A copy of the context, and whether it may be used.
#[repr(C)]
struct Copy {
    context: Context,
    valid: AtomicBool,
}

/// The first is what modules are loaded with, the others are handed to the author's functions.
static FIRST: AtomicPtr<Copy> = AtomicPtr::new(null_mut());
static NEXT: AtomicUsize = AtomicUsize::new(0);
/// The production context.
static INNER: AtomicPtr<Context> = AtomicPtr::new(null_mut());

/// The production context below the debug context.
pub fn inner() -> *mut Context {
    INNER.load(Ordering::Relaxed)
}

/// Whether there is a debug context: a module was loaded in debug mode.
pub fn is_active() -> bool {
    !FIRST.load(Ordering::Acquire).is_null()
}

/// The debug context around the production context, the same each time; null with `MemoryError`.
///
/// # Safety
/// `inner` is the production context of this file; the thread is attached.
pub unsafe fn context(inner: *mut Context) -> *mut Context {
    let ready = FIRST.load(Ordering::Acquire);
    if !ready.is_null() {
        return ready.cast();
    }
    let copies = memory::array::<Copy>(1 + COPIES);
    if copies.is_null() {
        // SAFETY: the thread is attached.
        unsafe { PyErr_NoMemory() };
        return null_mut();
    }
    INNER.store(inner, Ordering::Relaxed);
    // SAFETY: the memory has room for the copies; zeroed handles are null. The inner context is filled.
    unsafe {
        for index in 0..=COPIES {
            let copy = copies.add(index);
            let context = (&raw mut (*copy).context).cast::<Context>();
            debug_entries::write(context, c"HPy Debug Mode ABI (Cardan)", (&raw mut (*copy).valid).cast());
            if index == 0 {
                debug_entries::wrap_constants(context, inner);
            } else {
                debug_entries::copy_constants(context, copies.cast());
            }
            (&raw mut (*copy).valid).write(AtomicBool::new(index == 0));
        }
    }
    match FIRST.compare_exchange(null_mut(), copies, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => copies.cast(),
        // Another thread was first. These copies and their handles are few, and stay.
        Err(other) => other.cast(),
    }
}

fn validity<'copy>(context: *mut Context) -> &'copy AtomicBool {
    // SAFETY: the private word of a debug context is the address of its flag, which is never freed.
    unsafe { &*(*context).private.cast::<AtomicBool>() }
}

/// Switches from a context to the next copy, for the length of a call of an author's function; gives that.
///
/// # Safety
/// The context is a debug context.
pub unsafe fn switch(from: *mut Context) -> *mut Context {
    let first = FIRST.load(Ordering::Acquire);
    let index = NEXT.fetch_add(1, Ordering::Relaxed) % COPIES;
    // SAFETY: there are so many copies after the first.
    let next: *mut Context = unsafe { first.add(1 + index) }.cast();
    validity(from).store(false, Ordering::Relaxed);
    validity(next).store(true, Ordering::Relaxed);
    next
}

/// Switches back.
///
/// # Safety
/// `next` came from [`switch`] for `from`.
pub unsafe fn switch_back(from: *mut Context, next: *mut Context) {
    validity(next).store(false, Ordering::Relaxed);
    validity(from).store(true, Ordering::Relaxed);
}

/// A call of an entry by the author.
pub struct Call {
    context: *mut Context,
    name: &'static CStr,
}

impl Call {
    /// Begins a call. A context that is not the author's at the moment ends the process with a message.
    ///
    /// # Safety
    /// As for the entry; `context` is a debug context.
    pub unsafe fn enter(context: *mut Context, name: &'static CStr) -> Self {
        if !validity(context).load(Ordering::Relaxed) {
            report::say(c"Error: Wrong HPy Context!\n");
            report::say(name);
            report::say(c" was called with a context that belongs to another call; a context is valid only in the function that it was passed to\n");
            let stack = stack::capture(SHOWN);
            if !stack.is_null() {
                // SAFETY: a C string.
                report::say(unsafe { CStr::from_ptr(stack) });
                report::say(c"\n");
            }
            report::end();
        }
        Self { context, name }
    }

    /// The name of the entry, as the author calls it.
    pub fn name(&self) -> &'static CStr {
        self.name
    }

    /// The production context.
    pub fn inner(&self) -> *mut Context {
        inner()
    }

    /// The handle of the production context for one of the author's.
    ///
    /// # Safety
    /// The thread is attached.
    pub unsafe fn unwrap(&self, handle: Handle) -> Handle {
        // SAFETY: the caller's promise.
        unsafe { handles::look(handle, self.name) }.inner
    }

    /// A handle of the author's for a new one of the production context.
    ///
    /// # Safety
    /// The handle is new, or null; the thread is attached.
    pub unsafe fn open(&self, inner: Handle) -> Handle {
        // SAFETY: the caller's promise.
        unsafe { handles::open(inner, Kind::Owned, self.name) }
    }

    /// The handles of the production context for an array of the author's; `None` with `MemoryError`.
    ///
    /// # Safety
    /// There are `count` handles; the thread is attached.
    pub unsafe fn unwrap_all(&self, handles: *const Handle, count: usize) -> Option<Unwrapped> {
        let first = memory::array::<Handle>(count.max(1));
        if first.is_null() {
            // SAFETY: the thread is attached.
            unsafe { PyErr_NoMemory() };
            return None;
        }
        for index in 0..count {
            // SAFETY: there are so many handles, and room for them.
            unsafe { first.add(index).write(self.unwrap(handles.add(index).read())) };
        }
        Some(Unwrapped { first })
    }

    /// Runs what may call back into the author's code: meanwhile the author's context is not valid.
    pub fn outside<R>(&self, work: impl FnOnce() -> R) -> R {
        let valid = validity(self.context);
        valid.store(false, Ordering::Relaxed);
        let result = work();
        valid.store(true, Ordering::Relaxed);
        result
    }
}

/// An array of handles of the production context.
pub struct Unwrapped {
    first: *mut Handle,
}

impl Unwrapped {
    /// The first.
    pub fn as_ptr(&self) -> *const Handle {
        self.first
    }
}

impl Drop for Unwrapped {
    fn drop(&mut self) {
        // SAFETY: the memory is this value's own.
        unsafe { memory::release(self.first.cast()) };
    }
}
