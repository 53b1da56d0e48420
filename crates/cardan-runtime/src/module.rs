//! Makes modules from definitions of the handle API.
//!
//! See <https://docs.hpyproject.org/en/latest/api-reference/hpy-module.html>: a module is always made in two phases, from a
//! definition that the author's `HPyInit_` function gives.

use crate::convert::object;
use crate::definitions::{Definitions, is_address, is_optional, length, raise, refuse, room, write_methods};
use crate::imports::*;
use crate::types::fields;
use cardan_abi::{Context, Destroy, Function, Handle, ModuleDefinition, ModuleEntry};
use cardan_host::definitions::module::{Definition, Fields};
use cardan_host::hosts::module_slot;
use cardan_host::memory;
use cardan_host::text::Text;
use cardan_host::types::{Object, PyMethodDef, Slot};
use core::ffi::{CStr, c_char, c_int, c_uint, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// The ids of a module's slots in the handle API.
mod slot {
    pub const CREATE: u32 = 2000;
    pub const EXEC: u32 = 2001;
    pub const TRAVERSE: u32 = 2002;
    pub const DESTROY: u32 = 2003;
    pub const GIL: u32 = 2004;
    pub const MULTIPLE_INTERPRETERS: u32 = 2005;
}

/// A module's definition as the host takes it, and the author's. It stays for good.
#[repr(C)]
pub struct Record {
    definition: Definition,
    author: *const ModuleDefinition,
    context: *mut Context,
    traverse: Function,
    destroy: Option<Destroy>,
    next: *mut Record,
}

/// All records, so that a definition gets the same one each time it is imported.
static RECORDS: AtomicPtr<Record> = AtomicPtr::new(null_mut());

fn all_records() -> impl Iterator<Item = &'static Record> {
    let mut next = RECORDS.load(Ordering::Acquire);
    core::iter::from_fn(move || {
        // SAFETY: records are never freed, and were written before they were linked.
        let record = unsafe { next.as_ref() }?;
        next = record.next;
        Some(record)
    })
}

/// The records of a definition: one for each context that its module was loaded with.
pub fn records(author: *const ModuleDefinition) -> impl Iterator<Item = &'static Record> {
    all_records().filter(move |record| core::ptr::eq(record.author, author))
}

/// The record that has this definition of the C API, if it is one of this runtime's.
pub(crate) fn find_by_definition(definition: *const c_void) -> Option<&'static Record> {
    all_records().find(|record| record.definition().cast_const() == definition)
}

/// The record of a definition that was turned into a module's by this runtime, for a context or, if that is null, for any.
pub fn find(author: *const ModuleDefinition, context: *mut Context) -> Option<&'static Record> {
    records(author).find(|record| context.is_null() || record.context == context)
}

impl Record {
    /// The context that the module was loaded with.
    pub(crate) fn context(&self) -> *mut Context {
        self.context
    }

    /// Whether the module has functions of the C API.
    pub(crate) fn has_legacy_methods(&self) -> bool {
        // SAFETY: the author's definition stays, as it has to for the module.
        unsafe { !(*self.author).legacy_methods.is_null() }
    }

    /// The definition as the functions of the C API take it.
    pub fn definition(&self) -> *mut c_void {
        (&raw const self.definition).cast_mut().cast()
    }
}

/// Hands a module's definition to the interpreter's import: what `PyInit_X` returns, or null with an exception.
///
/// # Safety
/// The entry is a module's, its context fits the context given; the thread is attached.
pub unsafe fn initialise(entry: &ModuleEntry, context: *mut Context) -> Object {
    // SAFETY: the caller's promise.
    unsafe {
        match record(entry, context) {
            Some(record) => PyModuleDef_Init(record.definition()),
            None => null_mut(),
        }
    }
}

/// Makes a module and runs it, without the interpreter's import: a new reference, or null with an exception.
///
/// # Safety
/// As for [`initialise`]; `spec` is a module spec.
pub unsafe fn load(entry: &ModuleEntry, context: *mut Context, spec: Object) -> Object {
    /// `PYTHON_API_VERSION`, the same for all versions of Python 3.
    const API_VERSION: c_int = 1013;
    // SAFETY: the caller's promise.
    unsafe {
        let Some(record) = record(entry, context) else { return null_mut() };
        let module = PyModule_FromDefAndSpec2(record.definition(), spec, API_VERSION);
        // What a create function gives need not be a module, and then there is nothing to run.
        if module.is_null() || PyType_IsSubtype(Py_TYPE(module), PyModule_Type()) == 0 {
            return module;
        }
        if PyModule_ExecDef(module, record.definition()) < 0 {
            Py_DecRef(module);
            return null_mut();
        }
        module
    }
}

