//! One file for each family of interpreters: how to tell it, how it spells names, what its objects look like.

pub mod cpython;
pub mod graalpy;
pub mod pypy;
pub mod rustpython;

use crate::detect::{Family, Host, version};

/// The oldest version of the language that a module runs on.
pub const OLDEST: u32 = version(3, 9);

/// What is known of a host's objects. Sizes and offsets are in bytes.
#[derive(Clone, Copy)]
pub struct Layout {
    /// The size of `PyObject`, the header that each object starts with.
    pub header: usize,
    /// Where the header holds the object's type, if an object is an address and the place is known.
    pub type_offset: Option<usize>,
}

/// The family of the running process, by a symbol that only it exports.
pub fn family() -> Family {
    if graalpy::is_running() {
        Family::GraalPy
    } else if pypy::is_running() {
        Family::PyPy
    } else if cpython::is_running() {
        Family::CPython
    } else if rustpython::is_running() {
        Family::RustPython
    } else {
        Family::Unknown
    }
}

/// What is known of the objects of a family.
pub fn layout(family: Family, free_threaded: bool) -> Layout {
    match family {
        Family::CPython => cpython::layout(free_threaded),
        Family::PyPy => pypy::LAYOUT,
        Family::GraalPy => graalpy::LAYOUT,
        // The header is CPython's, as in the limited API before version 3.15; nothing else is assumed.
        Family::RustPython | Family::Unknown => Layout { header: 16, type_offset: None },
    }
}

/// The ids of module slots, <https://docs.python.org/3/c-api/module.html#c.PyModuleDef_Slot>.
pub mod module_slot {
    /// `Py_mod_create`.
    pub const CREATE: i32 = 1;
    /// `Py_mod_exec`.
    pub const EXEC: i32 = 2;
    /// `Py_mod_multiple_interpreters`.
    pub const MULTIPLE_INTERPRETERS: i32 = 3;
    /// `Py_mod_gil`.
    pub const GIL: i32 = 4;
}

/// Whether a host takes a module slot. Those that it does not know only declare something, and are left out.
pub fn knows_module_slot(host: &Host, id: i32) -> bool {
    match id {
        module_slot::MULTIPLE_INTERPRETERS => host.at_least(3, 12) && host.family != Family::PyPy,
        module_slot::GIL => host.at_least(3, 13) && host.family != Family::PyPy,
        _ => true,
    }
}

/// The ids of the type slots that are looked at, <https://docs.python.org/3/c-api/type.html#c.PyType_Slot>.
pub mod type_slot {
    /// `Py_tp_alloc`.
    pub const ALLOC: i32 = 47;
    /// `Py_tp_base`.
    pub const BASE: i32 = 48;
    /// `Py_tp_call`.
    pub const CALL: i32 = 50;
    /// `Py_tp_clear`.
    pub const CLEAR: i32 = 51;
    /// `Py_tp_dealloc`.
    pub const DEALLOC: i32 = 52;
    /// `Py_tp_traverse`.
    pub const TRAVERSE: i32 = 71;
    /// `Py_tp_free`.
    pub const FREE: i32 = 74;
    /// `Py_tp_finalize`.
    pub const FINALIZE: i32 = 80;
    /// `Py_tp_bases`.
    pub const BASES: i32 = 49;
    /// `Py_tp_doc`.
    pub const DOC: i32 = 56;
    /// `Py_tp_getset`.
    pub const GETSET: i32 = 73;
    /// `Py_tp_methods`.
    pub const METHODS: i32 = 64;
    /// `Py_tp_members`.
    pub const MEMBERS: i32 = 72;
    /// `Py_tp_new`.
    pub const NEW: i32 = 65;
    /// `Py_am_send`.
    pub const SEND: i32 = 81;
    /// `Py_tp_vectorcall`.
    pub const VECTORCALL: i32 = 82;
}

/// The width in bytes of the count that an object's address points at, where it may be changed in place: 8 or 4, and 0
/// where only the host may change it.
///
/// With 8 the count is a signed word. With 4 it is a number of 32 bits, negative for objects that live for ever. Both are
/// what the stable ABI of CPython compiles into every module, and PyPy's headers too; free-threaded builds and other
/// implementations count in other ways.
pub fn count_width(host: &Host) -> u32 {
    match host.family {
        Family::PyPy if !host.generic => 8,
        Family::CPython if host.known_cpython() && !host.free_threaded && !host.debug => {
            if host.at_least(3, 12) {
                4
            } else {
                8
            }
        }
        _ => 0,
    }
}

