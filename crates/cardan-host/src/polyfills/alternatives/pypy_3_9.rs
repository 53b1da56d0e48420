//! What PyPy has since its 3.10 and lacked in its 3.9.

use crate::bind::value;
use crate::polyfill;
use crate::polyfills::support::{self, type_flag};
use crate::types::{Object, c_char, c_int, c_void};
use core::ptr::null_mut;

/// Stand-ins that give a str that a module has as an attribute: a new reference, or null with `SystemError` if there is none.
macro_rules! text_of_module {
    ($($(#[$attribute:meta])* fn $name:ident = $python:literal or $message:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(module: Object) -> Object;
            uses [
                PyObject_IsInstance, PyObject_GetAttrString, PyObject_Type, PyType_GetFlags, PyErr_ExceptionMatches, PyErr_Clear,
                PyErr_SetString, Py_DecRef
            ];
            data [PyModule_Type, PyExc_AttributeError, PyExc_SystemError, PyExc_TypeError];
            {
                // SAFETY: the caller's object; an attribute that is no str is given back.
                unsafe {
                    match PyObject_IsInstance(module, PyModule_Type.address().cast()) {
                        1 => {}
                        0 => {
                            let message = c"bad argument type for built-in operation".as_ptr();
                            PyErr_SetString(value(&PyExc_TypeError), message);
                            return null_mut();
                        }
                        _ => return null_mut(),
                    }
                    let found = PyObject_GetAttrString(module, $python.as_ptr());
                    if found.is_null() {
                        if support::absent_if(&PyExc_AttributeError) < 0 {
                            return found;
                        }
                    } else if support::has_type_flag(found, type_flag::UNICODE) {
                        return found;
                    } else {
                        Py_DecRef(found);
                    }
                    PyErr_SetString(value(&PyExc_SystemError), $message.as_ptr());
                    null_mut()
                }
            }
        })*
    };
}

text_of_module! {
    /// The name of a module.
    fn PyModule_GetNameObject = c"__name__" or c"nameless module";
    /// The file of a module.
    fn PyModule_GetFilenameObject = c"__file__" or c"module filename missing";
}

polyfill! {
    /// Imports a module, absolutely or from a package.
    fn PyImport_ImportModuleLevel(name: *const c_char, globals: Object, locals: Object, names: Object, level: c_int) -> Object;
    uses [PyUnicode_FromString, PyImport_ImportModuleLevelObject, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's; the name that is made is given back.
        unsafe {
            let text = PyUnicode_FromString(name);
            if text.is_null() {
                return text;
            }
            let module = PyImport_ImportModuleLevelObject(text, globals, locals, names, level);
            Py_DecRef(text);
            module
        }
    }
}

polyfill! {
    /// Raises an exception with a message by a format and a `va_list`. Always null.
    fn PyErr_FormatV(class: Object, format: *const c_char, arguments: *mut c_void) -> Object;
    uses [PyUnicode_FromFormatV, PyErr_SetObject, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's; the message that is made is given back.
        unsafe {
            let message = PyUnicode_FromFormatV(format, arguments);
            if !message.is_null() {
                PyErr_SetObject(class, message);
                Py_DecRef(message);
            }
            core::ptr::null_mut()
        }
    }
}
