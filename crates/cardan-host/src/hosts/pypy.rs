//! PyPy 7.3 and later: the C API is its `cpyext` layer, under names of its own.

use super::cpython::type_object;
use super::profile::{AttachedThread, Count, Layout, Place, Profile, Quirks};
use super::releases::{Releases, Untrusted};
use super::{Build, version};
use crate::symbols;
use crate::text::Text;
use core::ffi::CStr;

/// What messages call it.
pub(super) const NAME: &CStr = c"PyPy";

/// Whether the process is PyPy.
pub(super) fn is_running() -> bool {
    !symbols::address(c"PyPyLong_FromLong").is_null() || !symbols::address(c"pypy_execute_source").is_null()
}

/// PyPy's spelling of a name: `PyPyList_New` for `PyList_New`, `_PyPy_Dealloc` for `_Py_Dealloc`.
///
/// # Examples
/// ```
/// use cardan_host::hosts::pypy::spelling;
/// assert_eq!(spelling(c"PyList_New").as_c_str(), c"PyPyList_New");
/// assert_eq!(spelling(c"_Py_Dealloc").as_c_str(), c"_PyPy_Dealloc");
/// ```
pub fn spelling(name: &CStr) -> Text {
    let mut text = Text::new();
    match name.to_bytes().strip_prefix(b"_") {
        Some(_) => text.push(c"_PyPy").push_from(name, 3),
        None => text.push(c"PyPy").push_from(name, 2),
    };
    text
}

/// `PyObject` of PyPy's headers: a count, a link to the real object, a type. All releases have it.
pub(super) const HEADER: usize = 24;
/// `ob_type`.
const TYPE: usize = 16;
/// The first field of a type, behind the header and `ob_size`.
const TYPE_FIELDS: usize = HEADER + 8;

/// The first release whose structs were not looked at yet. Nothing is claimed of it, nor of any later one.
const FIRST_UNKNOWN: (u32, u32) = (8, 1);

/// The functions of PyPy's own that do not do what CPython documents. What each does is said at its stand-in.
pub const UNTRUSTED: &Untrusted = &[
    ("PyByteArray_Concat", Releases::PYPY),
    ("PyBytes_FromObject", Releases::PYPY_7_3_11),
    ("PyCode_GetCode", Releases::PYPY),
    ("PyContextVar_Reset", Releases::PYPY),
    ("PyErr_GetHandledException", Releases::PYPY),
    ("PyFrame_GetBuiltins", Releases::PYPY),
    ("PyFrame_GetGlobals", Releases::PYPY),
    ("PyFrame_GetLocals", Releases::PYPY),
    ("PyGC_Disable", Releases::PYPY),
    ("PyGC_Enable", Releases::PYPY),
    ("PyGC_IsEnabled", Releases::PYPY),
    ("PyIter_Send", Releases::PYPY),
    ("PyLong_AsSize_t", Releases::PYPY),
    ("PyMemoryView_FromMemory", Releases::PYPY_7_3_11),
    ("PyNumber_InPlacePower", Releases::PYPY),
    ("PyObject_Bytes", Releases::PYPY_7_3_11),
    ("PyObject_CallFinalizerFromDealloc", Releases::PYPY),
    ("PyObject_ClearWeakRefs", Releases::PYPY),
    ("PyObject_GetAttrString", Releases::PYPY),
    ("PyObject_GetBuffer", Releases::PYPY_7_3_11),
    ("PyObject_VectorcallDict", Releases::PYPY),
    ("PyRun_SimpleString", Releases::PYPY),
    ("PyType_GetName", Releases::PYPY),
    ("PyType_GetQualName", Releases::PYPY),
    ("PyUnicode_FromKindAndData", Releases::PYPY_7_3_11.and(Releases::PYPY_7_3_19)),
    ("_PyGen_FetchStopIterationValue", Releases::PYPY),
];

