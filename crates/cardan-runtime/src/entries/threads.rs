//! Threads that Python did not start.
//!
//! Some hosts end or stop a thread that enters while the interpreter ends. Therefore the end waits: a function that `atexit`
//! calls closes the door and then lets go of the interpreter until the threads that came in have left, as
//! <https://peps.python.org/pep-0788/> has it. A thread that comes later is told so.

use crate::imports::*;
use crate::interpreters;
use cardan_abi::{Context, ThreadAttachment};
use cardan_host::types::{Object, PyMethodDef};
use cardan_host::{detect, hosts, process};
use core::ffi::{c_int, c_void};
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The way into one interpreter for threads that Python did not start.
pub(crate) struct Door {
    /// How many threads are in by the interpreter's context, or on their way: the lower half. The upper half is the process that
    /// they are of, since a child has none of its parent's threads but one. In one word both change at once.
    inside: AtomicU64,
    /// Whether the interpreter ends.
    closed: AtomicBool,
    /// Whether `atexit` knows the function.
    watched: AtomicBool,
}

/// The threads that are in, of a word as in [`Door::inside`].
fn count(inside: u64, process: i32) -> u32 {
    if (inside >> 32) as u32 == process.cast_unsigned() { inside as u32 } else { 0 }
}

/// The word with that many threads.
fn counted(count: u32, process: i32) -> u64 {
    u64::from(process.cast_unsigned()) << 32 | u64::from(count)
}

/// The thread was attached already, so that nothing has to be undone.
const ALREADY: isize = 1;
/// The thread was not, and the host's own way in was taken; what it returned is in the bits above.
const ENTERED: isize = 2;
/// The thread was not, and got a state of its own, whose address is in the other bits: the host's own way leads into the main
/// interpreter alone.
const WITH_STATE: isize = 3;
const BITS: u32 = 2;
const KIND: isize = (1 << BITS) - 1;

impl Door {
    pub(crate) const fn new() -> Self {
        Self { inside: AtomicU64::new(0), closed: AtomicBool::new(false), watched: AtomicBool::new(false) }
    }

    /// Opens the door of an interpreter that begins.
    pub(crate) fn open(&self) {
        self.inside.store(0, Ordering::SeqCst);
        self.watched.store(false, Ordering::SeqCst);
        self.closed.store(false, Ordering::SeqCst);
    }

    /// Closes the door: the interpreter ends.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// Counts this thread in, or out again. One that was in when its process was copied is not counted in the copy.
    fn change(&self, change: fn(u32, u32) -> u32) {
        let process = process::id();
        let mut before = self.inside.load(Ordering::SeqCst);
        loop {
            let after = counted(change(count(before, process), 1), process);
            match self.inside.compare_exchange_weak(before, after, Ordering::SeqCst, Ordering::SeqCst) {
                Ok(_) => return,
                Err(other) => before = other,
            }
        }
    }

    fn is_empty(&self) -> bool {
        count(self.inside.load(Ordering::SeqCst), process::id()) == 0
    }

    /// Sees to it that the end of the interpreter is noticed that this thread is attached to. An interpreter without `atexit` goes
    /// without.
    ///
    /// # Safety
    /// The imports are bound; the thread is attached to the door's interpreter.
    pub(crate) unsafe fn watch(&self) {
        struct Definition(PyMethodDef);
        // SAFETY: the struct is never written to.
        unsafe impl Sync for Definition {}
        static CLOSE: Definition = Definition(PyMethodDef {
            ml_name: c"close_the_door_to_threads".as_ptr(),
            ml_meth: close as *mut c_void,
            ml_flags: NO_ARGUMENTS,
            ml_doc: null(),
        });
        /// `METH_NOARGS`.
        const NO_ARGUMENTS: c_int = 4;

        if self.watched.load(Ordering::Acquire) || self.watched.swap(true, Ordering::AcqRel) {
            return;
        }
        // SAFETY: the caller's promise; references that are made are dropped; the definition stays.
        unsafe {
            let atexit = PyImport_ImportModule(c"atexit".as_ptr());
            let function = PyCFunction_NewEx((&raw const CLOSE.0).cast_mut().cast(), null_mut(), null_mut());
            if !atexit.is_null() && !function.is_null() {
                let register = PyObject_GetAttrString(atexit, c"register".as_ptr());
                if !register.is_null() {
                    Py_DecRef(PyObject_CallOneArg(register, function));
                    Py_DecRef(register);
                }
            }
            Py_DecRef(function);
            Py_DecRef(atexit);
            PyErr_Clear();
        }
    }
}