/// The record for a module, made when it is first asked for.
unsafe fn record(entry: &ModuleEntry, context: *mut Context) -> Option<&'static Record> {
    // SAFETY: the caller's entry.
    unsafe {
        (entry.set_context)(context);
        let author = (entry.initialise)();
        if !is_address(author) {
            if PyErr_Occurred().is_null() {
                refuse(CStr::from_ptr(entry.name), c"its HPyInit function gave no definition");
            }
            return None;
        }
        fields::note_globals(&*author, context);
        if let Some(record) = find(author, context) {
            return Some(record);
        }
        let made = make(&*author, entry.name, context)?;
        let mut head = RECORDS.load(Ordering::Acquire);
        loop {
            (*made).next = head;
            match RECORDS.compare_exchange(head, made, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return made.as_ref(),
                Err(other) => head = other,
            }
        }
    }
}

/// The most bytes that a module's state can have.
const LARGEST_STATE: isize = i32::MAX as isize;

const NOT_DEFAULT: &CStr = c" This is not allowed because custom HPy_mod_create slot cannot return a builtin module object and cannot make any use of any other data defined in the HPyModuleDef. Either do not define HPy_mod_create slot and let the runtime create a builtin module object from the provided HPyModuleDef, or do not define anything else but the HPy_mod_create slot.";

unsafe fn make(author: &ModuleDefinition, name: *const c_char, context: *mut Context) -> Option<*mut Record> {
    // SAFETY: the author's definition.
    unsafe {
        let subject = CStr::from_ptr(name);
        let definitions = Definitions::of(author.defines, subject)?;
        if author.size < 0 {
            raise(PyExc_SystemError(), c"HPy does not permit HPyModuleDef.size < 0");
            return None;
        }
        // Some hosts give out more memory than there is, and would be ended when it is zeroed.
        if author.size > LARGEST_STATE {
            refuse(subject, c"HPyModuleDef.size is more than 2147483647 bytes");
            return None;
        }
        if !is_optional(author.doc) {
            refuse(subject, c"the docstring has no address where one can be");
            return None;
        }
        let slots = slots(author, definitions)?;
        let legacy = author.legacy_methods.cast::<PyMethodDef>();
        let methods = room::<PyMethodDef>(definitions.methods().count() + length(legacy));
        let record = memory::array::<Record>(1);
        if methods.is_null() || record.is_null() || write_methods(definitions, legacy, methods).is_none() {
            if PyErr_Occurred().is_null() {
                PyErr_NoMemory();
            }
            memory::release(slots.cast());
            memory::release(methods.cast());
            memory::release(record.cast());
            return None;
        }
        let has_state = author.size > 0;
        let when = |wanted: bool, function: *mut c_void| if wanted { function } else { null_mut() };
        let traverse = definitions.slot(slot::TRAVERSE);
        let destroy = definitions.slot(slot::DESTROY);
        record.write(Record {
            definition: Definition::new(Fields {
                m_init: null_mut(),
                m_index: 0,
                m_copy: null_mut(),
                m_name: name,
                m_doc: author.doc,
                m_size: author.size,
                m_methods: methods.cast(),
                m_slots: slots,
                m_traverse: when(has_state && !traverse.is_null(), traverse_state as *mut c_void),
                m_clear: when(has_state && !traverse.is_null(), clear_state as *mut c_void),
                m_free: when(has_state && !(traverse.is_null() && destroy.is_null()), free_state as *mut c_void),
            }),
            author,
            context,
            traverse,
            destroy: core::mem::transmute::<Function, Option<Destroy>>(destroy),
            next: null_mut(),
        });
        Some(record)
    }
}

