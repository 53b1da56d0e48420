//! What PyPy or GraalPy lack in C and have in Python: the stand-ins call the method, the attribute or the function of the
//! library that does the same. One file for each chapter of the C API.

pub mod call;
pub mod character;
pub mod codec;
pub mod container;
pub mod error;
pub mod function;
pub mod interpreter;
pub mod number;
pub mod pypy_3_9;
pub mod text;
pub mod types;
pub mod unicode_error;

/// Stand-ins that call a method of a type, as `str.partition(text, separator)`, so that no subclass can interfere. The
/// format is that of `Py_BuildValue`; the result is a new reference, or null with an exception.
macro_rules! method {
    ($(
        $(#[$attribute:meta])*
        fn $name:ident($($argument:ident: $type:ty),*) = $class:ident.$method:literal($format:literal $(, $value:expr)*);
    )*) => {
        $($crate::polyfill! {
            $(#[$attribute])*
            fn $name($($argument: $type),*) -> $crate::types::Object;
            uses [PyObject_CallMethod];
            data [$class];
            {
                // SAFETY: the arguments are the caller's and of the types that the format says.
                unsafe { PyObject_CallMethod()($class.address().cast(), $method.as_ptr(), $format.as_ptr() $(, $value)*) }
            }
        })*
    };
}
pub(crate) use method;

/// Stand-ins that call a function of a module. The format is that of `Py_BuildValue`; the result is a new reference, or null
/// with an exception.
macro_rules! library {
    ($(
        $(#[$attribute:meta])*
        fn $name:ident($($argument:ident: $type:ty),*) = $module:literal.$function:literal($format:literal $(, $value:expr)*);
    )*) => {
        $($crate::polyfill! {
            $(#[$attribute])*
            fn $name($($argument: $type),*) -> $crate::types::Object;
            uses [PyImport_ImportModule, PyObject_CallMethod, Py_DecRef];
            {
                // SAFETY: the arguments are the caller's and of the types that the format says; the module is given back.
                unsafe {
                    let module = PyImport_ImportModule($module.as_ptr());
                    if module.is_null() {
                        return module;
                    }
                    let result = PyObject_CallMethod()(module, $function.as_ptr(), $format.as_ptr() $(, $value)*);
                    Py_DecRef(module);
                    result
                }
            }
        })*
    };
}
pub(crate) use library;

/// Like [`library`], for functions that return 0, or -1 with an exception.
macro_rules! library_status {
    ($(
        $(#[$attribute:meta])*
        fn $name:ident($($argument:ident: $type:ty),*) = $module:literal.$function:literal($format:literal $(, $value:expr)*);
    )*) => {
        $($crate::polyfill! {
            $(#[$attribute])*
            fn $name($($argument: $type),*) -> $crate::types::c_int;
            uses [PyImport_ImportModule, PyObject_CallMethod, Py_DecRef];
            {
                // SAFETY: the arguments are the caller's and of the types that the format says; what is made is given back.
                unsafe {
                    let module = PyImport_ImportModule($module.as_ptr());
                    if module.is_null() {
                        return -1;
                    }
                    let result = PyObject_CallMethod()(module, $function.as_ptr(), $format.as_ptr() $(, $value)*);
                    Py_DecRef(module);
                    $crate::polyfills::alternatives::status(result)
                }
            }
        })*
    };
}
pub(crate) use library_status;

/// 0 for a result, which is given back, or -1 for null. Needs `Py_DecRef`.
///
/// # Safety
/// The cell is filled; the result is a new reference or null.
pub(crate) unsafe fn status(result: crate::types::Object) -> crate::types::c_int {
    if result.is_null() {
        return -1;
    }
    // SAFETY: the caller's promise.
    unsafe { crate::functions::Py_DecRef(result) };
    0
}

/// The first item of a tuple, which is given back: a new reference; null stays null. Needs `PyTuple_GetItem`, `Py_IncRef` and
/// `Py_DecRef`.
///
/// # Safety
/// The cells are filled; the tuple is a new reference or null.
pub(crate) unsafe fn first(tuple: crate::types::Object) -> crate::types::Object {
    // SAFETY: the caller's promise.
    unsafe {
        if tuple.is_null() {
            return tuple;
        }
        let item = crate::functions::PyTuple_GetItem(tuple, 0);
        crate::functions::Py_IncRef(item);
        crate::functions::Py_DecRef(tuple);
        item
    }
}
