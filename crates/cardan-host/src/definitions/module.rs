//! Module definitions: a module compiled here states one definition, and each host gets it laid out its own way.
//!
//! The functions of the C API that take or give a `PyModuleDef` stand here too, so that the author's code only ever sees
//! the author's definition. See <https://docs.python.org/3/c-api/module.html>.

use crate::bind::value;
use crate::hosts::{knows_module_slot, module_slot};
use crate::polyfill::Choice;
use crate::types::type_flag::HEAP_TYPE;
use crate::types::{Object, Slot, c_char, c_int, c_void};
use crate::{Host, detect, memory, polyfill};
use core::sync::atomic::{AtomicPtr, Ordering};

/// What every definition has after the object header, in the order of `PyModuleDef`,
/// <https://docs.python.org/3/c-api/module.html#c.PyModuleDef>.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(missing_docs)] // CPython's own names, documented there.
pub struct Fields {
    pub m_init: *mut c_void,
    pub m_index: isize,
    pub m_copy: Object,
    pub m_name: *const c_char,
    pub m_doc: *const c_char,
    pub m_size: isize,
    pub m_methods: *mut c_void,
    pub m_slots: *mut Slot,
    pub m_traverse: *mut c_void,
    pub m_clear: *mut c_void,
    pub m_free: *mut c_void,
}

/// `PyModuleDef` of our header: the object header is 32 bytes of our own.
#[repr(C)]
pub struct Definition {
    /// The definition laid out for the host, once it was asked for.
    host: AtomicPtr<c_void>,
    _rest: [usize; 3],
    fields: Fields,
}

impl Definition {
    /// A definition that was not handed to the host yet.
    pub const fn new(fields: Fields) -> Self {
        Self { host: AtomicPtr::new(core::ptr::null_mut()), _rest: [0; 3], fields }
    }
}

/// The two forms of one definition: that of our header, and the host's.
struct Laid {
    author: *mut Definition,
    next: *mut Laid,
    host: *mut c_void,
    /// Whether the host's form is the original, and ours the copy: a definition that this file did not hand over.
    is_foreign: bool,
}

/// All definitions of which this file knows both forms. Whichever comes from the author or from the host, the other one goes on.
static LAID: AtomicPtr<Laid> = AtomicPtr::new(core::ptr::null_mut());

/// The two forms of a definition by the host's.
fn find(host_definition: *const c_void) -> Option<&'static Laid> {
    let mut entry = LAID.load(Ordering::Acquire);
    // SAFETY: entries are never freed, and were written before they were linked.
    while let Some(laid) = unsafe { entry.as_ref() } {
        if core::ptr::eq(laid.host, host_definition) {
            return Some(laid);
        }
        entry = laid.next;
    }
    None
}

/// Lays a definition out for the host; the same one each time. Null when there is no memory.
///
/// The host's form comes back as it is: `PyModuleDef_Init` gave it to the author, as an object.
unsafe fn lay_out(definition: *mut Definition, host: &Host) -> *mut c_void {
    if find(definition.cast()).is_some() {
        return definition.cast();
    }
    // SAFETY: the definition is a static of the author's; its first word is ours.
    let author = unsafe { &*definition };
    let ready = author.host.load(Ordering::Acquire);
    if !ready.is_null() {
        return ready;
    }
    let header = host.layout.header();
    let laid = memory::zeroed(header + size_of::<Fields>());
    let entry = memory::array::<Laid>(1);
    // SAFETY: the slots are null or end with a zero.
    let slots = unsafe { slots_for(author, host) };
    if laid.is_null() || entry.is_null() || (slots.is_null() && !author.fields.m_slots.is_null()) {
        return core::ptr::null_mut();
    }
    let mut fields = author.fields;
    fields.m_slots = slots;
    // SAFETY: the memory was asked for with room for the header and the fields. A count of one keeps it for good.
    unsafe {
        laid.cast::<isize>().write(1);
        laid.add(header).cast::<Fields>().write_unaligned(fields);
        entry.write(Laid { author: definition, next: core::ptr::null_mut(), host: laid.cast(), is_foreign: false });
        // Before anybody can have the host's form, so that it is known when it comes back.
        remember(entry);
    }
    match author.host.compare_exchange(core::ptr::null_mut(), laid.cast(), Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => laid.cast(),
        // Another thread was first: its definition is the one.
        Err(other) => other,
    }
}

