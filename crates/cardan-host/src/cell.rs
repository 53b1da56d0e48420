//! A function or a data symbol of the host that the runtime itself uses, by name, found once.
//!
//! A cell is a place in one table: names as one text, addresses as one array. So the lists of cells that stand-ins keep
//! need no relocation when a module is loaded.

use crate::detect::Host;
use crate::functions::{COUNT, NAMES};
use core::ffi::{CStr, c_void};
use core::sync::atomic::{AtomicPtr, Ordering};

/// A name and the address that was found for it.
///
/// Cells are filled while a module is bound, before anything that uses them can run; reading one that was not
/// filled gives null.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Cell(u16);

/// Set in a cell of a list whose user does without it where the host lacks the name.
const OPTIONAL: u16 = 1 << 15;

static ADDRESSES: [AtomicPtr<c_void>; COUNT] = [const { AtomicPtr::new(core::ptr::null_mut()) }; COUNT];

/// Where each name starts in [`NAMES`], and where the last one ends.
static STARTS: [u16; COUNT + 1] = {
    let names = NAMES.as_bytes();
    let mut starts = [0; COUNT + 1];
    let (mut position, mut next) = (0, 1);
    while position < names.len() {
        if names[position] == 0 {
            starts[next] = position as u16 + 1;
            next += 1;
        }
        position += 1;
    }
    starts
};

const _: () = assert!(NAMES.len() <= u16::MAX as usize && COUNT < OPTIONAL as usize);

impl Cell {
    /// The cell at a place of the table.
    pub(crate) const fn at(place: u16) -> Self {
        Self(place)
    }

    /// The same cell, for a list whose user does without it where the host lacks the name.
    pub const fn optional(self) -> Self {
        Self(self.0 | OPTIONAL)
    }

    /// What stands for the cell in the list of a stand-in that is written in assembly.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Fills the cells of a list. False when the host lacks one that is not optional; those after it may not be filled then.
    pub fn fill_all(cells: &[Self], host: &Host) -> bool {
        cells.iter().all(|cell| cell.fill(host) || cell.0 & OPTIONAL != 0)
    }

    #[inline]
    const fn place(&self) -> usize {
        (self.0 & !OPTIONAL) as usize
    }

    /// The plain name, as CPython spells it.
    pub fn name(&self) -> &'static CStr {
        let place = self.place();
        let bounds = STARTS.get(place).zip(STARTS.get(place + 1));
        let text = bounds.and_then(|(&start, &end)| NAMES.as_bytes().get(start.into()..end.into()));
        text.and_then(|text| CStr::from_bytes_with_nul(text).ok()).unwrap_or_default()
    }

    /// The host's address, or null when the cell was not filled or the host lacks the name.
    #[inline]
    pub fn address(&self) -> *mut c_void {
        ADDRESSES[self.place()].load(Ordering::Relaxed)
    }

    /// Looks the name up in the host unless that was done before. False when the host lacks it.
    pub fn fill(&self, host: &Host) -> bool {
        if self.address().is_null() {
            ADDRESSES[self.place()].store(host.resolve(self.name()), Ordering::Relaxed);
        }
        !self.address().is_null()
    }
}

#[cfg(test)]
mod tests {
    use crate::functions::{cells, data};

    #[test]
    fn each_cell_has_its_own_name() {
        assert_eq!(cells::Py_BuildValue.name(), c"Py_BuildValue");
        assert_eq!(cells::Py_IncRef.name(), c"Py_IncRef");
        assert_eq!(data::_Py_NoneStruct.name(), c"_Py_NoneStruct");
    }
}