/// What is known of a release of PyPy.
pub fn profile(build: &Build) -> Profile {
    let for_3_11 = build.version >= version(3, 11);
    let quirks = Quirks {
        takes_interpreters_slot: false,
        takes_gil_slot: false,
        takes_vectorcall_slot: build.version >= version(3, 14),
        takes_vectorcall_offset: false,
        takes_send_slot: for_3_11,
        takes_token_slot: false,
        type_flags: !(Quirks::FLAGS_OF_3_12 | if for_3_11 { 0 } else { Quirks::FLAGS_OF_3_10 }),
        has_relative_sizes: build.version >= version(3, 12),
        // PyPy for Python 3.11 takes the flag, and its first versions call the type all the same.
        disallows_instantiation: false,
        // PyPy for Python 3.9 knows METH_METHOD, and calls the method without the class.
        passes_defining_class: for_3_11,
        // PyPy for Python 3.9 ends the process: it has no wrapper for the slot.
        calls_finalizer_slots: for_3_11,
        finalizes_only_what_python_saw: true,
        destructors_release_the_type: true,
        has_types_of_weakref: false,
        destructors_may_wait: false,
        keeps_digits_in_objects: false,
        wraps_inherited_new: true,
        tells_base_types: for_3_11,
        // The function ends the process at the first static type.
        finds_module_past_static_types: false,
        classes_take_room: false,
        raises_for_unknown_slots: true,
        fills_plain_buffers: false,
        refuses_buffers_otherwise: true,
        converts_only_ints: false,
        attached_thread: AttachedThread::Unknown,
        ends_entering_threads: false,
        written_count: Some(Count::Word),
        told_type_fields: Place::at(TYPE_FIELDS),
        reads_c_functions: true,
        has_one_interpreter: true,
        takes_code_of_3_11: false,
        has_immortal_objects: false,
        // PyPy's own function for that refuses every str.
        writes_text_in_place: true,
        unregisters_codecs: build.version >= version(3, 10),
        byte_array_has_six_arguments: false,
        // The lock of threads is made only when Python starts one, or when it is asked for.
        threads_need_init: !for_3_11,
        ..Quirks::NONE
    };
    let release = match () {
        () if !for_3_11 => Releases::PYPY_7_3_11,
        () if version_of(build.words) < (8, 0) => Releases::PYPY_7_3_19,
        () => Releases::PYPY_8_0,
    };
    let looked_at = version_of(build.words) < FIRST_UNKNOWN;
    Profile { layout: if looked_at { layout(for_3_11) } else { generic_layout() }, quirks, release }
}

/// The version of PyPy, major and minor, in the words of `Py_GetVersion`: `3.9.16 (…) [PyPy 7.3.11 with GCC …]`.
fn version_of(words: &[u8]) -> (u32, u32) {
    let behind = words.split(|&byte| byte == b'[').nth(1).and_then(|words| words.strip_prefix(b"PyPy "));
    let [major, minor, _] = super::detect::numbers(behind.unwrap_or_default());
    (major, minor)
}

/// The structs of PyPy's headers. Its lists, tuples and ints are objects of its own, with no memory of C's.
fn layout(for_3_11: bool) -> Layout {
    Layout {
        type_offset: Place::at(TYPE),
        count: Some(Count::Word),
        size: Place::at(HEADER),
        type_fields: Place::at(TYPE_FIELDS),
        memory_view_buffer: Place::at(HEADER),
        // In PyPy 7.3.11 no hash stands between the length and the state.
        text: Some(text(if for_3_11 { 40 } else { 32 })),
        ..Layout::unknown(HEADER)
    }
}

/// `PyUnicodeObject` of PyPy's headers, with its state at this place: `interned`, `kind`, `compact`, `ascii` and `ready` are
/// bytes, which are read as one little-endian word of eight.
const fn text(state: usize) -> crate::unicode::Layout {
    crate::unicode::Layout {
        state: Place::at(state),
        kind: 8,
        compact: 16,
        ascii: 24,
        ready: Some(32),
        kind_mask: 0xFF,
        // The `wstr` pointer ends the ASCII struct, three more words the compact one.
        ascii_text: Place::at(state + 16),
        compact_text: Place::at(state + 40),
        pointer: Place::at(state + 40),
    }
}

/// What stays readable with `CARDAN_HOST=generic`: no function tells the type of an object to its destructor, nor its size.
pub(super) const fn generic_layout() -> Layout {
    Layout { type_offset: Place::at(TYPE), size: Place::at(HEADER), ..Layout::unknown(HEADER) }
}

/// Offsets in `PyTypeObject` of PyPy's headers, in bytes from the start of the object: CPython's fields in CPython's order.
pub mod type_offset {
    use super::{TYPE_FIELDS, type_object};

    /// `tp_name`.
    pub const NAME: usize = TYPE_FIELDS + type_object::NAME;
    /// `tp_basicsize`.
    pub const BASIC_SIZE: usize = TYPE_FIELDS + type_object::BASIC_SIZE;
    /// `tp_itemsize`.
    pub const ITEM_SIZE: usize = TYPE_FIELDS + type_object::ITEM_SIZE;
    /// `tp_weaklistoffset`.
    pub const WEAK_LIST_OFFSET: usize = TYPE_FIELDS + type_object::WEAK_LIST_OFFSET;
    /// `tp_dict`.
    pub const DICT: usize = TYPE_FIELDS + type_object::DICT;
    /// `tp_dictoffset`.
    pub const DICT_OFFSET: usize = TYPE_FIELDS + type_object::DICT_OFFSET;
}

/// Offsets in `PyCFunctionObject` of PyPy's headers, in bytes from the start of the object.
pub mod c_function {
    /// `m_ml`, a pointer to the method's definition.
    pub const DEFINITION: usize = 24;
    /// `m_self`.
    pub const OWNER: usize = 32;
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn the_version_stands_behind_the_name() {
        assert_eq!(version_of(b"3.9.16 (7.3.11+dfsg)\n[PyPy 7.3.11 with GCC 12.2.0]"), (7, 3));
        assert_eq!(version_of(b"3.13.0 (main) [GCC 12]"), (0, 0));
        assert_eq!(version_of(b"3.13.0 PyPy"), (0, 0));
    }
}
