//! Globals: references that C globals hold, one in each interpreter.
//!
//! The word of a global is the address of a cell, made when something is first stored and kept for good. A cell holds the value
//! of the interpreter that stored first, and goes on to those of others. As long as one interpreter alone imports modules of
//! this file there is nothing to look up.

use crate::convert::{handle, object};
use crate::imports::{Py_DecRef, Py_IncRef, PyErr_NoMemory, PyInterpreterState_Get, PyInterpreterState_GetID};
use cardan_abi::{Context, Global, Handle};
use cardan_host::memory;
use cardan_host::types::Object;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicI64, AtomicIsize, AtomicPtr, Ordering};

/// The value of a global in one interpreter.
struct Cell {
    /// The interpreter's id; ids are not used again.
    interpreter: i64,
    /// The object, a reference of the cell's own, or null.
    value: AtomicPtr<core::ffi::c_void>,
    /// Whether a thread is just taking or changing the value, where threads run at the same time.
    busy: AtomicBool,
    /// The cell of another interpreter.
    next: AtomicPtr<Cell>,
}

/// No interpreter has this id.
const NOBODY: i64 = -2;

/// The interpreter that first imported a module of this file.
static FIRST: AtomicI64 = AtomicI64::new(NOBODY);
/// Whether another one did, too.
static SEVERAL: AtomicBool = AtomicBool::new(false);

/// Whether modules of this file were imported into more than one interpreter.
#[inline]
pub(crate) fn has_several_interpreters() -> bool {
    SEVERAL.load(Ordering::Relaxed)
}

unsafe fn interpreter() -> i64 {
    // SAFETY: the imports are bound, the thread is attached.
    unsafe { PyInterpreterState_GetID(PyInterpreterState_Get()) }
}

/// Notes that a module of this file is imported into the interpreter of this thread.
///
/// # Safety
/// The imports are bound, the thread is attached.
pub unsafe fn note_interpreter() {
    // SAFETY: the caller's promise.
    let id = unsafe { interpreter() };
    if let Err(first) = FIRST.compare_exchange(NOBODY, id, Ordering::AcqRel, Ordering::Acquire)
        && first != id
    {
        SEVERAL.store(true, Ordering::Release);
    }
}

impl Cell {
    /// A cell for the interpreter of this thread, or null.
    unsafe fn new(interpreter: i64) -> *mut Cell {
        let cell = memory::array::<Cell>(1);
        if !cell.is_null() {
            let content = Cell {
                interpreter,
                value: AtomicPtr::new(null_mut()),
                busy: AtomicBool::new(false),
                next: AtomicPtr::new(null_mut()),
            };
            // SAFETY: the memory is large enough and nobody else's.
            unsafe { cell.write(content) };
        }
        cell
    }

    /// The cell of an interpreter in the list that starts here.
    fn find(&self, interpreter: i64) -> Option<&Cell> {
        let mut cell = self;
        while cell.interpreter != interpreter {
            // SAFETY: cells are written before they are linked, and stay.
            cell = unsafe { cell.next.load(Ordering::Acquire).as_ref()? };
        }
        Some(cell)
    }

    /// The cell of an interpreter, made if there is none; `None` if there is no memory.
    unsafe fn find_or_add(&self, interpreter: i64) -> Option<&Cell> {
        // Only a thread of this interpreter adds its cell; two of them may where there is no GIL. Then one of the two cells is
        // found first by both, from the next time on, unless the other was found meanwhile: so the end of the list is
        // contended for, and the list is looked through again by who loses.
        loop {
            if let Some(cell) = self.find(interpreter) {
                return Some(cell);
            }
            // SAFETY: the caller's promise.
            let made = unsafe { Cell::new(interpreter) };
            // SAFETY: just made, or null.
            let cell = unsafe { made.as_ref()? };
            let mut last = self;
            // SAFETY: as in `find`.
            while let Some(next) = unsafe { last.next.load(Ordering::Acquire).as_ref() } {
                last = next;
            }
            if last.next.compare_exchange(null_mut(), made, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                return Some(cell);
            }
            // SAFETY: nobody saw it.
            unsafe { memory::release(made.cast()) };
        }
    }

    /// Does something while no other thread takes or changes the value. It must not run code of the interpreter.
    fn alone<R>(&self, action: impl FnOnce() -> R) -> R {
        while self.busy.compare_exchange_weak(false, true, Ordering::Acquire, Ordering::Relaxed).is_err() {
            core::hint::spin_loop();
        }
        let result = action();
        self.busy.store(false, Ordering::Release);
        result
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
        if unsafe { (*context).count_width } != 0 { take() } else { self.alone(take) }
    }

    /// Puts a value in, whose reference the cell takes over, and gives what was there.
    fn put(&self, value: Object) -> Object {
        self.alone(|| self.value.swap(value.cast(), Ordering::AcqRel)).cast()
    }
}

/// The cell that a global's word points to.
fn cell<'a>(word: isize) -> Option<&'a Cell> {
    let cell: *const Cell = core::ptr::with_exposed_provenance(word as usize);
    // SAFETY: only this file writes the word: null or the address of a cell, which stays.
    unsafe { cell.as_ref() }
}

/// The cell of a global for an interpreter, made if there is none; `None` if there is no memory.
unsafe fn cell_for<'a>(global: *mut Global, interpreter: i64) -> Option<&'a Cell> {
    // SAFETY: the caller's global; a word is aligned for an atomic.
    unsafe {
        let word = AtomicIsize::from_ptr(&raw mut (*global).word);
        if let Some(first) = cell(word.load(Ordering::Acquire)) {
            return first.find_or_add(interpreter);
        }
        let made = Cell::new(interpreter);
        if made.is_null() {
            return None;
        }
        match word.compare_exchange(0, made.expose_provenance() as isize, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => made.as_ref(),
            Err(other) => {
                memory::release(made.cast());
                cell(other)?.find_or_add(interpreter)
            }
        }
    }
}

/// Stores an object or null for this interpreter. Without memory the exception is pending and nothing is stored.
///
/// # Safety
/// The global was zero or stored to by this function alone; the handle is open or null; the thread is attached.
pub unsafe extern "C" fn ctx_Global_Store(_: *mut Context, global: *mut Global, h: Handle) {
    // SAFETY: the imports are bound before a context is handed out; what was there is let go once it is out of reach.
    unsafe {
        match cell_for(global, interpreter()) {
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
        let own = if has_several_interpreters() { first.find(interpreter()) } else { Some(first) };
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
            for (id, value) in values.iter().enumerate() {
                let cell = cell_for(&mut global, id as i64).unwrap();
                assert!(cell.put(core::ptr::without_provenance_mut(*value)).is_null());
            }
            for (id, value) in values.iter().enumerate() {
                let cell = cell_for(&mut global, id as i64).unwrap();
                assert_eq!(cell.put(null_mut()).addr(), *value);
            }
        }
        assert!(cell(global.word).unwrap().find(7).is_none());
    }
}
