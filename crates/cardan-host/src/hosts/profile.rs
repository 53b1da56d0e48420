//! What a record says of a host: where its structs keep what, and what it does otherwise than CPython documents.

use super::cpython::split_count;
use crate::types::Object;
use core::num::NonZeroU8;
use core::sync::atomic::{AtomicIsize, AtomicU32, Ordering};

/// A place in an object, in bytes from its start; or that it is not known. One byte: a profile is in every module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place(Option<NonZeroU8>);

impl Place {
    /// Not known.
    pub const UNKNOWN: Self = Self(None);

    /// So many bytes from the start, from 1 to 255.
    pub const fn at(offset: usize) -> Self {
        assert!(offset <= u8::MAX as usize);
        Self(NonZeroU8::new(offset as u8))
    }

    /// The number of bytes, if it is known.
    pub const fn get(self) -> Option<usize> {
        match self.0 {
            Some(offset) => Some(offset.get() as usize),
            None => None,
        }
    }
}

/// Where the structs of a host keep what is read in place.
///
/// Where a place is not known a function of the host is asked. A record claims a layout for the versions that were looked at;
/// one claim that does not hold, tried on an object of known content, and the whole layout is dropped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Layout {
    /// The size of `PyObject` in bytes, the header that each object starts with. Always known: a host is asked for it.
    pub header: u8,
    /// `PyObject.ob_type`.
    pub type_offset: Place,
    /// How the header counts references.
    pub count: Option<Count>,
    /// `PyVarObject.ob_size`.
    pub size: Place,
    /// The first field of `PyTypeObject` behind its header, `tp_name`: the others stand in the order of
    /// [`type_object`](super::cpython::type_object).
    pub type_fields: Place,
    /// The first item of a tuple.
    pub tuple_items: Place,
    /// The pointer of a list to its items.
    pub list_items: Place,
    /// The digits of an `int`.
    pub digits: Option<Digits>,
    /// The `Py_buffer` of a memory view.
    pub memory_view_buffer: Place,
    /// The state and the text of a str.
    pub text: Option<crate::unicode::Layout>,
}

impl Layout {
    /// Nothing is known but the size of the header.
    pub const fn unknown(header: usize) -> Self {
        assert!(header <= u8::MAX as usize);
        Self {
            header: header as u8,
            type_offset: Place::UNKNOWN,
            count: None,
            size: Place::UNKNOWN,
            type_fields: Place::UNKNOWN,
            tuple_items: Place::UNKNOWN,
            list_items: Place::UNKNOWN,
            digits: None,
            memory_view_buffer: Place::UNKNOWN,
            text: None,
        }
    }

    /// The size of the header in bytes.
    pub fn header(&self) -> usize {
        self.header.into()
    }

    /// Where a field of a type is, by its offset from the first one.
    pub fn type_field(&self, field: usize) -> Option<usize> {
        self.type_fields.get().map(|start| start + field)
    }
}

/// How a header counts references: at the start of the object, but for the last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Count {
    /// A signed word.
    Word,
    /// 32 bits of that word. A number that is negative as a signed one says that the object lives for ever.
    Narrow,
    /// Two counts in the header of a build without the GIL: [`split_count`](super::cpython::split_count).
    Split,
}

impl Count {
    /// The number of references to an object.
    ///
    /// # Safety
    /// `object` is an object of a host that counts like this.
    pub unsafe fn of(self, object: Object) -> isize {
        // SAFETY: the caller's object starts with a count of this width, or its header holds two, which other threads change.
        unsafe {
            match self {
                Self::Word => object.cast::<isize>().read(),
                Self::Narrow => object.cast::<u32>().read() as isize,
                Self::Split => {
                    let local = (*object.byte_add(split_count::LOCAL).cast::<AtomicU32>()).load(Ordering::Relaxed);
                    let shared = (*object.byte_add(split_count::SHARED).cast::<AtomicIsize>()).load(Ordering::Relaxed);
                    let others = if local == split_count::IMMORTAL { 0 } else { shared >> split_count::SHARED_SHIFT };
                    local as isize + others
                }
            }
        }
    }
}

/// How an `int` keeps its digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Digits {
    /// The word with the number of digits; the first digit is behind it.
    pub number: u8,
    /// How many bits of that word, the lowest ones, say something else. With 0 the word is signed as the `int` is.
    pub other_bits: u8,
}

/// What a host answers when a thread asks for the current thread state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AttachedThread {
    /// The state of the calling thread, or null if it is not attached.
    Own,
    /// The state of the thread that has the GIL, whichever that is.
    Shared,
    /// That is not known.
    Unknown,
}

