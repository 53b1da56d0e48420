//! Long chains of objects, torn down without a deep stack: the destructor of one calls that of the next.

use crate::entries::globals;
use cardan_host::memory;
use cardan_host::types::Object;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// How deep destructors may be in each other; each takes a few hundred bytes of stack.
const DEEPEST: usize = 200;

/// An object whose destructor waits.
struct Waiting {
    object: Object,
    next: *mut Waiting,
}

/// How many destructors are running, in all threads.
static RUNNING: AtomicUsize = AtomicUsize::new(0);
static FIRST: AtomicPtr<Waiting> = AtomicPtr::new(null_mut());

/// Whether a destructor had better wait. Not where several interpreters use this file: who goes on with an object may then be
/// a thread of another interpreter than the object's.
#[inline]
pub(super) fn is_deep() -> bool {
    RUNNING.load(Ordering::Relaxed) >= DEEPEST && !globals::has_several_interpreters()
}

/// Lets an object wait until the running destructors are done. False if there is no memory for that.
pub(super) fn put_off(object: Object) -> bool {
    let waiting = memory::array::<Waiting>(1);
    if waiting.is_null() {
        return false;
    }
    let mut first = FIRST.load(Ordering::Relaxed);
    loop {
        // SAFETY: the memory is large enough, and this thread's until it is linked.
        unsafe { waiting.write(Waiting { object, next: first }) };
        match FIRST.compare_exchange_weak(first, waiting, Ordering::AcqRel, Ordering::Relaxed) {
            Ok(_) => return true,
            Err(other) => first = other,
        }
    }
}

/// Runs a destructor, and those that had to wait for it.
///
/// # Safety
/// `tear_down` can be called with `object`, and with all that were put off.
pub(super) unsafe fn run(object: Object, tear_down: unsafe fn(Object)) {
    let (mut object, mut waiting) = (object, null_mut::<Waiting>());
    loop {
        RUNNING.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { tear_down(object) };
        let is_last = RUNNING.fetch_sub(1, Ordering::AcqRel) == 1;
        // Who is the last goes on with all that wait.
        if waiting.is_null() && is_last {
            waiting = FIRST.swap(null_mut(), Ordering::AcqRel);
        }
        if waiting.is_null() {
            return;
        }
        // SAFETY: what was swapped out is this thread's alone, and was written before it was linked.
        unsafe {
            let done = waiting;
            (object, waiting) = ((*done).object, (*done).next);
            memory::release(done.cast());
        }
    }
}
