//! Types: what the runtime knows of a type that it made, and what happens to its objects.
//!
//! An object of such a type is the host's header (or the whole struct of a built-in base), then the author's struct. What
//! the runtime has to know of the type stands in memory before the array of methods that the type was made with: the host
//! keeps a pointer to that array, so [`own_info`] finds it without a table and without a lock. The end of the array tells the
//! runtimes of other files the same ([`record`]).

mod beside;
pub mod call_function;
pub mod create;
pub mod entries;
pub mod fields;
mod inherited;
mod members;
mod nesting;
mod record;
pub mod shape;
pub mod tuple;

use crate::imports::*;
use crate::type_flags::{HAVE_GC, HEAP_TYPE};
use cardan_abi::Function;
use cardan_abi::type_record::{TypeRecord, flag};
use cardan_host::Host;
use cardan_host::detect::known;
use cardan_host::hosts::{self, type_slot};
use cardan_host::type_slots;
use cardan_host::types::{Object, Pointer, PyMethodDef};
use core::ffi::{c_int, c_ulong, c_void};
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use inherited::{Keeper, Part};

/// What the runtime knows of a type. The type's methods follow it in memory.
#[repr(C)]
pub(crate) struct Info {
    /// What the runtimes of other files may know too.
    record: TypeRecord,
    /// How many bytes there are from the struct to the end of an object; only of use where `is_plain`.
    zeroed: usize,
    /// Whether the fields of the struct are [watched](fields::Watch): null, or where in the struct Python's attributes store
    /// objects, in bytes, ending with -1.
    watched: AtomicPtr<isize>,
    /// Whether an object is nothing but its struct: its type derives from `object` alone, has no items, is not
    /// collected, has no finaliser, and its objects have neither weak references nor a dictionary.
    is_plain: bool,
    /// Whether the type derives from `object` alone, so that its objects hold what this type says and nothing else.
    is_alone: bool,
    /// [`MARK`], right before the methods: a type of somebody else's that inherits our destructor has methods of its own.
    mark: &'static u8,
}

impl core::ops::Deref for Info {
    type Target = TypeRecord;

    #[inline(always)] // Hot, and the library is optimised for size.
    fn deref(&self) -> &TypeRecord {
        &self.record
    }
}

/// What only types that this runtime made have before their methods.
static MARK: u8 = 0;

/// How far methods are moved that would start a page.
const APART: usize = 16;

/// Whether there may be no memory in front of an address: a page starts with it. No page is smaller on any platform.
#[inline(always)] // Hot, and the library is optimised for size.
fn starts_a_page<T>(address: *const T) -> bool {
    address.addr() % 4096 < size_of::<&u8>()
}

/// What is known of a type by its methods, if they are those of a type that this runtime made.
#[inline(always)] // Hot, and the library is optimised for size.
unsafe fn before_methods(methods: *const PyMethodDef) -> Option<&'static Info> {
    // Where a class of Python's inherits the destructor too, it does not inherit the methods: null is no place either.
    if starts_a_page(methods) {
        return None;
    }
    // SAFETY: the type has a destructor of ours. Then there is either an `Info` before the methods, which is never freed, or
    // the methods are somebody else's, and the word before them is read without being believed: it is in the same page of memory.
    unsafe {
        let mark = methods.byte_sub(size_of::<&u8>()).cast::<*const u8>().read();
        if mark == &raw const MARK { methods.byte_sub(size_of::<Info>()).cast::<Info>().as_ref() } else { None }
    }
}

const _: () = assert!(core::mem::offset_of!(Info, mark) + size_of::<&u8>() == size_of::<Info>());

/// What can be read of types and objects on this host, in bytes; filled with the context.
pub(crate) struct Readable {
    /// Where the fields of a type start; 0 where types cannot be read.
    fields: AtomicUsize,
    /// Where an object holds its type; 0 where objects cannot be read.
    class: AtomicUsize,
    /// How wide the count is that an object starts with; 0 where only the host may change it.
    count: AtomicU32,
    /// Whether the host says what a static type has in a slot.
    static_types: AtomicBool,
}

static READABLE: Readable = Readable {
    fields: AtomicUsize::new(0),
    class: AtomicUsize::new(0),
    count: AtomicU32::new(0),
    static_types: AtomicBool::new(false),
};

/// Looks up what can be read on the host. Types are made and looked at only afterwards.
pub(crate) fn prepare(host: &Host) {
    READABLE.fields.store(type_slots::fields_start(host), Ordering::Relaxed);
    READABLE.class.store(host.layout.type_offset.get().unwrap_or(0), Ordering::Relaxed);
    READABLE.count.store(hosts::count_width(host), Ordering::Relaxed);
    READABLE.static_types.store(host.quirks.answers_for_static_types, Ordering::Relaxed);
}

