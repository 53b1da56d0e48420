//! Memory that is handed out through a handle: a copy on pages of its own, which nobody may write to, and which nobody can read
//! once the handle is closed.

use cardan_host::memory;
use core::ffi::{c_int, c_long, c_void};
use core::ptr::null_mut;

unsafe extern "C" {
    fn mmap(
        address: *mut c_void,
        size: usize,
        protection: c_int,
        flags: c_int,
        file: c_int,
        offset: c_long,
    ) -> *mut c_void;
    fn mprotect(address: *mut c_void, size: usize, protection: c_int) -> c_int;
    fn munmap(address: *mut c_void, size: usize) -> c_int;
}

/// `PROT_NONE`, `PROT_READ`, `PROT_WRITE` of `sys/mman.h`.
const NONE: c_int = 0;
const READ: c_int = 1;
const WRITE: c_int = 2;
/// `MAP_PRIVATE | MAP_ANONYMOUS`.
#[cfg(target_os = "linux")]
const FRESH: c_int = 0x2 | 0x20;
#[cfg(not(target_os = "linux"))]
const FRESH: c_int = 0x2 | 0x1000;

/// The copies that belong to one handle.
pub struct Copies {
    first: *mut Copy,
}

struct Copy {
    next: *mut Copy,
    /// What it is a copy of: asked for again, it is handed out again.
    source: *const c_void,
    address: *mut c_void,
    size: usize,
}

impl Copies {
    /// None yet.
    pub const fn new() -> Self {
        Self { first: null_mut() }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.first.is_null()
    }

    fn iter(&self) -> impl Iterator<Item = &Copy> {
        let mut next = self.first;
        core::iter::from_fn(move || {
            // SAFETY: the list holds copies that were allocated, and ends with null.
            let copy = unsafe { next.as_ref() }?;
            next = copy.next;
            Some(copy)
        })
    }

    /// The number of bytes of all copies.
    pub fn size(&self) -> usize {
        self.iter().map(|copy| copy.size).sum()
    }

    /// Whether an address is in one of the copies, or in the rest of its last page.
    pub fn has(&self, address: usize) -> bool {
        const PAGE: usize = 4096;
        self.iter().any(|copy| {
            let start = copy.address.addr();
            (start..start + copy.size.max(1).next_multiple_of(PAGE)).contains(&address)
        })
    }

    /// A copy that can be read and not written, or null when there is no memory.
    ///
    /// # Safety
    /// There are `size` bytes at `source`.
    pub unsafe fn add(&mut self, source: *const c_void, size: usize) -> *const c_void {
        if let Some(copy) = self.iter().find(|copy| copy.source == source && copy.size == size) {
            return copy.address;
        }
        let entry = memory::array::<Copy>(1);
        // SAFETY: fresh pages are asked for, written, and then protected; nothing else knows them.
        unsafe {
            let address = mmap(null_mut(), size.max(1), READ | WRITE, FRESH, -1, 0);
            // `MAP_FAILED` is -1.
            if entry.is_null() || address.addr() == usize::MAX {
                memory::release(entry.cast());
                return core::ptr::null();
            }
            address.cast::<u8>().copy_from_nonoverlapping(source.cast(), size);
            mprotect(address, size.max(1), READ);
            entry.write(Copy { next: self.first, source, address, size });
            self.first = entry;
            address
        }
    }

    /// Makes all of them unreadable.
    pub fn hide(&self) {
        for copy in self.iter() {
            // SAFETY: the pages are the copy's own.
            unsafe { mprotect(copy.address, copy.size.max(1), NONE) };
        }
    }

    /// Gives all of them back.
    pub fn release(&mut self) {
        while !self.first.is_null() {
            // SAFETY: the entry and its pages are this list's own, and are forgotten here.
            unsafe {
                let copy = self.first.read();
                munmap(copy.address, copy.size.max(1));
                memory::release(self.first.cast());
                self.first = copy.next;
            }
        }
    }
}

impl Default for Copies {
    fn default() -> Self {
        Self::new()
    }
}
