//! The type objects that PyPy does not export, and GraalPy exports without filling them in: found in Python, once, and kept
//! for good.

use crate::detect::Host;
use crate::functions::{self as f, cells};
use crate::hosts::graalpy;
use crate::polyfill::{Choice, WithUses};
use core::ffi::{CStr, c_void};

/// What an expression evaluates to in a fresh namespace, or null.
fn evaluate(host: &Host, expression: &CStr) -> *const c_void {
    let needed = [
        &cells::PyDict_New,
        &cells::PyImport_ImportModule,
        &cells::PyObject_CallMethod,
        &cells::PyErr_Clear,
        &cells::Py_DecRef,
    ];
    if !needed.iter().all(|cell| host.has(cell)) {
        return core::ptr::null();
    }
    // SAFETY: the cells were filled. The reference to the result is kept: a type's address is used as long as the module is.
    unsafe {
        let builtins = f::PyImport_ImportModule(c"builtins".as_ptr());
        let namespace = f::PyDict_New();
        let mut result = core::ptr::null_mut();
        if !builtins.is_null() && !namespace.is_null() {
            let (name, format) = (c"eval".as_ptr(), c"(sO)".as_ptr());
            result = f::PyObject_CallMethod()(builtins, name, format, expression.as_ptr(), namespace);
        }
        f::Py_DecRef(namespace);
        f::Py_DecRef(builtins);
        if result.is_null() {
            f::PyErr_Clear();
        }
        result.cast()
    }
}

/// The host's own object, or what the expression evaluates to where it has none. Nothing is evaluated where it is not needed.
fn choose(host: &Host, name: &CStr, expression: &CStr) -> Choice {
    let own = host.resolve(name);
    if own.is_null() {
        return Choice::HostElse(evaluate(host, expression));
    }
    // SAFETY: the names are those of type objects.
    if host.quirks.exports_empty_types && !unsafe { graalpy::is_filled(own) } {
        return Choice::Ours(evaluate(host, expression));
    }
    Choice::Host
}

/// Objects that are found by an expression where the host does not export them.
macro_rules! types {
    ($($name:ident = $expression:literal;)*) => {
        $(const _: () = {
            /// The stand-in for this object.
            #[unsafe(export_name = concat!("cardan_polyfill_", stringify!($name)))]
            static POLYFILL: WithUses<0> = WithUses::chosen(|host| choose(host, terminated(concat!(stringify!($name), "\0")), $expression), []);
        };)*
    };
}

/// The C string in a literal that ends with a zero byte.
const fn terminated(text: &str) -> &CStr {
    match CStr::from_bytes_with_nul(text.as_bytes()) {
        Ok(name) => name,
        Err(_) => c"",
    }
}

types! {
    _PyWeakref_RefType = c"__import__('weakref').ReferenceType";
    _PyWeakref_ProxyType = c"__import__('weakref').ProxyType";
    _PyWeakref_CallableProxyType = c"__import__('weakref').CallableProxyType";
    _PyNamespace_Type = c"__import__('types').SimpleNamespace";
    PyAsyncGen_Type = c"__import__('types').AsyncGeneratorType";
    PyByteArrayIter_Type = c"type(iter(bytearray()))";
    PyBytesIter_Type = c"type(iter(b''))";
    PyCallIter_Type = c"type(iter(int, 1))";
    PyClassMethod_Type = c"classmethod";
    PyClassMethodDescr_Type = c"type(dict.__dict__['fromkeys'])";
    PyCode_Type = c"__import__('types').CodeType";
    PyContext_Type = c"__import__('contextvars').Context";
    PyContextToken_Type = c"__import__('contextvars').Token";
    PyContextVar_Type = c"__import__('contextvars').ContextVar";
    PyCoro_Type = c"__import__('types').CoroutineType";
    PyDictItems_Type = c"type({}.items())";
    PyDictIterItem_Type = c"type(iter({}.items()))";
    PyDictIterKey_Type = c"type(iter({}))";
    PyDictIterValue_Type = c"type(iter({}.values()))";
    PyDictKeys_Type = c"type({}.keys())";
    PyDictValues_Type = c"type({}.values())";
    PyDictRevIterItem_Type = c"type(reversed({}.items()))";
    PyDictRevIterKey_Type = c"type(reversed({}))";
    PyDictRevIterValue_Type = c"type(reversed({}.values()))";
    PyEllipsis_Type = c"type(...)";
    PyEnum_Type = c"enumerate";
    PyFilter_Type = c"filter";
    PyFrame_Type = c"__import__('types').FrameType";
    PyGen_Type = c"__import__('types').GeneratorType";
    Py_GenericAliasType = c"__import__('types').GenericAlias";
    PyListIter_Type = c"type(iter([]))";
    PyListRevIter_Type = c"type(reversed([]))";
    PyLongRangeIter_Type = c"type(iter(range(1 << 200)))";
    PyMap_Type = c"map";
    PyODict_Type = c"__import__('collections').OrderedDict";
    PyRangeIter_Type = c"type(iter(range(0)))";
    PySetIter_Type = c"type(iter(set()))";
    PySuper_Type = c"super";
    PyTupleIter_Type = c"type(iter(()))";
    PyUnicodeIter_Type = c"type(iter(''))";
    PyZip_Type = c"zip";
}

/// Two names of exceptions that are kept for what became `OSError`.
macro_rules! os_error {
    ($($name:ident),*) => {
        $(const _: () = {
            /// The stand-in for this object.
            #[unsafe(export_name = concat!("cardan_polyfill_", stringify!($name)))]
            static POLYFILL: WithUses<0> =
                WithUses::chosen(|host| Choice::HostElse(evaluate(host, c"OSError")), []);
        };)*
    };
}

os_error! { PyExc_EnvironmentError, PyExc_IOError }
