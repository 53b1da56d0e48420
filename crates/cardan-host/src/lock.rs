//! A lock for what is looked at for a few instructions.
//!
//! A thread that waits spins: what is done under the lock is short, asks for nothing of the interpreter, and takes no other lock.
//! Such a lock is open in the child of a process that was copied while it was held: the thread that held it is not there.

use crate::process;
use core::sync::atomic::{AtomicU32, Ordering};

/// A lock without a value.
///
/// # Examples
/// ```
/// use cardan_host::lock::Spin;
/// static LOCK: Spin = Spin::new();
/// assert_eq!(LOCK.with(|| 42), 42);
/// assert_eq!(LOCK.with(|| 43), 43);
/// ```
pub struct Spin {
    /// 0, or who holds the lock: one more than the [number of copies](process::copies) that led to its process.
    holder: AtomicU32,
}

impl Default for Spin {
    fn default() -> Self {
        Self::new()
    }
}

impl Spin {
    /// An open lock.
    pub const fn new() -> Self {
        Self { holder: AtomicU32::new(0) }
    }

    /// Does something while no other thread has the lock.
    pub fn with<R>(&self, work: impl FnOnce() -> R) -> R {
        self.lock();
        let result = work();
        self.unlock();
        result
    }

    /// Takes the lock, to be followed by [`Self::unlock`].
    pub fn lock(&self) {
        let own = process::copies().wrapping_add(1);
        let mut free = 0;
        while let Err(holder) = self.holder.compare_exchange_weak(free, own, Ordering::Acquire, Ordering::Relaxed) {
            // A holder in another process stays in it.
            free = if holder == own { 0 } else { holder };
            if holder == own {
                core::hint::spin_loop();
            }
        }
    }

    /// Opens the lock, which this thread has.
    pub fn unlock(&self) {
        self.holder.store(0, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_of_another_process_is_open() {
        let lock = Spin::new();
        lock.holder.store(process::copies().wrapping_add(7), Ordering::Relaxed);
        assert_eq!(lock.with(|| 1), 1);
        assert_eq!(lock.holder.load(Ordering::Relaxed), 0);
    }
}
