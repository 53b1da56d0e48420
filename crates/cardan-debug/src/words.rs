//! A set of words, each with how often it was added: what fields and globals hold, which is looked at without being followed.

use cardan_host::memory;
use core::ptr::null_mut;

/// Words that are not zero. Once there was no memory for one, every word is taken for one that was added.
pub struct Words {
    places: *mut Place,
    /// How many places there are, a power of two or zero.
    size: usize,
    /// How many are in use.
    used: usize,
    is_incomplete: bool,
}

/// A word and how often it is there; a place with the word 0 is free.
struct Place {
    word: isize,
    times: usize,
}

impl Words {
    /// None.
    pub const fn new() -> Self {
        Self { places: null_mut(), size: 0, used: 0, is_incomplete: false }
    }

    fn place(&mut self, index: usize) -> &mut Place {
        // SAFETY: there are so many places, a power of two, and they are this value's own.
        unsafe { &mut *self.places.add(index & (self.size - 1)) }
    }

    /// Where a word has to be looked for first: addresses differ in their middle bits.
    fn first(word: isize) -> usize {
        ((word as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
    }

    /// Where a word is, or would be. There is a free place.
    fn find(&mut self, word: isize) -> usize {
        let mut index = Self::first(word);
        while self.place(index).times != 0 && self.place(index).word != word {
            index += 1;
        }
        index
    }

    /// Whether a word was added more often than removed.
    pub fn has(&mut self, word: isize) -> bool {
        if self.is_incomplete {
            return true;
        }
        if self.size == 0 {
            return false;
        }
        let index = self.find(word);
        self.place(index).times != 0
    }

    /// Adds a word once.
    pub fn add(&mut self, word: isize) {
        // Half of the places are free, so that looking ends soon.
        if self.used * 2 >= self.size && !self.grow() {
            self.is_incomplete = true;
            return;
        }
        let index = self.find(word);
        let place = self.place(index);
        place.word = word;
        place.times += 1;
        if place.times == 1 {
            self.used += 1;
        }
    }

    /// Removes a word once: whether it was there.
    pub fn remove(&mut self, word: isize) -> bool {
        if !self.has(word) {
            return false;
        }
        if self.size == 0 {
            return true;
        }
        let mut index = self.find(word);
        let place = self.place(index);
        place.times = place.times.saturating_sub(1);
        if place.times != 0 || place.word != word {
            return true;
        }
        place.word = 0;
        self.used -= 1;
        // What was put behind this place because it was in use moves up.
        let mut next = index + 1;
        while self.place(next).times != 0 {
            let wanted = Self::first(self.place(next).word);
            let distance = |from: usize| next.wrapping_sub(from) & (self.size - 1);
            if distance(wanted) >= distance(index) {
                let moved = core::mem::replace(self.place(next), Place { word: 0, times: 0 });
                *self.place(index) = moved;
                index = next;
            }
            next += 1;
        }
        true
    }

    /// Makes room for twice as many. False if there is no memory, and then all stays as it is.
    fn grow(&mut self) -> bool {
        const SMALLEST: usize = 64;
        let size = (self.size * 2).max(SMALLEST);
        let places = memory::array::<Place>(size);
        if places.is_null() {
            return false;
        }
        let before =
            core::mem::replace(self, Self { places, size, used: self.used, is_incomplete: self.is_incomplete });
        for index in 0..before.size {
            // SAFETY: there are so many places, which are given back afterwards.
            let place = unsafe { before.places.add(index).read() };
            if place.times != 0 {
                let index = self.find(place.word);
                *self.place(index) = place;
            }
        }
        // SAFETY: the memory is not used any more.
        unsafe { memory::release(before.places.cast()) };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted() {
        let mut words = Words::new();
        assert!(!words.has(16) && !words.remove(16));
        words.add(16);
        words.add(16);
        words.add(-8);
        assert!(words.has(16) && words.has(-8) && !words.has(8));
        assert!(words.remove(16) && words.has(16) && words.remove(16) && !words.has(16) && !words.remove(16));
        assert!(words.remove(-8) && words.used == 0);
    }

    #[test]
    fn what_is_removed_leaves_the_others_where_they_are_found() {
        let mut words = Words::new();
        for word in 1..=10_000 {
            words.add(word * 16);
        }
        for word in (1..=10_000).filter(|word| word % 3 != 0) {
            assert!(words.remove(word * 16));
        }
        for word in 1..=10_000 {
            assert_eq!(words.has(word * 16), word % 3 == 0, "{word}");
        }
        assert_eq!(words.used, 3333);
    }

    #[test]
    fn without_memory_every_word_is_believed() {
        let mut words = Words::new();
        words.add(16);
        words.is_incomplete = true;
        assert!(words.has(32) && words.remove(32) && words.remove(16));
    }
}
