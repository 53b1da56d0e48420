//! Makes a type from a spec of the handle API.

use super::beside::{self, BESIDE};
use super::call_function::{self, Call};
use super::members::{Members, write_get_sets};
use super::shape::{AFTER_ITEMS, builtin, layout, stated_size};
use super::{APART, Info, clear, destructor, inherited, record, starts_a_page, traverse};
use crate::convert::object;
use crate::definitions::{Definitions, MOST, is_address, is_optional, length, raise, refuse, write_methods};
use crate::imports::*;
use crate::type_flags;
use cardan_abi::type_record::{TypeRecord, flag};
use cardan_abi::{Handle, TypeSpec, TypeSpecParameter, parameter, shape};
use cardan_host::detect::known;
use cardan_host::hosts::type_slot;
use cardan_host::memory;
use cardan_host::text::Text;
use cardan_host::types::{Object, PyMethodDef, PyType_Spec, Slot};
use core::ffi::{CStr, c_char, c_int, c_uint, c_ulong, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicU32};

/// `HPy_tp_destroy`.
const DESTROY: c_uint = 1000;
/// `HPy_TPFLAGS_HAVE_GC`.
const HAVE_GC: u32 = type_flags::HAVE_GC as u32;
/// `HPy_TPFLAGS_DISALLOW_INSTANTIATION`.
const DISALLOW_INSTANTIATION: u32 = 1 << 7;
/// `Py_TPFLAGS_HAVE_VECTORCALL`.
const HAVE_VECTORCALL: u32 = 1 << 11;
/// The flags that a spec can set: those of `hpy.h`, and what CPython's own specs set besides. The others are the host's, which
/// keeps in them what a type is and whether it is ready.
const FLAGS: c_ulong =
    1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 14 | 1 << 17 | 1 << 18 | 1 << 19 | 1 << 20;
/// The slots of a type that hold a function of the author's, but for `HPy_tp_destroy`.
const FUNCTIONS: [core::ops::RangeInclusive<c_int>; 10] =
    [1..=46, 50..=50, 54..=55, 58..=60, 62..=63, 65..=67, 69..=71, 75..=79, 80..=80, 81..=81];
/// The highest number of a slot in any version of the C API.
const LAST_LEGACY_SLOT: c_int = 83;

/// The bases, metaclass and module that a type is made with. The tuple is owned, the others borrowed.
struct Parameters {
    bases: Object,
    metaclass: Object,
    module: Object,
}

/// Makes a type, a new reference, or null with an exception.
///
/// # Safety
/// The spec is one of the author's, the parameters end with the kind 0 or are null; the thread is attached.
pub unsafe fn from_spec(spec: *const TypeSpec, parameters: *const TypeSpecParameter) -> Object {
    // SAFETY: the caller's promise.
    unsafe {
        let Some(spec) = spec.as_ref() else {
            raise(PyExc_SystemError(), c"HPyType_FromSpec needs a spec, found NULL");
            return null_mut();
        };
        if !is_address(spec.name) {
            raise(PyExc_SystemError(), c"HPyType_FromSpec: the spec has no name");
            return null_mut();
        }
        let Some(definitions) = Definitions::of(spec.defines, CStr::from_ptr(spec.name)) else { return null_mut() };
        if !is_valid(spec, definitions) {
            return null_mut();
        }
        let Some(chosen) = read_parameters(spec, parameters) else { return null_mut() };
        let usual = if inherited::prepare(chosen.bases) { lay_out(spec, definitions, chosen.bases) } else { None };
        let class = match usual {
            Some(host_spec) => {
                let class = PyType_FromMetaclass(chosen.metaclass, chosen.module, host_spec.cast(), chosen.bases);
                memory::release((*host_spec).slots.cast());
                memory::release(host_spec.cast());
                class
            }
            None => null_mut(),
        };
        Py_DecRef(chosen.bases);
        if class.is_null() || keeps_to_its_base(class, spec) && inherited::note(class) {
            return class;
        }
        Py_DecRef(class);
        null_mut()
    }
}

