//! Long chains of objects, torn down without a deep stack: the destructor of one calls that of the next.
//!
//! Each thread counts its own: a thread may end in the middle of a destructor, and the child of a process has one of its threads
//! alone.

use crate::interpreters;
use cardan_host::memory;
use cardan_host::process::OfThread;
use cardan_host::types::Object;
use core::ptr::null_mut;

/// How deep destructors may be in each other; each takes a few hundred bytes of stack.
const DEEPEST: usize = 200;

/// An object whose destructor waits.
struct Waiting {
    object: Object,
    next: *mut Waiting,
}

/// The destructors that a thread is in. It is on the stack of the outermost.
pub(super) struct Running {
    depth: usize,
    first: *mut Waiting,
}

/// The [`Running`] of each thread, null while it is in no destructor.
static RUNNING: OfThread = OfThread::new();

/// The destructors that this thread is in, null where it is in none.
#[inline]
pub(super) fn running() -> *mut Running {
    RUNNING.get().unwrap_or_default().cast()
}

/// Whether a destructor had better wait. Not where several interpreters use this file: this thread may have changed from one to
/// another meanwhile, and who goes on with an object has to be its interpreter.
#[inline]
pub(super) fn is_deep(running: *mut Running) -> bool {
    // SAFETY: the outermost destructor of this thread is running as long as its word is not null.
    unsafe { running.as_ref() }.is_some_and(|running| running.depth >= DEEPEST) && interpreters::sole() != 0
}

/// Lets an object wait until the running destructors are done. False if there is no memory for that.
pub(super) fn put_off(object: Object) -> bool {
    // SAFETY: as above; nothing else of this thread looks at it now.
    let Some(running) = (unsafe { running().as_mut() }) else { return false };
    let waiting = memory::array::<Waiting>(1);
    if waiting.is_null() {
        return false;
    }
    // SAFETY: the memory is large enough, and this thread's alone.
    unsafe { waiting.write(Waiting { object, next: running.first }) };
    running.first = waiting;
    true
}

/// Runs a destructor, and if it is the thread's outermost those that had to wait for it.
///
/// # Safety
/// `outer` is what [`running`] gave just now. `tear_down` can be called with `object`, and with all that were put off.
pub(super) unsafe fn run(outer: *mut Running, object: Object, tear_down: unsafe fn(Object)) {
    // SAFETY: the caller's promise. What stands on this stack is looked at through its address alone while the word is set.
    unsafe {
        if !outer.is_null() {
            (*outer).depth += 1;
            tear_down(object);
            (*outer).depth -= 1;
            return;
        }
        let mut own = Running { depth: 1, first: null_mut() };
        let own = &raw mut own;
        let is_counted = RUNNING.set(own.cast());
        tear_down(object);
        while let Some(waiting) = (*own).first.as_mut() {
            let next = waiting.object;
            (*own).first = waiting.next;
            memory::release((&raw mut *waiting).cast());
            tear_down(next);
        }
        if is_counted {
            RUNNING.set(null_mut());
        }
    }
}
