//! Functions, cells, generators and code objects.

use super::library;
use crate::detect::Host;
use crate::polyfill;
use crate::polyfill::Choice;
use crate::polyfills::support::{self, type_flag};
use crate::types::{Object, c_int, c_ulong};
use core::ffi::CStr;
use core::ptr::null_mut;

library! {
    /// A function from its code and its globals.
    fn PyFunction_New(code: Object, globals: Object) = c"types".c"FunctionType"(c"(OO)", code, globals);
}

polyfill! {
    /// A function with a qualified name of its own.
    fn PyFunction_NewWithQualName(code: Object, globals: Object, name: Object) -> Object;
    uses [PyImport_ImportModule, PyObject_CallMethod, PyObject_SetAttrString, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let function = PyFunction_New(code, globals);
            if function.is_null() || name.is_null() || PyObject_SetAttrString(function, c"__qualname__".as_ptr(), name) == 0 {
                return function;
            }
            Py_DecRef(function);
            null_mut()
        }
    }
}

/// Sets an attribute of a function to an object of a built-in type or to `None`. 0, or -1 with `SystemError` for other objects.
unsafe fn set_of_function(function: Object, name: &CStr, content: Object, flag: c_ulong, message: &CStr) -> c_int {
    use crate::functions::{Py_DecRef, PyErr_SetString, PyObject_IsInstance, PyObject_SetAttrString, data};
    // SAFETY: the callers list these cells; the class is given back.
    unsafe {
        if function.is_null() || content.is_null() {
            return support::bad_internal_call();
        }
        let class = support::module_attribute(c"types", c"FunctionType");
        if class.is_null() {
            return -1;
        }
        let is_function = PyObject_IsInstance(function, class);
        Py_DecRef(class);
        match is_function {
            1 if content == support::none() || support::has_type_flag(content, flag) => {
                PyObject_SetAttrString(function, name.as_ptr(), content)
            }
            1 => {
                PyErr_SetString(crate::bind::value(&data::PyExc_SystemError), message.as_ptr());
                -1
            }
            0 => support::bad_internal_call(),
            _ => -1,
        }
    }
}

/// Stand-ins that set an attribute of a function. 0, or -1 with an exception.
macro_rules! set {
    ($($(#[$attribute:meta])* fn $name:ident = $python:literal, $flag:expr, $message:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(function: Object, content: Object) -> c_int;
            uses [
                PyImport_ImportModule, PyObject_GetAttrString, PyObject_IsInstance, PyObject_SetAttrString, PyObject_Type,
                PyType_GetFlags, PyErr_SetString, PyErr_BadInternalCall, Py_BuildValue, Py_DecRef
            ];
            data [PyExc_SystemError];
            {
                // SAFETY: the arguments are the caller's.
                unsafe { set_of_function(function, $python, content, $flag, $message) }
            }
        })*
    };
}

set! {
    /// Sets the defaults of positional parameters, a tuple or `None`.
    fn PyFunction_SetDefaults = c"__defaults__", type_flag::TUPLE, c"non-tuple default args";
    /// Sets the defaults of keyword-only parameters, a dict or `None`.
    fn PyFunction_SetKwDefaults = c"__kwdefaults__", type_flag::DICT, c"non-dict keyword only default args";
    /// Sets the annotations, a dict or `None`.
    fn PyFunction_SetAnnotations = c"__annotations__", type_flag::DICT, c"non-dict annotations";
}

/// GraalPy cannot hand a cell to C at all.
fn cells(host: &Host, ours: *const crate::types::c_void) -> Choice {
    if host.quirks.has_cells { Choice::HostElse(ours) } else { Choice::Host }
}

polyfill! {
    /// A cell that holds an object, or nothing for null.
    fn PyCell_New(content: Object) -> Object;
    uses [PyImport_ImportModule, PyObject_CallMethod, Py_DecRef];
    choose |host| cells(host, PyCell_New as *const _);
    {
        // SAFETY: the caller's object; the module is given back.
        unsafe {
            let module = PyImport_ImportModule(c"types".as_ptr());
            if module.is_null() {
                return module;
            }
            let name = c"CellType".as_ptr();
            let cell = if content.is_null() {
                PyObject_CallMethod()(module, name, core::ptr::null())
            } else {
                PyObject_CallMethod()(module, name, c"(O)".as_ptr(), content)
            };
            Py_DecRef(module);
            cell
        }
    }
}

polyfill! {
    /// What a cell holds, a new reference, or null without an exception if it is empty.
    fn PyCell_Get(cell: Object) -> Object;
    uses [PyObject_GetAttrString, PyErr_ExceptionMatches, PyErr_Clear];
    data [PyExc_ValueError];
    choose |host| cells(host, PyCell_Get as *const _);
    {
        // SAFETY: the caller's cell.
        unsafe {
            let content = PyObject_GetAttrString(cell, c"cell_contents".as_ptr());
            if content.is_null() {
                support::absent_if(&PyExc_ValueError);
            }
            content
        }
    }
}

polyfill! {
    /// Sets what a cell holds; null empties it. 0, or -1 with an exception.
    fn PyCell_Set(cell: Object, content: Object) -> c_int;
    uses [PyObject_SetAttrString];
    choose |host| cells(host, PyCell_Set as *const _);
    {
        // SAFETY: the arguments are the caller's.
        unsafe { PyObject_SetAttrString(cell, c"cell_contents".as_ptr(), content) }
    }
}

polyfill! {
    /// How many free variables a code object has.
    fn PyCode_GetNumFree(code: Object) -> isize;
    uses [PyObject_GetAttrString, PyTuple_Size, Py_DecRef];
    {
        // SAFETY: the caller's code object; the reference made here is given back.
        unsafe {
            let names = PyObject_GetAttrString(code, c"co_freevars".as_ptr());
            if names.is_null() {
                return -1;
            }
            let count = PyTuple_Size(names);
            Py_DecRef(names);
            count
        }
    }
}
