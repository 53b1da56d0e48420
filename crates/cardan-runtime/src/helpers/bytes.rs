//! Bytes that grow.

use cardan_host::memory;
use core::ptr::null_mut;

/// Bytes from the C allocator. When there is no memory for more of them the value says so, and takes nothing any longer.
pub struct Bytes {
    start: *mut u8,
    length: usize,
    capacity: usize,
    failed: bool,
}

impl Bytes {
    pub const fn new() -> Self {
        Self { start: null_mut(), length: 0, capacity: 0, failed: false }
    }

    /// Whether there was no memory.
    pub fn failed(&self) -> bool {
        self.failed
    }

    pub fn as_slice(&self) -> &[u8] {
        if self.start.is_null() {
            return &[];
        }
        // SAFETY: so many bytes were written.
        unsafe { core::slice::from_raw_parts(self.start, self.length) }
    }

    /// Room for `count` more bytes, or null.
    fn room(&mut self, count: usize) -> *mut u8 {
        let Some(needed) = self.length.checked_add(count) else {
            self.failed = true;
            return null_mut();
        };
        if self.failed {
            return null_mut();
        }
        if needed > self.capacity {
            let capacity = needed.max(self.capacity.saturating_mul(2)).max(64);
            // No object is larger than half of the address space.
            let fits = isize::try_from(capacity).is_ok();
            // SAFETY: the bytes are of this allocator.
            let start = if fits { unsafe { memory::resize(self.start, capacity) } } else { null_mut() };
            if start.is_null() {
                self.failed = true;
                return null_mut();
            }
            self.start = start;
            self.capacity = capacity;
        }
        let place = self.start.wrapping_add(self.length);
        self.length = needed;
        place
    }

    pub fn push(&mut self, bytes: &[u8]) -> &mut Self {
        let place = self.room(bytes.len());
        if !place.is_null() {
            // SAFETY: there is room for so many, in memory of our own.
            unsafe { place.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        }
        self
    }

    pub fn fill(&mut self, byte: u8, count: usize) -> &mut Self {
        let place = self.room(count);
        if !place.is_null() {
            // SAFETY: there is room for so many.
            unsafe { place.write_bytes(byte, count) };
        }
        self
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        // SAFETY: the bytes are of this allocator, or null.
        unsafe { memory::release(self.start) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_and_keeps_what_is_there() {
        let mut bytes = Bytes::new();
        for _ in 0..100 {
            bytes.push(b"abc").fill(b'-', 2);
        }
        assert_eq!(bytes.as_slice().len(), 500);
        assert!(bytes.as_slice().ends_with(b"abc--"));
        assert!(!bytes.failed());
    }

    #[test]
    fn says_that_there_is_no_memory() {
        let mut bytes = Bytes::new();
        bytes.push(b"a").fill(b' ', isize::MAX as usize).push(b"b");
        assert!(bytes.failed());
        assert_eq!(bytes.as_slice(), b"a");
    }
}
