//! The memory of debug handles: whatever word an author passes, it can be told whether it is the address of one without a look
//! at what is there.

use crate::handles::DebugHandle;
use cardan_host::memory;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// How many handles the first block has room for; each further one has room for twice as many as the one before.
const FIRST: usize = 256;
/// More blocks than memory has room for.
const BLOCKS: usize = 40;

/// Blocks of memory for handles, never given back.
pub struct Pool {
    blocks: [AtomicPtr<DebugHandle>; BLOCKS],
    /// How many places were given out, over all blocks.
    used: AtomicUsize,
}

/// The block of a place, and the place's number in it.
fn position(place: usize) -> (usize, usize) {
    let block = (place / FIRST + 1).ilog2() as usize;
    (block, place - FIRST * ((1 << block) - 1))
}

impl Pool {
    /// An empty pool.
    pub const fn new() -> Self {
        Self { blocks: [const { AtomicPtr::new(null_mut()) }; BLOCKS], used: AtomicUsize::new(0) }
    }

    /// A place for a handle, all bytes zero; null if there is no memory. One thread at a time may ask.
    pub fn place(&self) -> *mut DebugHandle {
        let place = self.used.load(Ordering::Relaxed);
        let (block, index) = position(place);
        let Some(block_start) = self.blocks.get(block) else { return null_mut() };
        if block_start.load(Ordering::Relaxed).is_null() {
            let made = memory::array::<DebugHandle>(FIRST << block);
            if made.is_null() {
                return made;
            }
            block_start.store(made, Ordering::Release);
        }
        self.used.store(place + 1, Ordering::Release);
        // SAFETY: the block has more places than that.
        unsafe { block_start.load(Ordering::Relaxed).add(index) }
    }

    /// The places that were given out. One that was given out just now may hold zeros.
    pub fn iter(&self) -> impl Iterator<Item = *mut DebugHandle> {
        (0..self.used.load(Ordering::Acquire)).filter_map(|place| {
            let (block, index) = position(place);
            // SAFETY: the block has more places than that, and is never given back.
            Some(unsafe { self.blocks.get(block)?.load(Ordering::Acquire).add(index) })
        })
    }

    /// Whether a word is the address of a place that was given out.
    pub fn has(&self, word: usize) -> bool {
        let used = self.used.load(Ordering::Acquire);
        self.blocks.iter().enumerate().any(|(block, start)| {
            let before = FIRST * ((1 << block) - 1);
            let start = start.load(Ordering::Acquire).addr();
            let Some(offset) = word.checked_sub(start) else { return false };
            let index = offset / size_of::<DebugHandle>();
            start != 0
                && offset.is_multiple_of(size_of::<DebugHandle>())
                && index < FIRST << block
                && before + index < used
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_follow_each_other() {
        assert_eq!(position(0), (0, 0));
        assert_eq!(position(FIRST - 1), (0, FIRST - 1));
        assert_eq!(position(FIRST), (1, 0));
        assert_eq!(position(3 * FIRST - 1), (1, 2 * FIRST - 1));
        assert_eq!(position(3 * FIRST), (2, 0));
    }

    #[test]
    fn what_was_given_out_is_known_and_nothing_else() {
        let pool = Pool::new();
        assert!(!pool.has(0) && !pool.has(24) && !pool.has(usize::MAX));
        let mut last = 0;
        for _ in 0..4 * FIRST {
            let place = pool.place().addr();
            assert!(place != last && pool.has(place));
            assert!(!pool.has(place + 8) && !pool.has(place - 8));
            last = place;
        }
        assert!(!pool.has(last + size_of::<DebugHandle>()));
        assert_eq!(pool.iter().count(), 4 * FIRST);
        assert!(pool.iter().all(|place| pool.has(place.addr())));
        assert_eq!(pool.used.load(Ordering::Relaxed), 4 * FIRST);
    }
}
