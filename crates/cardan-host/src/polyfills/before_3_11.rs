//! What CPython 3.10 and hosts of its level lack.

use super::support;
use crate::polyfill;
use crate::polyfill::{Choice, WithUses};
use crate::types::{Object, c_int};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicUsize, Ordering};

/// The version of the C API that modules are compiled for, as `PY_VERSION_HEX` of `patchlevel.h`.
const COMPILED_FOR: u32 = 0x030C_00F0;

/// The variable `Py_Version` of a module.
static VERSION: AtomicUsize = AtomicUsize::new(COMPILED_FOR as usize);

const _: () = {
    /// The variable `Py_Version`: the host's version, and at least the one that the module was compiled for. Code that
    /// compares the two means to find a mismatch of layouts, and there is none.
    #[unsafe(export_name = "cardan_polyfill_Py_Version")]
    static POLYFILL: WithUses<0> = WithUses::chosen(
        |host| {
            VERSION.store(host.version().max(COMPILED_FOR) as usize, Ordering::Relaxed);
            Choice::Ours((&raw const VERSION).cast())
        },
        [],
    );
};

polyfill! {
    /// Calls an object with the arguments in an array.
    fn PyObject_Vectorcall(callable: Object, arguments: *const Object, count: usize, names: Object) -> Object;
    uses [PyObject_VectorcallDict, PyTuple_Size, PyTuple_GetItem, PyDict_New, PyDict_SetItem, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's: the values of keywords follow the positional ones.
        unsafe {
            let named = if names.is_null() { 0 } else { PyTuple_Size(names) };
            if named == 0 {
                return PyObject_VectorcallDict(callable, arguments, count, null_mut());
            }
            let keywords = PyDict_New();
            if keywords.is_null() {
                return null_mut();
            }
            let values = arguments.add(super::macros::positional(count));
            for index in 0..named {
                let value = values.offset(index).read();
                if PyDict_SetItem(keywords, PyTuple_GetItem(names, index), value) < 0 {
                    Py_DecRef(keywords);
                    return null_mut();
                }
            }
            let result = PyObject_VectorcallDict(callable, arguments, count, keywords);
            Py_DecRef(keywords);
            result
        }
    }
}

polyfill! {
    /// Calls an object with one positional argument.
    fn PyObject_CallOneArg(callable: Object, argument: Object) -> Object;
    uses [PyObject_VectorcallDict];
    {
        // The callee may use the place in front of the arguments.
        let mut arguments = [null_mut(), argument];
        // SAFETY: the flag says what is true of the array.
        unsafe {
            let first = arguments.as_mut_ptr().add(1);
            PyObject_VectorcallDict(callable, first, 1 | super::macros::VECTORCALL_ARGUMENTS_OFFSET, null_mut())
        }
    }
}

polyfill! {
    /// The exception that is being handled, a new reference, or null if there is none.
    fn PyErr_GetHandledException() -> Object;
    uses [PyErr_GetExcInfo, Py_BuildValue, Py_DecRef];
    // PyPy's own gives `None` where there is none.
    {
        let (mut kind, mut exception, mut traceback) = (null_mut(), null_mut(), null_mut());
        // SAFETY: the references are new; two of them are given back.
        unsafe {
            PyErr_GetExcInfo(&mut kind, &mut exception, &mut traceback);
            for object in [kind, traceback] {
                if !object.is_null() {
                    Py_DecRef(object);
                }
            }
            if !exception.is_null() && exception == support::none() {
                Py_DecRef(exception);
                return null_mut();
            }
        }
        exception
    }
}

polyfill! {
    /// Makes an exception, `None` or null the one that is being handled.
    fn PyErr_SetHandledException(exception: Object);
    uses [PyErr_SetExcInfo, PyObject_Type, PyException_GetTraceback, Py_BuildValue, Py_IncRef, Py_DecRef];
    {
        // SAFETY: the caller's object; the call takes the references that are made for it.
        unsafe {
            if exception.is_null() || exception == support::none() {
                PyErr_SetExcInfo(null_mut(), null_mut(), null_mut());
                return;
            }
            Py_IncRef(exception);
            PyErr_SetExcInfo(PyObject_Type(exception), exception, PyException_GetTraceback(exception));
        }
    }
}

/// Stand-ins that read an attribute: a new reference, or null with an exception. Some of PyPy's own take an attribute of another
/// name.
macro_rules! attribute {
    ($($(#[$attribute:meta])* fn $name:ident = $python:literal;)*) => {
        $($crate::polyfill! {
            $(#[$attribute])*
            fn $name(object: Object) -> Object;
            uses [PyObject_GetAttrString];
            {
                // SAFETY: the caller's object and a C string.
                unsafe { PyObject_GetAttrString(object, $python.as_ptr()) }
            }
        })*
    };
}
pub(crate) use attribute;

attribute! {
    /// The name of a type.
    fn PyType_GetName = c"__name__";
    /// The qualified name of a type.
    fn PyType_GetQualName = c"__qualname__";
    /// The builtins of a frame.
    fn PyFrame_GetBuiltins = c"f_builtins";
    /// The globals of a frame.
    fn PyFrame_GetGlobals = c"f_globals";
    /// The locals of a frame.
    fn PyFrame_GetLocals = c"f_locals";
    /// The bytecode of a code object.
    fn PyCode_GetCode = c"co_code";
    /// The names of the cell variables of a code object.
    fn PyCode_GetCellvars = c"co_cellvars";
    /// The names of the free variables of a code object.
    fn PyCode_GetFreevars = c"co_freevars";
    /// The names of the local variables of a code object.
    fn PyCode_GetVarnames = c"co_varnames";
}

polyfill! {
    /// The index of the last instruction of a frame, or -1.
    fn PyFrame_GetLasti(frame: Object) -> c_int;
    uses [PyObject_GetAttrString, PyLong_AsLong, PyErr_Clear, Py_DecRef];
    {
        // SAFETY: the caller's frame; the reference is given back. The function cannot fail.
        unsafe {
            let index = PyObject_GetAttrString(frame, c"f_lasti".as_ptr());
            if index.is_null() {
                PyErr_Clear();
                return -1;
            }
            let number = PyLong_AsLong(index);
            Py_DecRef(index);
            number as c_int
        }
    }
}
