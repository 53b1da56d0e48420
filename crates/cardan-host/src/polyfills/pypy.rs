//! What PyPy's `cpyext` lacks, or has as a macro only, or answers otherwise: the object model and the interpreter.

use super::before_3_11::attribute;
use super::support::{self, alias};
use crate::hosts::cpython::type_object;
use crate::hosts::pypy::{c_function, type_offset};
use crate::hosts::releases::untrusted;
use crate::polyfill;
use crate::polyfill::{Choice, WithUses};
use crate::types::{Object, PyMethodDef, c_char, c_int, c_void};
use core::ffi::CStr;
use core::ptr::null_mut;

polyfill! {
    /// Has the garbage collector look after an object. PyPy's does so for every object.
    fn PyObject_GC_Track(_object: *mut c_void);
    uses [];
    {}
}

polyfill! {
    /// Has the garbage collector no longer look after an object. PyPy's does so for every object.
    fn PyObject_GC_UnTrack(_object: *mut c_void);
    uses [];
    {}
}

polyfill! {
    /// Whether the garbage collector looks after an object. PyPy's newer versions answer 0, since C cannot tell.
    fn PyObject_GC_IsTracked(_object: Object) -> c_int;
    uses [];
    { 0 }
}

polyfill! {
    /// Whether the garbage collector has finalized an object. PyPy's newer versions answer 0, since C cannot tell.
    fn PyObject_GC_IsFinalized(_object: Object) -> c_int;
    uses [];
    { 0 }
}

polyfill! {
    /// Whether objects like this one take part in garbage collection.
    fn PyObject_IS_GC(object: Object) -> c_int;
    uses [PyObject_Type, PyType_GetFlags, Py_DecRef];
    {
        // SAFETY: the caller's object.
        c_int::from(unsafe { support::has_type_flag(object, support::type_flag::HAVE_GC) })
    }
}

polyfill! {
    /// `base **= exponent`, modulo a third number unless that is `None`. PyPy refuses the third number. As in CPython it does not
    /// matter to an object that can do this in place.
    fn PyNumber_InPlacePower(base: Object, exponent: Object, modulus: Object) -> Object;
    uses [PyNumber_InPlacePower, PyNumber_Power, PyObject_Type, PyObject_HasAttrString, Py_BuildValue, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's objects.
        unsafe {
            let none = support::none();
            if none.is_null() {
                return none;
            }
            let class = PyObject_Type(base);
            let in_place = PyObject_HasAttrString(class, c"__ipow__".as_ptr()) != 0;
            Py_DecRef(class);
            if modulus == none || in_place {
                PyNumber_InPlacePower(base, exponent, none)
            } else {
                PyNumber_Power(base, exponent, modulus)
            }
        }
    }
}

polyfill! {
    /// The size in bytes of an object of a type, read from PyPy's type object.
    fn PyObject_GetAttrString(object: Object, name: *const c_char) -> Object;
    uses [PyObject_GetAttrString, PyObject_Type, PyType_IsSubtype, PyLong_FromSsize_t, Py_DecRef];
    data [PyType_Type];
    // PyPy's types do not say where their instances keep what C looks for; compiled code asks them, since CPython's do.
    {
        // SAFETY: the arguments are the caller's. Only a type is read from, at the offsets of PyPy's headers.
        unsafe {
            if name.read() == b'_' as c_char {
                let type_type = PyType_Type.address().cast();
                let offset = match CStr::from_ptr(name).to_bytes() {
                    b"__basicsize__" => Some(type_offset::BASIC_SIZE),
                    b"__itemsize__" => Some(type_offset::ITEM_SIZE),
                    b"__weakrefoffset__" => Some(type_offset::WEAK_LIST_OFFSET),
                    b"__dictoffset__" => Some(type_offset::DICT_OFFSET),
                    _ => None,
                };
                if let Some(offset) = offset {
                    // Not `isinstance`: an object may say by its `__class__` that it is a type.
                    let class = PyObject_Type(object);
                    Py_DecRef(class);
                    if PyType_IsSubtype(class, type_type) != 0 {
                        // The instances of `type` are types, and a type keeps its dict in a field of its own.
                        let of_types = offset == type_offset::DICT_OFFSET && PyType_IsSubtype(object, type_type) != 0;
                        let field = object.byte_add(offset).cast::<isize>().read();
                        return PyLong_FromSsize_t(if of_types { type_offset::DICT as isize } else { field });
                    }
                }
            }
            PyObject_GetAttrString(object, name)
        }
    }
}

