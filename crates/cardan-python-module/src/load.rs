//! Makes modules: of libraries that were opened by their path, and of files that the interpreter imported.

use crate::arguments::{Arguments, raise};
use crate::library;
use cardan_abi::{Context, ModuleEntry};
use cardan_host::memory;
use cardan_host::text::Text;
use cardan_host::types::{Object, c_int};
use cardan_runtime::imports::{
    _Py_NoneStruct, Py_IncRef, PyErr_NoMemory, PyExc_ImportError, PyExc_OSError, PyExc_ValueError, PyLong_FromSize_t,
    PyLong_FromUnsignedLongLong, PyTuple_New, PyTuple_SetItem,
};
use core::ffi::{CStr, c_void};
use core::ptr::null_mut;

/// The contexts that a module can be given, by the numbers of Python's side.
mod mode {
    pub const UNIVERSAL: i64 = 0;
    pub const DEBUG: i64 = 1;
    pub const TRACE: i64 = 2;
}

/// The context of a mode, or null with an exception.
unsafe fn context(mode: i64) -> *mut Context {
    // SAFETY: the thread is attached, as in every function of this module.
    unsafe {
        let production = match cardan_runtime::context() {
            Ok(production) => production,
            Err(reason) => return raise(PyExc_ImportError(), reason).cast(),
        };
        match mode {
            mode::UNIVERSAL => production,
            mode::DEBUG => cardan_debug::debug_context(production),
            mode::TRACE => cardan_debug::trace_context(production),
            _ => raise(PyExc_ValueError(), c"there is no mode of this number").cast(),
        }
    }
}

/// `open(path: bytes) -> int`: opens a library. Raises `OSError` with the platform's words.
///
/// # Safety
/// As for all methods here: called by the interpreter, with a tuple of arguments.
pub unsafe extern "C" fn open(_: Object, arguments: Object) -> Object {
    let arguments = Arguments(arguments);
    // SAFETY: the caller's promise.
    unsafe {
        let Some(path) = arguments.text(0) else { return null_mut() };
        match library::open(path) {
            Ok(library) => PyLong_FromSize_t(library as usize),
            Err(reason) => raise(PyExc_OSError(), reason),
        }
    }
}

/// The address of `PREFIX` and the module's name, in a library.
unsafe fn function(library: *mut c_void, prefix: &CStr, name: &CStr) -> Option<*mut c_void> {
    // SAFETY: the caller's library.
    unsafe { library::symbol(library, Text::new().push(prefix).push(name).as_c_str()) }
}

/// `requirements(library: int, name: bytes) -> tuple[int, int, int] | None`: the major and minor version of the ABI that a
/// module needs, and the size of its context in bytes (0 if it does not say); `None` if the library has no such module.
///
/// # Safety
/// As for [`open`]; the library is one of its results.
pub unsafe extern "C" fn requirements(_: Object, arguments: Object) -> Object {
    type Version = unsafe extern "C" fn() -> u32;
    type Size = unsafe extern "C" fn() -> usize;
    let arguments = Arguments(arguments);
    // SAFETY: the caller's promise; a module's functions of these names have these signatures.
    unsafe {
        let (Some(library), Some(name)) = (arguments.address(0), arguments.text(1)) else { return null_mut() };
        let entries = [c"HPyInit_", c"HPyInitGlobalContext_"].map(|prefix| function(library, prefix, name));
        let versions = [c"get_required_hpy_major_version_", c"get_required_hpy_minor_version_"];
        let ([Some(_), Some(_)], [Some(major), Some(minor)]) =
            (entries, versions.map(|prefix| function(library, prefix, name)))
        else {
            let none = _Py_NoneStruct();
            Py_IncRef(none);
            return none;
        };
        let version = |address| u64::from(core::mem::transmute::<*mut c_void, Version>(address)());
        let size = function(library, c"get_required_hpy_context_size_", name)
            .map_or(0, |address| core::mem::transmute::<*mut c_void, Size>(address)());
        numbers(&[version(major), version(minor), size as u64])
    }
}

