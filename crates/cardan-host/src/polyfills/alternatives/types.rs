//! The type objects that PyPy does not export: found in Python, once, and kept for good.

use crate::detect::Host;
use crate::functions::{self as f, cells};
use crate::polyfill::{Choice, Polyfill};
use core::ffi::{CStr, c_void};

/// What an expression evaluates to in a fresh namespace, or null.
fn evaluate(host: &Host, expression: &CStr) -> *const c_void {
    const EVAL_INPUT: i32 = 258;
    let needed = [&cells::PyDict_New, &cells::PyRun_String, &cells::PyErr_Clear, &cells::Py_DecRef];
    if !needed.iter().all(|cell| host.has(cell)) {
        return core::ptr::null();
    }
    // SAFETY: the cells were filled. The reference to the result is kept: a type's address is used as long as the module is.
    unsafe {
        let namespace = f::PyDict_New();
        if namespace.is_null() {
            f::PyErr_Clear();
            return core::ptr::null();
        }
        let result = f::PyRun_String(expression.as_ptr(), EVAL_INPUT, namespace, namespace);
        f::Py_DecRef(namespace);
        if result.is_null() {
            f::PyErr_Clear();
        }
        result.cast()
    }
}

/// Objects that are found by an expression where the host does not export them.
macro_rules! types {
    ($($name:ident = $expression:literal;)*) => {
        $(const _: () = {
            /// The stand-in for this object.
            #[unsafe(export_name = concat!("cardan_polyfill_", stringify!($name)))]
            static POLYFILL: Polyfill = Polyfill {
                choose: |host| {
                    // Nothing is evaluated where the host has it.
                    let own = terminated(concat!(stringify!($name), "\0"));
                    if host.resolve(own).is_null() { Choice::HostElse(evaluate(host, $expression)) } else { Choice::Host }
                },
                uses: &[],
                may_use: &[],
            };
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
    PyCode_Type = c"__import__('types').CodeType";
    PyContext_Type = c"__import__('contextvars').Context";
    PyContextToken_Type = c"__import__('contextvars').Token";
    PyContextVar_Type = c"__import__('contextvars').ContextVar";
    PyCoro_Type = c"__import__('types').CoroutineType";
    PyDictItems_Type = c"type({}.items())";
    PyDictIterItem_Type = c"type(iter({}.items()))";
    PyDictIterKey_Type = c"type(iter({}))";
    PyDictIterValue_Type = c"type(iter({}.values()))";
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
    // Two names that are kept for what became OSError.
    PyExc_EnvironmentError = c"OSError";
    PyExc_IOError = c"OSError";
}
