//! The interpreter, `sys`, imports, and running source text.

use super::library;
use crate::polyfill;
use crate::polyfills::support::{self, alias};
use crate::types::{Object, c_char, c_int};
use core::ffi::CStr;
use core::ptr::null_mut;

alias! {
    /// The thread state of this thread, or null if it has none.
    _PyThreadState_UncheckedGet = c"PyThreadState_GetUnchecked";
    /// Whether the interpreter is shutting down.
    _Py_IsFinalizing = c"Py_IsFinalizing";
    /// Attaches this thread with a thread state.
    PyEval_AcquireThread = c"PyEval_RestoreThread";
    /// Detaches this thread.
    PyEval_ReleaseThread = c"PyEval_SaveThread";
    /// Calls a function with arguments by a format.
    PyEval_CallFunction = c"PyObject_CallFunction";
    /// Calls a method with arguments by a format.
    PyEval_CallMethod = c"PyObject_CallMethod";
    /// Calls an object.
    PyCFunction_Call = c"PyObject_Call";
}

library! {
    /// Loads a module again.
    fn PyImport_ReloadModule(module: Object) = c"importlib".c"reload"(c"(O)", module);
    /// The importer of an entry of the module path.
    fn PyImport_GetImporter(path: Object) = c"pkgutil".c"get_importer"(c"(O)", path);
    /// An object as `marshal` writes it.
    fn PyMarshal_WriteObjectToString(object: Object, version: c_int) = c"marshal".c"dumps"(c"(Oi)", object, version);
    /// A file object on a file descriptor.
    fn PyFile_FromFd(
        descriptor: c_int, _name: *const c_char, mode: *const c_char, buffering: c_int, encoding: *const c_char,
        errors: *const c_char, newline: *const c_char, close: c_int
    ) = c"io".c"open"(c"(isizzzi)", descriptor, mode, buffering, encoding, errors, newline, close);
}

polyfill! {
    /// Sets the bound of recursion.
    fn Py_SetRecursionLimit(limit: c_int);
    uses [PyImport_ImportModule, PyObject_CallMethod, PyErr_Clear, Py_DecRef];
    {
        // SAFETY: the cells are filled. The function cannot fail.
        unsafe {
            let system = PyImport_ImportModule(c"sys".as_ptr());
            let mut result = system;
            if !system.is_null() {
                result = PyObject_CallMethod()(system, c"setrecursionlimit".as_ptr(), c"(i)".as_ptr(), limit);
                Py_DecRef(system);
            }
            if super::status(result) < 0 {
                PyErr_Clear();
            }
        }
    }
}

polyfill! {
    /// The bound of recursion.
    fn Py_GetRecursionLimit() -> c_int;
    uses [PyImport_ImportModule, PyObject_GetAttrString, PyObject_CallFunctionObjArgs, PyLong_AsLong, PyErr_Clear, Py_DecRef];
    {
        // SAFETY: the cells are filled; what is made is given back. The function cannot fail.
        unsafe {
            let limit = support::call_module_function(c"sys", c"getrecursionlimit");
            if limit.is_null() {
                PyErr_Clear();
                return 0;
            }
            let number = PyLong_AsLong(limit);
            Py_DecRef(limit);
            number as c_int
        }
    }
}

/// Stand-ins that read an attribute of a module: a new reference, or null with an exception.
macro_rules! module_attribute {
    ($($(#[$attribute:meta])* fn $name:ident = $module:literal.$python:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name() -> Object;
            uses [PyImport_ImportModule, PyObject_GetAttrString, Py_DecRef];
            {
                // SAFETY: the cells are filled.
                unsafe { support::module_attribute($module, $python) }
            }
        })*
    };
}

module_attribute! {
    /// What is known of floats.
    fn PyFloat_GetInfo = c"sys".c"float_info";
    /// What is known of ints.
    fn PyLong_GetInfo = c"sys".c"int_info";
    /// What is known of threads.
    fn PyThread_GetInfo = c"sys".c"thread_info";
}

polyfill! {
    /// The largest float.
    fn PyFloat_GetMax() -> f64;
    uses [];
    { f64::MAX }
}