polyfill! {
    /// Calls an object with the arguments in an array, and keywords in a dict. PyPy's own leaves out all positional arguments if the
    /// count says that the place in front of them is free.
    fn PyObject_VectorcallDict(callable: Object, arguments: *const Object, count: usize, keywords: Object) -> Object;
    uses [PyObject_VectorcallDict];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { PyObject_VectorcallDict(callable, arguments, super::macros::positional(count), keywords) }
    }
}

/// The width of a code point in bytes, `PyUnicode_2BYTE_KIND` and `PyUnicode_4BYTE_KIND`.
const TWO_BYTES: c_int = 2;
const FOUR_BYTES: c_int = 4;

/// Whether two bytes are something else in UTF-16 than the code point of their number: half of a pair, or a mark of the byte order.
const fn is_read_otherwise(point: u16) -> bool {
    matches!(point, 0xD800..=0xDFFF | 0xFEFF | 0xFFFE)
}

polyfill! {
    /// A str of code points with 1, 2 or 4 bytes each. PyPy's own reads two bytes as UTF-16.
    fn PyUnicode_FromKindAndData(kind: c_int, data: *const c_void, size: isize) -> Object;
    uses [PyUnicode_FromKindAndData, PyMem_Malloc, PyMem_Free, PyErr_NoMemory];
    {
        // SAFETY: the caller's array holds so many code points of this width; the wider ones live until the str is made.
        unsafe {
            let narrow: &[u16] = if kind == TWO_BYTES && size > 0 {
                core::slice::from_raw_parts(data.cast(), size.unsigned_abs())
            } else {
                &[]
            };
            if !narrow.iter().any(|&point| is_read_otherwise(point)) {
                return PyUnicode_FromKindAndData(kind, data, size);
            }
            let wide = PyMem_Malloc(narrow.len().saturating_mul(size_of::<u32>())).cast::<u32>();
            if wide.is_null() {
                return PyErr_NoMemory();
            }
            for (index, &point) in narrow.iter().enumerate() {
                wide.add(index).write(point.into());
            }
            let text = PyUnicode_FromKindAndData(FOUR_BYTES, wide.cast(), size);
            PyMem_Free(wide.cast());
            text
        }
    }
}

polyfill! {
    /// A function of C as an object.
    fn PyCFunction_NewEx(definition: *mut PyMethodDef, owner: Object, module: Object) -> Object;
    uses [PyCMethod_New];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { PyCMethod_New(definition, owner, module, null_mut()) }
    }
}

polyfill! {
    /// A function of C as an object.
    fn PyCFunction_New(definition: *mut PyMethodDef, owner: Object) -> Object;
    uses [PyCMethod_New];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { PyCMethod_New(definition, owner, null_mut(), null_mut()) }
    }
}

/// The definition of a function of C.
unsafe fn definition_of(function: Object) -> *const PyMethodDef {
    // SAFETY: the callers are chosen on PyPy only, whose function objects have this field.
    unsafe { function.byte_add(c_function::DEFINITION).cast::<*const PyMethodDef>().read() }
}

/// `METH_STATIC`.
const METH_STATIC: c_int = 0x20;

polyfill! {
    /// The flags of a function of C.
    fn PyCFunction_GetFlags(function: Object) -> c_int;
    uses [PyCFunction_Check, PyErr_BadInternalCall];
    choose |host| if host.quirks.reads_c_functions { Choice::HostElse(PyCFunction_GetFlags as *const _) } else { Choice::Host };
    {
        // SAFETY: the caller's object, which is a function of C.
        unsafe {
            if PyCFunction_Check(function) == 0 {
                return support::bad_internal_call();
            }
            (*definition_of(function)).ml_flags
        }
    }
}