/// How an object's header counts the references.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Count {
    /// A signed word at the start.
    Word,
    /// 32 bits at the start, negative as a signed number in objects that live for ever.
    Narrow,
    /// Two counts, [`cpython::split_count`].
    Split,
    /// Only a function of the host can tell.
    Unknown,
}

/// How a host counts references. Up to 3.13 the stable ABI says where, so this holds with `CARDAN_HOST=generic` too; later versions
/// have functions.
pub fn count(host: &Host) -> Count {
    match host.family {
        Family::PyPy => Count::Word,
        Family::CPython if host.free_threaded => {
            if host.generic || host.at_least(3, 14) {
                Count::Unknown
            } else {
                Count::Split
            }
        }
        Family::CPython if host.at_least(3, 14) => Count::Unknown,
        Family::CPython if host.at_least(3, 12) => Count::Narrow,
        Family::CPython => Count::Word,
        _ => Count::Unknown,
    }
}

/// Where an object of variable size holds the number of its items, in bytes: right behind the header, as `PyVarObject` of the stable
/// ABI. `None` where an object is no address, or that is not known.
pub fn size_offset(host: &Host) -> Option<usize> {
    matches!(host.family, Family::CPython | Family::PyPy).then_some(host.layout.header)
}

/// Whether a type that was made at run time keeps the str that is its name, and the str its text.
pub fn types_keep_names(host: &Host) -> bool {
    host.known_cpython()
}

/// The alignment of any C type, and so of the C struct behind an object's header.
pub const ALIGNMENT: usize = 16;

/// Where the C struct of an object starts whose type derives from `object` alone, in bytes from the object.
pub fn data_offset(host: &Host) -> usize {
    host.layout.header.next_multiple_of(ALIGNMENT)
}

/// Whether the destructor of a built-in type also gives back the object's reference to its type. PyPy's do, for every heap
/// type; CPython leaves that to the heap type's own destructor.
pub fn destructors_release_the_type(host: &Host) -> bool {
    host.family == Family::PyPy
}

/// Whether the type objects of weak references that the C API exports are those of the objects.
pub fn has_types_of_weakref(host: &Host) -> bool {
    host.family != Family::PyPy
}

/// Whether an `int` keeps its digits in the object itself, behind its fixed part.
pub fn keeps_digits_in_objects(host: &Host) -> bool {
    matches!(host.family, Family::CPython | Family::Unknown)
}

/// Whether a `tuple` keeps its items in the object itself, behind its fixed part. GraalPy's own do not, but those of types that
/// were made in C do.
pub fn keeps_items_in_objects(host: &Host) -> bool {
    matches!(host.family, Family::CPython | Family::PyPy | Family::GraalPy | Family::Unknown)
}

/// Whether an object of a type that derives from `list` has no memory of C's, whatever size its type states.
///
/// On GraalPy such an object is Java's, and its address a handle: C code that looks for its own fields in it crashes.
pub fn lists_have_no_room(host: &Host) -> bool {
    host.family == Family::GraalPy
}

/// Whether a host calls the objects of a type made from a spec by what they hold at `__vectorcalloffset__`.
pub fn takes_vectorcall_offset(host: &Host) -> bool {
    host.family == Family::CPython
}

/// Whether a host takes a type slot. Those that it does not know are faster ways for what other slots do as well.
pub fn knows_type_slot(host: &Host, id: i32) -> bool {
    match id {
        type_slot::SEND => host.at_least(3, 10),
        type_slot::VECTORCALL => host.at_least(3, 14),
        _ => true,
    }
}

/// The bits of `PyType_Spec.flags` that a host understands.
pub fn type_flags(host: &Host, flags: u32) -> u32 {
    // Sequence and mapping for pattern matching, disallowed instantiation, immutability: https://docs.python.org/3/c-api/typeobj.html
    const SINCE_3_10: u32 = 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8;
    if host.at_least(3, 10) { flags } else { flags & !SINCE_3_10 }
}

/// Whether a host refuses to call a type whose flags say so (`Py_TPFLAGS_DISALLOW_INSTANTIATION`). PyPy for Python 3.11
/// takes the flag, and its first versions call the type all the same.
pub fn disallows_instantiation(host: &Host) -> bool {
    host.at_least(3, 10) && host.family != Family::PyPy
}

/// Whether a class of Python's that derives from a type with a finaliser calls it when an object's last reference is gone.
/// GraalPy's classes leave that out.
pub fn derived_classes_finalize(host: &Host) -> bool {
    host.family != Family::GraalPy
}

