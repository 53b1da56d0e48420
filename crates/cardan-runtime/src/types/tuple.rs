//! The items of a tuple as an array.

use crate::imports::{PyErr_NoMemory, PyTuple_GetItem, PyTuple_Size};
use cardan_host::detect::known;
use cardan_host::memory;
use cardan_host::polyfills::items::tuple_items_start;
use cardan_host::types::Object;

/// How many items are copied without asking for memory.
const INLINE: usize = 8;

/// The items of a tuple, borrowed from it.
pub struct Items {
    pointer: *const Object,
    count: usize,
    inline: [Object; INLINE],
    heap: *mut Object,
}

impl Items {
    /// The items of `tuple`, which outlives them; none for null. `None` with `MemoryError` when there is no memory.
    ///
    /// # Safety
    /// `tuple` is a tuple or null; the thread is attached.
    #[inline]
    pub unsafe fn of(tuple: Object) -> Option<Self> {
        let mut items = Self {
            pointer: core::ptr::null(),
            count: 0,
            inline: [core::ptr::null_mut(); INLINE],
            heap: core::ptr::null_mut(),
        };
        if tuple.is_null() {
            return Some(items);
        }
        // SAFETY: the caller's tuple; its items stand where the host says, or are copied one by one.
        unsafe {
            items.count = PyTuple_Size(tuple) as usize;
            let start = tuple_items_start(known());
            if start != 0 {
                items.pointer = tuple.byte_add(start).cast();
                return Some(items);
            }
            if items.count > INLINE {
                items.heap = memory::allocate(items.count * size_of::<Object>()).cast();
                if items.heap.is_null() {
                    PyErr_NoMemory();
                    return None;
                }
            }
            let to = if items.heap.is_null() { items.inline.as_mut_ptr() } else { items.heap };
            for index in 0..items.count {
                to.add(index).write(PyTuple_GetItem(tuple, index as isize));
            }
        }
        Some(items)
    }

    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The first of them. The array lives as long as `self`.
    #[inline]
    pub fn as_ptr(&self) -> *const Object {
        match (self.pointer.is_null(), self.heap.is_null()) {
            (false, _) => self.pointer,
            (true, false) => self.heap,
            (true, true) => self.inline.as_ptr(),
        }
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        // SAFETY: the memory is this struct's or null.
        unsafe { memory::release(self.heap.cast()) }
    }
}