/// A tuple of numbers, or null with an exception.
///
/// # Safety
/// The imports are bound, the thread is attached.
pub unsafe fn numbers(numbers: &[u64]) -> Object {
    // SAFETY: the caller's promise; the tuple is not shared yet and takes each reference over, also when it fails.
    unsafe {
        let tuple = PyTuple_New(numbers.len().cast_signed());
        if tuple.is_null() {
            return tuple;
        }
        for (index, &number) in numbers.iter().enumerate() {
            let number = PyLong_FromUnsignedLongLong(number);
            if number.is_null() || PyTuple_SetItem(tuple, index.cast_signed(), number) < 0 {
                cardan_runtime::imports::Py_DecRef(tuple);
                return null_mut();
            }
        }
        tuple
    }
}

/// `create(library: int, name: bytes, spec: ModuleSpec, mode: int)`: makes a module and runs it. What it raises is the
/// module's.
///
/// # Safety
/// As for [`open`]; [`requirements`] has found the module in the library, and the runtime fulfils them.
pub unsafe extern "C" fn create(_: Object, arguments: Object) -> Object {
    let arguments = Arguments(arguments);
    // SAFETY: the caller's promise; a module's functions of these names have the signatures of the entry's fields.
    unsafe {
        let (Some(library), Some(name), Some(spec), Some(mode)) =
            (arguments.address(0), arguments.text(1), arguments.object(2), arguments.number(3))
        else {
            return null_mut();
        };
        let context = context(mode);
        if context.is_null() {
            return null_mut();
        }
        let (Some(initialise), Some(set_context)) =
            (function(library, c"HPyInit_", name), function(library, c"HPyInitGlobalContext_", name))
        else {
            return raise(PyExc_ImportError(), c"the library has no module of this name");
        };
        // The module's definition refers to its name for good.
        let kept = memory::array::<u8>(name.count_bytes() + 1);
        if kept.is_null() {
            return PyErr_NoMemory();
        }
        kept.copy_from_nonoverlapping(name.as_ptr().cast(), name.count_bytes());
        let entry = ModuleEntry {
            name: kept.cast(),
            abi_major: 0,
            abi_minor: 0,
            context_size: 0,
            initialise: core::mem::transmute::<*mut c_void, unsafe extern "C" fn() -> _>(initialise),
            set_context: core::mem::transmute::<*mut c_void, unsafe extern "C" fn(*mut Context)>(set_context),
        };
        cardan_runtime::module::load(&entry, context, spec)
    }
}

/// What a file that runs under `CARDAN=debug` or `CARDAN=trace` calls instead of its own runtime: gives what its `PyInit_`
/// function returns, or null with an exception. The capsule `adopt` of this module holds its address.
///
/// # Safety
/// The entry is a static of the file, the thread is attached.
pub unsafe extern "C" fn adopt(entry: *const ModuleEntry, mode: c_int) -> Object {
    // SAFETY: the caller's promise.
    unsafe {
        let entry = &*entry;
        if let Some(refusal) = refusal(entry, &mut Text::new()) {
            return raise(PyExc_ImportError(), refusal);
        }
        let context = context(i64::from(mode));
        if context.is_null() { null_mut() } else { cardan_runtime::module::initialise(entry, context) }
    }
}

/// Why this runtime cannot serve a file, which may be newer than this package.
unsafe fn refusal<'text>(entry: &ModuleEntry, text: &'text mut Text) -> Option<&'text CStr> {
    let available = size_of::<Context>();
    if entry.context_size <= available {
        return None;
    }
    // SAFETY: the entry's name is a C string.
    text.push(c"cannot import ").push(unsafe { CStr::from_ptr(entry.name) });
    text.push(c": it was built with a context of ").push_number(entry.context_size);
    text.push(c" bytes, this runtime has ").push_number(available).push(c": update cardan");
    Some(text.as_c_str())
}
