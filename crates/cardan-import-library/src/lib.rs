//! Writes the import library: a static archive with one member for each symbol of the C API, and the runtime.
//!
//! A member holds a thunk under the symbol's plain name, the slot that the thunk jumps through, and a record in the
//! section `cdn_imports` from which the runtime fills the slot when the module is imported. A linker takes the members
//! that a module refers to, so a module carries, binds and states just the names that it uses.
//!
//! * [`archive`] writes the library, [`entry`] the object that a module is entered by.
//! * [`rename_entry`] makes room for that object: the author's own `PyInit_X` gets another name.
//! * [`SharedObject`] is what the dynamic linker sees of a finished file.
//! * [`imports`] reads back, from a finished module, what it needs from a host, [`handles`] what it says of itself as a module
//!   of the handle API.

mod archive;
mod elf;
mod entry_point;
mod error;
mod generated;
mod handles;
mod imports;
mod platform;

pub use archive::archive;
pub use elf::edit::{Renamed, rename_entry};
pub use elf::read::{SharedObject, Undefined, Version, is_elf, taken_by_object};
pub use elf::write::{ALWAYS, entry};
pub use entry_point::{is_entry_point, module_of};
pub use error::Error;
pub use generated::SYMBOLS;
pub use handles::{HandleModule, Handles, handles};
pub use imports::{Import, imports};

/// What a symbol stands for, and so what its slot holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A function; the slot holds its address.
    Function,
    /// A variable of type `PyObject *`; the slot holds a copy of its value.
    ObjectVariable,
    /// A struct that is used by its address, such as a type object; the slot holds that address.
    Address,
    /// Any other variable; the slot holds its address.
    Variable,
}

/// What a function returns when it fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorValue {
    /// A null pointer.
    Null,
    /// -1.
    MinusOne,
    /// Nothing that tells: the function cannot fail, or returns nothing.
    Nothing,
}

/// One symbol of the C API.
#[derive(Clone, Copy, Debug)]
pub struct Symbol {
    /// Its plain name, as CPython spells it.
    pub name: &'static str,
    /// What it stands for.
    pub kind: Kind,
    /// What it returns on error.
    pub error: ErrorValue,
    /// The version of CPython since which it exists, as `major * 256 + minor`.
    pub since: u16,
    /// The hosts on which it is exported without working, as bits (see `cardan_host::bind`).
    pub stub_on: u32,
}

/// The processor that a library is written for. The object format is ELF.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// x86-64 Linux.
    X86_64Linux,
    /// 64-bit Arm Linux.
    Aarch64Linux,
}

impl Target {
    /// The target of the running machine, or an error where there is none yet.
    ///
    /// # Errors
    /// When this processor is not supported.
    pub fn host() -> Result<Self, Error> {
        platform::target()
    }

    /// The target of an ELF file.
    ///
    /// # Errors
    /// When the bytes are no ELF file, or one for another processor.
    ///
    /// # Examples
    /// ```
    /// use cardan_import_library::Target;
    /// assert_eq!(Target::from_elf(b"not an ELF file").unwrap_err().to_string(), "not an ELF file");
    /// ```
    pub fn from_elf(bytes: &[u8]) -> Result<Self, Error> {
        elf::read::target(bytes)
    }
}
