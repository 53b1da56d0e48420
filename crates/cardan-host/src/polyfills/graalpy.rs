//! What GraalPy has as a stub only, or answers otherwise.

use super::support::{self, only_as};
use crate::bind::value;
use crate::detect::Host;
use crate::hosts::releases::{Releases, untrusted};
use crate::hosts::{graalpy, type_slot};
use crate::polyfill;
use crate::polyfill::Choice;
use crate::types::{Object, c_char, c_int, c_void};
use core::ptr::null_mut;

/// What is taken for a function of that name where GraalPy's own is not to be trusted: it gives null, or ends the process in a
/// thread that it did not enter by itself. Ours gives an address that stands for the one interpreter and is the same for all
/// modules.
fn the_interpreter(host: &Host, untrusted: Releases, ours: *const c_void) -> Choice {
    if host.is_one_of(untrusted) { Choice::Ours(ours) } else { only_as(host, c"PyInterpreterState_Head") }
}

polyfill! {
    /// The interpreter of this thread.
    fn PyInterpreterState_Get() -> *mut c_void;
    uses [];
    data [PyBaseObject_Type];
    choose |host| the_interpreter(host, const { untrusted("PyInterpreterState_Get") }, PyInterpreterState_Get as *const _);
    { PyBaseObject_Type.address() }
}

polyfill! {
    /// The main interpreter. PyPy has one.
    fn PyInterpreterState_Main() -> *mut c_void;
    uses [];
    data [PyBaseObject_Type];
    choose |host| the_interpreter(host, const { untrusted("PyInterpreterState_Main") }, PyInterpreterState_Main as *const _);
    { PyBaseObject_Type.address() }
}

polyfill! {
    /// The interpreter of a thread. PyPy has one.
    fn PyThreadState_GetInterpreter(_state: *mut c_void) -> *mut c_void;
    uses [];
    data [PyBaseObject_Type];
    choose |host| the_interpreter(host, const { untrusted("PyThreadState_GetInterpreter") }, PyThreadState_GetInterpreter as *const _);
    { PyBaseObject_Type.address() }
}

polyfill! {
    /// The number of an interpreter.
    fn PyInterpreterState_GetID(_interpreter: *mut c_void) -> i64;
    uses [];
    { 0 }
}

polyfill! {
    /// The start and end of a slice for a sequence of this length, and how many items it takes.
    fn PySlice_GetIndicesEx(slice: Object, length: isize, start: *mut isize, stop: *mut isize, step: *mut isize, count: *mut isize) -> c_int;
    uses [PySlice_Unpack, PySlice_AdjustIndices];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if PySlice_Unpack(slice, start, stop, step) < 0 {
                count.write(0);
                return -1;
            }
            count.write(PySlice_AdjustIndices(length, start, stop, step.read()));
            0
        }
    }
}

/// Raises an `ImportError` with a name and a path; always null.
unsafe fn import_error(class: Object, message: Object, name: Object, path: Object) -> Object {
    use crate::functions::{Py_BuildValue, Py_DecRef, PyErr_SetObject, PyObject_Call};
    // SAFETY: the callers list these cells; the references made here are given back.
    unsafe {
        let none = support::none();
        let or_none = |object: Object| if object.is_null() { none } else { object };
        let keywords =
            Py_BuildValue()(c"{s:O,s:O}".as_ptr(), c"name".as_ptr(), or_none(name), c"path".as_ptr(), or_none(path));
        if keywords.is_null() {
            return null_mut();
        }
        let arguments = Py_BuildValue()(c"(O)".as_ptr(), message);
        if !arguments.is_null() {
            let exception = PyObject_Call(class, arguments, keywords);
            if !exception.is_null() {
                PyErr_SetObject(class, exception);
                Py_DecRef(exception);
            }
            Py_DecRef(arguments);
        }
        Py_DecRef(keywords);
    }
    null_mut()
}