polyfill! {
    /// The smallest normalised float above zero.
    fn PyFloat_GetMin() -> f64;
    uses [];
    { f64::MIN_POSITIVE }
}

polyfill! {
    /// The options of `-X`, a borrowed reference.
    fn PySys_GetXOptions() -> Object;
    uses [PySys_GetObject];
    {
        // SAFETY: the cell is filled.
        unsafe { PySys_GetObject(c"_xoptions".as_ptr()) }
    }
}

polyfill! {
    /// Whether there are options of `-W`.
    fn PySys_HasWarnOptions() -> c_int;
    uses [PySys_GetObject, PyObject_Size, PyErr_Clear];
    {
        // SAFETY: the cells are filled. The function cannot fail.
        unsafe {
            let options = PySys_GetObject(c"warnoptions".as_ptr());
            let count = if options.is_null() { 0 } else { PyObject_Size(options) };
            if count < 0 {
                PyErr_Clear();
            }
            c_int::from(count > 0)
        }
    }
}

polyfill! {
    /// Sets an attribute of `sys`, or deletes it for null. 0, or -1 with an exception.
    fn PySys_SetObject(name: *const c_char, object: Object) -> c_int;
    uses [PyImport_ImportModule, PyObject_SetAttrString, PyErr_ExceptionMatches, PyErr_Clear, Py_DecRef];
    data [PyExc_AttributeError];
    {
        // SAFETY: the arguments are the caller's; the module is given back.
        unsafe {
            let system = PyImport_ImportModule(c"sys".as_ptr());
            if system.is_null() {
                return -1;
            }
            let outcome = PyObject_SetAttrString(system, name, object);
            Py_DecRef(system);
            // What is not there is deleted already.
            if outcome < 0 && object.is_null() { support::absent_if(&PyExc_AttributeError) } else { outcome }
        }
    }
}

/// A C string from an attribute of `sys`, which is kept for good. Null where there is none.
unsafe fn kept_string(name: &CStr) -> *const c_char {
    use crate::functions::{Py_IncRef, PyErr_Clear, PySys_GetObject, PyUnicode_AsUTF8AndSize};
    // SAFETY: the callers list these cells. The further reference keeps the str.
    unsafe {
        let text = PySys_GetObject(name.as_ptr());
        if text.is_null() {
            return core::ptr::null();
        }
        Py_IncRef(text);
        let bytes = PyUnicode_AsUTF8AndSize(text, null_mut());
        if bytes.is_null() {
            PyErr_Clear();
        }
        bytes
    }
}

/// Stand-ins that give a C string from `sys`.
macro_rules! string {
    ($($(#[$attribute:meta])* fn $name:ident = $python:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name() -> *const c_char;
            uses [PySys_GetObject, PyUnicode_AsUTF8AndSize, PyErr_Clear, Py_IncRef];
            {
                // SAFETY: the cells are filled.
                unsafe { kept_string($python) }
            }
        })*
    };
}

string! {
    /// The name of the platform.
    fn Py_GetPlatform = c"platform";
    /// The copyright notice.
    fn Py_GetCopyright = c"copyright";
}

polyfill! {
    /// The module of this name, made if there is none: a borrowed reference.
    fn PyImport_AddModuleObject(name: Object) -> Object;
    uses [PyUnicode_AsUTF8AndSize, PyImport_AddModule];
    {
        // SAFETY: the caller's str, which holds the text.
        unsafe {
            let text = PyUnicode_AsUTF8AndSize(name, null_mut());
            if text.is_null() { null_mut() } else { PyImport_AddModule(text) }
        }
    }
}

polyfill! {
    /// Sets the documentation of a module. 0, or -1 with an exception.
    fn PyModule_SetDocString(module: Object, text: *const c_char) -> c_int;
    uses [Py_BuildValue, PyObject_SetAttrString, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's; `z` makes `None` of null.
        unsafe {
            let documentation = Py_BuildValue()(c"z".as_ptr(), text);
            if documentation.is_null() {
                return -1;
            }
            let outcome = PyObject_SetAttrString(module, c"__doc__".as_ptr(), documentation);
            Py_DecRef(documentation);
            outcome
        }
    }
}

