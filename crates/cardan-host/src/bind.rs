//! Fills the slots of a module: each name that the module uses is looked up once, when the module is imported.

use crate::cell::Cell;
use crate::hosts::releases::Releases;
use crate::hosts::{self, Host};
use crate::polyfill::{Choice, Polyfill};
use core::ffi::{CStr, c_char, c_void};
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// What a name stands for.
pub mod kind {
    /// A function: the slot holds its address.
    pub const FUNCTION: u32 = 0;
    /// A variable of type `PyObject *`, such as `PyExc_TypeError`: the slot holds a copy of its value.
    pub const OBJECT: u32 = 1;
    /// An object or another variable by its address, such as `PyList_Type`: the slot holds the address.
    pub const ADDRESS: u32 = 2;
}

/// One name that a module uses. The import library writes these, the linker collects them in the section `cdn_imports`.
#[repr(C)]
pub struct Record {
    /// The plain name, a C string.
    pub name: *const c_char,
    /// Where the address (or the value) goes.
    pub slot: *const AtomicPtr<c_void>,
    /// What may stand in for the function, or null.
    pub polyfill: *const Polyfill,
    /// The address by which the module itself knows a function, or null.
    pub thunk: *const c_void,
    /// One of [`kind`].
    pub kind: u32,
    /// The releases that export the name without implementing it, as bits of [`Releases`].
    pub stub_on: u32,
}

/// The size of a record in bytes, for the tool that writes it.
pub const RECORD_SIZE: usize = 40;
const _: () = assert!(size_of::<Record>() == RECORD_SIZE || size_of::<usize>() != 8);

/// Binds every record.
///
/// # Errors
/// The name of the first function that neither the host nor a stand-in supplies.
///
/// # Safety
/// The records are those of one module; their pointers are valid; the calling thread holds the GIL.
pub unsafe fn bind<'name>(records: &'static [Record], host: &Host) -> Result<(), &'name CStr> {
    // First: what stands in for `PyType_GetSlot` is chosen by what is found.
    find_exchanged(records);
    for record in records {
        // SAFETY: the import library writes a C string.
        let name = unsafe { CStr::from_ptr(record.name) };
        // SAFETY: the pointer is null or that of a static of this module.
        let polyfill = unsafe { record.polyfill.as_ref() };
        let found = resolve(record.kind, name, record.stub_on, polyfill, host);
        if found.is_null() {
            return Err(name);
        }
        // SAFETY: the slot is a word of this module's data.
        unsafe { &*record.slot }.store(found, Ordering::Relaxed);
    }
    Ok(())
}

/// What the slot of a name holds on a host, null when neither the host nor a stand-in supplies it.
pub fn resolve(kind: u32, name: &CStr, stub_on: u32, polyfill: Option<&Polyfill>, host: &Host) -> *mut c_void {
    match kind {
        kind::FUNCTION => function(name, stub_on, polyfill, host),
        kind::OBJECT => object(name, polyfill, host),
        _ => address(name, polyfill, host),
    }
}

/// The records of the functions in [`hosts::stands_in_type_slots`] that this file names.
static EXCHANGED: [AtomicPtr<Record>; hosts::IN_TYPE_SLOTS] =
    [const { AtomicPtr::new(core::ptr::null_mut()) }; hosts::IN_TYPE_SLOTS];
static EXCHANGED_COUNT: AtomicUsize = AtomicUsize::new(0);

/// Finds the records for [`EXCHANGED`]. Each call finds the same ones.
fn find_exchanged(records: &'static [Record]) {
    // SAFETY: the import library writes a C string.
    let is_exchanged = |record: &&Record| hosts::stands_in_type_slots(unsafe { CStr::from_ptr(record.name) });
    let found = records.iter().filter(|record| !record.thunk.is_null()).filter(is_exchanged);
    let mut count = 0;
    for (place, record) in EXCHANGED.iter().zip(found) {
        place.store((&raw const *record).cast_mut(), Ordering::Relaxed);
        count += 1;
    }
    EXCHANGED_COUNT.store(count, Ordering::Release);
}

/// The functions that this file and the host know by different addresses: the record of each.
fn exchanged() -> impl Iterator<Item = &'static Record> {
    let count = EXCHANGED_COUNT.load(Ordering::Acquire);
    // SAFETY: as many were stored, and the file's section is never unloaded.
    EXCHANGED.iter().take(count).filter_map(|place| unsafe { place.load(Ordering::Relaxed).as_ref() })
}

/// Whether this file names any of the functions that [`host_function`] and [`own_function`] exchange.
pub fn exchanges_functions() -> bool {
    EXCHANGED_COUNT.load(Ordering::Acquire) != 0
}

