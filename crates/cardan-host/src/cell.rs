//! A function or a data symbol of the host that the runtime itself uses, by name, found once.
//!
//! A cell is a place in one table: names as one text, addresses as one array. So the lists of cells that stand-ins keep
//! need no relocation when a module is loaded.

use crate::detect::Host;
use crate::functions::{COUNT, NAMES};
use crate::text::Text;
use core::ffi::c_void;
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

/// What many names begin with, the longer first where one begins with another. The last one is empty.
const BEGINNINGS: &str = "PyObject_\0PyUnicode_\0PyErr_\0PyExc_\0PyDict_\0PyModule_\0PyType_\0PyLong_\0PyTuple_\0PyList_\0\
    PyEval_\0PyBytes_\0PyNumber_\0PyGILState_\0PyImport_\0PySequence_\0PyInterpreterState_\0GraalPy\0_Py\0Py_\0Py\0";

/// How many bytes the packed names take.
const PACKED_SIZE: usize = pack(&mut [0; NAMES.len() + COUNT], &mut [0; COUNT + 1]);

/// The names, each as the number of its beginning and the rest of it: half of what they take in full, in every module.
static PACKED: [u8; PACKED_SIZE] = {
    let mut packed = [0; NAMES.len() + COUNT];
    pack(&mut packed, &mut [0; COUNT + 1]);
    let mut fitting = [0; PACKED_SIZE];
    let mut index = 0;
    while index < PACKED_SIZE {
        fitting[index] = packed[index];
        index += 1;
    }
    fitting
};

/// Where each name starts in [`PACKED`], and where the last one ends.
static STARTS: [u16; COUNT + 1] = {
    let mut starts = [0; COUNT + 1];
    pack(&mut [0; NAMES.len() + COUNT], &mut starts);
    starts
};

/// Packs all names, says where each starts, and gives the size.
const fn pack(packed: &mut [u8; NAMES.len() + COUNT], starts: &mut [u16; COUNT + 1]) -> usize {
    let names = NAMES.as_bytes();
    let (mut position, mut size, mut name) = (0, 0, 0);
    while position < names.len() {
        starts[name] = size as u16;
        name += 1;
        let (number, skipped) = beginning_of(names, position);
        packed[size] = number;
        size += 1;
        position += skipped;
        while names[position] != 0 {
            packed[size] = names[position];
            size += 1;
            position += 1;
        }
        position += 1;
    }
    starts[name] = size as u16;
    size
}

/// The number of the beginning that the name at a position has, and its length.
const fn beginning_of(names: &[u8], position: usize) -> (u8, usize) {
    let beginnings = BEGINNINGS.as_bytes();
    let (mut start, mut number) = (0, 0);
    while start < beginnings.len() {
        let mut length = 0;
        while beginnings[start + length] != 0 && beginnings[start + length] == names[position + length] {
            length += 1;
        }
        if beginnings[start + length] == 0 {
            return (number, length);
        }
        while beginnings[start] != 0 {
            start += 1;
        }
        (start, number) = (start + 1, number + 1);
    }
    (number, 0)
}

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
    pub fn name(&self) -> Text {
        let place = self.place();
        let bounds = STARTS.get(place).zip(STARTS.get(place + 1));
        let packed = bounds.and_then(|(&start, &end)| PACKED.get(start.into()..end.into()));
        let mut name = Text::new();
        if let Some((&number, rest)) = packed.and_then(<[u8]>::split_first) {
            let beginning = BEGINNINGS.as_bytes().split(|&byte| byte == 0).nth(number.into());
            name.push_bytes(beginning.unwrap_or_default()).push_bytes(rest);
        }
        name
    }

    /// The host's address, or null when the cell was not filled or the host lacks the name.
    #[inline]
    pub fn address(&self) -> *mut c_void {
        ADDRESSES[self.place()].load(Ordering::Relaxed)
    }

    /// Looks the name up in the host unless that was done before. False when the host lacks it.
    pub fn fill(&self, host: &Host) -> bool {
        if self.address().is_null() {
            ADDRESSES[self.place()].store(host.resolve(self.name().as_c_str()), Ordering::Relaxed);
        }
        !self.address().is_null()
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, NAMES};
    use crate::functions::{cells, data};

    #[test]
    fn each_name_comes_back_as_it_was_packed() {
        for (place, name) in NAMES.split_terminator('\0').enumerate() {
            assert_eq!(Cell::at(place as u16).name().as_c_str().to_str(), Ok(name));
        }
    }

    #[test]
    fn each_cell_has_its_own_name() {
        assert_eq!(cells::Py_BuildValue.name().as_c_str(), c"Py_BuildValue");
        assert_eq!(cells::PyUnicode_FromString.name().as_c_str(), c"PyUnicode_FromString");
        assert_eq!(cells::GraalPy_TYPE.name().as_c_str(), c"GraalPy_TYPE");
        assert_eq!(data::_Py_NoneStruct.name().as_c_str(), c"_Py_NoneStruct");
    }
}
