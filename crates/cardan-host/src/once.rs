//! A value that is found out once, by whichever thread asks first.

use crate::process;
use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::sync::atomic::{AtomicU32, Ordering};

/// Room for a value and how far it is.
///
/// A thread that asks while another finds the value out spins: finding out must be short, and must not run code of the
/// interpreter, since the thread that waits may hold the GIL. In the child of a process that was copied meanwhile it is found out
/// again.
///
/// # Examples
/// ```
/// use cardan_host::once::Once;
/// static ANSWER: Once<u32> = Once::new();
/// let make = |place: *mut u32| {
///     // SAFETY: the room for the value.
///     unsafe { place.write(42) };
///     Ok::<(), ()>(())
/// };
/// assert_eq!(ANSWER.fill(make), Ok(true));
/// assert_eq!(ANSWER.fill(make), Ok(false));
/// // SAFETY: the value was written.
/// assert_eq!(unsafe { *ANSWER.place() }, 42);
/// ```
pub struct Once<T> {
    state: AtomicU32,
    value: UnsafeCell<MaybeUninit<T>>,
}

// SAFETY: the value is written by the one thread that took the state from EMPTY to BUSY. Who reads it does so once it is
// READY, or answers for it itself: `place` gives no more than an address.
unsafe impl<T> Sync for Once<T> {}

const EMPTY: u32 = 0;
const READY: u32 = 1;
/// The first of the states in which a thread finds the value out: as many more as [copies](process::copies) led to its process.
const BUSY: u32 = 2;

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Once<T> {
    /// No value yet; the room for it is zero.
    pub const fn new() -> Self {
        Self { state: AtomicU32::new(EMPTY), value: UnsafeCell::new(MaybeUninit::zeroed()) }
    }

    /// Sees to it that there is a value. `make` writes it to the place that it is given. True if that was done just now.
    ///
    /// # Errors
    /// What `make` says; the next call tries again.
    pub fn fill<E>(&self, make: impl FnOnce(*mut T) -> Result<(), E>) -> Result<bool, E> {
        let busy = BUSY.wrapping_add(process::copies()).max(BUSY);
        let mut before = EMPTY;
        loop {
            match self.state.compare_exchange(before, busy, Ordering::Acquire, Ordering::Acquire) {
                Ok(_) => {
                    let made = make(self.place());
                    self.state.store(if made.is_ok() { READY } else { EMPTY }, Ordering::Release);
                    return made.map(|()| true);
                }
                Err(READY) => return Ok(false),
                Err(other) => {
                    // Who began in another process does not go on in this one.
                    before = if other == busy { EMPTY } else { other };
                    core::hint::spin_loop();
                }
            }
        }
    }

    /// Whether there is a value.
    pub fn is_ready(&self) -> bool {
        self.state.load(Ordering::Acquire) == READY
    }

    /// Where the value is, once [`Self::fill`] has succeeded.
    pub const fn place(&self) -> *mut T {
        self.value.get().cast()
    }
}