/// What can be said of a spec by itself.
unsafe fn is_valid(spec: &TypeSpec, definitions: Definitions) -> bool {
    let has = |id: c_int| definitions.slots().any(|slot| slot.slot == id as c_uint);
    // SAFETY: the name is a C string.
    let name = unsafe { CStr::from_ptr(spec.name) };
    if !is_optional(spec.doc) || !is_optional(spec.legacy_slots.cast::<Slot>()) {
        refuse(name, c"the docstring or the legacy slots have no address where one can be");
        return false;
    }
    if let Some(bit) = (0..c_ulong::BITS).find(|bit| spec.flags & !FLAGS & (1 << bit) != 0) {
        let mut text = Text::new();
        text.push(name).push(c": the flags have bit ").push_number(bit as usize);
        text.push(c" set, which is the interpreter's; expected HPy_TPFLAGS_*");
        raise(PyExc_SystemError(), text.as_c_str());
        return false;
    }
    if !(shape::LEGACY..=shape::DICT).contains(&spec.builtin_shape) {
        let mut text = Text::new();
        text.push(c"invalid shape: ");
        if spec.builtin_shape < 0 {
            text.push(c"-");
        }
        text.push_number(spec.builtin_shape.unsigned_abs() as usize);
        raise(PyExc_ValueError(), text.as_c_str());
        return false;
    }
    if spec.basicsize < 0 || spec.itemsize < 0 {
        raise(PyExc_SystemError(), c"HPyType_Spec: basicsize and itemsize must not be negative");
        return false;
    }
    // SAFETY: the author's list ends with a slot 0.
    let traverses = has(type_slot::TRAVERSE)
        || spec.builtin_shape == shape::LEGACY
            && unsafe { legacy_slots(spec) }.iter().any(|slot| slot.slot == type_slot::TRAVERSE);
    if spec.flags as u32 & HAVE_GC != 0 && !traverses {
        raise(PyExc_ValueError(), c"You must provide an HPy_tp_traverse slot if you specify HPy_TPFLAGS_HAVE_GC");
        return false;
    }
    if !spec.legacy_slots.is_null() {
        if spec.builtin_shape != shape::LEGACY {
            raise(
                PyExc_TypeError(),
                c"cannot specify .legacy_slots without setting .builtin_shape=HPyType_BuiltinShape_Legacy",
            );
            return false;
        }
        // SAFETY: the author's list ends with a slot 0.
        let legacy = unsafe { legacy_slots(spec) };
        if let Some(slot) = legacy.iter().find(|slot| !(1..=LAST_LEGACY_SLOT).contains(&slot.slot)) {
            let mut text = Text::new();
            text.push(name)
                .push(c": legacy slot ")
                .push_number(slot.slot as c_uint as usize)
                .push(c" is no slot of a type");
            raise(PyExc_SystemError(), text.as_c_str());
            return false;
        }
        let destroys = has(type_slot::TRAVERSE) || definitions.slots().any(|slot| slot.slot == DESTROY);
        if destroys && legacy.iter().any(|slot| slot.slot == type_slot::DEALLOC) {
            raise(PyExc_TypeError(), c"legacy tp_dealloc is incompatible with HPy_tp_traverse or HPy_tp_destroy.");
            return false;
        }
    }
    true
}

/// `tp_new` of a type that cannot be called, where the host does not know the flag that says so.
unsafe extern "C" fn refuse_instantiation(class: Object, _: Object, _: Object) -> Object {
    // SAFETY: the interpreter passes the type; the imports are bound.
    unsafe { PyErr_Format()(PyExc_TypeError(), c"cannot create '%R' instances".as_ptr(), class) };
    null_mut()
}

unsafe fn legacy_slots(spec: &TypeSpec) -> &[Slot] {
    let slots = spec.legacy_slots.cast::<Slot>();
    if slots.is_null() {
        return &[];
    }
    // SAFETY: the author's list ends with a slot 0.
    unsafe { core::slice::from_raw_parts(slots, length(slots)) }
}

