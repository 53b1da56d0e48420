//! Globals: references that C globals hold, one in each interpreter.
//!
//! The word of a global is the address of a cell, made when something is first stored and kept for good. A cell holds the value
//! of one interpreter, and goes on to those of others. With its interpreter the value is let go, and the cell is free for another:
//! there are never more cells than there were interpreters at a time.

use crate::convert::{handle, object};
use crate::imports::{Py_DecRef, Py_IncRef, PyErr_NoMemory};
use crate::interpreters;
use cardan_abi::{Context, Global, Handle};
use cardan_host::lock::Spin;
use cardan_host::memory;
use cardan_host::types::Object;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicIsize, AtomicPtr, AtomicU64, Ordering};

/// The value of a global in one interpreter.
struct Cell {
    /// The interpreter's [generation](interpreters::Interpreter::generation), or 0.
    generation: AtomicU64,
    /// The object, a reference of the cell's own, or null.
    value: AtomicPtr<core::ffi::c_void>,
    /// Held while a thread takes or changes the value, where threads run at the same time.
    busy: Spin,
    /// The cell of another interpreter.
    next: AtomicPtr<Cell>,
    /// The first cell of another global.
    next_global: AtomicPtr<Cell>,
}

/// The first cells of all globals of modules that have this runtime.
static GLOBALS: AtomicPtr<Cell> = AtomicPtr::new(null_mut());
/// Held while a cell is given to an interpreter.
static GIVING: Spin = Spin::new();

impl Cell {
    /// A cell for an interpreter, or null.
    fn new(generation: u64) -> *mut Cell {
        let cell = memory::array::<Cell>(1);
        if !cell.is_null() {
            let content = Cell {
                generation: AtomicU64::new(generation),
                value: AtomicPtr::new(null_mut()),
                busy: Spin::new(),
                next: AtomicPtr::new(null_mut()),
                next_global: AtomicPtr::new(null_mut()),
            };
            // SAFETY: the memory is large enough and nobody else's.
            unsafe { cell.write(content) };
        }
        cell
    }

    /// The cells of a global, of which this is the first.
    fn all(&self) -> impl Iterator<Item = &Cell> {
        let mut next = Some(self);
        core::iter::from_fn(move || {
            let cell = next?;
            // SAFETY: cells are written before they are linked, and stay.
            next = unsafe { cell.next.load(Ordering::Acquire).as_ref() };
            Some(cell)
        })
    }

    /// The cell of an interpreter in the list that starts here.
    fn find(&self, generation: u64) -> Option<&Cell> {
        self.all().find(|cell| cell.generation.load(Ordering::Relaxed) == generation)
    }

    /// The cell of an interpreter, made if there is none; `None` if there is no memory.
    fn find_or_add(&self, generation: u64) -> Option<&Cell> {
        if let Some(cell) = self.find(generation) {
            return Some(cell);
        }
        let made = Cell::new(generation);
        let (found, is_used) = GIVING.with(|| {
            // Another thread may have been first, or an interpreter may have left a cell.
            if let Some(cell) = self.find(generation).or_else(|| self.find(0)) {
                cell.generation.store(generation, Ordering::Relaxed);
                return (Some(cell), false);
            }
            if !made.is_null() {
                self.all().last().unwrap_or(self).next.store(made, Ordering::Release);
            }
            // SAFETY: just made, or null.
            (unsafe { made.as_ref() }, true)
        });
        if !is_used {
            // SAFETY: nobody saw it.
            unsafe { memory::release(made.cast()) };
        }
        found
    }

    /// A new reference to the value, or null.
    unsafe fn take(&self, context: *mut Context) -> Object {
        let take = || {
            let value: Object = self.value.load(Ordering::Acquire).cast();
            // SAFETY: the cell's own reference keeps the value alive; the function takes null too.
            unsafe { Py_IncRef(value) };
            value
        };
        // SAFETY: the context is one of this runtime's. Where counts may be changed in place there is a GIL.
        if unsafe { (*context).count_width } != 0 { take() } else { self.busy.with(take) }
    }

    /// Puts a value in, whose reference the cell takes over, and gives what was there.
    fn put(&self, value: Object) -> Object {
        self.busy.with(|| self.value.swap(value.cast(), Ordering::AcqRel)).cast()
    }
}

/// The cell that a global's word points to.
fn cell<'a>(word: isize) -> Option<&'a Cell> {
    let cell: *const Cell = core::ptr::with_exposed_provenance(word as usize);
    // SAFETY: only this file writes the word: null or the address of a cell, which stays.
    unsafe { cell.as_ref() }
}

