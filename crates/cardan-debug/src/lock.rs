//! A lock for what is looked at for a few instructions.

use cardan_host::lock::Spin;
use core::cell::UnsafeCell;

/// A value that one thread uses at a time.
pub struct Lock<T> {
    lock: Spin,
    value: UnsafeCell<T>,
}

// SAFETY: the value is used only by the thread that has the lock. What it points to is as it says.
unsafe impl<T> Sync for Lock<T> {}

impl<T> Lock<T> {
    /// An open lock.
    pub const fn new(value: T) -> Self {
        Self { lock: Spin::new(), value: UnsafeCell::new(value) }
    }

    /// The value, without the lock.
    ///
    /// # Safety
    /// Nothing changes it any more.
    #[cfg(target_os = "linux")]
    pub(crate) unsafe fn get(&self) -> &T {
        // SAFETY: the caller's promise.
        unsafe { &*self.value.get() }
    }

    /// Uses the value. Nothing in `work` calls Python or takes this lock again.
    pub fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: this thread has the lock.
        self.lock.with(|| work(unsafe { &mut *self.value.get() }))
    }

    /// Takes the lock while the process is copied, so that the value is whole in the copy; [`Self::unlock`] follows.
    pub fn lock(&self) {
        self.lock.lock();
    }

    /// Opens the lock, which this thread has.
    pub fn unlock(&self) {
        self.lock.unlock();
    }
}