/// Reads what the type is made with. `None` with an exception if it contradicts itself.
unsafe fn read_parameters(spec: &TypeSpec, parameters: *const TypeSpecParameter) -> Option<Parameters> {
    let mut chosen = Parameters { bases: null_mut(), metaclass: null_mut(), module: null_mut() };
    if parameters.is_null() {
        return Some(chosen);
    }
    // SAFETY: the author's list ends with the kind 0.
    unsafe {
        let count = (0..=MOST).take_while(|&index| (*parameters.add(index)).kind != 0).count();
        if count > MOST {
            refuse(CStr::from_ptr(spec.name), c"more than 65536 parameters: the list has to end with the kind 0");
            return None;
        }
        let all = core::slice::from_raw_parts(parameters, count);
        for given in all {
            match given.kind {
                parameter::BASE..=parameter::MODULE if given.object == Handle::NULL => {
                    refuse(CStr::from_ptr(spec.name), c"a parameter of the type is HPy_NULL; expected an object");
                    return None;
                }
                parameter::BASE | parameter::BASES_TUPLE => {}
                parameter::METACLASS if !chosen.metaclass.is_null() => {
                    raise(PyExc_ValueError(), c"metaclass was specified multiple times");
                    return None;
                }
                parameter::METACLASS => chosen.metaclass = object(given.object),
                parameter::MODULE => {
                    chosen.module = object(given.object);
                    if PyType_IsSubtype(Py_TYPE(chosen.module), PyModule_Type()) == 0 {
                        PyErr_Format()(
                            PyExc_TypeError(),
                            c"HPyType_SpecParam_Module of '%s' is %R; expected a module".as_ptr(),
                            spec.name,
                            chosen.module,
                        );
                        return None;
                    }
                }
                _ => {
                    let mut text = Text::new();
                    text.push(c"unknown HPyType_SpecParam specification for '")
                        .push(CStr::from_ptr(spec.name))
                        .push(c"'");
                    raise(PyExc_TypeError(), text.as_c_str());
                    return None;
                }
            }
        }
        if !chosen.metaclass.is_null() && !is_metaclass(chosen.metaclass) {
            return None;
        }
        let of = |kind: c_uint| all.iter().filter(move |given| given.kind == kind).map(|given| object(given.object));
        let (single, tuples) = (of(parameter::BASE).count(), of(parameter::BASES_TUPLE).count());
        if tuples > 1 {
            raise(PyExc_TypeError(), c"multiple specifications of HPyType_SpecParam_BasesTuple");
            return None;
        }
        if tuples == 1 && single > 0 {
            raise(PyExc_TypeError(), c"cannot specify both HPyType_SpecParam_Base and HPytype_SpecParam_BasesTuple");
            return None;
        }
        if let Some(tuple) = of(parameter::BASES_TUPLE).next() {
            if !are_bases(spec, tuple) {
                return None;
            }
            Py_IncRef(tuple);
            chosen.bases = tuple;
        } else if single > 0 {
            chosen.bases = PyTuple_New(single as isize);
            if chosen.bases.is_null() {
                return None;
            }
            for (index, base) in of(parameter::BASE).enumerate() {
                Py_IncRef(base);
                PyTuple_SetItem(chosen.bases, index as isize, base);
            }
            if !are_bases(spec, chosen.bases) {
                Py_DecRef(chosen.bases);
                return None;
            }
        }
    }
    Some(chosen)
}

/// Whether an object is a tuple of types, at least one. False with `TypeError` if not.
unsafe fn are_bases(spec: &TypeSpec, tuple: Object) -> bool {
    // SAFETY: `tuple` is an object, and its items are borrowed from it.
    unsafe {
        let count = if type_flags::of(tuple, type_flags::TUPLE) == 0 { 0 } else { PyTuple_Size(tuple) };
        for index in 0..count {
            let base = PyTuple_GetItem(tuple, index);
            if super::flags_of(super::class_of(base)) & type_flags::TYPE == 0 {
                let message = c"a base of '%s' is %R; expected a type".as_ptr();
                PyErr_Format()(PyExc_TypeError(), message, spec.name, base);
                return false;
            }
        }
        if count == 0 {
            let message = c"the bases of '%s' are %R; expected a tuple of at least one type".as_ptr();
            PyErr_Format()(PyExc_TypeError(), message, spec.name, tuple);
        }
        count > 0
    }
}

unsafe fn is_metaclass(metaclass: Object) -> bool {
    // SAFETY: `metaclass` is an object; the imports are bound.
    unsafe {
        let is_type = super::flags_of(super::class_of(metaclass)) & type_flags::TYPE != 0;
        if !is_type || PyType_IsSubtype(metaclass, PyType_Type()) == 0 {
            PyErr_Format()(PyExc_TypeError(), c"Metaclass '%R' is not a subclass of 'type'.".as_ptr(), metaclass);
            return false;
        }
        let usual = super::slot::<{ type_slot::NEW }>(PyType_Type());
        if !usual.is_null() && super::slot::<{ type_slot::NEW }>(metaclass) != usual {
            raise(PyExc_TypeError(), c"Metaclasses with custom tp_new are not supported.");
            return false;
        }
    }
    true
}

