//! What PyPy has since its 3.10 and lacked in its 3.9.

use super::super::before_3_11::attribute;
use crate::polyfill;
use crate::types::{Object, c_char, c_int, c_void};

attribute! {
    /// The name of a module.
    fn PyModule_GetNameObject = c"__name__";
    /// The file of a module.
    fn PyModule_GetFilenameObject = c"__file__";
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