/// Adds an entry to the list of definitions that were laid out.
///
/// # Safety
/// The entry is written, and nothing else knows it.
unsafe fn remember(entry: *mut Laid) {
    let mut head = LAID.load(Ordering::Acquire);
    loop {
        // SAFETY: the entry is not shared yet.
        unsafe { (*entry).next = head };
        match LAID.compare_exchange(head, entry, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return,
            Err(other) => head = other,
        }
    }
}

/// The slots that the host takes.
unsafe fn slots_for(author: &Definition, host: &Host) -> *mut Slot {
    let slots = author.fields.m_slots;
    if slots.is_null() {
        return slots;
    }
    // SAFETY: the author's array ends with a slot 0.
    let count = (0..).take_while(|&index| unsafe { (*slots.add(index)).slot } != 0).count();
    let copy = memory::array::<Slot>(count + 1);
    if copy.is_null() {
        return copy;
    }
    let mut kept = 0;
    for index in 0..count {
        // SAFETY: `index` is below the count; the copy has room for more than all of them.
        unsafe {
            let mut slot = *slots.add(index);
            if slot.slot == module_slot::CREATE && !slot.value.is_null() {
                slot.value = create as *mut c_void;
            }
            if knows_module_slot(host, slot.slot) {
                copy.add(kept).write(slot);
                kept += 1;
            }
        }
    }
    copy
}

/// `Py_mod_create` as the host calls it, with its own form of the definition: the author's function gets the author's.
unsafe extern "C" fn create(spec: Object, host_definition: *mut c_void) -> Object {
    let Some(laid) = find(host_definition) else {
        let message = c"the interpreter passes a definition to Py_mod_create that is not the one that it was given";
        // SAFETY: the cells are among those of `PyModuleDef_Init` and `PyModule_FromDefAndSpec2` below.
        unsafe {
            crate::functions::PyErr_SetString(value(&crate::functions::data::PyExc_SystemError), message.as_ptr())
        };
        return core::ptr::null_mut();
    };
    // SAFETY: the author's definition lives as long as the module; the host is given this function where there is such a slot.
    unsafe { call_create(laid.author, spec).unwrap_or(core::ptr::null_mut()) }
}

/// What the author's `Py_mod_create` gives: a new reference or null with an exception; `None` where there is no such slot.
unsafe fn call_create(author: *mut Definition, spec: Object) -> Option<Object> {
    type Create = unsafe extern "C" fn(Object, *mut Definition) -> Object;
    // SAFETY: the author's slots are null or end with a zero; the slot holds a function of this signature.
    unsafe {
        let create = find_slot((*author).fields.m_slots, module_slot::CREATE).filter(|create| !create.is_null())?;
        Some(core::mem::transmute::<*mut c_void, Create>(create)(spec, author))
    }
}

/// A definition that the host hands out, in the form of our header; null when there is no memory.
///
/// One that this file handed over is the author's own. Another one is read anew each time, since the host writes to it.
///
/// # Safety
/// The host hands it out as a definition.
unsafe fn author_of(host_definition: *mut c_void, host: &Host) -> *mut c_void {
    /// [`Fields`] as words.
    type Words = [*mut c_void; size_of::<Fields>() / size_of::<*mut c_void>()];
    let found = find(host_definition);
    if let Some(laid) = found.filter(|laid| !laid.is_foreign) {
        return laid.author.cast();
    }
    // SAFETY: the host's definition has its fields behind its header; a copy is never freed, and shared only as words.
    unsafe {
        let fields = host_definition.byte_add(host.layout.header());
        if let Some(laid) = found {
            let copied = (&raw mut (*laid.author).fields).cast::<*mut c_void>();
            for (index, word) in fields.cast::<Words>().read_unaligned().into_iter().enumerate() {
                AtomicPtr::from_ptr(copied.add(index)).store(word, Ordering::Relaxed);
            }
            return laid.author.cast();
        }
        let (author, entry) = (memory::array::<Definition>(1), memory::array::<Laid>(1));
        if author.is_null() || entry.is_null() {
            return core::ptr::null_mut();
        }
        author.write(Definition::new(fields.cast::<Fields>().read_unaligned()));
        (*author).host.store(host_definition, Ordering::Relaxed);
        entry.write(Laid { author, next: core::ptr::null_mut(), host: host_definition, is_foreign: true });
        remember(entry);
        author.cast()
    }
}

