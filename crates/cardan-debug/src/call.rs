//! What a wrapper is made of: it checks that the context may be used, and turns handles into those of the production context
//! and back.

use crate::handles::{self, Kind};
use crate::report::{self, Report, User};
use crate::switch;
use cardan_abi::{Context, Handle};
use cardan_host::memory;
use cardan_runtime::imports::{PyErr_NoMemory, PyErr_Occurred, PyErr_SetString, PyExc_SystemError};
use core::ffi::CStr;

/// A call of an entry by the author.
pub struct Call {
    frame: switch::Frame,
    name: &'static CStr,
}

impl Call {
    /// Begins a call. A context that is not the author's at the moment ends the process with a message.
    ///
    /// # Safety
    /// As for the entry; `context` is a debug context.
    #[inline]
    pub unsafe fn enter(context: *mut Context, name: &'static CStr) -> Self {
        // SAFETY: the caller's promise.
        Self { frame: unsafe { switch::frame(context, name) }, name }
    }

    /// Begins a call of an entry that needs a pending exception out of its way. One is reported.
    ///
    /// # Safety
    /// As for [`Self::enter`].
    pub unsafe fn enter_clean(context: *mut Context, name: &'static CStr) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            let call = Self::enter(context, name);
            if !call.frame.may_be_pending() && !PyErr_Occurred().is_null() {
                let mut report = Report::new();
                report.say(name).say(c" was called while an exception is pending: ").say_pending();
                report::misuse(report);
            }
            call
        }
    }

    /// The name of the entry, as the author calls it.
    pub fn name(&self) -> &'static CStr {
        self.name
    }

    /// The production context.
    pub fn inner(&self) -> *mut Context {
        self.frame.inner
    }

    /// The handle of the production context for one of the author's.
    ///
    /// # Safety
    /// The thread is attached.
    pub unsafe fn unwrap(&self, handle: Handle) -> Handle {
        // SAFETY: the caller's promise.
        unsafe { handles::look(handle, User::Entry(self.name)) }.inner
    }

    /// A handle of the author's for a new one of the production context.
    ///
    /// # Safety
    /// The handle is new, or null; the thread is attached.
    pub unsafe fn open(&self, inner: Handle) -> Handle {
        // SAFETY: the caller's promise.
        unsafe { handles::open(inner, Kind::Owned, self.name) }
    }

    /// The word of a builder, a tracker or a writer for one of the production context, null for null.
    ///
    /// # Safety
    /// The thread is attached.
    pub unsafe fn begin(&self, inner: isize, kind: Kind) -> isize {
        // SAFETY: the caller's promise.
        unsafe { handles::open(Handle { word: inner }, kind, self.name) }.word
    }

    /// What a builder, a tracker or a writer stands for: null for null, `None` for one that is done with, which is reported.
    ///
    /// # Safety
    /// The thread is attached.
    pub unsafe fn unfinished(&self, word: isize, kind: Kind) -> Option<isize> {
        // SAFETY: the caller's promise.
        unsafe { handles::look_unfinished(word, kind, User::Entry(self.name)) }
    }

    /// As [`Self::unfinished`], for entries that can fail: `SystemError` is pending with `None`.
    ///
    /// # Safety
    /// The thread is attached.
    pub unsafe fn writer(&self, word: isize, kind: Kind) -> Option<isize> {
        // SAFETY: the caller's promise.
        unsafe {
            let found = self.unfinished(word, kind);
            if found.is_none() {
                PyErr_SetString(PyExc_SystemError(), c"the writer was finished or discarded before".as_ptr());
            }
            found
        }
    }

    /// Marks a builder, a tracker or a writer as done with.
    ///
    /// # Safety
    /// The word is null, or one that [`Self::begin`] gave for this kind.
    pub unsafe fn finish(&self, word: isize) {
        if word != 0 {
            // SAFETY: the caller's promise.
            unsafe { handles::close(handles::address(Handle { word }), self.name) };
        }
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
        self.frame.outside(work)
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
