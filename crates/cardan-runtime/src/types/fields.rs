//! The fields of structs: shown to the collector, and emptied when their object goes; and who watches what is in them.

use super::shape::data;
use super::{Info, class_of, own_info, records, slot};
use crate::convert::object;
use crate::definitions::{Definitions, is_address};
use crate::imports::*;
use crate::module::{self, Record};
use cardan_abi::{Context, Field, Function, Handle, ModuleDefinition, Traverse, TypeSpec, shape};
use cardan_host::hosts::type_slot;
use cardan_host::memory;
use cardan_host::types::Object;
use core::ffi::{c_int, c_uint, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// Who knows what was stored in fields and globals: the debug mode. Only types and modules that were made through its context
/// are watched, since nothing is known of what others store.
pub struct Watch {
    /// Whether a field's word is one that was stored, and that was not let go since.
    pub is_stored: fn(isize) -> bool,
    /// Notes that a field of an object is emptied that held this word, which is not null: whether there is a reference to give
    /// back. The object may be without a reference, and the thread is attached.
    pub let_go: unsafe fn(isize, Object) -> bool,
    /// Notes what a global that a module declares holds when the module is loaded.
    pub note_global: fn(isize),
}

/// The watch, and the context that it belongs to. Both are null in the files of modules.
static WATCH: AtomicPtr<Watch> = AtomicPtr::new(null_mut());
static CONTEXT: AtomicPtr<Context> = AtomicPtr::new(null_mut());

/// Sets who watches the modules of a context, and the types that are [watched](watch_type).
pub fn set_watch(watch: &'static Watch, context: *mut Context) {
    CONTEXT.store(context, Ordering::Relaxed);
    WATCH.store((&raw const *watch).cast_mut(), Ordering::Release);
}

fn watch() -> Option<&'static Watch> {
    // SAFETY: `set_watch` is given what lives for good.
    unsafe { WATCH.load(Ordering::Acquire).as_ref() }
}

/// The watch, if it is for the state of this module. Functions of the C API can store there what nobody sees.
pub(crate) fn watch_of_module(record: &Record) -> Option<&'static Watch> {
    watch().filter(|_| CONTEXT.load(Ordering::Relaxed) == record.context() && !record.has_legacy_methods())
}

/// The structs of a type that are watched.
#[derive(Clone, Copy)]
struct Watched {
    watch: &'static Watch,
    /// Where in the struct attributes store objects, in bytes, ending with -1.
    attributes: *const isize,
}

impl Watched {
    fn of(info: &Info) -> Option<Self> {
        let attributes = info.watched.load(Ordering::Acquire).cast_const();
        let watch = watch().filter(|_| !attributes.is_null())?;
        Some(Self { watch, attributes })
    }

    /// The places in a struct where attributes store objects.
    fn attributes(self, data: *mut c_void) -> impl Iterator<Item = *mut Field> {
        // SAFETY: `watch_type` wrote the list, which is never freed.
        (0..).map(move |index| unsafe { *self.attributes.add(index) }).take_while(|&offset| offset >= 0).map(
            // SAFETY: the attributes are in the struct.
            move |offset| unsafe { data.byte_offset(offset).cast() },
        )
    }
}

/// Has the fields of a new type's objects watched, if this runtime made the type. One that has anything of the C API is not:
/// functions of it can store in fields what nobody sees.
///
/// # Safety
/// `class` is a type that was made of this spec just now; the thread is attached.
pub unsafe fn watch_type(class: Object, spec: &TypeSpec) {
    /// `HPyMember_OBJECT` and `HPyMember_OBJECT_EX`.
    const OBJECTS: [c_uint; 2] = [6, 16];
    if !spec.legacy_slots.is_null() || spec.builtin_shape == shape::LEGACY {
        return;
    }
    // SAFETY: the caller's type, whose definitions were read before. There is room for all attributes and the end.
    unsafe {
        let (Some(info), Some(definitions)) = (own_info(class), Definitions::of(spec.defines, c"")) else { return };
        let attributes =
            || definitions.members().filter(|member| OBJECTS.contains(&member.kind) && member.readonly == 0);
        let offsets = memory::array::<isize>(attributes().count() + 1);
        if offsets.is_null() {
            return;
        }
        let mut end = offsets;
        for attribute in attributes() {
            end.write(attribute.offset);
            end = end.add(1);
        }
        end.write(-1);
        info.watched.store(offsets, Ordering::Release);
    }
}