/// Whether one of the bases, a tuple of types or null, is looked after by the collector.
unsafe fn has_collected_base(bases: Object) -> bool {
    // SAFETY: the caller's tuple; its items are borrowed from it.
    unsafe {
        let count = if bases.is_null() { 0 } else { PyTuple_Size(bases) };
        (0..count).any(|index| super::flags_of(PyTuple_GetItem(bases, index)) as u32 & HAVE_GC != 0)
    }
}

/// The spec for the host; `None` with an exception. The spec and its slots are the
/// caller's to release, everything else stays for good.
unsafe fn lay_out(spec: &TypeSpec, definitions: Definitions, bases: Object) -> Option<*mut PyType_Spec> {
    // SAFETY: the caller's spec.
    unsafe {
        let (data_offset, rest) = layout(spec.builtin_shape)?;
        let legacy = legacy_slots(spec);
        let legacy_list = |id: c_int| legacy.iter().find(|slot| slot.slot == id).map_or(null_mut(), |slot| slot.value);
        let has_size = spec.basicsize != 0;
        let size = if has_size && data_offset != BESIDE { rest + spec.basicsize as isize } else { 0 };
        let own_dealloc = !legacy.iter().any(|slot| slot.slot == type_slot::DEALLOC);
        let call = Call::of(spec, definitions, bases, (data_offset, rest), size)?;
        let size = call.size;

        let Ok(size) = c_int::try_from(size) else {
            refuse(CStr::from_ptr(spec.name), c"basicsize is larger than any object");
            return None;
        };
        let methods_count =
            definitions.methods().count() + length(legacy_list(type_slot::METHODS).cast::<PyMethodDef>());
        let name = CStr::from_ptr(spec.name).to_bytes_with_nul();
        let methods_size = (methods_count + 1) * size_of::<PyMethodDef>();
        let block = memory::zeroed(size_of::<Info>() + APART + methods_size + name.len());
        let slots_count = definitions.slots().count() + legacy.len() + 10;
        let slots = memory::array::<Slot>(slots_count);
        let host_spec = memory::array::<PyType_Spec>(1);
        let failed = || {
            memory::release(block);
            memory::release(slots.cast());
            memory::release(host_spec.cast());
        };
        if block.is_null() || slots.is_null() || host_spec.is_null() {
            failed();
            PyErr_NoMemory();
            return None;
        }
        // Where nobody else's methods are looked for: see `before_methods`.
        let behind = block.add(size_of::<Info>());
        let methods = if starts_a_page(behind) { behind.add(APART) } else { behind }.cast::<PyMethodDef>();
        let info_place = methods.byte_sub(size_of::<Info>()).cast::<Info>();
        let name_copy = methods.byte_add(methods_size).cast::<u8>();
        core::ptr::copy_nonoverlapping(name.as_ptr(), name_copy, name.len());
        let data_size = spec.basicsize as isize;
        let members = Members {
            definitions,
            legacy: legacy_list(type_slot::MEMBERS).cast(),
            data_offset,
            data_size,
            call: &call,
        };
        let written = members.write(has_size);
        let behind = written.as_ref().map_or(null_mut(), |members| members.behind);
        let (Some(()), Some(members), Some(get_sets)) = (
            write_methods(definitions, legacy_list(type_slot::METHODS).cast(), methods),
            written,
            write_get_sets(definitions, legacy_list(type_slot::GETSET).cast(), behind),
        ) else {
            failed();
            return None;
        };

        let mut next = 0;
        let mut add = |id: c_int, value: *mut c_void| {
            slots.add(next).write(Slot { slot: id, value });
            next += 1;
        };
        let traverses = definitions.slot(type_slot::TRAVERSE as c_uint);
        for slot in definitions.slots() {
            match slot.slot as c_int {
                id if id == DESTROY as c_int && is_address(slot.implementation) => {}
                type_slot::TRAVERSE if is_address(slot.implementation) => {}
                type_slot::CALL if is_address(slot.cpy_trampoline) => {}
                id if !matches!(id, type_slot::CALL | type_slot::TRAVERSE)
                    && FUNCTIONS.iter().any(|range| range.contains(&id))
                    && is_address(slot.cpy_trampoline) =>
                {
                    add(id, slot.cpy_trampoline)
                }
                id => {
                    let mut text = Text::new();
                    text.push(CStr::from_ptr(spec.name)).push(c": slot ").push_number(id as c_uint as usize);
                    text.push(c" is no slot of a type, or has no function; HPyDef_SLOT makes one");
                    raise(PyExc_SystemError(), text.as_c_str());
                    failed();
                    return None;
                }
            }
        }
        if call.is_own {
            add(type_slot::CALL, call_function::call_with_tuple as *mut c_void);
        }
        let has = |id: c_int| definitions.slots().any(|slot| slot.slot == id as c_uint);
        let has_finalizer = has(type_slot::FINALIZE) || legacy.iter().any(|slot| slot.slot == type_slot::FINALIZE);
        let is_shown = has_finalizer && known().quirks.finalizes_only_what_python_saw;
        let is_alone = spec.builtin_shape == shape::OBJECT && spec.itemsize == 0 && bases.is_null();
        let mut info = Info {
            record: TypeRecord {
                size: size_of::<TypeRecord>(),
                methods: methods.cast(),
                shape: spec.builtin_shape,
                flags: AtomicU32::new(if is_shown { flag::SHOWN } else { 0 }),
                data_offset,
                data_size,
                destroy: core::mem::transmute::<*mut c_void, Option<cardan_abi::Destroy>>(definitions.slot(DESTROY)),
                traverse: traverses,
                call: call.function,
                call_offset: call.offset,
                weak_list_offset: members.weak_list_offset,
                dict_offset: members.dict_offset,
                slots: [null_mut(), traverse as *mut c_void, clear as *mut c_void],
                locate: record::locate,
                create: record::create,
                visit: record::visit,
                clear: record::clear,
            },
            zeroed: usize::try_from(size as isize - data_offset).unwrap_or(0),
            mark: &super::MARK,
            watched: AtomicPtr::new(null_mut()),
            is_alone,
            is_plain: is_alone
                && spec.flags as u32 & HAVE_GC == 0
                && traverses.is_null()
                && !has(type_slot::FINALIZE)
                && members.weak_list_offset == 0
                && members.dict_offset == 0,
        };
        info.record.slots[0] = destructor(&info);
        if !traverses.is_null() {
            add(type_slot::TRAVERSE, traverse as *mut c_void);
            add(type_slot::CLEAR, clear as *mut c_void);
        }
        if own_dealloc {
            add(type_slot::DEALLOC, info.record.slots[0]);
        }
        let refuses = spec.flags as u32 & DISALLOW_INSTANTIATION != 0 && !known().quirks.disallows_instantiation;
        if refuses {
            add(type_slot::NEW, refuse_instantiation as *mut c_void);
        } else if data_offset == BESIDE && !has(type_slot::NEW) {
            add(type_slot::NEW, beside::new as *mut c_void);
        }
        if !spec.doc.is_null() {
            add(type_slot::DOC, spec.doc.cast_mut().cast());
        }
        for slot in legacy {
            if !matches!(slot.slot, type_slot::METHODS | type_slot::MEMBERS | type_slot::GETSET) {
                add(slot.slot, slot.value);
            }
        }
        info_place.write(info);
        methods.add(methods_count).write(record::mark(info_place.cast()));
        add(type_slot::METHODS, methods.cast());
        if !members.list.is_null() {
            add(type_slot::MEMBERS, members.list.cast());
        }
        if !get_sets.is_null() {
            add(type_slot::GETSET, get_sets.cast());
        }

        let collected = match traverses.is_null() {
            // The destructor of such a base expects it, and a host lets no type inherit it that has a traverse of its own.
            false if has_collected_base(bases) => HAVE_GC,
            true => 0,
            false => spec.flags as u32 & HAVE_GC,
        };
        let legacy_collected = if spec.builtin_shape == shape::LEGACY { spec.flags as u32 & HAVE_GC } else { 0 };
        let vectorcall = if members.vectorcall { HAVE_VECTORCALL } else { 0 };
        let flags = spec.flags as u32 & !(HAVE_GC | HAVE_VECTORCALL);
        let flags = if refuses { flags & !DISALLOW_INSTANTIATION } else { flags };
        host_spec.write(PyType_Spec {
            name: name_copy.cast::<c_char>(),
            basicsize: size,
            itemsize: spec.itemsize,
            flags: flags | collected | legacy_collected | vectorcall | spec.flags as u32 & HAVE_VECTORCALL,
            slots,
        });
        Some(host_spec)
    }
}

