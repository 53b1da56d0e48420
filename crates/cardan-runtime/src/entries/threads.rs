//! Threads that Python did not start.
//!
//! Some hosts end or stop a thread that enters while the interpreter ends. Therefore the end waits: a function that `atexit`
//! calls closes the door and then lets go of the interpreter until the threads that came in have left, as
//! <https://peps.python.org/pep-0788/> has it. A thread that comes later is told so.

use crate::imports::*;
use cardan_abi::{Context, ThreadAttachment};
use cardan_host::types::{Object, PyMethodDef};
use cardan_host::{detect, hosts, process};
use core::ffi::{c_int, c_void};
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How many threads are in by this file's context, or on their way: the lower half. The upper half is the process that they
/// are of, since a child has none of its parent's threads but one. In one word both change at once.
static INSIDE: AtomicU64 = AtomicU64::new(0);
/// Whether the interpreter ends.
static CLOSED: AtomicBool = AtomicBool::new(false);
/// Whether `atexit` knows the function.
static WATCHED: AtomicBool = AtomicBool::new(false);

/// The threads that are in, of a word as in [`INSIDE`].
fn count(inside: u64, process: i32) -> u32 {
    if (inside >> 32) as u32 == process.cast_unsigned() { inside as u32 } else { 0 }
}

/// The word with that many threads.
fn counted(count: u32, process: i32) -> u64 {
    u64::from(process.cast_unsigned()) << 32 | u64::from(count)
}

/// Counts this thread in, or out again. One that was in when its process was copied is not counted in the copy.
fn change(change: fn(u32, u32) -> u32) {
    let process = process::id();
    let mut before = INSIDE.load(Ordering::SeqCst);
    loop {
        let after = counted(change(count(before, process), 1), process);
        match INSIDE.compare_exchange_weak(before, after, Ordering::SeqCst, Ordering::SeqCst) {
            Ok(_) => return,
            Err(other) => before = other,
        }
    }
}

/// The thread was attached already, so that nothing has to be undone.
const ALREADY: isize = 1;
/// The thread was not; what entering returned is in the bits above.
const ENTERED: isize = 2;
const BITS: u32 = 2;

/// What is needed before a thread may come in, where one that comes in at the end would be ended or stopped by the host.
///
/// # Safety
/// The imports are bound; the thread is attached.
pub unsafe fn prepare(host: &cardan_host::Host) {
    if host.quirks.ends_entering_threads {
        // SAFETY: the caller's promise.
        unsafe { watch() };
    }
}

/// Sees to it that the end of the main interpreter is noticed. An interpreter without `atexit` goes without.
///
/// # Safety
/// The imports are bound; the thread is attached.
unsafe fn watch() {
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

    // SAFETY: the caller's promise; references that are made are dropped; the definition stays.
    unsafe {
        if WATCHED.load(Ordering::Acquire)
            || PyInterpreterState_GetID(PyInterpreterState_Get()) != 0
            || WATCHED.swap(true, Ordering::AcqRel)
        {
            return;
        }
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

/// What `atexit` calls.
unsafe extern "C" fn close(_: Object, _: Object) -> Object {
    CLOSED.store(true, Ordering::SeqCst);
    // SAFETY: the thread is attached; the imports are bound.
    unsafe {
        while count(INSIDE.load(Ordering::SeqCst), process::id()) > 0 {
            let state = PyEval_SaveThread();
            process::pause();
            PyEval_RestoreThread(state);
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

/// Lets this thread in: 0, or -1 if the interpreter ends.
///
/// # Safety
/// The pointer is the caller's variable.
pub unsafe extern "C" fn ctx_Thread_Attach(_: *mut Context, attachment: *mut ThreadAttachment) -> c_int {
    // SAFETY: the imports are bound. While this thread is counted, the interpreter does not end.
    unsafe {
        attachment.write(ThreadAttachment::NULL);
        if is_attached() {
            attachment.write(ThreadAttachment { word: ALREADY });
            return 0;
        }
        change(u32::saturating_add);
        if CLOSED.load(Ordering::SeqCst) || is_ending() {
            change(u32::saturating_sub);
            return -1;
        }
        let state = PyGILState_Ensure();
        watch();
        attachment.write(ThreadAttachment { word: (state as isize) << BITS | ENTERED });
    }
    0
}

/// Undoes [`ctx_Thread_Attach`].
///
/// # Safety
/// The attachment was made by this thread and not undone.
pub unsafe extern "C" fn ctx_Thread_Detach(_: *mut Context, attachment: ThreadAttachment) {
    if attachment.word & ENTERED != 0 {
        // SAFETY: the imports are bound; the state is what entering returned.
        unsafe { PyGILState_Release((attachment.word >> BITS) as c_int) };
        change(u32::saturating_sub);
    }
}

/// Whether the interpreter ends.
///
/// # Safety
/// The context is in use.
pub unsafe extern "C" fn ctx_IsFinalizing(_: *mut Context) -> c_int {
    // SAFETY: as for `is_ending`.
    c_int::from(CLOSED.load(Ordering::SeqCst) || unsafe { is_ending() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_threads_of_this_process_alone() {
        let own = process::id();
        let inside = || count(INSIDE.load(Ordering::SeqCst), own);
        // As in a child of a process in which three threads were inside: one of them goes on.
        INSIDE.store(counted(3, own ^ 1), Ordering::SeqCst);
        assert_eq!(inside(), 0);
        change(u32::saturating_sub);
        assert_eq!(inside(), 0);
        change(u32::saturating_add);
        change(u32::saturating_add);
        assert_eq!(inside(), 2);
        change(u32::saturating_sub);
        change(u32::saturating_sub);
        assert_eq!(INSIDE.load(Ordering::SeqCst), counted(0, own));
    }

    #[test]
    fn counts_in_both_halves() {
        for process in [0, 1, -1, i32::MAX, i32::MIN] {
            assert_eq!(count(counted(u32::MAX, process), process), u32::MAX);
            assert_eq!(count(counted(7, process), process ^ 1), 0);
        }
    }
}