/// What `atexit` calls.
unsafe extern "C" fn close(_: Object, _: Object) -> Object {
    // SAFETY: the thread is attached; the imports are bound.
    unsafe {
        if let Some(interpreter) = interpreters::current() {
            interpreter.door.close();
            while !interpreter.door.is_empty() {
                let state = PyEval_SaveThread();
                process::pause();
                PyEval_RestoreThread(state);
            }
        }
        let none = _Py_NoneStruct();
        Py_IncRef(none);
        none
    }
}

/// Whether this thread is attached; false where that cannot be known.
unsafe fn is_attached() -> bool {
    // SAFETY: both functions may be called by any thread.
    unsafe {
        match detect::known().quirks.attached_thread {
            hosts::AttachedThread::Own => !PyThreadState_GetUnchecked().is_null(),
            hosts::AttachedThread::Shared => {
                let running = PyThreadState_GetUnchecked();
                !running.is_null() && running == PyGILState_GetThisThreadState()
            }
            hosts::AttachedThread::Unknown => false,
        }
    }
}

/// Whether the host itself says that it ends, where any thread may ask it.
unsafe fn is_ending() -> bool {
    // SAFETY: on these hosts both functions only read a variable.
    unsafe { detect::known().quirks.any_thread_may_ask && (Py_IsInitialized() == 0 || Py_IsFinalizing() != 0) }
}

/// Lets this thread into the interpreter of the context: 0, or -1 if that interpreter ends, or if the thread is attached to another
/// one.
///
/// # Safety
/// The pointer is the caller's variable; the context is one of this file's.
pub unsafe extern "C" fn ctx_Thread_Attach(context: *mut Context, attachment: *mut ThreadAttachment) -> c_int {
    // SAFETY: the imports are bound. While this thread is counted, the interpreter does not end.
    unsafe {
        attachment.write(ThreadAttachment::NULL);
        let interpreter = interpreters::of(context);
        let door = &interpreter.door;
        if is_attached() {
            if interpreters::sole() == 0 && PyInterpreterState_Get() != interpreter.state() {
                return -1;
            }
            attachment.write(ThreadAttachment { word: ALREADY });
            return 0;
        }
        door.change(u32::saturating_add);
        if door.closed.load(Ordering::SeqCst) || is_ending() {
            door.change(u32::saturating_sub);
            return -1;
        }
        if interpreter.is_main() {
            let state = PyGILState_Ensure();
            attachment.write(ThreadAttachment { word: (state as isize) << BITS | ENTERED });
        } else {
            let state = PyThreadState_New(interpreter.state());
            if state.is_null() {
                door.change(u32::saturating_sub);
                return -1;
            }
            PyEval_RestoreThread(state);
            attachment.write(ThreadAttachment { word: state.expose_provenance() as isize | WITH_STATE });
        }
        door.watch();
    }
    0
}

/// Undoes [`ctx_Thread_Attach`].
///
/// # Safety
/// The attachment was made by this thread with this context and not undone.
pub unsafe extern "C" fn ctx_Thread_Detach(context: *mut Context, attachment: ThreadAttachment) {
    // SAFETY: the imports are bound; the state is what entering returned or made.
    unsafe {
        match attachment.word & KIND {
            ENTERED => PyGILState_Release((attachment.word >> BITS) as c_int),
            WITH_STATE => {
                let state = core::ptr::with_exposed_provenance_mut((attachment.word & !KIND) as usize);
                PyThreadState_Clear(state);
                PyThreadState_DeleteCurrent();
            }
            _ => return,
        }
        interpreters::of(context).door.change(u32::saturating_sub);
    }
}

/// Whether the interpreter of the context ends.
///
/// # Safety
/// The context is in use.
pub unsafe extern "C" fn ctx_IsFinalizing(context: *mut Context) -> c_int {
    // SAFETY: the caller's context; as for `is_ending`.
    unsafe { c_int::from(interpreters::of(context).door.closed.load(Ordering::SeqCst) || is_ending()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_threads_of_this_process_alone() {
        let (own, door) = (process::id(), Door::new());
        let inside = || count(door.inside.load(Ordering::SeqCst), own);
        // As in a child of a process in which three threads were inside: one of them goes on.
        door.inside.store(counted(3, own ^ 1), Ordering::SeqCst);
        assert_eq!(inside(), 0);
        door.change(u32::saturating_sub);
        assert_eq!(inside(), 0);
        door.change(u32::saturating_add);
        door.change(u32::saturating_add);
        assert_eq!(inside(), 2);
        door.change(u32::saturating_sub);
        door.change(u32::saturating_sub);
        assert_eq!(door.inside.load(Ordering::SeqCst), counted(0, own));
    }

    #[test]
    fn counts_in_both_halves() {
        for process in [0, 1, -1, i32::MAX, i32::MIN] {
            assert_eq!(count(counted(u32::MAX, process), process), u32::MAX);
            assert_eq!(count(counted(7, process), process ^ 1), 0);
        }
    }
}
