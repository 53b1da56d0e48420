//! The module itself: its functions by name, and what is set when it is imported.

use crate::arguments::raise;
use crate::load;
use cardan_abi::{
    Context, Definition, DefinitionBody, Function, ModuleDefinition, ModuleEntry, SlotDefinition, definition_kind,
};
use cardan_host::types::{Object, PyMethodDef, c_int, c_void};
use cardan_runtime::imports::{Py_DecRef, PyCapsule_New, PyExc_ImportError, PyLong_FromSize_t, PyModule_AddObjectRef};
use core::ffi::CStr;
use core::ptr::{null, null_mut};

/// A static table of pointers, which nothing writes to.
#[repr(transparent)]
struct Table<T>(T);

// SAFETY: the tables are constant.
unsafe impl<T> Sync for Table<T> {}

type Method = unsafe extern "C" fn(Object, Object) -> Object;

/// `METH_VARARGS`: a function gets a tuple.
const VARIABLE: c_int = 1;

const fn method(name: &'static CStr, function: Method, doc: &'static CStr) -> PyMethodDef {
    PyMethodDef { ml_name: name.as_ptr(), ml_meth: function as *mut c_void, ml_flags: VARIABLE, ml_doc: doc.as_ptr() }
}

const END: PyMethodDef = PyMethodDef { ml_name: null(), ml_meth: null_mut(), ml_flags: 0, ml_doc: null() };

static METHODS: Table<[PyMethodDef; 4]> = Table([
    method(c"open", load::open, c"open(path: bytes) -> int\n\nOpens a library for good."),
    method(
        c"requirements",
        load::requirements,
        c"requirements(library: int, name: bytes) -> tuple[int, int, int] | None\n\nThe ABI and the size of the context that a module needs.",
    ),
    method(
        c"create",
        load::create,
        c"create(library: int, name: bytes, spec, mode: int)\n\nMakes a module and runs it.",
    ),
    END,
]);

/// Slots of modules in the handle API.
mod slot {
    pub const EXEC: u32 = 2001;
    pub const GIL: u32 = 2004;
}

const fn slot(slot: u32, implementation: Function, cpy_trampoline: Function) -> Definition {
    Definition {
        kind: definition_kind::SLOT,
        body: DefinitionBody { slot: SlotDefinition { slot, implementation, cpy_trampoline } },
    }
}

static EXEC: Table<Definition> = Table(slot(slot::EXEC, null_mut(), execute as *mut c_void));
/// `Py_MOD_GIL_NOT_USED` is the value 1.
static GIL: Table<Definition> = Table(slot(slot::GIL, core::ptr::without_provenance_mut(1), null_mut()));

static DEFINES: Table<[*const Definition; 3]> = Table([&raw const EXEC.0, &raw const GIL.0, null()]);

static DEFINITION: Table<ModuleDefinition> = Table(ModuleDefinition {
    doc: c"The native part of cardan.load, cardan.debug and cardan.trace.".as_ptr(),
    size: 0,
    legacy_methods: (&raw const METHODS.0).cast_mut().cast(),
    defines: (&raw const DEFINES.0).cast(),
    globals: null(),
});

unsafe extern "C" fn definition() -> *mut ModuleDefinition {
    (&raw const DEFINITION.0).cast_mut()
}

unsafe extern "C" fn without_context(_: *mut Context) {}

static ENTRY: Table<ModuleEntry> = Table(ModuleEntry {
    name: c"_runtime".as_ptr(),
    abi_major: 1,
    abi_minor: 0,
    context_size: size_of::<Context>(),
    initialise: definition,
    set_context: without_context,
});

/// The entry point.
///
/// # Safety
/// Called by the interpreter's import with the thread attached.
///
/// # Errors
/// Null with an `ImportError` when the interpreter is not supported.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInit__runtime() -> Object {
    // SAFETY: the thread is attached; the entry is this file's.
    unsafe {
        match cardan_runtime::context() {
            Ok(context) => cardan_runtime::module::initialise(&ENTRY.0, context),
            Err(reason) => raise(PyExc_ImportError(), reason),
        }
    }
}

unsafe extern "C" fn execute(module: Object) -> c_int {
    const CAPSULE: &CStr = c"cardan._runtime.adopt";
    // SAFETY: the interpreter passes the new module.
    unsafe {
        let adopt = PyCapsule_New(load::adopt as *mut c_void, CAPSULE.as_ptr(), null_mut());
        let size = PyLong_FromSize_t(size_of::<Context>());
        if add(module, c"adopt", adopt) && add(module, c"CONTEXT_SIZE", size) { 0 } else { -1 }
    }
}

/// Adds an object to the module and takes its reference over. False with an exception if that failed, or if it is null.
unsafe fn add(module: Object, name: &CStr, value: Object) -> bool {
    // SAFETY: the caller's objects.
    unsafe {
        if value.is_null() {
            return false;
        }
        let added = PyModule_AddObjectRef(module, name.as_ptr(), value) == 0;
        Py_DecRef(value);
        added
    }
}