polyfill! {
    /// Reads what `marshal` wrote.
    fn PyMarshal_ReadObjectFromString(bytes: *const c_char, size: isize) -> Object;
    uses [PyBytes_FromStringAndSize, PyImport_ImportModule, PyObject_CallMethod, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's; what is made on the way is given back.
        unsafe {
            let data = PyBytes_FromStringAndSize(bytes, size);
            if data.is_null() {
                return data;
            }
            let module = PyImport_ImportModule(c"marshal".as_ptr());
            let mut object = module;
            if !module.is_null() {
                object = PyObject_CallMethod()(module, c"loads".as_ptr(), c"(O)".as_ptr(), data);
                Py_DecRef(module);
            }
            Py_DecRef(data);
            object
        }
    }
}

/// What `compile` calls the start symbols of the grammar, by the numbers of the C API.
const fn mode(start: c_int) -> &'static CStr {
    match start {
        256 => c"single",
        258 => c"eval",
        _ => c"exec",
    }
}

polyfill! {
    /// Compiles source text for an optimisation level, with the file's name as an object. Flags are not taken.
    fn Py_CompileStringObject(source: *const c_char, file: Object, start: c_int, flags: *mut c_int, level: c_int) -> Object;
    uses [PyImport_ImportModule, PyObject_CallMethod, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's; the module is given back. The flags are the first field of their struct.
        unsafe {
            let builtins = PyImport_ImportModule(c"builtins".as_ptr());
            if builtins.is_null() {
                return builtins;
            }
            let bits = if flags.is_null() { 0 } else { flags.read() };
            let (name, format) = (c"compile".as_ptr(), c"(sOsiii)".as_ptr());
            let mode = mode(start).as_ptr();
            let code = PyObject_CallMethod()(builtins, name, format, source, file, mode, bits, 1 as c_int, level);
            Py_DecRef(builtins);
            code
        }
    }
}

polyfill! {
    /// Compiles source text for an optimisation level.
    fn Py_CompileStringExFlags(source: *const c_char, file: *const c_char, start: c_int, flags: *mut c_int, level: c_int) -> Object;
    uses [PyUnicode_FromString, PyImport_ImportModule, PyObject_CallMethod, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's; the name is given back.
        unsafe {
            let name = PyUnicode_FromString(file);
            if name.is_null() {
                return name;
            }
            let code = Py_CompileStringObject(source, name, start, flags, level);
            Py_DecRef(name);
            code
        }
    }
}

polyfill! {
    /// Runs source text: what it evaluates to, a new reference.
    fn PyRun_String(source: *const c_char, start: c_int, globals: Object, locals: Object) -> Object;
    uses [PyEval_EvalCode, Py_DecRef];
    may_use [Py_CompileString, Py_CompileStringFlags];
    {
        // SAFETY: the arguments are the caller's; the code is given back. A host has one of the two functions.
        unsafe {
            let file = c"<string>".as_ptr();
            let code = if crate::functions::cells::Py_CompileString.address().is_null() {
                Py_CompileStringFlags(source, file, start, null_mut())
            } else {
                Py_CompileString(source, file, start)
            };
            if code.is_null() {
                return code;
            }
            let result = PyEval_EvalCode(code, globals, locals);
            Py_DecRef(code);
            result
        }
    }
}

polyfill! {
    /// Runs source text in `__main__`. 0, or -1 once the exception was printed.
    fn PyRun_SimpleString(source: *const c_char) -> c_int;
    uses [PyEval_EvalCode, PyImport_AddModule, PyModule_GetDict, PyErr_Print, Py_DecRef];
    may_use [Py_CompileString, Py_CompileStringFlags];
    // PyPy's own leaves the exception pending.
    {
        const FILE_INPUT: c_int = 257;
        // SAFETY: the caller's C string; what is made on the way is given back.
        unsafe {
            let module = PyImport_AddModule(c"__main__".as_ptr());
            if module.is_null() {
                return -1;
            }
            let globals = PyModule_GetDict(module);
            let result = PyRun_String(source, FILE_INPUT, globals, globals);
            if result.is_null() {
                PyErr_Print();
                return -1;
            }
            Py_DecRef(result);
            0
        }
    }
}