/// Whether all structs of an object are watched: its own and those of the types that its type derives from, or a module's
/// state.
///
/// # Safety
/// `owner` is an object or null; the thread is attached.
pub unsafe fn is_watched(owner: Object) -> bool {
    if owner.is_null() {
        return false;
    }
    // SAFETY: the caller's object; a module has a definition or none, and what is not ours is only compared.
    unsafe {
        let class = class_of(owner);
        if PyType_IsSubtype(class, PyModule_Type()) != 0 {
            return module::find_by_definition(PyModule_GetDef(owner))
                .is_some_and(|record| watch_of_module(record).is_some());
        }
        // The types of other files are not watched.
        let watched = infos(class).filter(|info| Watched::of(info).is_some()).count();
        watched > 0 && watched == records(class).count()
    }
}

/// What is known of all types above and including `class`, a type or null, that this runtime made.
unsafe fn infos(class: Object) -> impl Iterator<Item = &'static Info> {
    let mut current = class;
    core::iter::from_fn(move || {
        while !current.is_null() {
            // SAFETY: the callers pass a type, and its bases are types.
            let info = unsafe {
                let info = own_info(current);
                current = slot::<{ type_slot::BASE }>(current).cast();
                info
            };
            if info.is_some() {
                return info;
            }
        }
        None
    })
}

/// The fields of an object that are watched, and that its attributes store in: the watch does not see what.
///
/// # Safety
/// `owner` is an object, which stays alive, or null; the thread is attached.
pub unsafe fn attributes(owner: Object) -> impl Iterator<Item = *mut Field> {
    // SAFETY: the caller's object.
    unsafe { infos(if owner.is_null() { owner } else { class_of(owner) }) }
        .filter_map(|info| Some((info, Watched::of(info)?)))
        .flat_map(
            // SAFETY: the object's type is one of these, or derives from it.
            move |(info, watched)| watched.attributes(unsafe { data(owner, info) }),
        )
}

/// Tells the watch of a context what the globals hold that a definition declares.
///
/// # Safety
/// The definition is a module's.
pub(crate) unsafe fn note_globals(author: &ModuleDefinition, context: *mut Context) {
    let Some(watch) = watch().filter(|_| CONTEXT.load(Ordering::Relaxed) == context) else { return };
    if !is_address(author.globals) {
        return;
    }
    // SAFETY: the list ends with null.
    unsafe {
        let mut next = author.globals;
        while let Some(global) = (*next).as_ref() {
            (watch.note_global)(global.word);
            next = next.add(1);
        }
    }
}

type Visit = unsafe extern "C" fn(Object, *mut c_void) -> c_int;

/// Passes each field of a struct on to a visitor of the C API.
struct Visitor {
    visit: Visit,
    argument: *mut c_void,
    seen: Option<Seen>,
}

/// A struct whose fields are looked at.
#[derive(Clone, Copy)]
struct Seen {
    watch: &'static Watch,
    /// The type's, for a struct of one.
    watched: Option<Watched>,
    data: *mut c_void,
}

impl Seen {
    /// The struct of a type, if it is watched.
    fn of(info: &Info, data: *mut c_void) -> Option<Self> {
        Watched::of(info).map(|watched| Self { watch: watched.watch, watched: Some(watched), data })
    }

    /// Whether an attribute stores in a field, so that nothing is known of what it holds.
    fn is_attribute(self, field: *mut Field) -> bool {
        self.watched.is_some_and(|watched| watched.attributes(self.data).any(|place| place == field))
    }
}

