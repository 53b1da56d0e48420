//! A function or a data symbol of the host that the runtime itself uses, by name, found once.

use crate::detect::Host;
use core::ffi::{CStr, c_void};
use core::sync::atomic::{AtomicPtr, Ordering};

/// A name and the address that was found for it.
///
/// Cells are filled while a module is bound, before anything that uses them can run; reading one that was not
/// filled gives null.
pub struct Cell {
    name: &'static CStr,
    address: AtomicPtr<c_void>,
}

impl Cell {
    /// A cell for this name, not yet filled.
    pub const fn new(name: &'static CStr) -> Self {
        Self { name, address: AtomicPtr::new(core::ptr::null_mut()) }
    }

    /// The plain name, as CPython spells it.
    pub fn name(&self) -> &'static CStr {
        self.name
    }

    /// The host's address, or null when the cell was not filled or the host lacks the name.
    #[inline]
    pub fn address(&self) -> *mut c_void {
        self.address.load(Ordering::Relaxed)
    }

    /// Looks the name up in the host unless that was done before. False when the host lacks it.
    pub fn fill(&self, host: &Host) -> bool {
        if self.address().is_null() {
            self.address.store(host.resolve(self.name), Ordering::Relaxed);
        }
        !self.address().is_null()
    }
}