/// The list of the objects whose `repr` is being made by this thread, a borrowed reference. Null without an exception if
/// there is none and none is asked for, or with one.
unsafe fn being_shown(make: bool) -> Object {
    use crate::functions::{Py_DecRef, PyDict_GetItemString, PyDict_SetItemString, PyList_New, PyThreadState_GetDict};
    const NAME: &CStr = c"Py_Repr";
    // SAFETY: the callers list these cells; the dict keeps the list.
    unsafe {
        let dict = PyThreadState_GetDict();
        if dict.is_null() {
            return dict;
        }
        let list = PyDict_GetItemString(dict, NAME.as_ptr());
        if !list.is_null() || !make {
            return list;
        }
        let list = PyList_New(0);
        if !list.is_null() {
            PyDict_SetItemString(dict, NAME.as_ptr(), list);
            Py_DecRef(list);
        }
        list
    }
}

polyfill! {
    /// Begins the `repr` of an object that may contain itself: 0, 1 if that has begun already, -1 with an exception.
    fn Py_ReprEnter(object: Object) -> c_int;
    uses [
        PyThreadState_GetDict, PyDict_GetItemString, PyDict_SetItemString, PyList_New, PyList_Size, PyList_GetItem, PyList_Append,
        PyErr_Occurred, Py_DecRef
    ];
    {
        // SAFETY: the caller's object.
        unsafe {
            let list = being_shown(true);
            if list.is_null() {
                return if PyErr_Occurred().is_null() { 0 } else { -1 };
            }
            for index in 0..PyList_Size(list) {
                if PyList_GetItem(list, index) == object {
                    return 1;
                }
            }
            PyList_Append(list, object)
        }
    }
}

polyfill! {
    /// Ends what `Py_ReprEnter` began. It cannot fail.
    fn Py_ReprLeave(object: Object);
    uses [
        PyThreadState_GetDict, PyDict_GetItemString, PyDict_SetItemString, PyList_New, PyList_Size, PyList_GetItem, PyList_SetSlice,
        PyErr_Fetch, PyErr_Restore, PyErr_Clear, Py_DecRef
    ];
    {
        // SAFETY: the caller's object. An error is dropped.
        unsafe {
            support::with_exception_aside(|| {
                let list = being_shown(false);
                if !list.is_null() {
                    for index in (0..PyList_Size(list)).rev() {
                        if PyList_GetItem(list, index) == object {
                            PyList_SetSlice(list, index, index + 1, null_mut());
                            break;
                        }
                    }
                }
                PyErr_Clear();
            });
        }
    }
}

polyfill! {
    /// Runs the garbage collector: how many objects it could not reach.
    fn PyGC_Collect() -> isize;
    uses [
        PyImport_ImportModule, PyObject_GetAttrString, PyObject_CallFunctionObjArgs, PyLong_AsSsize_t, PyErr_Fetch, PyErr_Restore,
        PyErr_Clear, Py_DecRef
    ];
    {
        // SAFETY: the cells are filled; what is made is given back. The function cannot fail.
        unsafe {
            support::with_exception_aside(|| {
                let count = support::call_module_function(c"gc", c"collect");
                let number = if count.is_null() { 0 } else { PyLong_AsSsize_t(count) };
                Py_DecRef(count);
                PyErr_Clear();
                number.max(0)
            })
        }
    }
}

polyfill! {
    /// Clears the cache of types' attributes, where there is one: the tag of its version, 0 where there is none.
    fn PyType_ClearCache() -> core::ffi::c_uint;
    uses [];
    { 0 }
}

polyfill! {
    /// Ends the process with a message on stderr; does not return.
    fn Py_FatalError(message: *const c_char);
    uses [PySys_WriteStderr];
    {
        unsafe extern "C" {
            fn abort() -> !;
        }
        // SAFETY: the caller's C string; abort takes nothing and never returns.
        unsafe {
            PySys_WriteStderr()(c"Fatal Python error: %s\n".as_ptr(), message);
            abort()
        }
    }
}

