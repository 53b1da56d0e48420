//! Trackers: handles that are closed together.
//!
//! There is always room for one handle more, so that adding one keeps it even when the array cannot grow: the caller only has
//! to close the tracker.

use crate::convert::object;
use crate::imports::{Py_DecRef, PyErr_NoMemory};
use cardan_abi::{Context, Handle, Tracker};
use cardan_host::memory;
use core::ffi::c_int;

/// What a tracker's word points to.
struct Handles {
    /// How many the array holds.
    capacity: usize,
    /// How many are in it.
    length: usize,
    first: *mut Handle,
}

/// The room for a tracker whose size is not known.
const USUAL: usize = 5;

impl Handles {
    /// The handles of a tracker.
    unsafe fn of<'a>(tracker: Tracker) -> &'a mut Self {
        // SAFETY: the caller's tracker is open, so its word is the address that `ctx_Tracker_New` gave. One thread uses it.
        unsafe { &mut *core::ptr::with_exposed_provenance_mut(tracker.word as usize) }
    }

    /// Adds a handle, and makes room for the next one. False if there is no memory for that.
    unsafe fn add(&mut self, handle: Handle) -> bool {
        // A tracker that could not grow before is full, and the last handle was told to be the last.
        if self.length == self.capacity && !self.grow() {
            return false;
        }
        // SAFETY: there is room.
        unsafe { self.first.add(self.length).write(handle) };
        self.length += 1;
        self.length < self.capacity || self.grow()
    }

    fn grow(&mut self) -> bool {
        let capacity = self.capacity.saturating_mul(2);
        let Some(size) = capacity.checked_mul(size_of::<Handle>()) else { return false };
        // SAFETY: the array is of this allocator.
        let first = unsafe { memory::resize(self.first.cast(), size) }.cast::<Handle>();
        if first.is_null() {
            return false;
        }
        self.first = first;
        self.capacity = capacity;
        true
    }
}

/// A tracker, or null with `MemoryError`.
///
/// # Safety
/// The thread is attached.
pub unsafe extern "C" fn ctx_Tracker_New(_: *mut Context, size: isize) -> Tracker {
    let expected = if size > 0 { size as usize } else { USUAL };
    let handles = memory::array::<Handles>(1);
    let first = memory::array::<Handle>(expected.saturating_add(1));
    // SAFETY: what was allocated is large enough, and is given back if the other was not; the imports are bound.
    unsafe {
        if handles.is_null() || first.is_null() {
            memory::release(handles.cast());
            memory::release(first.cast());
            PyErr_NoMemory();
            return Tracker::NULL;
        }
        handles.write(Handles { capacity: expected + 1, length: 0, first });
    }
    Tracker { word: handles.expose_provenance() as isize }
}

/// Hands a handle over. -1 with `MemoryError` if there is no room for a further one; the tracker has this one even so.
///
/// # Safety
/// The tracker is open and used by one thread; the thread is attached.
pub unsafe extern "C" fn ctx_Tracker_Add(_: *mut Context, tracker: Tracker, h: Handle) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        if Handles::of(tracker).add(h) {
            return 0;
        }
        PyErr_NoMemory();
    }
    -1
}

/// Forgets the handles.
///
/// # Safety
/// As for [`ctx_Tracker_Add`].
pub unsafe extern "C" fn ctx_Tracker_ForgetAll(_: *mut Context, tracker: Tracker) {
    // SAFETY: the caller's promise.
    unsafe { Handles::of(tracker).length = 0 };
}

/// Closes the handles and the tracker.
///
/// # Safety
/// As for [`ctx_Tracker_Add`]; the tracker is not used again.
pub unsafe extern "C" fn ctx_Tracker_Close(_: *mut Context, tracker: Tracker) {
    // SAFETY: the caller's promise; the handles are the tracker's own.
    unsafe {
        let handles = Handles::of(tracker);
        for index in 0..handles.length {
            Py_DecRef(object(handles.first.add(index).read()));
        }
        memory::release(handles.first.cast());
        memory::release((&raw mut *handles).cast());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_every_handle_while_it_grows() {
        let mut handles = Handles { capacity: 2, length: 0, first: memory::array(2) };
        for word in 1..=100 {
            // SAFETY: the array is the tracker's own.
            assert!(unsafe { handles.add(Handle { word }) });
            assert!(handles.length < handles.capacity);
        }
        for word in 1..=100 {
            // SAFETY: there are so many.
            assert_eq!(unsafe { handles.first.add(word - 1).read() }.word, word as isize);
        }
        // SAFETY: nothing uses the array any more.
        unsafe { memory::release(handles.first.cast()) };
    }

    #[test]
    fn keeps_the_handle_that_leaves_no_room() {
        let mut handles = Handles { capacity: usize::MAX / 8, length: 0, first: memory::array(2) };
        handles.length = 0;
        // SAFETY: the array has room for one.
        assert!(unsafe { handles.add(Handle { word: 7 }) });
        assert!(!handles.grow());
        // SAFETY: nothing uses the array any more.
        unsafe { memory::release(handles.first.cast()) };
    }
}
