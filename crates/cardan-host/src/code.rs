//! The constructor of code objects, for modules that call it with the arguments of 3.11.
//!
//! Cython compiled for the limited API makes a code object for each function by calling `types.CodeType`, whose arguments
//! changed in 3.11; GraalPy takes no code but its own. On hosts where the call would fail the class is replaced, in calls
//! alone, by a function of the same arguments that changes a code object of the host's own making.

use crate::polyfill;
use crate::polyfill::Choice;
use crate::types::Object;
use core::ffi::CStr;
use core::sync::atomic::{AtomicPtr, Ordering};

/// Defines the class and the function that stands in for it. Names as in https://docs.python.org/3/library/types.html.
const SOURCE: &CStr = c"
class_ = type(compile('0', '', 'eval'))

def function(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags, code, consts, names, varnames,
             filename, name, qualname, firstlineno, linetable, exceptiontable, freevars, cellvars):
    more = {'co_qualname': qualname} if hasattr(class_, 'co_qualname') else {}
    return compile('0', filename, 'eval').replace(
        co_argcount=argcount, co_posonlyargcount=posonlyargcount, co_kwonlyargcount=kwonlyargcount, co_nlocals=nlocals,
        co_flags=flags, co_varnames=varnames, co_name=name, co_firstlineno=firstlineno, co_freevars=freevars,
        co_cellvars=cellvars, **more)

if hasattr(class_, 'co_exceptiontable') and takes_any_code:
    function = class_
";

/// The class and its stand-in, both for good, once they were asked for.
static CLASS: AtomicPtr<crate::types::PyObject> = AtomicPtr::new(core::ptr::null_mut());
static FUNCTION: AtomicPtr<crate::types::PyObject> = AtomicPtr::new(core::ptr::null_mut());

polyfill! {
    /// What to call for `callable`: itself, except for the class of code objects on hosts where its arguments differ.
    /// Borrowed.
    fn cardan_callable(callable: Object) -> Object;
    uses [
        PyEval_GetBuiltins, PyDict_GetItemString, PyDict_SetItemString, PyDict_New, PyUnicode_FromString, PyTuple_New,
        PyTuple_SetItem, PyObject_CallObject, PyBool_FromLong, Py_IncRef, Py_DecRef, PyErr_Clear,
    ];
    choose |host| Choice::Ours(if host.quirks.takes_code_of_3_11 { itself as *const _ } else { cardan_callable as *const _ });
    {
        if FUNCTION.load(Ordering::Acquire).is_null() {
            // SAFETY: the cells were filled; the thread is attached, as for any call.
            unsafe {
                let names = PyDict_New();
                let run = PyDict_GetItemString(PyEval_GetBuiltins(), c"exec".as_ptr());
                let arguments = PyTuple_New(2);
                let source = PyUnicode_FromString(SOURCE.as_ptr());
                let takes_any_code = PyBool_FromLong(crate::detect::known().quirks.takes_any_code.into());
                if names.is_null() || run.is_null() || arguments.is_null() || source.is_null() || takes_any_code.is_null() {
                    // Out of memory: the call that follows will say so.
                    PyErr_Clear();
                    return callable;
                }
                PyDict_SetItemString(names, c"takes_any_code".as_ptr(), takes_any_code);
                Py_DecRef(takes_any_code);
                Py_IncRef(names);
                PyTuple_SetItem(arguments, 0, source);
                PyTuple_SetItem(arguments, 1, names);
                let result = PyObject_CallObject(run, arguments);
                Py_DecRef(arguments);
                let class = PyDict_GetItemString(names, c"class_".as_ptr());
                let function = PyDict_GetItemString(names, c"function".as_ptr());
                if result.is_null() || class.is_null() || function.is_null() {
                    PyErr_Clear();
                    Py_DecRef(names);
                    return callable;
                }
                Py_DecRef(result);
                Py_IncRef(class);
                Py_IncRef(function);
                Py_DecRef(names);
                CLASS.store(class, Ordering::Release);
                FUNCTION.store(function, Ordering::Release);
            }
        }
        if callable == CLASS.load(Ordering::Relaxed) { FUNCTION.load(Ordering::Relaxed) } else { callable }
    }
}

unsafe extern "C" fn itself(callable: Object) -> Object {
    callable
}