/// The host's definition for the author's, or null with an exception.
macro_rules! laid_out {
    ($definition:expr, $failed:expr) => {{
        // SAFETY: the author passes a definition that was compiled with our header.
        let laid = unsafe { lay_out($definition.cast(), detect::known()) };
        if laid.is_null() {
            // SAFETY: the stand-in names this function among those it uses.
            unsafe { PyErr_NoMemory() };
            return $failed;
        }
        laid
    }};
}

polyfill! {
    /// Hands the host the definition of a module with multi-phase initialisation: the host's copy of it, a borrowed reference,
    /// or null with `MemoryError`. A `PyInit_` function returns it as it is.
    fn PyModuleDef_Init(definition: *mut c_void) -> Object;
    uses [PyModuleDef_Init, PyErr_NoMemory, PyErr_SetString];
    data [PyExc_SystemError];
    choose |_| Choice::Ours(PyModuleDef_Init as *const _);
    {
        let laid = laid_out!(definition, core::ptr::null_mut());
        // SAFETY: the definition has the host's layout.
        unsafe { PyModuleDef_Init(laid) }
    }
}

polyfill! {
    /// Creates a module in one phase, a new reference. `version` is `PYTHON_API_VERSION` or `PYTHON_ABI_VERSION`.
    fn PyModule_Create2(definition: *mut c_void, version: c_int) -> Object;
    uses [PyModule_Create2, PyModuleDef_Init, PyErr_NoMemory];
    choose |_| Choice::Ours(PyModule_Create2 as *const _);
    {
        let laid = laid_out!(definition, core::ptr::null_mut());
        // SAFETY: the definition has the host's layout. PyPy gives it the number by which it is found only here.
        unsafe {
            PyModuleDef_Init(laid);
            PyModule_Create2(laid, version)
        }
    }
}

polyfill! {
    /// Creates a module from a definition and a module spec. On a host that has no function for that, a module that is
    /// initialised in one phase takes its place; its slots are left to `PyModule_ExecDef`.
    fn PyModule_FromDefAndSpec2(definition: *mut c_void, spec: Object, version: c_int) -> Object;
    uses [
        PyErr_NoMemory, PyErr_Occurred, PyErr_Format, PyErr_SetString, PyModule_Create2, PyObject_GetAttrString, PyObject_IsInstance,
        PyUnicode_AsUTF8, Py_DecRef
    ];
    may_use [PyModule_FromDefAndSpec2];
    data [PyModule_Type, PyExc_SystemError];
    choose |_| Choice::Ours(PyModule_FromDefAndSpec2 as *const _);
    {
        let laid = laid_out!(definition, core::ptr::null_mut());
        // SAFETY: the definition has the host's layout; the name is used before it is given back.
        unsafe {
            if !crate::functions::cells::PyModule_FromDefAndSpec2.address().is_null() {
                return PyModule_FromDefAndSpec2(laid, spec, version);
            }
            let name = PyObject_GetAttrString(spec, c"name".as_ptr());
            if name.is_null() {
                return name;
            }
            let text = PyUnicode_AsUTF8(name);
            let made = if text.is_null() { core::ptr::null_mut() } else { from_spec(laid, spec, text, version) };
            Py_DecRef(name);
            made
        }
    }
}