/// The type of an object, a borrowed reference.
///
/// # Safety
/// `this` is an object; the thread is attached.
#[inline(always)] // Hot, and the library is optimised for size.
pub(crate) unsafe fn class_of(this: Object) -> Object {
    let offset = READABLE.class.load(Ordering::Relaxed);
    // SAFETY: the host's objects hold their type there; the import is bound.
    unsafe { if offset != 0 { this.byte_add(offset).cast::<Object>().read() } else { Py_TYPE(this) } }
}

/// Takes a reference to an object, in place where the host's counts allow that.
///
/// # Safety
/// `this` is an object, `width` the context's `count_width`; the thread is attached.
#[inline(always)] // Hot, and the library is optimised for size.
pub(crate) unsafe fn acquire(this: Object, width: u32) {
    // SAFETY: an object of such a host starts with a count of this width, see `hosts::count_width`.
    unsafe {
        match width {
            4 => {
                let count = this.cast::<i32>();
                if *count >= 0 {
                    *count = (*count).wrapping_add(1);
                }
            }
            8 => *this.cast::<isize>() += 1,
            _ => Py_IncRef(this),
        }
    }
}

/// Gives a reference to an object back, in place where the host's counts allow that and it is not the last.
///
/// # Safety
/// `this` is an object to which the caller has a reference; the thread is attached.
#[inline(always)] // Hot, and the library is optimised for size.
pub(crate) unsafe fn release(this: Object) {
    // SAFETY: as above.
    unsafe {
        match READABLE.count.load(Ordering::Relaxed) {
            4 if *this.cast::<i32>() > 1 => *this.cast::<i32>() -= 1,
            8 if *this.cast::<isize>() > 1 => *this.cast::<isize>() -= 1,
            _ => Py_DecRef(this),
        }
    }
}

/// The flags of a type.
///
/// # Safety
/// `class` is a type; the thread is attached.
#[inline(always)] // Hot, and the library is optimised for size.
pub(crate) unsafe fn flags_of(class: Object) -> c_ulong {
    let fields = READABLE.fields.load(Ordering::Relaxed);
    // SAFETY: the caller's type; the import is bound.
    unsafe { if fields != 0 { type_slots::flags(class, fields) } else { PyType_GetFlags(class) } }
}

/// What a type holds in a slot, null without an exception where it holds nothing or the host does not say.
///
/// # Safety
/// `class` is a type; the thread is attached.
#[inline(always)] // Hot, and the library is optimised for size.
pub(crate) unsafe fn slot<const ID: c_int>(class: Object) -> Pointer {
    let fields = READABLE.fields.load(Ordering::Relaxed);
    // SAFETY: the caller's type; the imports are bound.
    unsafe { if fields != 0 { type_slots::field::<ID>(class, fields) } else { asked_slot(class, ID) } }
}

/// What a type holds in a slot, asked of the host.
#[cold]
unsafe fn asked_slot(class: Object, id: c_int) -> Pointer {
    // SAFETY: the caller's type; the imports are bound.
    unsafe {
        if !READABLE.static_types.load(Ordering::Relaxed) && PyType_GetFlags(class) & HEAP_TYPE == 0 {
            return core::ptr::null_mut();
        }
        PyType_GetSlot(class, id)
    }
}

/// Whether this runtime made the type, and its objects are torn down here.
#[inline(always)] // Hot, and the library is optimised for size.
unsafe fn is_own(class: Object) -> bool {
    // SAFETY: the callers pass a type.
    let destructor = unsafe { slot::<{ type_slot::DEALLOC }>(class) };
    destructor == dealloc as *mut c_void || destructor == dealloc_memory as *mut c_void
}

/// What is known of the type itself, if this runtime made it.
#[inline(always)] // Hot, and the library is optimised for size.
unsafe fn own_info(class: Object) -> Option<&'static Info> {
    // SAFETY: a type with this destructor was made with methods that follow an `Info`, which is never freed.
    unsafe {
        if !is_own(class) {
            return None;
        }
        before_methods(slot::<{ type_slot::METHODS }>(class).cast())
    }
}

/// What is known of the type itself, if the runtime of any file made it.
#[inline(always)] // Hot, and the library is optimised for size.
unsafe fn record(class: Object) -> Option<&'static TypeRecord> {
    // SAFETY: the callers pass a type.
    unsafe { own_info(class).map(|info| &info.record).or_else(|| record::marked(class)) }
}