/// The cell of a global for an interpreter, made if there is none; `None` if there is no memory.
unsafe fn cell_for<'a>(global: *mut Global, generation: u64) -> Option<&'a Cell> {
    // SAFETY: the caller's global; a word is aligned for an atomic.
    unsafe {
        let word = AtomicIsize::from_ptr(&raw mut (*global).word);
        if let Some(first) = cell(word.load(Ordering::Acquire)) {
            return first.find_or_add(generation);
        }
        let made = Cell::new(generation);
        let new = made.as_ref()?;
        match word.compare_exchange(0, made.expose_provenance() as isize, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => {
                let mut head = GLOBALS.load(Ordering::Acquire);
                loop {
                    new.next_global.store(head, Ordering::Relaxed);
                    match GLOBALS.compare_exchange_weak(head, made, Ordering::AcqRel, Ordering::Acquire) {
                        Ok(_) => return Some(new),
                        Err(other) => head = other,
                    }
                }
            }
            Err(other) => {
                memory::release(made.cast());
                cell(other)?.find_or_add(generation)
            }
        }
    }
}

/// Lets go of what globals hold in an interpreter, which ends.
///
/// # Safety
/// The thread is attached to it.
pub(crate) unsafe fn let_go(generation: u64) {
    let mut head = GLOBALS.load(Ordering::Acquire);
    // SAFETY: as for `all`.
    while let Some(first) = unsafe { head.as_ref() } {
        for cell in first.all().filter(|cell| cell.generation.load(Ordering::Relaxed) == generation) {
            let value = cell.put(null_mut());
            cell.generation.store(0, Ordering::Release);
            // SAFETY: the reference was the cell's.
            unsafe { Py_DecRef(value) };
        }
        head = first.next_global.load(Ordering::Relaxed);
    }
}

/// Stores an object or null for this interpreter. Without memory the exception is pending and nothing is stored. Nothing is stored
/// either by the last finalisers of an interpreter, once its globals were let go.
///
/// # Safety
/// The global was zero or stored to by this function alone; the handle is open or null; the thread is attached.
pub unsafe extern "C" fn ctx_Global_Store(_: *mut Context, global: *mut Global, h: Handle) {
    // SAFETY: the imports are bound before a context is handed out; what was there is let go once it is out of reach.
    unsafe {
        let generation = interpreters::generation();
        if generation == 0 {
            // The interpreter is gone but for its last objects: nothing would let go of what they store.
            return;
        }
        match cell_for(global, generation) {
            Some(cell) => {
                Py_IncRef(object(h));
                Py_DecRef(cell.put(object(h)));
            }
            None => {
                PyErr_NoMemory();
            }
        }
    }
}

/// A new handle of what a global holds in this interpreter, or null.
///
/// # Safety
/// As for [`ctx_Global_Store`].
pub unsafe extern "C" fn ctx_Global_Load(context: *mut Context, global: Global) -> Handle {
    // SAFETY: as above.
    unsafe {
        let Some(first) = cell(global.word) else { return Handle::NULL };
        let sole = interpreters::sole();
        let own = if sole != 0 && first.generation.load(Ordering::Relaxed) == sole {
            Some(first)
        } else {
            match interpreters::generation() {
                0 => None,
                generation => first.find(generation),
            }
        };
        own.map_or(Handle::NULL, |cell| handle(cell.take(context)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_value_for_each_interpreter() {
        let mut global = Global::NULL;
        let values: [usize; 3] = [16, 32, 48];
        // SAFETY: the global is this test's; the values are never looked into.
        unsafe {
            for (number, value) in (1..).zip(values) {
                let cell = cell_for(&mut global, number).unwrap();
                assert!(cell.put(core::ptr::without_provenance_mut(value)).is_null());
            }
            for (number, value) in (1..).zip(values) {
                let cell = cell_for(&mut global, number).unwrap();
                assert_eq!(cell.put(null_mut()).addr(), value);
            }
        }
        assert!(cell(global.word).unwrap().find(7).is_none());
    }

    #[test]
    fn gives_the_cells_of_interpreters_that_ended_to_others() {
        let mut global = Global::NULL;
        // SAFETY: the global is this test's, and holds nothing.
        unsafe {
            for generation in 101..200 {
                cell_for(&mut global, 100).unwrap();
                cell_for(&mut global, generation).unwrap();
                assert_eq!(cell(global.word).unwrap().all().count(), 2);
                cell(global.word).unwrap().find(generation).unwrap().generation.store(0, Ordering::Relaxed);
            }
        }
    }
}