/// What a host does otherwise than the newest CPython, where no function tells. [`Quirks::NONE`] is that CPython; a record
/// writes what differs.
#[derive(Clone, Copy, Debug)]
pub struct Quirks {
    /// Whether the host takes the module slot `Py_mod_multiple_interpreters`.
    pub takes_interpreters_slot: bool,
    /// Whether the host takes the module slot `Py_mod_gil`.
    pub takes_gil_slot: bool,
    /// Whether the host takes the type slot `Py_am_send`.
    pub takes_send_slot: bool,
    /// Whether the host takes the type slot `Py_tp_vectorcall`.
    pub takes_vectorcall_slot: bool,
    /// Whether the host takes the type slot `Py_tp_token`.
    pub takes_token_slot: bool,
    /// The bits of `PyType_Spec.flags` that the host understands.
    pub type_flags: u32,
    /// Whether a negative `basicsize` and relative member offsets (PEP 697) are the host's own.
    pub has_relative_sizes: bool,
    /// Whether the host calls objects by what they hold at the `__vectorcalloffset__` of a type made from a spec.
    pub takes_vectorcall_offset: bool,
    /// Whether the host refuses to call a type with `Py_TPFLAGS_DISALLOW_INSTANTIATION`.
    pub disallows_instantiation: bool,
    /// Whether the host passes the defining class to a method with `METH_METHOD`.
    pub passes_defining_class: bool,
    /// Whether the host calls what a type of C has in `Py_tp_finalize`.
    pub calls_finalizer_slots: bool,
    /// Whether the host finalizes an object of C only if Python has seen it.
    pub finalizes_only_what_python_saw: bool,
    /// Whether the last reference to an object of a Python class calls the finalizer of the C type that the class derives from.
    pub derived_classes_finalize: bool,
    /// Whether the destructor of a built-in type also gives back the object's reference to its heap type.
    pub destructors_release_the_type: bool,
    /// Whether the exported type objects of weak references are the types that weak references have.
    pub has_types_of_weakref: bool,
    /// Whether destructors run while the interpreter ends, when the thread has no state any more.
    pub destructors_run_without_thread: bool,
    /// Whether an object stays as it is when its destructor returns without giving its memory back, so that it can be torn
    /// down later.
    pub destructors_may_wait: bool,
    /// Whether an `int` keeps its digits in the object, behind its fixed part.
    pub keeps_digits_in_objects: bool,
    /// Whether a `tuple` keeps its items in the object, behind its fixed part.
    pub keeps_items_in_objects: bool,
    /// Whether an object of a type that derives from `list` has no C memory, whatever size its type states.
    pub lists_have_no_room: bool,
    /// Whether a type of C has a `__new__` of its own that wraps the one it inherits.
    pub wraps_inherited_new: bool,
    /// Whether the flags of built-in types say which of them may be derived from.
    pub tells_base_types: bool,
    /// Whether `PyType_GetModuleByDef` passes over static types.
    pub finds_module_past_static_types: bool,
    /// Whether what a Python class adds to its objects (slots, a dictionary) may stand in their C structs.
    pub classes_take_room: bool,
    /// Whether the host has functions for dictionaries that no offset leads to, and types say by the flag
    /// [`MANAGED_DICT`](crate::types::type_flag::MANAGED_DICT) that theirs are such.
    pub has_managed_dicts: bool,
    /// Where an object of a type with that flag holds its dictionary once that is made, in bytes from the object, if no function
    /// tells it without making one.
    pub made_dict: Option<isize>,
    /// Whether a class gets a metaclass that adds nothing to it in C by assignment to its `__class__`.
    pub assigns_metaclass: bool,
    /// Whether `PyType_GetSlot` answers for static types.
    pub answers_for_static_types: bool,
    /// Whether `PyType_GetSlot` raises SystemError for a slot that no type of the host has.
    pub raises_for_unknown_slots: bool,
    /// Whether the host's `Py_buffer` has exactly the fields of the stable ABI, 80 bytes.
    pub fills_plain_buffers: bool,
    /// Whether the host may refuse a buffer that cannot be had with `ValueError` instead of `BufferError`.
    pub refuses_buffers_otherwise: bool,
    /// Whether the functions that convert an `int` to a C number refuse every other object.
    pub converts_only_ints: bool,
    /// What the host answers when a thread asks for the current thread state.
    pub attached_thread: AttachedThread,
    /// Whether a thread that is not attached may ask if the interpreter is running or ending.
    pub any_thread_may_ask: bool,
    /// Whether the host ends or stops a thread that enters while the interpreter ends.
    pub ends_entering_threads: bool,
    /// The count that code for the stable ABI writes in place where the host has no function for it.
    pub written_count: Option<Count>,
    /// Where the fields of a type start on a host that has no function for what is read there, in every mode.
    pub told_type_fields: Place,
    /// Where the fields of a type start that a module made, if [`Layout::type_fields`] cannot be known of every type.
    pub made_type_fields: Place,
    /// Whether a type keeps its dict in a field of its own. Since CPython 3.12 the interpreter keeps those of built-in types.
    pub keeps_dicts_of_types: bool,
    /// Whether a function object of C has the fields of PyPy's headers, which has no functions that read them.
    pub reads_c_functions: bool,
    /// Whether there is one interpreter in a process, for good.
    pub has_one_interpreter: bool,
    /// Whether code objects can be made by calling their class with the arguments of 3.11.
    pub takes_code_of_3_11: bool,
    /// Whether the class of code objects takes code that the host did not compile itself.
    pub takes_any_code: bool,
    /// Whether objects may be immortal. Where none is, no function has to be asked.
    pub has_immortal_objects: bool,
    /// Whether C code can be handed a cell of a closure.
    pub has_cells: bool,
    /// Whether the locals of a running frame can be had.
    pub has_frame_locals: bool,
    /// Whether `datetime` makes objects from time stamps only after `time` was imported.
    pub dates_need_time: bool,
    /// Whether a str that nobody else has seen can be written only in place.
    pub writes_text_in_place: bool,
    /// Whether a type object that is exported may never have been filled in.
    pub exports_empty_types: bool,
    /// Whether a codec can be unregistered.
    pub unregisters_codecs: bool,
    /// Whether the host's `_PyLong_AsByteArray` has a sixth argument.
    pub byte_array_has_six_arguments: bool,
    /// Whether threads of C can enter only after `PyEval_InitThreads`.
    pub threads_need_init: bool,
}