/// A module from a definition of the host's form, without the host's function for that: a new reference, or null with an
/// exception. `name` is that of the module spec.
unsafe fn from_spec(laid: *mut c_void, spec: Object, name: *const c_char, version: c_int) -> Object {
    use crate::functions::{
        Py_DecRef, PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyModule_Create2, PyObject_IsInstance, data,
    };
    let host = detect::known();
    // SAFETY: the cells are among those of the stand-in above; the definition has the host's layout, and the slots end with a zero.
    unsafe {
        let refuse = |message: &core::ffi::CStr, made: Object| {
            PyErr_Format()(value(&data::PyExc_SystemError), message.as_ptr(), name);
            Py_DecRef(made);
            core::ptr::null_mut()
        };
        let fields = laid.byte_add(host.layout.header()).cast::<Fields>().read_unaligned();
        if fields.m_size < 0 {
            return refuse(
                c"module %s: m_size may not be negative for multi-phase initialization",
                core::ptr::null_mut(),
            );
        }
        let Some(author) = find(laid).map(|laid| laid.author) else { return core::ptr::null_mut() };
        let Some(made) = call_create(author, spec) else {
            let plain = without_slots(author, fields, name, host);
            return if plain.is_null() { PyErr_NoMemory() } else { PyModule_Create2(plain, version) };
        };
        if made.is_null() {
            if PyErr_Occurred().is_null() {
                refuse(c"creation of module %s failed without setting an exception", made);
            }
            return made;
        }
        if !PyErr_Occurred().is_null() {
            return refuse(c"creation of module %s raised unreported exception", made);
        }
        if PyObject_IsInstance(made, data::PyModule_Type.address().cast()) == 1 {
            return made;
        }
        let has_state = !(fields.m_traverse.is_null() && fields.m_clear.is_null() && fields.m_free.is_null());
        if fields.m_size > 0 || has_state {
            return refuse(c"module %s is not a module object, but requests module state", made);
        }
        if find_slot(fields.m_slots, module_slot::EXEC).is_some() {
            return refuse(c"module %s specifies execution slots, but did not create a ModuleType instance", made);
        }
        made
    }
}

/// The value of a slot of a module, if it is there.
unsafe fn find_slot(slots: *const Slot, id: c_int) -> Option<*mut c_void> {
    if slots.is_null() {
        return None;
    }
    // SAFETY: the array ends with a slot 0.
    let slots = (0..).map(|index| unsafe { slots.add(index).read() }).take_while(|slot| slot.slot != 0);
    slots.into_iter().find(|slot| slot.slot == id).map(|slot| slot.value)
}

/// A definition for the host that has no slots and this name, so that it can be created in one phase. It stays for good, as
/// the module does that is made of it. Null when there is no memory.
unsafe fn without_slots(author: *mut Definition, fields: Fields, name: *const c_char, host: &Host) -> *mut c_void {
    let header = host.layout.header();
    // SAFETY: a C string.
    let name = unsafe { core::ffi::CStr::from_ptr(name) }.to_bytes_with_nul();
    let (plain, kept, entry) =
        (memory::zeroed(header + size_of::<Fields>()), memory::array::<u8>(name.len()), memory::array::<Laid>(1));
    if plain.is_null() || kept.is_null() || entry.is_null() {
        return core::ptr::null_mut();
    }
    let fields = Fields { m_name: kept.cast(), m_slots: core::ptr::null_mut(), ..fields };
    // SAFETY: there is room for all of it. A count of one keeps the definition for good.
    unsafe {
        kept.copy_from_nonoverlapping(name.as_ptr(), name.len());
        plain.cast::<isize>().write(1);
        plain.add(header).cast::<Fields>().write_unaligned(fields);
        entry.write(Laid { author, next: core::ptr::null_mut(), host: plain.cast(), is_foreign: false });
        remember(entry);
    }
    plain.cast()
}

polyfill! {
    /// Runs the `Py_mod_exec` slots of a definition.
    fn PyModule_ExecDef(module: Object, definition: *mut c_void) -> c_int;
    uses [PyModule_ExecDef, PyErr_NoMemory];
    choose |_| Choice::Ours(PyModule_ExecDef as *const _);
    {
        let laid = laid_out!(definition, -1);
        // SAFETY: the definition has the host's layout.
        unsafe { PyModule_ExecDef(module, laid) }
    }
}

polyfill! {
    /// The definition that a module was created from: the author's own, or a copy of that of a module of another file, which
    /// stays. Null without an exception for a module that has none.
    fn PyModule_GetDef(module: Object) -> *mut c_void;
    uses [PyModule_GetDef, PyErr_NoMemory];
    choose |_| Choice::Ours(PyModule_GetDef as *const _);
    {
        // SAFETY: the caller passes a module.
        unsafe {
            let found = PyModule_GetDef(module);
            if found.is_null() {
                return found;
            }
            let author = author_of(found, detect::known());
            if author.is_null() {
                PyErr_NoMemory();
            }
            author
        }
    }
}