polyfill! {
    /// Ends the process with the name of a function and a message; does not return. Only the message is shown.
    fn _Py_FatalErrorFunc(_function: *const c_char, message: *const c_char);
    uses [Py_FatalError];
    {
        // SAFETY: the caller's C string.
        unsafe { Py_FatalError(message) }
    }
}

polyfill! {
    /// Resets a context variable to what it was. 0, or -1 with an exception.
    fn PyContextVar_Reset(variable: Object, token: Object) -> c_int;
    uses [
        PyImport_ImportModule, PyObject_GetAttrString, PyObject_IsInstance, PyObject_CallMethod, PyErr_SetString, Py_DecRef
    ];
    data [PyExc_TypeError];
    // PyPy's own gives a pointer for a number.
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            if !is_of_contextvars(variable, c"ContextVar", c"an instance of ContextVar was expected") {
                return -1;
            }
            super::status(PyObject_CallMethod()(variable, c"reset".as_ptr(), c"(O)".as_ptr(), token))
        }
    }
}

library! {
    /// A copy of the context of this thread.
    fn PyContext_CopyCurrent() = c"contextvars".c"copy_context"(c"()");
    /// An empty context.
    fn PyContext_New() = c"contextvars".c"Context"(c"()");
}

polyfill! {
    /// A copy of a context.
    fn PyContext_Copy(context: Object) -> Object;
    uses [
        PyImport_ImportModule, PyObject_GetAttrString, PyObject_IsInstance, PyObject_CallMethod, PyErr_SetString, Py_DecRef
    ];
    data [PyExc_TypeError];
    {
        // SAFETY: the caller's object.
        unsafe {
            if !is_of_contextvars(context, c"Context", c"an instance of Context was expected") {
                return null_mut();
            }
            PyObject_CallMethod()(context, c"copy".as_ptr(), core::ptr::null())
        }
    }
}

/// Whether an object is of a class of the module `contextvars`. False with an exception, `TypeError` with `message` if it is not.
unsafe fn is_of_contextvars(object: Object, class: &CStr, message: &CStr) -> bool {
    use crate::functions::{Py_DecRef, PyErr_SetString, PyObject_IsInstance, data};
    // SAFETY: the callers list these cells; the class is given back.
    unsafe {
        let class = support::module_attribute(c"contextvars", class);
        if class.is_null() {
            return false;
        }
        let answer = PyObject_IsInstance(object, class);
        Py_DecRef(class);
        if answer == 0 {
            PyErr_SetString(crate::bind::value(&data::PyExc_TypeError), message.as_ptr());
        }
        answer == 1
    }
}

polyfill! {
    /// Forgets the options of `-W`.
    fn PySys_ResetWarnOptions();
    uses [PySys_GetObject, PyList_SetSlice, PyErr_Clear];
    {
        // SAFETY: the cells are filled. The function cannot fail.
        unsafe {
            let options = PySys_GetObject(c"warnoptions".as_ptr());
            if !options.is_null() && PyList_SetSlice(options, 0, isize::MAX, null_mut()) < 0 {
                PyErr_Clear();
            }
        }
    }
}

polyfill! {
    /// The number that compiled files start with, or -1 with an exception.
    fn PyImport_GetMagicNumber() -> core::ffi::c_long;
    uses [PyImport_ImportModule, PyObject_GetAttrString, PyBytes_AsString, PyBytes_Size, Py_DecRef];
    {
        // SAFETY: the cells are filled; the number is the first four bytes, the lowest first.
        unsafe {
            let magic = support::module_attribute(c"importlib.util", c"MAGIC_NUMBER");
            if magic.is_null() {
                return -1;
            }
            let mut number = -1;
            if PyBytes_Size(magic) == 4 {
                number = u32::from_le_bytes(PyBytes_AsString(magic).cast::<[u8; 4]>().read()).into();
            }
            Py_DecRef(magic);
            number
        }
    }
}
