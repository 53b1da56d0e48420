//! GraalPy 25 and later: CPython's names over tagged pointers. A `PyObject *` that a module did not allocate itself is
//! not an address, so nothing is read through it.

use super::Build;
use super::profile::{AttachedThread, Layout, Place, Profile, Quirks};
use super::releases::{Releases, Untrusted};
use crate::symbols;
use core::ffi::CStr;

/// What messages call it.
pub(super) const NAME: &CStr = c"GraalPy";

/// Whether the process is GraalPy.
pub(super) fn is_running() -> bool {
    !symbols::address(c"GraalPy_TYPE").is_null()
}

/// The size of the header is CPython's. All else is asked for by functions.
pub(super) const HEADER: usize = 16;

/// The functions of GraalPy's own that do not do what CPython documents. What each does is said at its stand-in. Those that
/// GraalPy exports without an implementation are in `spec/hosts/available.tsv`.
pub const UNTRUSTED: &Untrusted = &[
    ("PyDict_Merge", Releases::GRAALPY_25_2),
    ("PyGC_Disable", Releases::GRAALPY_25_2),
    ("PyGC_Enable", Releases::GRAALPY_25_2),
    ("PyGC_IsEnabled", Releases::GRAALPY_25_2),
    ("PyInterpreterState_Get", Releases::GRAALPY_25_2),
    ("PyInterpreterState_GetID", Releases::GRAALPY_25_2),
    ("PyInterpreterState_Main", Releases::GRAALPY_25_2),
    ("PyIter_Send", Releases::GRAALPY_25_2),
    ("PyObject_CallFinalizerFromDealloc", Releases::GRAALPY_25_2),
    ("PySequence_Fast", Releases::GRAALPY_25_2),
    ("PyThreadState_GetInterpreter", Releases::GRAALPY_25_2),
    ("PyType_GetName", Releases::GRAALPY_25_2),
    ("PyType_GetQualName", Releases::GRAALPY_25_2),
    ("PyUnicode_FromString", Releases::GRAALPY_25_2),
    ("_PyGen_FetchStopIterationValue", Releases::GRAALPY_25_2),
    ("_PyLong_NumBits", Releases::GRAALPY_25_2),
];

/// What is known of a release of GraalPy.
pub fn profile(build: &Build) -> Profile {
    let since = |minor| build.version >= super::version(3, minor);
    let quirks = Quirks {
        takes_interpreters_slot: since(12),
        takes_gil_slot: since(13),
        takes_send_slot: since(10),
        takes_vectorcall_slot: since(14),
        takes_token_slot: since(14),
        // Objects of types of C have a dict of Java's, and weak references only by a field of theirs.
        type_flags: !Quirks::MANAGED_WEAKREF,
        has_relative_sizes: since(12),
        takes_vectorcall_offset: false,
        // A class of Python's does not inherit the finalizer.
        derived_classes_finalize: false,
        destructors_run_without_thread: true,
        destructors_may_wait: false,
        keeps_digits_in_objects: false,
        // Its own tuples do not, but those of types that were made in C do.
        keeps_items_in_objects: true,
        // An object of a type that derives from `list` is Java's, and its address a handle.
        lists_have_no_room: true,
        classes_take_room: false,
        // `PyType_FromMetaclass` makes a weak reference to the class, and takes it for an object that can have none where the
        // metaclass was written in Python. A metaclass that is a type of C cannot be assigned, and is left to that function.
        assigns_metaclass: true,
        raises_for_unknown_slots: true,
        fills_plain_buffers: !build.generic,
        refuses_buffers_otherwise: true,
        converts_only_ints: false,
        attached_thread: AttachedThread::Unknown,
        any_thread_may_ask: false,
        ends_entering_threads: false,
        has_one_interpreter: true,
        // Only types that a module made are memory, and their fields are where CPython 3.12 has them.
        made_type_fields: if build.generic { Place::UNKNOWN } else { Place::at(HEADER + 8) },
        takes_code_of_3_11: false,
        takes_any_code: false,
        has_cells: false,
        has_frame_locals: false,
        dates_need_time: true,
        writes_text_in_place: true,
        exports_empty_types: true,
        byte_array_has_six_arguments: false,
        ..Quirks::NONE
    };
    Profile { layout: Layout::unknown(HEADER), quirks, release: Releases::GRAALPY_25_2 }
}

/// Whether a type object that GraalPy exports was ever filled in: some are only room, and their `ob_type` is null.
///
/// # Safety
/// `exported` is the address of a type object that the host exports, so it is memory and no handle.
pub unsafe fn is_filled(exported: *const core::ffi::c_void) -> bool {
    const TYPE: usize = 8;
    // SAFETY: the caller's promise; the header is 16 bytes long.
    unsafe { !exported.byte_add(TYPE).cast::<*const core::ffi::c_void>().read().is_null() }
}

/// Keeps GraalPy's native library loaded until the process ends.
///
/// GraalPy unloads it when it exits and then clears a thread-local variable of it once more. If a library with
/// thread-local variables of its own was loaded later and is still there, as C++'s runtime is, the memory of that variable
/// has been freed by then: the process ends with a corrupted heap.
pub(super) fn keep_loaded() {
    symbols::keep_loaded(symbols::address(c"GraalPy_TYPE"));
}

/// Where the count of references is in an object of a type that was made in C, which is an address: `ob_refcnt`.
pub const COUNT: usize = 0;

/// How many bytes before such an object the word is that remembers, if its type is collected, whether it was finalised:
/// `PyGC_Head._gc_prev`.
const COLLECTOR_FLAGS: usize = 8;

/// The bit of that word.
const FINALIZED: usize = 1;

/// Remembers that an object was finalised, for `PyObject_GC_IsFinalized`.
///
/// # Safety
/// The object is of a type that was made in C and is collected; the thread is attached.
pub unsafe fn set_finalized(object: crate::types::Object) {
    // SAFETY: the caller's promise.
    unsafe { *object.byte_sub(COLLECTOR_FLAGS).cast::<usize>() |= FINALIZED }
}