/// What is known of the first type from `class` on up that a runtime made. `class` is a type or null, and is that type's base
/// afterwards.
#[inline(never)] // Small rather than fast: for a type of this runtime its own functions look themselves first.
unsafe fn next_record(class: &mut Object) -> Option<&'static TypeRecord> {
    while !class.is_null() {
        // SAFETY: `class` is a type, and so is its base.
        let found = unsafe {
            let found = record(*class);
            *class = slot::<{ type_slot::BASE }>(*class).cast();
            found
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// What is known of all types above and including `class`, a type or null, that a runtime made.
unsafe fn records(class: Object) -> impl Iterator<Item = &'static TypeRecord> {
    let mut current = class;
    // SAFETY: the callers pass a type or null.
    core::iter::from_fn(move || unsafe { next_record(&mut current) })
}

/// What is known of the nearest type that a runtime made: the type itself or one that it derives from.
unsafe fn info(class: Object) -> Option<&'static TypeRecord> {
    // SAFETY: the callers pass a type.
    unsafe { records(class).next() }
}

/// As [`info`], for a type with a struct of its own, if there is one: a type without continues that of its base, wherever that is.
#[inline(never)] // As above.
unsafe fn info_of_struct(class: Object) -> Option<&'static TypeRecord> {
    // SAFETY: the callers pass a type.
    unsafe { nearest(class, |record| record.data_size != 0).or_else(|| info(class)) }
}

/// What is known of the nearest type that a runtime made and that is wanted.
unsafe fn nearest(class: Object, wanted: impl Fn(&TypeRecord) -> bool) -> Option<&'static TypeRecord> {
    // SAFETY: the callers pass a type.
    unsafe { records(class).find(|record| wanted(record)) }
}

/// Lets Python see a fresh object that has a finaliser, on a host that finalises only what Python has seen.
///
/// # Safety
/// `this` is an object of `class`; the thread is attached.
#[inline]
pub(crate) unsafe fn show(this: Object, class: Object) {
    // SAFETY: the caller's object; the reference that is made is dropped.
    unsafe {
        if known().quirks.finalizes_only_what_python_saw
            && nearest(class, |record| record.flags.load(Ordering::Relaxed) & flag::SHOWN != 0).is_some()
        {
            // Whatever the host's Python part is given, it has seen.
            Py_DecRef(PyObject_Type(this));
        }
    }
}

/// The author's struct in an object of a type that a runtime made; null with `TypeError` if none made its type or a base of it.
///
/// # Safety
/// `this` is an object; the thread is attached.
pub unsafe fn data(this: Object) -> *mut c_void {
    // SAFETY: the caller's object, whose type has this layout.
    unsafe {
        let class = class_of(this);
        let own = own_info(class).map(|info| &info.record).filter(|record| record.data_size != 0);
        match own.or_else(|| info_of_struct(class)) {
            Some(record) => shape::data(this, record),
            None => refuse_struct(class),
        }
    }
}

/// `TypeError`: whatever is asked for, it would be the interpreter's own memory.
#[cold]
#[inline(never)] // So that objects are made without room for it.
unsafe fn refuse_struct(class: Object) -> *mut c_void {
    let message = c"objects of %R hold no C struct: HPyType_FromSpec made neither the type nor a base of it, or a runtime that this one does not know did";
    // SAFETY: the callers pass a type; the imports are bound.
    unsafe { PyErr_Format()(PyExc_TypeError(), message.as_ptr(), class) };
    core::ptr::null_mut()
}

/// Visits the fields of an object's struct for the interpreter's collector. The result is that of the last visit.
///
/// # Safety
/// `traverse` is the author's function for the struct of this object, `visit` a `visitproc` of the C API.
pub unsafe fn visit_fields(traverse: Function, this: Object, visit: *mut c_void, argument: *mut c_void) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        match nearest(class_of(this), |record| record.traverse == traverse) {
            Some(record) => (record.visit)(record, shape::data(this, record), visit, argument),
            None => fields::visit(traverse, this.cast(), visit, argument, None),
        }
    }
}