polyfill! {
    /// The module that was registered for a definition, a borrowed reference, or null.
    fn PyState_FindModule(definition: *mut c_void) -> Object;
    uses [PyState_FindModule, PyErr_NoMemory];
    choose |_| Choice::Ours(PyState_FindModule as *const _);
    {
        let laid = laid_out!(definition, core::ptr::null_mut());
        // SAFETY: the definition has the host's layout.
        unsafe { PyState_FindModule(laid) }
    }
}

polyfill! {
    /// Registers a module for a definition; the interpreter keeps a reference of its own.
    fn PyState_AddModule(module: Object, definition: *mut c_void) -> c_int;
    uses [PyState_AddModule, PyModuleDef_Init, PyErr_NoMemory];
    choose |_| Choice::Ours(PyState_AddModule as *const _);
    {
        let laid = laid_out!(definition, -1);
        // SAFETY: the definition has the host's layout. A definition that no module was made of has no number yet.
        unsafe {
            PyModuleDef_Init(laid);
            PyState_AddModule(module, laid)
        }
    }
}

polyfill! {
    /// Takes back what [`PyState_AddModule`] registered.
    fn PyState_RemoveModule(definition: *mut c_void) -> c_int;
    uses [PyState_RemoveModule, PyErr_NoMemory];
    choose |_| Choice::Ours(PyState_RemoveModule as *const _);
    {
        let laid = laid_out!(definition, -1);
        // SAFETY: the definition has the host's layout.
        unsafe { PyState_RemoveModule(laid) }
    }
}

polyfill! {
    /// The module of the first class in the method resolution order that was made from the definition, a borrowed reference;
    /// null with `TypeError` if there is none.
    fn PyType_GetModuleByDef(class: Object, definition: *mut c_void) -> Object;
    uses [
        PyErr_NoMemory, PyType_GetFlags, PyType_GetModule, PyErr_Clear, PyErr_SetString, PyModule_GetDef, PyObject_GetAttrString,
        PyTuple_Size, PyTuple_GetItem, Py_DecRef,
    ];
    may_use [PyType_GetModuleByDef];
    data [PyExc_TypeError];
    choose |_| Choice::Ours(PyType_GetModuleByDef as *const _);
    {
        let laid = laid_out!(definition, core::ptr::null_mut());
        // SAFETY: the definition has the host's layout; the classes of the order are alive as long as the class is.
        unsafe {
            let own = !crate::functions::cells::PyType_GetModuleByDef.address().is_null();
            if own && detect::known().quirks.finds_module_past_static_types {
                return PyType_GetModuleByDef(class, laid);
            }
            let order = PyObject_GetAttrString(class, c"__mro__".as_ptr());
            if order.is_null() {
                return core::ptr::null_mut();
            }
            let mut found = core::ptr::null_mut();
            for index in 0..PyTuple_Size(order) {
                let base = PyTuple_GetItem(order, index);
                if PyType_GetFlags(base) & HEAP_TYPE == 0 {
                    continue;
                }
                let module = PyType_GetModule(base);
                if module.is_null() {
                    PyErr_Clear();
                } else if PyModule_GetDef(module) == laid {
                    found = module;
                    break;
                }
            }
            Py_DecRef(order);
            if found.is_null() {
                PyErr_SetString(value(&PyExc_TypeError), c"PyType_GetModuleByDef: No superclass of the type has the given module".as_ptr());
            }
            found
        }
    }
}