/// Whether the type's struct continues that of its base. False with an exception if not.
unsafe fn keeps_to_its_base(class: Object, spec: &TypeSpec) -> bool {
    // SAFETY: `class` is a type that was made just now.
    unsafe {
        let start = builtin(spec.builtin_shape);
        // Where the struct comes after a built-in object of one size, an object has that much room whatever it derives from;
        // debug mode finds who asks for a struct of another shape.
        let (Some((offset, _)), false) = (layout(spec.builtin_shape), start.is_null()) else {
            return start.is_null() && keeps_to_base_type(class, spec, start);
        };
        if matches!(offset, AFTER_ITEMS | BESIDE) && PyType_IsSubtype(class, start) == 0 {
            let message = c"'%s' has the shape of %R but does not derive from it".as_ptr();
            PyErr_Format()(PyExc_TypeError(), message, spec.name, start);
            return false;
        }
        keeps_to_base_type(class, spec, start)
    }
}

/// What [`keeps_to_its_base`] asks of the base that is not the built-in type `start` of the shape.
unsafe fn keeps_to_base_type(class: Object, spec: &TypeSpec, start: Object) -> bool {
    // SAFETY: as above.
    unsafe {
        let base: Object = super::slot::<{ type_slot::BASE }>(class).cast();
        if base.is_null() || base == PyBaseObject_Type() || base == start {
            return true;
        }
        let info = super::info(base);
        if spec.builtin_shape == shape::LEGACY && info.is_some_and(|info| info.shape != shape::LEGACY) {
            raise(PyExc_TypeError(), c"A legacy type should not inherit its memory layout from a pure type");
            return false;
        }
        if spec.basicsize == 0 {
            return true;
        }
        let own = spec.basicsize as isize;
        let continues = info.is_some_and(|info| info.shape == spec.builtin_shape);
        let least = match info {
            Some(info) if continues => info.data_size,
            // Newer hosts ask for this themselves.
            None if spec.builtin_shape == shape::LEGACY => stated_size(base, c"__basicsize__"),
            _ => 0,
        };
        if least > own {
            let message =
                c"the struct of '%s' has %zd bytes; expected at least the %zd of its base %R, which it starts with";
            PyErr_Format()(PyExc_TypeError(), message.as_ptr(), spec.name, own, least, base);
        }
        if !(0..=own).contains(&least) {
            return false;
        }
        if continues {
            return !known().quirks.classes_take_room || base_adds_nothing(spec, base);
        }
        if spec.builtin_shape == shape::LEGACY {
            return true;
        }
        // The struct starts where objects of the shape end, so the base must not have more.
        let Some((_, rest)) = layout(spec.builtin_shape) else { return false };
        let size = stated_size(base, c"__basicsize__");
        if size < 0 || size <= rest {
            return size >= 0;
        }
        let message = c"the struct of '%s' would overlap what objects of its base %R hold: they take %zd bytes, its shape has %zd";
        PyErr_Format()(PyExc_TypeError(), message.as_ptr(), spec.name, base, size, rest);
        false
    }
}

/// Whether objects of a base are no larger than those of the type of this runtime whose struct it has: a class of Python's in
/// between may have slots of its own behind the struct. False with an exception if it has.
unsafe fn base_adds_nothing(spec: &TypeSpec, base: Object) -> bool {
    // SAFETY: `base` derives from such a type.
    unsafe {
        let mut origin = base;
        while super::record(origin).is_none() {
            origin = super::slot::<{ type_slot::BASE }>(origin).cast();
        }
        if origin == base {
            return true;
        }
        let [size, its] = [base, origin].map(|class| stated_size(class, c"__basicsize__"));
        if size > its && its >= 0 {
            let message = c"the struct of '%s' would overlap the %zd bytes that its base %R adds to objects of %R; derive from the latter, or leave the struct out";
            PyErr_Format()(PyExc_TypeError(), message.as_ptr(), spec.name, size - its, base, origin);
        }
        size <= its && size >= 0
    }
}