/// `tp_traverse` of the types that are collected: their fields, what classes of Python's in between hold, and what the first
/// other type of C beyond them holds. The type itself lives as long as its module, and is not shown: what an object refers to is
/// its fields, as HPy has it.
unsafe extern "C" fn traverse(this: Object, visit: *mut c_void, argument: *mut c_void) -> c_int {
    type Visit = unsafe extern "C" fn(Object, *mut c_void) -> c_int;
    type Traverse = unsafe extern "C" fn(Object, *mut c_void, *mut c_void) -> c_int;
    // SAFETY: the collector passes an object of such a type and its visitor.
    unsafe {
        let class = class_of(this);
        let each = core::mem::transmute::<*mut c_void, Visit>(visit);
        let walked = inherited::walk(Keeper::Traverse, class, &mut |part| match part {
            Part::Struct(record) if record.traverse.is_null() || beside::is_beside(record) => 0,
            Part::Struct(record) => (record.visit)(record, shape::data(this, record), visit, argument),
            Part::Members(members) => inherited::visit_members(this, members, each, argument),
        });
        let rest = match walked {
            Ok(rest) => rest,
            Err(result) => return result,
        };
        let mut result = 0;
        if rest.has(flag::VISITED_DICT) {
            result = inherited::visit_dict(this, each, argument);
        }
        if result == 0 && !rest.function.is_null() {
            result = core::mem::transmute::<Pointer, Traverse>(rest.function)(this, visit, argument);
        }
        // A class of Python's that derives from such a type leaves it to that type to visit the class, and so do we to a heap type.
        let visits_class = !rest.function.is_null() && flags_of(rest.base) & HEAP_TYPE != 0;
        if result != 0 || visits_class || record(class).is_some() { result } else { each(class, argument) }
    }
}

/// `tp_clear` of the types that are collected.
unsafe extern "C" fn clear(this: Object) -> c_int {
    // SAFETY: the collector passes an object of such a type.
    unsafe {
        let walked = inherited::walk(Keeper::Clear, class_of(this), &mut |part| {
            match part {
                Part::Struct(record) if record.traverse.is_null() || beside::is_beside(record) => {}
                Part::Struct(record) => (record.clear)(record, shape::data(this, record), this.cast()),
                Part::Members(members) => inherited::let_go(this, members),
            }
            0
        });
        let Ok(rest) = walked else { return 0 };
        if rest.has(flag::VISITED_DICT) {
            inherited::clear_dict(Keeper::Clear, this);
        }
        if rest.function.is_null() {
            return 0;
        }
        core::mem::transmute::<Pointer, unsafe extern "C" fn(Object) -> c_int>(rest.function)(this)
    }
}

/// Gives back the memory of an object and its reference to its type.
#[inline(always)] // Hot, and the library is optimised for size.
unsafe fn free(this: Object, class: Object) {
    // SAFETY: a heap type has an allocator's counterpart, and its objects hold a reference to it.
    unsafe {
        let free =
            core::mem::transmute::<Pointer, unsafe extern "C" fn(*mut c_void)>(slot::<{ type_slot::FREE }>(class));
        free(this.cast());
        release(class);
    }
}

/// What is known of a type whose destructor is [`dealloc_memory`], read in place; `None` for every other type.
///
/// # Safety
/// `class` is a type; the thread is attached.
#[inline(always)] // Hot, and the library is optimised for size.
pub(crate) unsafe fn plain_info(class: Object) -> Option<&'static Info> {
    let fields = READABLE.fields.load(Ordering::Relaxed);
    if fields == 0 {
        return None;
    }
    // SAFETY: the host's types have their fields there; see `own_info` for what precedes the methods.
    unsafe {
        if type_slots::field::<{ type_slot::DEALLOC }>(class, fields) != dealloc_memory as *mut c_void {
            return None;
        }
        before_methods(type_slots::field::<{ type_slot::METHODS }>(class, fields).cast())
    }
}

/// The destructor of a type that the author has not given one.
pub(crate) fn destructor(info: &Info) -> *mut c_void {
    let readable = READABLE.fields.load(Ordering::Relaxed) != 0 && READABLE.class.load(Ordering::Relaxed) != 0;
    if info.is_plain && info.destroy.is_none() && readable {
        dealloc_memory as *mut c_void
    } else {
        dealloc as *mut c_void
    }
}

/// `tp_dealloc` of a type whose objects are nothing but a struct that needs no destroying, on a host whose objects and types
/// can be read. A class of Python's that derives from such a type has torn down what it adds before it calls this.
unsafe extern "C" fn dealloc_memory(this: Object) {
    // SAFETY: the interpreter passes an object of such a type whose last reference is gone.
    unsafe {
        let class = this.byte_add(READABLE.class.load(Ordering::Relaxed)).cast::<Object>().read();
        let fields = READABLE.fields.load(Ordering::Relaxed);
        let free = type_slots::field::<{ type_slot::FREE }>(class, fields);
        core::mem::transmute::<Pointer, unsafe extern "C" fn(*mut c_void)>(free)(this.cast());
        release(class);
    }
}