polyfill! {
    /// What a function of C is bound to, a borrowed reference; null for a static method.
    fn PyCFunction_GetSelf(function: Object) -> Object;
    uses [PyCFunction_Check, PyErr_BadInternalCall];
    choose |host| if host.quirks.reads_c_functions { Choice::HostElse(PyCFunction_GetSelf as *const _) } else { Choice::Host };
    {
        // SAFETY: the caller's object, which is a function of C.
        unsafe {
            if PyCFunction_Check(function) == 0 {
                PyErr_BadInternalCall();
                return null_mut();
            }
            if (*definition_of(function)).ml_flags & METH_STATIC != 0 {
                return null_mut();
            }
            function.byte_add(c_function::OWNER).cast::<Object>().read()
        }
    }
}

polyfill! {
    /// The function of an object that C calls without a tuple. Null is an answer that every caller knows to handle.
    fn PyVectorcall_Function(callable: Object) -> *mut c_void;
    uses [PyObject_Type, PyType_GetFlags, Py_DecRef];
    choose |host| match host.layout.type_fields.get() {
        Some(_) if host.quirks.takes_vectorcall_offset => Choice::HostElse(vectorcall_in_object as *const _),
        _ => Choice::HostElse(PyVectorcall_Function as *const _),
    };
    {
        let _ = callable;
        null_mut()
    }
}

/// The same where the layout is known.
unsafe extern "C" fn vectorcall_in_object(callable: Object) -> *mut c_void {
    use crate::functions::{Py_DecRef, PyObject_Type, PyType_GetFlags};
    const HAVE_VECTORCALL: core::ffi::c_ulong = 1 << 11;
    // SAFETY: chosen only where types have this field, with these cells filled. The flag says that it is set.
    unsafe {
        let class = PyObject_Type(callable);
        Py_DecRef(class);
        if PyType_GetFlags(class) & HAVE_VECTORCALL == 0 {
            return null_mut();
        }
        let Some(field) = crate::detect::known().layout.type_field(type_object::VECTORCALL_OFFSET) else {
            return null_mut();
        };
        let offset = class.byte_add(field).cast::<isize>().read();
        callable.byte_offset(offset).cast::<*mut c_void>().read()
    }
}

polyfill! {
    /// Compiles source text.
    fn Py_CompileString(source: *const c_char, file: *const c_char, start: c_int) -> Object;
    uses [Py_CompileStringFlags];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { Py_CompileStringFlags(source, file, start, null_mut()) }
    }
}

polyfill! {
    /// Whether an object has the buffer interface.
    fn PyObject_CheckBuffer(object: Object) -> c_int;
    uses [PyMemoryView_FromObject, PyErr_Fetch, PyErr_Restore, PyErr_Clear, Py_DecRef];
    {
        // SAFETY: the caller's object; the reference made here is given back, and the error dropped: the function cannot fail.
        unsafe {
            support::with_exception_aside(|| {
                let view = PyMemoryView_FromObject(object);
                if view.is_null() {
                    PyErr_Clear();
                    return 0;
                }
                Py_DecRef(view);
                1
            })
        }
    }
}

attribute! {
    /// The code of a frame.
    fn PyFrame_GetCode = c"f_code";
}

polyfill! {
    /// The frame that called this one, a new reference, or null if there is none.
    fn PyFrame_GetBack(frame: Object) -> Object;
    uses [PyObject_GetAttrString, Py_BuildValue, PyErr_Clear, Py_DecRef];
    {
        // SAFETY: the caller's frame. The function cannot fail.
        unsafe {
            let back = PyObject_GetAttrString(frame, c"f_back".as_ptr());
            if back.is_null() {
                PyErr_Clear();
            } else if back == support::none() {
                Py_DecRef(back);
                return null_mut();
            }
            back
        }
    }
}

polyfill! {
    /// The line that a frame is at.
    fn PyFrame_GetLineNumber(frame: Object) -> c_int;
    uses [PyObject_GetAttrString, PyLong_AsLong, PyErr_Clear, Py_DecRef];
    {
        // SAFETY: the caller's frame; the reference made here is given back. The function cannot fail.
        unsafe {
            let line = PyObject_GetAttrString(frame, c"f_lineno".as_ptr());
            if line.is_null() {
                PyErr_Clear();
                return 0;
            }
            let number = PyLong_AsLong(line);
            Py_DecRef(line);
            number as c_int
        }
    }
}