unsafe extern "C" fn visit_field(field: *mut Field, argument: *mut c_void) -> c_int {
    // SAFETY: `visit` passes its visitor; a field holds an object or null.
    unsafe {
        let visitor = &*argument.cast::<Visitor>();
        let word = (*field).word;
        // What was never stored is said when the field is used or emptied: nothing can be said while objects are collected.
        if word == 0 || visitor.seen.is_some_and(|seen| !(seen.watch.is_stored)(word) && !seen.is_attribute(field)) {
            return 0;
        }
        (visitor.visit)(object(Handle { word }), visitor.argument)
    }
}

unsafe fn visit_with(traverse: Function, data: *mut c_void, mut visitor: Visitor) -> c_int {
    // SAFETY: the callers' promise: the author's function for this struct.
    unsafe {
        let traverse = core::mem::transmute::<Function, Traverse>(traverse);
        traverse(data, visit_field, (&raw mut visitor).cast())
    }
}

/// Visits the fields of a struct for the interpreter's collector. The result is that of the last visit.
///
/// # Safety
/// `traverse` is the author's function for this struct, `visit` a `visitproc` of the C API.
pub(crate) unsafe fn visit(
    traverse: Function,
    data: *mut c_void,
    visit: *mut c_void,
    argument: *mut c_void,
    watch: Option<&'static Watch>,
) -> c_int {
    let seen = watch.map(|watch| Seen { watch, watched: None, data });
    // SAFETY: the caller's promise.
    unsafe {
        let visit = core::mem::transmute::<*mut c_void, Visit>(visit);
        visit_with(traverse, data, Visitor { visit, argument, seen })
    }
}

/// As [`visit`], for the struct of a type.
///
/// # Safety
/// As for [`visit`], with one of the type's structs.
pub(crate) unsafe fn visit_struct(
    info: &Info,
    traverse: Function,
    data: *mut c_void,
    visit: *mut c_void,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let visit = core::mem::transmute::<*mut c_void, Visit>(visit);
        visit_with(traverse, data, Visitor { visit, argument, seen: Seen::of(info, data) })
    }
}

/// Empties each field of a struct.
struct Cleaner {
    owner: Object,
    seen: Option<Seen>,
}

unsafe extern "C" fn clear_field(field: *mut Field, argument: *mut c_void) -> c_int {
    // SAFETY: `clear_with` passes its cleaner. A field holds a reference of its own or null. It is emptied before the reference
    // is given back.
    unsafe {
        let cleaner = &*argument.cast::<Cleaner>();
        let word = core::mem::replace(&mut *field, Field::NULL).word;
        let is_ours = |seen: Seen| seen.is_attribute(field) || (seen.watch.let_go)(word, cleaner.owner);
        if word != 0 && cleaner.seen.is_none_or(is_ours) {
            Py_DecRef(object(Handle { word }));
        }
    }
    0
}

unsafe fn clear_with(traverse: Function, data: *mut c_void, mut cleaner: Cleaner) {
    // SAFETY: the callers' promise: the author's function for this struct.
    unsafe {
        let traverse = core::mem::transmute::<Function, Traverse>(traverse);
        traverse(data, clear_field, (&raw mut cleaner).cast());
    }
}

/// Gives the references back that a struct's fields hold.
///
/// # Safety
/// `traverse` is the author's function for this struct, which belongs to `owner`; the thread is attached.
pub(crate) unsafe fn clear(traverse: Function, data: *mut c_void, owner: Object, watch: Option<&'static Watch>) {
    let seen = watch.map(|watch| Seen { watch, watched: None, data });
    // SAFETY: the caller's promise.
    unsafe { clear_with(traverse, data, Cleaner { owner, seen }) }
}

/// As [`clear`], for the struct of a type.
///
/// # Safety
/// As for [`clear`], with the type's function and one of its structs.
pub(crate) unsafe fn clear_struct(info: &Info, data: *mut c_void, owner: Object) {
    // SAFETY: the caller's promise.
    unsafe { clear_with(info.traverse, data, Cleaner { owner, seen: Seen::of(info, data) }) }
}