polyfill! {
    /// Says whether a module needs the GIL. Where there always is one, there is nothing to say.
    fn PyUnstable_Module_SetGIL(_module: Object, _gil: *mut c_void) -> c_int;
    uses [];
    choose |host| if host.free_threaded { Choice::Host } else { Choice::HostElse(PyUnstable_Module_SetGIL as *const _) };
    { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosts::{cpython, module_slot};
    use core::ptr::null_mut;

    fn host(minor: u32) -> Host {
        Host::as_recorded(cpython::profile, minor)
    }

    fn definition(slots: *mut Slot) -> Definition {
        let fields = Fields {
            m_init: null_mut(),
            m_index: 0,
            m_copy: null_mut(),
            m_name: c"geometry".as_ptr(),
            m_doc: core::ptr::null(),
            m_size: 0,
            m_methods: null_mut(),
            m_slots: slots,
            m_traverse: null_mut(),
            m_clear: null_mut(),
            m_free: null_mut(),
        };
        Definition::new(fields)
    }

    fn numbers(slots: *mut Slot) -> [i32; 4] {
        // SAFETY: the copies below have room for four slots at least.
        [0, 1, 2, 3].map(|index| unsafe { (*slots.add(index)).slot })
    }

    const EXEC: Slot = Slot { slot: module_slot::EXEC, value: null_mut() };
    const INTERPRETERS: Slot = Slot { slot: module_slot::MULTIPLE_INTERPRETERS, value: null_mut() };
    const GIL: Slot = Slot { slot: module_slot::GIL, value: null_mut() };
    const END: Slot = Slot { slot: 0, value: null_mut() };

    #[test]
    fn slots_that_a_host_does_not_know_are_left_out() {
        let mut slots = [EXEC, INTERPRETERS, GIL, EXEC, END];
        let author = definition(slots.as_mut_ptr());
        // SAFETY: the slots end with a zero.
        unsafe {
            assert_eq!(numbers(slots_for(&author, &host(11))), [2, 2, 0, 0]);
            assert_eq!(numbers(slots_for(&author, &host(12))), [2, 3, 2, 0]);
            assert_eq!(numbers(slots_for(&author, &host(13))), [2, 3, 4, 2]);
        }
    }

    #[test]
    fn a_definition_keeps_its_fields_behind_the_hosts_header() {
        let mut author = definition(null_mut());
        // SAFETY: the definition outlives the test's use of it.
        unsafe {
            let laid = lay_out(&raw mut author, &host(13));
            let fields = laid.byte_add(16).cast::<Fields>().read_unaligned();
            assert_eq!(fields.m_name, c"geometry".as_ptr());
            assert_eq!(lay_out(&raw mut author, &host(13)), laid);
            assert_eq!(author_of(laid, &host(13)), (&raw mut author).cast());
            assert_eq!(lay_out(laid.cast(), &host(13)), laid);
        }
    }

    #[test]
    fn the_create_slot_gets_the_authors_definition() {
        unsafe extern "C" fn given(_: Object, definition: *mut Definition) -> Object {
            definition.cast()
        }
        const NOTHING: Slot = Slot { slot: module_slot::CREATE, value: null_mut() };
        let mut slots = [Slot { value: given as *mut c_void, ..NOTHING }, EXEC, END];
        let mut author = definition(slots.as_mut_ptr());
        // SAFETY: the definition outlives the test's use of it; the function of the slot has the signature.
        unsafe {
            let laid = lay_out(&raw mut author, &host(13));
            let slots = laid.byte_add(16).cast::<Fields>().read_unaligned().m_slots;
            assert_eq!((*slots).value, create as *mut c_void);
            assert_eq!(create(null_mut(), laid), (&raw mut author).cast());
        }
        let mut empty = [NOTHING, END];
        let author = definition(empty.as_mut_ptr());
        // SAFETY: the slots end with a zero.
        unsafe { assert!((*slots_for(&author, &host(13))).value.is_null()) };
    }

    #[test]
    fn a_definition_of_another_file_is_read_from_the_hosts_form() {
        #[repr(C)]
        struct Foreign([usize; 2], Fields);
        let mut foreign = Foreign([1, 0], definition(null_mut()).fields);
        let address = (&raw mut foreign).cast::<c_void>();
        // SAFETY: the definition has the form of CPython 3.13, and outlives the test's use of it.
        unsafe {
            let copy = author_of(address, &host(13)).cast::<Definition>();
            assert_eq!(((*copy).fields.m_name, (*copy).fields.m_index), (c"geometry".as_ptr(), 0));
            assert_eq!(lay_out(copy, &host(13)), address);
            (*address.cast::<Foreign>()).1.m_index = 5;
            assert_eq!(author_of(address, &host(13)).cast(), copy);
            assert_eq!((*copy).fields.m_index, 5);
        }
    }
}