polyfill! {
    /// The innermost frame of a thread, a new reference, or null. On PyPy of the thread that asks.
    fn PyThreadState_GetFrame(state: *mut c_void) -> Object;
    uses [PyThreadState_Get, PySys_GetObject, PyObject_CallFunctionObjArgs, PyErr_Clear];
    {
        // SAFETY: a null pointer ends the arguments. The function cannot fail.
        unsafe {
            let get = PySys_GetObject(c"_getframe".as_ptr());
            if get.is_null() || state != PyThreadState_Get() {
                return null_mut();
            }
            let frame = PyObject_CallFunctionObjArgs()(get, null_mut::<c_void>());
            if frame.is_null() {
                PyErr_Clear();
            }
            frame
        }
    }
}

alias! {
    /// The thread state of this thread, or null if it has none.
    PyGILState_GetThisThreadState = c"_PyThreadState_UncheckedGet";
}

polyfill! {
    /// A dict for what belongs to the interpreter, a borrowed reference: kept in `sys`, so that all modules share it. Null without
    /// an exception when there is no memory.
    fn PyInterpreterState_GetDict(_interpreter: *mut c_void) -> Object;
    uses [PySys_GetObject, PySys_SetObject, PyDict_New, PyErr_Clear, Py_DecRef];
    choose |host| if host.quirks.has_one_interpreter { Choice::HostElse(PyInterpreterState_GetDict as *const _) } else { Choice::Host };
    {
        // SAFETY: the cells are filled; `sys` keeps the reference. Null without an exception when there is no memory.
        unsafe {
            let name = c"__interpreter_dict__".as_ptr();
            let kept = PySys_GetObject(name);
            if !kept.is_null() {
                return kept;
            }
            let dict = PyDict_New();
            if dict.is_null() || PySys_SetObject(name, dict) < 0 {
                PyErr_Clear();
                return null_mut();
            }
            Py_DecRef(dict);
            dict
        }
    }
}

polyfill! {
    /// Sets `SystemError` for an argument of a wrong type, as the macro of the same name without an underscore does.
    fn _PyErr_BadInternalCall(_file: *const c_char, _line: c_int);
    uses [PyErr_BadInternalCall];
    {
        // SAFETY: the cell is filled.
        unsafe { PyErr_BadInternalCall() }
    }
}

polyfill! {
    /// The name of an exception's class, as the type object holds it.
    fn PyExceptionClass_Name(class: Object) -> *const c_char;
    uses [];
    choose |host| if host.quirks.told_type_fields.get().is_some() { Choice::HostElse(PyExceptionClass_Name as *const _) } else { Choice::Host };
    {
        // SAFETY: the caller's class; PyPy's type objects have this field.
        unsafe { class.byte_add(type_offset::NAME).cast::<*const c_char>().read() }
    }
}

const _: () = {
    /// An int as a `size_t`: on PyPy the function for the type of the same size, whose error is the right one.
    #[unsafe(export_name = "cardan_polyfill_PyLong_AsSize_t")]
    static POLYFILL: WithUses<0> = WithUses::chosen(
        |host| {
            if host.is_one_of(const { untrusted("PyLong_AsSize_t") }) {
                Choice::Ours(host.resolve(c"PyLong_AsUnsignedLongLong"))
            } else {
                Choice::Host
            }
        },
        [],
    );
};

polyfill! {
    /// Clears the weak references to an object. PyPy's own, called by a destructor as C code does, ends the process: the object
    /// that it is to look at is gone already, and its weak references with it.
    fn PyObject_ClearWeakRefs(object: Object);
    uses [PyObject_ClearWeakRefs];
    {
        // SAFETY: the caller's object; PyPy's objects start with the count of references, which is 0 in a destructor.
        unsafe {
            if object.cast::<isize>().read() != 0 {
                PyObject_ClearWeakRefs(object);
            }
        }
    }
}

/// `PyObject_CallFinalizerFromDealloc`: finalizes an object in its destructor. On PyPy that is done by then: its collector calls
/// `__del__` of what Python has seen. PyPy's own function does nothing but print a warning.
pub(super) extern "C" fn is_finalized_by_now(_object: Object) -> c_int {
    0
}