polyfill! {
    /// Raises a subclass of `ImportError` with a name and a path, both of which may be null. Always null.
    fn PyErr_SetImportErrorSubclass(class: Object, message: Object, name: Object, path: Object) -> Object;
    uses [
        Py_BuildValue, PyObject_Call, PyObject_IsSubclass, PyErr_SetObject, PyErr_SetString, Py_DecRef
    ];
    data [PyExc_ImportError, PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            match PyObject_IsSubclass(class, value(&PyExc_ImportError)) {
                1 if message.is_null() => {
                    PyErr_SetString(value(&PyExc_TypeError), c"expected a message argument".as_ptr());
                    null_mut()
                }
                1 => import_error(class, message, name, path),
                0 => {
                    PyErr_SetString(value(&PyExc_TypeError), c"expected a subclass of ImportError".as_ptr());
                    null_mut()
                }
                _ => null_mut(),
            }
        }
    }
}

polyfill! {
    /// Raises `ImportError` with a name and a path, both of which may be null. Always null.
    fn PyErr_SetImportError(message: Object, name: Object, path: Object) -> Object;
    uses [Py_BuildValue, PyObject_Call, PyErr_SetObject, PyErr_SetString, Py_DecRef];
    data [PyExc_ImportError, PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if message.is_null() {
                PyErr_SetString(value(&PyExc_TypeError), c"expected a message argument".as_ptr());
                return null_mut();
            }
            import_error(value(&PyExc_ImportError), message, name, path)
        }
    }
}

polyfill! {
    /// Compiles source text, with flags.
    fn Py_CompileStringFlags(source: *const c_char, file: *const c_char, start: c_int, flags: *mut c_void) -> Object;
    uses [Py_CompileStringExFlags];
    {
        const LEVEL_OF_THE_INTERPRETER: c_int = -1;
        // SAFETY: the arguments are the caller's.
        unsafe { Py_CompileStringExFlags(source, file, start, flags, LEVEL_OF_THE_INTERPRETER) }
    }
}

polyfill! {
    /// Adds the items of a mapping to a dict, over what is there or not. 0, or -1 with an exception.
    fn PyDict_Merge(dict: Object, mapping: Object, over: c_int) -> c_int;
    uses [
        PyDict_Update, PyMapping_Keys, PyList_Size, PyList_GetItem, PyDict_Contains, PyObject_GetItem, PyDict_SetItem, PyObject_Type,
        PyType_GetFlags, PyErr_BadInternalCall, Py_IncRef, Py_DecRef
    ];
    // GraalPy's own takes just the items whose key is there already.
    {
        // SAFETY: the arguments are the caller's; what is made on the way is given back.
        unsafe {
            if dict.is_null() || mapping.is_null() || !support::has_type_flag(dict, support::type_flag::DICT) {
                return support::bad_internal_call();
            }
            // Of what is no dict it would take pairs as well.
            if over != 0 && support::has_type_flag(mapping, support::type_flag::DICT) {
                return PyDict_Update(dict, mapping);
            }
            let keys = PyMapping_Keys(mapping);
            if keys.is_null() {
                return -1;
            }
            let mut outcome = 0;
            for index in 0..PyList_Size(keys) {
                let key = PyList_GetItem(keys, index);
                Py_IncRef(key);
                outcome = if over != 0 { 0 } else { PyDict_Contains(dict, key) };
                if outcome == 0 {
                    let item = PyObject_GetItem(mapping, key);
                    outcome = if item.is_null() { -1 } else { PyDict_SetItem(dict, key, item) };
                    Py_DecRef(item);
                }
                Py_DecRef(key);
                if outcome < 0 {
                    break;
                }
            }
            Py_DecRef(keys);
            outcome.min(0)
        }
    }
}

polyfill! {
    /// A str of UTF-8 that ends with a zero byte.
    fn PyUnicode_FromString(text: *const c_char) -> Object;
    uses [PyUnicode_FromStringAndSize, PyUnicode_DecodeUTF8, PyErr_Clear];
    // GraalPy's own puts U+FFFD where it should raise `UnicodeDecodeError`.
    {
        // SAFETY: the caller's text ends with a zero byte.
        unsafe {
            let length = core::ffi::CStr::from_ptr(text).count_bytes() as isize;
            let made = PyUnicode_FromStringAndSize(text, length);
            if !made.is_null() {
                return made;
            }
            // It takes half the time that decoding does, but its exception says of all bytes that they are wrong.
            PyErr_Clear();
            PyUnicode_DecodeUTF8(text, length, core::ptr::null())
        }
    }
}

