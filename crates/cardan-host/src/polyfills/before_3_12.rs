//! What CPython 3.11 and hosts of its level lack.

use super::before_3_11::attribute;
use super::support;
use crate::detect::Host;
use crate::hosts::cpython::type_object;
use crate::polyfill;
use crate::polyfill::{Choice, WithUses};
use crate::types::{Object, c_char, c_int};
use core::ffi::CStr;
use core::ptr::null_mut;

polyfill! {
    /// The pending exception, which is no longer pending then: a new reference, or null.
    fn PyErr_GetRaisedException() -> Object;
    uses [PyErr_Fetch, PyErr_NormalizeException, PyException_SetTraceback, Py_DecRef];
    {
        let (mut kind, mut exception, mut traceback) = (null_mut(), null_mut(), null_mut());
        // SAFETY: the references are new; two of them are given back.
        unsafe {
            PyErr_Fetch(&mut kind, &mut exception, &mut traceback);
            if kind.is_null() {
                return null_mut();
            }
            PyErr_NormalizeException(&mut kind, &mut exception, &mut traceback);
            if !traceback.is_null() {
                PyException_SetTraceback(exception, traceback);
                Py_DecRef(traceback);
            }
            Py_DecRef(kind);
        }
        exception
    }
}

polyfill! {
    /// Makes an exception pending, and takes the reference; null clears.
    fn PyErr_SetRaisedException(exception: Object);
    uses [PyErr_Restore, PyObject_Type, PyException_GetTraceback];
    {
        // SAFETY: the caller's reference goes to the call, with the two that are made for it.
        unsafe {
            if exception.is_null() {
                PyErr_Restore(null_mut(), null_mut(), null_mut());
            } else {
                PyErr_Restore(PyObject_Type(exception), exception, PyException_GetTraceback(exception));
            }
        }
    }
}

polyfill! {
    /// Chains an exception as the context of the pending one, or makes it pending. Takes the reference.
    fn _PyErr_ChainExceptions1(exception: Object);
    uses [
        PyErr_Occurred, PyException_SetContext, PyErr_Fetch, PyErr_NormalizeException, PyException_SetTraceback, PyErr_Restore,
        PyObject_Type, PyException_GetTraceback, Py_DecRef
    ];
    {
        // SAFETY: the caller's reference goes to the exception that follows, or becomes the pending one.
        unsafe {
            if exception.is_null() {
                return;
            }
            if PyErr_Occurred().is_null() {
                return PyErr_SetRaisedException(exception);
            }
            let later = PyErr_GetRaisedException();
            PyException_SetContext(later, exception);
            PyErr_SetRaisedException(later);
        }
    }
}

polyfill! {
    /// Prints an exception with its traceback to `sys.stderr`.
    fn PyErr_DisplayException(exception: Object);
    uses [
        PyImport_ImportModule, PyObject_CallMethod, PyObject_Type, PyObject_GetAttrString, PyErr_Clear, Py_DecRef
    ];
    {
        // SAFETY: the caller's object; the references made here are given back. The function cannot fail.
        unsafe {
            let class = PyObject_Type(exception);
            let module = PyImport_ImportModule(c"traceback".as_ptr());
            let traceback = PyObject_GetAttrString(exception, c"__traceback__".as_ptr());
            let mut result = null_mut();
            if !module.is_null() && !traceback.is_null() {
                let name = c"print_exception".as_ptr();
                result = PyObject_CallMethod()(module, name, c"OOO".as_ptr(), class, exception, traceback);
            }
            if result.is_null() {
                PyErr_Clear();
            }
            for object in [result, traceback, module, class] {
                if !object.is_null() {
                    Py_DecRef(object);
                }
            }
        }
    }
}

attribute! {
    /// The arguments of an exception.
    fn PyException_GetArgs = c"args";
}

polyfill! {
    /// Sets the arguments of an exception.
    fn PyException_SetArgs(exception: Object, arguments: Object);
    uses [PyObject_SetAttrString, PyErr_Clear];
    {
        // SAFETY: the caller's objects. The function cannot fail.
        unsafe {
            if PyObject_SetAttrString(exception, c"args".as_ptr(), arguments) < 0 {
                PyErr_Clear();
            }
        }
    }
}

polyfill! {
    /// The value of a variable of a frame, a new reference.
    fn PyFrame_GetVar(frame: Object, name: Object) -> Object;
    uses [
        PyObject_GetAttrString, PyObject_GetItem, PyObject_Type, PyType_GetFlags, PyErr_ExceptionMatches, PyErr_Clear, PyErr_Format,
        Py_DecRef
    ];
    data [PyExc_KeyError, PyExc_NameError, PyExc_TypeError];
    {
        // SAFETY: the caller's objects; the reference made here is given back.
        unsafe {
            if !support::has_type_flag(name, support::type_flag::UNICODE) {
                support::type_error_about(name, c"name must be str, not %U");
                return null_mut();
            }
            let locals = PyObject_GetAttrString(frame, c"f_locals".as_ptr());
            if locals.is_null() {
                return null_mut();
            }
            let found = PyObject_GetItem(locals, name);
            Py_DecRef(locals);
            if found.is_null() && support::absent_if(&PyExc_KeyError) == 0 {
                PyErr_Format()(crate::bind::value(&PyExc_NameError), c"variable %R does not exist".as_ptr(), name);
            }
            found
        }
    }
}