/// `tp_dealloc` of every other type that the runtime makes.
unsafe extern "C" fn dealloc(this: Object) {
    // SAFETY: the interpreter passes an object of such a type whose last reference is gone.
    unsafe {
        let class = class_of(this);
        match own_info(class) {
            Some(info) if info.is_plain => {
                if let Some(destroy) = info.destroy {
                    destroy(shape::data(this, info));
                }
                free(this, class);
            }
            // An object that holds others, by its type or by what the type derives from. What was put off has no finaliser, and is
            // not looked at by the collector meanwhile.
            Some(info) if !info.traverse.is_null() || flags_of(class) & HAVE_GC != 0 => {
                let running = nesting::running();
                let may_wait = nesting::is_deep(running)
                    && known().quirks.destructors_may_wait
                    && slot::<{ type_slot::FINALIZE }>(class).is_null();
                if may_wait {
                    if flags_of(class) & HAVE_GC != 0 {
                        PyObject_GC_UnTrack(this.cast());
                    }
                    if nesting::put_off(this) {
                        return;
                    }
                }
                nesting::run(running, this, dealloc_holder);
            }
            _ => dealloc_any(this, class),
        }
    }
}

/// As [`dealloc`], for an object that holds others.
unsafe fn dealloc_holder(this: Object) {
    // SAFETY: as above.
    unsafe { dealloc_any(this, class_of(this)) }
}

/// As [`dealloc`], for an object of any type that derives from one of this runtime's.
#[inline(never)] // Its many variables would be saved and restored for plain objects too.
unsafe fn dealloc_any(this: Object, class: Object) {
    type Dealloc = unsafe extern "C" fn(Object);
    // SAFETY: as above.
    unsafe {
        // An object of a class of Python's that derives from ours was finalised by that class, if the host does that.
        let finalizes = is_own(class) && !slot::<{ type_slot::FINALIZE }>(class).is_null()
            || !known().quirks.derived_classes_finalize && own_info(class).is_none();
        if finalizes && PyObject_CallFinalizerFromDealloc(this) < 0 {
            return;
        }
        let is_collected = flags_of(class) & HAVE_GC != 0;
        if is_collected {
            PyObject_GC_UnTrack(this.cast());
        }
        if let Some(info) = own_info(class).filter(|info| info.is_alone) {
            tear_down(this, &info.record);
            free(this, class);
            return;
        }
        if info(class).is_some_and(|record| record.flags.load(Ordering::Relaxed) & flag::WEAK_LIST != 0) {
            PyObject_ClearWeakRefs(this);
        }
        let walked = inherited::walk(Keeper::Dealloc, class, &mut |part| {
            match part {
                Part::Struct(record) => tear_down(this, record),
                Part::Members(members) if is_collected => inherited::let_go(this, members),
                Part::Members(_) => {}
            }
            0
        });
        let Ok(rest) = walked else { return };
        if rest.has(flag::DICT) {
            inherited::clear_dict(Keeper::Dealloc, this);
        }
        if rest.function.is_null() || rest.base == PyBaseObject_Type() {
            free(this, class);
            return;
        }
        // The destructor of another type, which expects a collected object to be tracked.
        let base_flags = flags_of(rest.base);
        if base_flags & HAVE_GC != 0 {
            PyObject_GC_Track(this.cast());
        }
        core::mem::transmute::<Pointer, Dealloc>(rest.function)(this);
        // That of a heap type gives back the object's reference to its type.
        if base_flags & HEAP_TYPE == 0 && !known().quirks.destructors_release_the_type {
            Py_DecRef(class);
        }
    }
}

/// Lets go what an object holds by one of the types that a runtime made.
unsafe fn tear_down(this: Object, record: &TypeRecord) {
    // SAFETY: the callers pass an object of this type, or of one that derives from it, whose last reference is gone.
    unsafe {
        if record.weak_list_offset != 0 {
            PyObject_ClearWeakRefs(this);
        }
        if record.dict_offset != 0 {
            let dict = this.byte_offset(record.dict_offset).cast::<Object>();
            Py_DecRef(dict.replace(core::ptr::null_mut()));
        }
        if record.traverse.is_null() && record.destroy.is_none() || beside::is_beside(record) {
            return;
        }
        let data = shape::data(this, record);
        if !record.traverse.is_null() {
            (record.clear)(record, data, this.cast());
        }
        if let Some(destroy) = record.destroy {
            destroy(data);
        }
    }
}