polyfill! {
    /// How many bits an int has without its sign, or -1 with an exception.
    fn _PyLong_NumBits(number: Object) -> isize;
    uses [PyObject_CallMethod, PyLong_AsSsize_t, Py_DecRef];
    // GraalPy's own is one short for a negative power of two.
    {
        // SAFETY: the caller's int; the number that is made is given back.
        unsafe {
            let bits = PyObject_CallMethod()(number, c"bit_length".as_ptr(), core::ptr::null());
            if bits.is_null() {
                return -1;
            }
            let count = PyLong_AsSsize_t(bits);
            Py_DecRef(bits);
            count
        }
    }
}

polyfill! {
    /// A list or tuple of the items of an iterable, itself if it is one: a new reference. `message` is that of the `TypeError` for
    /// an object that is no iterable.
    fn PySequence_Fast(object: Object, message: *const c_char) -> Object;
    uses [
        PyObject_Type, PyType_GetFlags, PyObject_GetIter, PySequence_List, PyErr_ExceptionMatches, PyErr_SetString,
        PyErr_BadInternalCall, Py_IncRef, Py_DecRef
    ];
    data [PyExc_TypeError];
    // GraalPy's own has a message of its own.
    {
        // SAFETY: the arguments are the caller's; the iterator is given back.
        unsafe {
            if object.is_null() {
                return support::no_object();
            }
            if support::has_type_flag(object, support::type_flag::LIST | support::type_flag::TUPLE) {
                Py_IncRef(object);
                return object;
            }
            let iterator = PyObject_GetIter(object);
            if iterator.is_null() {
                if PyErr_ExceptionMatches(value(&PyExc_TypeError)) != 0 {
                    PyErr_SetString(value(&PyExc_TypeError), message);
                }
                return null_mut();
            }
            let list = PySequence_List(iterator);
            Py_DecRef(iterator);
            list
        }
    }
}

polyfill! {
    /// Finalises an object whose last reference is gone. 0, or -1 if there are references again: then it lives on.
    ///
    /// GraalPy does not count what Python keeps of an object that is torn down, so only C can bring it back to life. A class of
    /// Python's inherits no finaliser there, so that of the nearest base is called.
    fn PyObject_CallFinalizerFromDealloc(object: Object) -> c_int;
    uses [PyObject_Type, PyType_GetSlot, PyType_GetFlags, Py_DecRef];
    may_use [PyObject_GC_IsFinalized];
    choose |host| match () {
        () if host.quirks.finalizes_only_what_python_saw => Choice::Ours(super::pypy::is_finalized_by_now as *const _),
        () if !host.quirks.derived_classes_finalize => Choice::Ours(PyObject_CallFinalizerFromDealloc as *const _),
        () => Choice::Host,
    };
    {
        // SAFETY: the caller's object has no references and its memory is C's, so its count can be written. It gets one for as
        // long as it is passed around; the type is alive meanwhile because of the object.
        unsafe {
            let count = object.byte_add(graalpy::COUNT).cast::<isize>();
            count.write(1);
            let class = PyObject_Type(object);
            Py_DecRef(class);
            let mut base = class;
            let mut finalize = null_mut::<c_void>();
            while finalize.is_null() && !base.is_null() {
                finalize = PyType_GetSlot(base, type_slot::FINALIZE);
                base = PyType_GetSlot(base, type_slot::BASE).cast();
            }
            let is_collected = PyType_GetFlags(class) & support::type_flag::HAVE_GC != 0;
            let is_done = is_collected && PyObject_GC_IsFinalized(object) != 0;
            if !finalize.is_null() && !is_done {
                if is_collected {
                    graalpy::set_finalized(object);
                }
                core::mem::transmute::<*mut c_void, unsafe extern "C" fn(Object)>(finalize)(object);
            }
            count.write(count.read() - 1);
            if count.read() == 0 { 0 } else { -1 }
        }
    }
}
