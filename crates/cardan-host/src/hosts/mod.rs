//! Which interpreter is running, and what is known of it: one file for each, with a record of how it is recognised, how it
//! spells names, where its structs keep what and what it does otherwise.
//!
//! The rest of the crate asks the [`Host`] for a fact, and never for its name or its version.

pub mod cpython;
pub mod detect;
pub mod graalpy;
mod probe;
pub mod profile;
pub mod pypy;
pub mod releases;
mod rustpython;

pub use detect::Host;
pub use profile::{AttachedThread, Layout, Profile, Quirks};

use crate::text::Text;
use core::ffi::CStr;

/// The oldest version of the language that a module runs on.
pub const OLDEST: u32 = version(3, 9);

/// The first version with a feature, for comparison with [`Build::version`].
///
/// # Examples
/// ```
/// assert_eq!(cardan_host::hosts::version(3, 12), 0x030C_0000);
/// ```
pub const fn version(major: u32, minor: u32) -> u32 {
    major << 24 | minor << 16
}

/// What a record is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Build<'words> {
    /// The version of the language, as `PY_VERSION_HEX` has it: `0x030C01F0` is 3.12.1 final.
    pub version: u32,
    /// What `Py_GetVersion` says.
    pub words: &'words [u8],
    /// Whether it was built without the GIL.
    pub free_threaded: bool,
    /// Whether every shortcut through a known layout is off (`CARDAN_HOST=generic`).
    pub generic: bool,
}

/// The record of a host.
#[derive(Clone, Copy)]
enum Record {
    CPython,
    PyPy,
    GraalPy,
    RustPython,
    /// Anything else that exports the C API under CPython's names.
    Unknown,
}

impl Record {
    /// The record of the running process, by a symbol that only this host exports.
    fn of_process() -> Self {
        if graalpy::is_running() {
            Self::GraalPy
        } else if pypy::is_running() {
            Self::PyPy
        } else if cpython::is_running() {
            Self::CPython
        } else if rustpython::is_running() {
            Self::RustPython
        } else {
            Self::Unknown
        }
    }

    /// What messages call the host.
    fn name(self) -> &'static CStr {
        match self {
            Self::CPython => cpython::NAME,
            Self::PyPy => pypy::NAME,
            Self::GraalPy => graalpy::NAME,
            Self::RustPython => rustpython::NAME,
            Self::Unknown => c"this interpreter, Python",
        }
    }

    /// The name that a function has on this host beside its plain one.
    fn spelling(self, name: &CStr) -> Option<Text> {
        match self {
            Self::PyPy => Some(pypy::spelling(name)),
            _ => None,
        }
    }

    /// What is known of a build. Of an unknown host that is what is known of a CPython from the future.
    fn profile(self, build: &Build) -> Profile {
        match self {
            Self::PyPy => pypy::profile(build),
            Self::GraalPy => graalpy::profile(build),
            _ => cpython::profile(build),
        }
    }

    /// The layout that is left with `CARDAN_HOST=generic`.
    fn generic_layout(self, header: usize) -> Layout {
        match self {
            Self::PyPy => pypy::generic_layout(),
            _ => Layout::unknown(header),
        }
    }

    /// Whether `object.__basicsize__` is the size of the host's header.
    fn tells_header(self) -> bool {
        matches!(self, Self::CPython | Self::Unknown)
    }

    /// Why no module runs on this host.
    fn refusal(self) -> Option<&'static CStr> {
        match self {
            Self::RustPython => Some(rustpython::REFUSED),
            _ => None,
        }
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
        module_slot::MULTIPLE_INTERPRETERS => host.quirks.takes_interpreters_slot,
        module_slot::GIL => host.quirks.takes_gil_slot,
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
    /// `Py_tp_getattro`.
    pub const GETATTRO: i32 = 58;
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
    /// `Py_tp_token`.
    pub const TOKEN: i32 = 83;
}

/// Whether a host takes a type slot. Those that it does not know are faster ways for what other slots do as well, or only serve a
/// function that the host lacks.
pub fn knows_type_slot(host: &Host, id: i32) -> bool {
    match id {
        type_slot::SEND => host.quirks.takes_send_slot,
        type_slot::VECTORCALL => host.quirks.takes_vectorcall_slot,
        type_slot::TOKEN => host.quirks.takes_token_slot,
        _ => true,
    }
}

/// The width in bytes of the count that an object's address points at, where it may be changed in place: 8 or 4, and 0
/// where only the host may change it.
///
/// With 8 the count is a signed word. With 4 it is a number of 32 bits, negative for objects that live for ever. Both are
/// what the stable ABI of CPython compiles into every module, and PyPy's headers too; free-threaded builds and other
/// implementations count in other ways. A build for debugging counts all references too.
pub fn count_width(host: &Host) -> u32 {
    match host.layout.count {
        _ if host.debug => 0,
        Some(profile::Count::Word) => 8,
        Some(profile::Count::Narrow) => 4,
        // Without the GIL only the host may change the counts.
        Some(profile::Count::Split) | None => 0,
    }
}

/// The alignment of any C type, and so of the C struct behind an object's header.
pub const ALIGNMENT: usize = 16;

/// Where the C struct of an object starts whose type derives from `object` alone, in bytes from the object.
pub fn data_offset(host: &Host) -> usize {
    host.layout.header().next_multiple_of(ALIGNMENT)
}

/// The number of names that [`stands_in_type_slots`] knows.
pub const IN_TYPE_SLOTS: usize = 12;

/// Whether hosts have the function of this name in slots of their own types, or compare what is in a slot with it.
pub fn stands_in_type_slots(name: &CStr) -> bool {
    // One text: comparing with twelve patterns would be two kilobytes of code in every module.
    const NAMES: &[u8] = b"PyObject_GenericGetAttr PyObject_GenericSetAttr PyObject_GenericHash PyObject_HashNotImplemented \
        PyObject_SelfIter _PyObject_NextNotImplemented PyType_GenericAlloc PyType_GenericNew PyVectorcall_Call PyObject_Free \
        PyObject_Del PyObject_GC_Del";
    NAMES.split(|&byte| byte == b' ').any(|known| known == name.to_bytes())
}

/// Whether [`set_metaclass`] can do anything.
pub fn can_set_metaclass(host: &Host) -> bool {
    host.layout.type_offset.get().is_some() && host.quirks.classes_take_room
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
    if let (true, Some(offset)) = (can_set_metaclass(host), host.layout.type_offset.get()) {
        // SAFETY: the header of this host holds the type there; the type that it held is `type`, which is static.
        unsafe {
            crate::functions::Py_IncRef(metaclass);
            class.byte_add(offset).cast::<crate::types::Object>().write(metaclass);
        }
    }
}

/// Room for the `Py_buffer` of any host, in bytes: PyPy's is 1112.
pub const BUFFER_ROOM: usize = 2048;