/// The slots of a module as the host takes them. `None` with an exception if they contradict each other.
unsafe fn slots(author: &ModuleDefinition, definitions: Definitions) -> Option<*mut Slot> {
    let of = |id: c_uint| definitions.slots().filter(move |slot| slot.slot == id).count();
    for given in definitions.slots() {
        if !matches!(given.slot, slot::CREATE..=slot::MULTIPLE_INTERPRETERS) {
            let mut text = Text::new();
            text.push(c"Unsupported slot in HPyModuleDef.defines (value: ")
                .push_number(given.slot as usize)
                .push(c").");
            raise(PyExc_SystemError(), text.as_c_str());
            return None;
        }
    }
    let creates = of(slot::CREATE);
    if creates > 1 {
        raise(PyExc_SystemError(), c"Multiple definitions of the HPy_mod_create slot in HPyModuleDef.defines.");
        return None;
    }
    if creates == 1 {
        // What only declares something goes with any module.
        let declares = |id: c_uint| matches!(id, slot::GIL | slot::MULTIPLE_INTERPRETERS);
        let others = definitions.slots().filter(|slot| !declares(slot.slot)).count() > 1
            || definitions.methods().next().is_some()
            || definitions.members().next().is_some()
            || definitions.get_sets().next().is_some();
        let fields =
            !author.legacy_methods.is_null() || author.size > 0 || !author.doc.is_null() || !author.globals.is_null();
        if others || fields {
            let mut text = Text::new();
            text.push(if others {
                c"HPyModuleDef defines a HPy_mod_create slot and some other slots or methods."
            } else {
                c"HPyModuleDef defines a HPy_mod_create slot and some of the other fields are not set to their default value."
            });
            raise(PyExc_SystemError(), text.push(NOT_DEFAULT).as_c_str());
            return None;
        }
    }
    let problem = definitions.slots().find_map(|given| match given.slot {
        slot::CREATE | slot::EXEC => (!is_address(given.cpy_trampoline))
            .then_some(c"a slot of the module has no trampoline; HPyDef_SLOT makes one"),
        slot::TRAVERSE | slot::DESTROY => (!is_address(given.implementation))
            .then_some(c"a slot of the module has no function; HPyDef_SLOT names one"),
        _ => (given.implementation.addr() > 2)
            .then_some(c"a slot of the module that says what it supports has none of its values"),
    });
    if let Some(problem) = problem {
        refuse(c"HPyModuleDef", problem);
        return None;
    }
    let slots = room::<Slot>(definitions.slots().count() + 1);
    if slots.is_null() {
        return None;
    }
    let mut next = 0;
    if creates == 0 {
        // SAFETY: there is room for one more slot.
        unsafe { slots.write(Slot { slot: module_slot::EXEC, value: note_interpreter as *mut c_void }) };
        next = 1;
    }
    for given in definitions.slots() {
        let (id, value) = match given.slot {
            slot::CREATE => (module_slot::CREATE, given.cpy_trampoline),
            slot::EXEC => (module_slot::EXEC, given.cpy_trampoline),
            // What these say is the value itself; a host that does not know them does not get them.
            slot::GIL => (module_slot::GIL, given.implementation),
            slot::MULTIPLE_INTERPRETERS => (module_slot::MULTIPLE_INTERPRETERS, given.implementation),
            _ => continue,
        };
        // SAFETY: there is room for all slots and the end.
        unsafe { slots.add(next).write(Slot { slot: id, value }) };
        next += 1;
    }
    Some(slots)
}

/// Runs first when a module is imported: some hosts call `PyInit_X` in the main interpreter, whichever imports.
unsafe extern "C" fn note_interpreter(_: Object) -> c_int {
    // SAFETY: the imports are bound, the thread is attached.
    if unsafe { crate::interpreters::enter() }.is_some() { 0 } else { -1 }
}

/// What a create function gave, if it is no module of the interpreter's own; else null with `SystemError`.
///
/// # Safety
/// `created` is a reference of the caller's, or null with an exception.
pub(crate) unsafe fn check_created(created: Object) -> Object {
    // SAFETY: the caller's object.
    unsafe {
        if created.is_null() || PyType_IsSubtype(Py_TYPE(created), PyModule_Type()) == 0 {
            return created;
        }
        raise(
            PyExc_SystemError(),
            c"HPy_mod_create slot returned a builtin module object. This is currently not supported.",
        );
        Py_DecRef(created);
        null_mut()
    }
}

/// The record and the state of a module, if both are there.
unsafe fn state_of(module: Object) -> Option<(&'static Record, *mut c_void)> {
    // SAFETY: the host calls the functions below with a module of such a definition.
    unsafe {
        let record = PyModule_GetDef(module).cast::<Record>().as_ref()?;
        let state = PyModule_GetState(module);
        (!state.is_null()).then_some((record, state))
    }
}

unsafe extern "C" fn traverse_state(module: Object, visit: *mut c_void, argument: *mut c_void) -> c_int {
    // SAFETY: the collector passes a module of such a definition and its visitor.
    unsafe {
        match state_of(module) {
            Some((record, state)) => {
                fields::visit(record.traverse, state, visit, argument, fields::watch_of_module(record))
            }
            None => 0,
        }
    }
}

unsafe extern "C" fn clear_state(module: Object) -> c_int {
    // SAFETY: as above.
    unsafe {
        if let Some((record, state)) = state_of(module) {
            fields::clear(record.traverse, state, module, fields::watch_of_module(record));
        }
    }
    0
}

unsafe extern "C" fn free_state(module: *mut c_void) {
    // SAFETY: as above; it is the last time that the state is looked at.
    unsafe {
        if let Some((record, state)) = state_of(module.cast()) {
            if !record.traverse.is_null() {
                fields::clear(record.traverse, state, module.cast(), fields::watch_of_module(record));
            }
            if let Some(destroy) = record.destroy {
                destroy(state);
            }
        }
    }
}

/// The state of a module, or null with an exception for what is no module.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Module_GetState(_: *mut Context, module: Handle) -> *mut c_void {
    // SAFETY: the caller's promise.
    unsafe { PyModule_GetState(object(module)) }
}