/// The host's function for one that this file puts into a slot of a type, any other pointer as it is.
///
/// A host compares some slots with its own functions: `PyObject_HashNotImplemented` in `tp_hash` means "not hashable",
/// `PyObject_GenericGetAttr` in `tp_getattro` lets it take a faster way. So it has to be given its own.
pub fn host_function(pointer: *mut c_void) -> *mut c_void {
    if pointer.is_null() {
        return pointer;
    }
    match exchanged().find(|record| record.thunk == pointer.cast_const()) {
        // SAFETY: the slot is a word of this module's data.
        Some(record) => unsafe { &*record.slot }.load(Ordering::Relaxed),
        None => pointer,
    }
}

/// The address by which this file knows a function that the host has in a slot of a type: the way back of [`host_function`].
pub fn own_function(pointer: *mut c_void) -> *mut c_void {
    if pointer.is_null() {
        return pointer;
    }
    // SAFETY: the slot is a word of this module's data.
    match exchanged().find(|record| unsafe { &*record.slot }.load(Ordering::Relaxed) == pointer) {
        Some(record) => record.thunk.cast_mut(),
        None => pointer,
    }
}

fn own(name: &CStr, stub_on: u32, host: &Host) -> *mut c_void {
    if host.is_one_of(Releases::from_bits(stub_on)) { core::ptr::null_mut() } else { host.resolve(name) }
}

fn function(name: &CStr, stub_on: u32, polyfill: Option<&Polyfill>, host: &Host) -> *mut c_void {
    let Some(polyfill) = polyfill else { return own(name, stub_on, host) };
    let stub_on = stub_on | polyfill.untrusted().bits();
    let (first, ours) = match polyfill.choose(host) {
        Choice::Host => return own(name, stub_on, host),
        Choice::HostElse(ours) => (own(name, stub_on, host), ours),
        Choice::Ours(ours) => (core::ptr::null_mut(), ours),
        Choice::Missing => return core::ptr::null_mut(),
    };
    if !first.is_null() {
        return first;
    }
    if Cell::fill_all(polyfill.uses(), host) { ours.cast_mut() } else { core::ptr::null_mut() }
}

/// The value of a `PyObject *` variable. A stand-in is the object itself.
fn object(name: &CStr, polyfill: Option<&Polyfill>, host: &Host) -> *mut c_void {
    let variable = host.resolve(name).cast::<*mut c_void>();
    if variable.is_null() {
        return match polyfill.map(|polyfill| polyfill.choose(host)) {
            Some(Choice::HostElse(ours) | Choice::Ours(ours)) => ours.cast_mut(),
            _ => core::ptr::null_mut(),
        };
    }
    // SAFETY: the host exports a variable of this type under this name.
    unsafe { variable.read() }
}

fn address(name: &CStr, polyfill: Option<&Polyfill>, host: &Host) -> *mut c_void {
    if let Some(polyfill) = polyfill
        && let Choice::Ours(ours) = polyfill.choose(host)
    {
        return ours.cast_mut();
    }
    let found = singleton(name, host);
    if !found.is_null() {
        return found;
    }
    match polyfill.map(|polyfill| polyfill.choose(host)) {
        Some(Choice::HostElse(ours)) => ours.cast_mut(),
        _ => core::ptr::null_mut(),
    }
}

/// A singleton such as `_Py_NoneStruct` by the three routes, any other data by its address.
fn singleton(name: &CStr, host: &Host) -> *mut c_void {
    let mut reference = crate::text::Text::new();
    let variable = host.resolve(reference.push(name).push(c"Reference").as_c_str()).cast::<*mut c_void>();
    if !variable.is_null() {
        // SAFETY: a host that exports `NAMEReference` keeps a `PyObject *` there.
        return unsafe { variable.read() };
    }
    let found = host.resolve(name);
    if !found.is_null() {
        return found;
    }
    // The numbers of `Py_GetConstantBorrowed`, https://docs.python.org/3/c-api/object.html#c.Py_GetConstant.
    let number = match name.to_bytes() {
        b"_Py_NoneStruct" => 0,
        b"_Py_FalseStruct" => 1,
        b"_Py_TrueStruct" => 2,
        b"_Py_EllipsisObject" => 3,
        b"_Py_NotImplementedStruct" => 4,
        _ => return core::ptr::null_mut(),
    };
    if !crate::functions::cells::Py_GetConstantBorrowed.fill(host) {
        return core::ptr::null_mut();
    }
    // SAFETY: the cell was filled and the number is one of those that exist.
    unsafe { crate::functions::Py_GetConstantBorrowed(number) }.cast()
}

/// The value of a `PyObject *` variable whose cell was filled, such as an exception class.
///
/// # Safety
/// The cell is one of [`crate::functions::data`] for a `PyObject *` variable.
pub unsafe fn value(cell: &Cell) -> crate::types::Object {
    let variable = cell.address().cast::<crate::types::Object>();
    // SAFETY: the caller's promise; null stays null.
    if variable.is_null() { core::ptr::null_mut() } else { unsafe { variable.read() } }
}