impl Quirks {
    /// All bits of the flags of a type.
    const ALL_FLAGS: u32 = u32::MAX;

    /// The newest CPython that was looked at.
    pub const NONE: Self = Self {
        takes_interpreters_slot: true,
        takes_gil_slot: true,
        takes_send_slot: true,
        takes_vectorcall_slot: true,
        takes_token_slot: true,
        type_flags: Self::ALL_FLAGS,
        has_relative_sizes: true,
        takes_vectorcall_offset: true,
        disallows_instantiation: true,
        passes_defining_class: true,
        calls_finalizer_slots: true,
        finalizes_only_what_python_saw: false,
        derived_classes_finalize: true,
        destructors_release_the_type: false,
        has_types_of_weakref: true,
        destructors_run_without_thread: false,
        destructors_may_wait: true,
        keeps_digits_in_objects: true,
        keeps_items_in_objects: true,
        lists_have_no_room: false,
        wraps_inherited_new: false,
        tells_base_types: true,
        finds_module_past_static_types: true,
        classes_take_room: true,
        has_managed_dicts: true,
        made_dict: None,
        assigns_metaclass: false,
        answers_for_static_types: true,
        raises_for_unknown_slots: false,
        fills_plain_buffers: true,
        refuses_buffers_otherwise: false,
        converts_only_ints: true,
        attached_thread: AttachedThread::Own,
        any_thread_may_ask: true,
        ends_entering_threads: true,
        written_count: None,
        told_type_fields: Place::UNKNOWN,
        made_type_fields: Place::UNKNOWN,
        keeps_dicts_of_types: false,
        reads_c_functions: false,
        has_one_interpreter: false,
        takes_code_of_3_11: true,
        takes_any_code: true,
        has_immortal_objects: true,
        has_cells: true,
        has_frame_locals: true,
        dates_need_time: false,
        writes_text_in_place: false,
        exports_empty_types: false,
        unregisters_codecs: true,
        byte_array_has_six_arguments: true,
        threads_need_init: false,
    };

    /// The bits of `PyType_Spec.flags` that came with 3.10: sequence and mapping for pattern matching, disallowed
    /// instantiation, immutability, <https://docs.python.org/3/c-api/typeobj.html>.
    pub const FLAGS_OF_3_10: u32 = 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8;
    /// The bits with which the host keeps weak references and the dict of an object: they came with 3.12.
    pub const FLAGS_OF_3_12: u32 = Self::MANAGED_WEAKREF | Self::MANAGED_DICT;
    /// `Py_TPFLAGS_MANAGED_WEAKREF`.
    pub const MANAGED_WEAKREF: u32 = 1 << 3;
    /// `Py_TPFLAGS_MANAGED_DICT`.
    pub const MANAGED_DICT: u32 = 1 << 4;
}

/// What is known of one version of a host.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// Where its structs keep what, as far as that was looked at.
    pub layout: Layout,
    /// What it does otherwise.
    pub quirks: Quirks,
    /// Its place among the releases that were looked at, for [`Releases`](super::releases::Releases).
    pub release: super::releases::Releases,
}