/// Whether a host passes the defining class to a method that asks for it (`METH_METHOD`). PyPy for Python 3.9 knows the
/// flag, and calls the method without the class.
pub fn passes_defining_class(host: &Host) -> bool {
    host.family != Family::PyPy || host.at_least(3, 11)
}

/// Whether a host calls what a type of C has in `Py_tp_finalize`. PyPy for Python 3.9 ends the process instead: it has no
/// wrapper for the slot.
pub fn calls_finalizer_slots(host: &Host) -> bool {
    host.family != Family::PyPy || host.at_least(3, 11)
}

/// Whether a host finalizes an object of C only if Python has seen it. PyPy's collector, which does that, knows no others.
pub fn finalizes_only_what_python_saw(host: &Host) -> bool {
    host.family == Family::PyPy
}

/// Whether the flags of a host's built-in types say which of them may be derived from. Those of PyPy for Python 3.9 do not.
pub fn tells_base_types(host: &Host) -> bool {
    host.family != Family::PyPy || host.at_least(3, 11)
}

/// Whether a host's `PyType_GetModuleByDef` passes over static types. PyPy's ends the process at the first one.
pub fn finds_module_past_static_types(host: &Host) -> bool {
    host.family != Family::PyPy
}

/// Whether a negative `basicsize` and relative member offsets (PEP 697) are the host's own.
pub fn has_relative_sizes(host: &Host) -> bool {
    host.at_least(3, 12)
}

/// Whether what a class of Python's adds to its objects (slots, a dictionary) may stand in their C structs.
pub fn classes_take_room(host: &Host) -> bool {
    host.family == Family::CPython
}

/// Whether a class gets a metaclass that adds nothing to it in C by assigning to its `__class__` once it is made.
///
/// GraalPy's `PyType_FromMetaclass` makes a weak reference to the class, and takes it for an object that can have none where the
/// metaclass was written in Python. A metaclass that is a type of C cannot be assigned there, and is left to that function.
pub fn assigns_metaclass(host: &Host) -> bool {
    host.family == Family::GraalPy
}

/// Whether [`set_metaclass`] can do anything.
pub fn can_set_metaclass(host: &Host) -> bool {
    host.known_cpython() && host.layout.type_offset.is_some()
}

/// Gives a fresh heap type its metaclass on a host that has no `PyType_FromMetaclass`.
///
/// Only CPython before 3.12 has neither that function nor a layout that forbids it. Elsewhere, and with
/// `CARDAN_HOST=generic`, no public function changes the metaclass of a type.
///
/// # Safety
/// `class` is a heap type that nothing else has seen yet; `metaclass` is a subclass of `type`, and the class has room for what
/// it adds.
pub unsafe fn set_metaclass(host: &Host, class: crate::types::Object, metaclass: crate::types::Object) {
    if let (true, Some(offset)) = (host.known_cpython(), host.layout.type_offset) {
        // SAFETY: the header of this host holds the type there; the type that it held is `type`, which is static.
        unsafe {
            crate::functions::Py_IncRef(metaclass);
            class.byte_add(offset).cast::<crate::types::Object>().write(metaclass);
        }
    }
}

/// Whether the host's `Py_buffer` has exactly the fields of the stable ABI, 80 bytes.
pub fn fills_plain_buffers(host: &Host) -> bool {
    host.known_cpython()
}

/// Room for the `Py_buffer` of any host, in bytes: PyPy's is 1112.
pub const BUFFER_ROOM: usize = 2048;

/// What the function for the current thread state answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AttachedThread {
    /// The state of the calling thread, or null if it is not attached.
    Own,
    /// The state of the thread that has the GIL, whichever that is.
    Shared,
    /// That is not known.
    Unknown,
}

/// What a host answers when a thread asks for the current thread state.
pub fn attached_thread(host: &Host) -> AttachedThread {
    match host.family {
        Family::CPython if host.at_least(3, 12) => AttachedThread::Own,
        Family::CPython => AttachedThread::Shared,
        _ => AttachedThread::Unknown,
    }
}

/// Whether a thread that is not attached may ask if the interpreter is running or ending.
pub fn any_thread_may_ask(host: &Host) -> bool {
    matches!(host.family, Family::CPython | Family::PyPy)
}

/// Whether a thread that enters while the interpreter ends is ended or stopped by the host.
pub fn ends_entering_threads(host: &Host) -> bool {
    host.family == Family::CPython
}
