//! The module itself: its functions by name, and what is set when it is imported.

use crate::arguments::raise;
use crate::{debug, load};
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

static METHODS: Table<[PyMethodDef; 21]> = Table([
    method(c"open", load::open, c"open(path: bytes) -> int\n\nOpens a library for good."),
    method(c"requirements", load::requirements, c"requirements(library: int, name: bytes) -> tuple[int, int, int] | None\n\nThe ABI and the size of the context that a module needs."),
    method(c"create", load::create, c"create(library: int, name: bytes, spec, mode: int)\n\nMakes a module and runs it."),
    method(c"debug_is_active", debug::is_active, c"debug_is_active() -> bool\n\nWhether a module was loaded in debug mode."),
    method(c"debug_new_generation", debug::new_generation, c"debug_new_generation() -> int"),
    method(c"debug_handles", debug::list, c"debug_handles(generation: int, closed: bool) -> list[int]"),
    method(c"debug_object", debug::target, c"debug_object(handle: int)\n\nThe object that an open handle is for."),
    method(c"debug_unfinished", debug::unfinished, c"debug_unfinished(handle: int) -> str | None\n\nWhat it is called, if it is no handle but a builder, tracker or writer."),
    method(c"debug_is_closed", debug::is_closed, c"debug_is_closed(handle: int) -> bool"),
    method(c"debug_raw_data_size", debug::raw_data_size, c"debug_raw_data_size(handle: int) -> int\n\nIn bytes, -1 if there is none."),
    method(c"debug_maker", debug::maker, c"debug_maker(handle: int) -> str\n\nThe function of the API that made it."),
    method(c"debug_stack", debug::stack, c"debug_stack(handle: int) -> str | None\n\nWhere it was made."),
    method(c"debug_close", debug::close, c"debug_close(handle: int)"),
    method(c"debug_limit", debug::get_limit, c"debug_limit(which: int) -> int\n\n0: closed handles, 1: bytes of data, 2: frames of a stack."),
    method(c"debug_set_limit", debug::set_limit, c"debug_set_limit(which: int, limit: int)"),
    method(c"debug_set_callback", debug::set_callback, c"debug_set_callback(builder: int, function)"),
    method(c"debug_set_explains", debug::set_explains, c"debug_set_explains(explains: bool)"),
    method(c"trace_entries", debug::trace_entries, c"trace_entries() -> list[tuple[str, int, int]]\n\nName, calls, nanoseconds."),
    method(c"trace_set_callback", debug::trace_set_callback, c"trace_set_callback(after: int, function)"),
    method(c"trace_resolution", debug::trace_resolution, c"trace_resolution() -> int\n\nIn hertz."),
    END,
]);

/// Slots of modules in the handle API.
mod slot {
    pub const EXEC: u32 = 2001;
    pub const GIL: u32 = 2004;
    pub const MULTIPLE_INTERPRETERS: u32 = 2005;
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

/// `Py_MOD_PER_INTERPRETER_GIL_SUPPORTED` is the value 2: what interpreters share here is behind locks, as without a GIL.
static INTERPRETERS: Table<Definition> =
    Table(slot(slot::MULTIPLE_INTERPRETERS, core::ptr::without_provenance_mut(2), null_mut()));

static DEFINES: Table<[*const Definition; 4]> =
    Table([&raw const EXEC.0, &raw const GIL.0, &raw const INTERPRETERS.0, null()]);

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