polyfill! {
    /// The value of a variable of a frame by a name in UTF-8, a new reference.
    fn PyFrame_GetVarString(frame: Object, name: *const c_char) -> Object;
    uses [
        PyUnicode_FromString, PyObject_GetAttrString, PyObject_GetItem, PyObject_Type, PyType_GetFlags, PyErr_ExceptionMatches,
        PyErr_Clear, PyErr_Format, Py_DecRef
    ];
    data [PyExc_KeyError, PyExc_NameError, PyExc_TypeError];
    {
        // SAFETY: the caller's arguments; the reference made here is given back.
        unsafe {
            let text = PyUnicode_FromString(name);
            if text.is_null() {
                return null_mut();
            }
            let found = PyFrame_GetVar(frame, text);
            Py_DecRef(text);
            found
        }
    }
}

polyfill! {
    /// The code of a generator, a new reference.
    fn PyGen_GetCode(generator: Object) -> Object;
    uses [PyObject_GetAttrString];
    {
        // SAFETY: the caller's object and a C string.
        unsafe { PyObject_GetAttrString(generator, c"gi_code".as_ptr()) }
    }
}

/// The numbers that are compact everywhere have at most this many bits.
const COMPACT_BITS: u32 = 30;

polyfill! {
    /// Whether an int is so small that [`PyUnstable_Long_CompactValue`] gives it.
    fn PyUnstable_Long_IsCompact(number: Object) -> c_int;
    uses [PyLong_AsLongLongAndOverflow];
    {
        let mut overflow = 0;
        // SAFETY: the caller's int, for which the conversion cannot fail otherwise.
        let value = unsafe { PyLong_AsLongLongAndOverflow(number, &mut overflow) };
        c_int::from(overflow == 0 && value.unsigned_abs() < 1 << COMPACT_BITS)
    }
}

polyfill! {
    /// The value of an int that is compact.
    fn PyUnstable_Long_CompactValue(number: Object) -> isize;
    uses [PyLong_AsSsize_t];
    {
        // SAFETY: the caller's int.
        unsafe { PyLong_AsSsize_t(number) }
    }
}

polyfill! {
    /// The dict of a type, a new reference. Missing where the layout of a type is not known.
    fn PyType_GetDict(class: Object) -> Object;
    uses [Py_IncRef];
    choose |host| match type_dict_offset(host) {
        Some(_) => Choice::HostElse(PyType_GetDict as *const _),
        None => Choice::Host,
    };
    {
        // SAFETY: chosen only where a type has this field. The type keeps its dict alive.
        unsafe {
            let Some(offset) = type_dict_offset(crate::detect::known()) else { return null_mut() };
            let dict = class.byte_add(offset).cast::<Object>().read();
            Py_IncRef(dict);
            dict
        }
    }
}

/// Where a type keeps its dict, in bytes from its start.
fn type_dict_offset(host: &Host) -> Option<usize> {
    let start = if host.quirks.keeps_dicts_of_types { host.layout.type_fields.get() } else { None };
    start.or(host.quirks.told_type_fields.get()).map(|start| start + type_object::DICT)
}

/// The functions that make code objects have had these arguments since CPython 3.11, and another name since 3.12. Older ones
/// of the same name, PyPy's and GraalPy's take others: they are not the function that is meant.
fn since_3_11(host: &Host, before_3_12: &CStr, since_3_12: &CStr) -> Choice {
    if !host.quirks.takes_code_of_3_11 {
        return Choice::Missing;
    }
    let own = host.resolve(since_3_12);
    Choice::Ours(if own.is_null() { host.resolve(before_3_12) } else { own })
}

/// Stand-ins for functions that are known under two names.
macro_rules! code {
    ($($(#[$attribute:meta])* $name:ident = $before_3_12:literal, $since_3_12:literal;)*) => {
        $(const _: () = {
            $(#[$attribute])*
            #[unsafe(export_name = concat!("cardan_polyfill_", stringify!($name)))]
            static POLYFILL: WithUses<0> =
                WithUses::chosen(|host| since_3_11(host, $before_3_12, $since_3_12), []);
        };)*
    };
}

code! {
    /// A code object.
    PyUnstable_Code_New = c"PyCode_New", c"PyUnstable_Code_New";
    /// A code object with positional-only parameters.
    PyUnstable_Code_NewWithPosOnlyArgs = c"PyCode_NewWithPosOnlyArgs", c"PyUnstable_Code_NewWithPosOnlyArgs";
    /// A code object.
    PyCode_New = c"PyCode_New", c"PyUnstable_Code_New";
    /// A code object with positional-only parameters.
    PyCode_NewWithPosOnlyArgs = c"PyCode_NewWithPosOnlyArgs", c"PyUnstable_Code_NewWithPosOnlyArgs";
}
