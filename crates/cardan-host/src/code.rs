//! The constructor of code objects, for modules that call it with the arguments of 3.11.
//!
//! Cython compiled for the limited API makes a code object for each function by calling `types.CodeType`, whose arguments
//! changed in 3.11; GraalPy takes no code but its own. On hosts where the call would fail the class is replaced, in calls by
//! Cython's output alone (`stdint.h` beside the headers), by a function of the same arguments that changes a code object of the
//! host's own making.

use crate::detect::Host;
use crate::functions as f;
use crate::functions::cells;
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

/// The class, which all interpreters share, once a module was loaded that calls it.
static CLASS: AtomicPtr<crate::types::PyObject> = AtomicPtr::new(core::ptr::null_mut());
/// Its stand-in, for good, where a process has one interpreter.
static FUNCTION: AtomicPtr<crate::types::PyObject> = AtomicPtr::new(core::ptr::null_mut());
/// The name of the stand-in in an interpreter's dict, where there may be several.
const NAME: &CStr = c"cardan.code";

/// The stand-in of this interpreter, borrowed; null without an exception if there is none.
///
/// # Safety
/// The calling thread is attached, the cells were filled.
unsafe fn kept(host: &Host) -> Object {
    if host.quirks.has_one_interpreter {
        return FUNCTION.load(Ordering::Acquire);
    }
    // SAFETY: the caller's promise; the dict is the interpreter's, or null.
    unsafe {
        let dict = f::PyInterpreterState_GetDict(f::PyInterpreterState_Get());
        if dict.is_null() { core::ptr::null_mut() } else { f::PyDict_GetItemString(dict, NAME.as_ptr()) }
    }
}

/// Keeps a stand-in for this interpreter, as long as there is one. False with an exception when there is no memory.
///
/// # Safety
/// As for [`kept`].
unsafe fn keep(host: &Host, function: Object) -> bool {
    // SAFETY: the caller's promise; the dict is the interpreter's, or null.
    unsafe {
        if host.quirks.has_one_interpreter {
            f::Py_IncRef(function);
            FUNCTION.store(function, Ordering::Release);
            return true;
        }
        let dict = f::PyInterpreterState_GetDict(f::PyInterpreterState_Get());
        !dict.is_null() && f::PyDict_SetItemString(dict, NAME.as_ptr(), function) == 0
    }
}

/// What to call on a host. The stand-in is made here, while a module is loaded: the call itself may come from a thread that Python
/// did not start, which has no frame that Python code could be run from.
fn choose(host: &Host) -> Choice {
    // SAFETY: who loads a module is attached.
    let is_replaced = !host.quirks.takes_code_of_3_11 && unsafe { make_function(host) };
    Choice::Ours(if is_replaced { cardan_callable as *const _ } else { itself as *const _ })
}

/// Sees to it that there is a stand-in for the class. False, without an exception, where it cannot be made.
///
/// # Safety
/// The calling thread is attached.
unsafe fn make_function(host: &Host) -> bool {
    let needed = [
        &cells::PyEval_GetBuiltins,
        &cells::PyDict_GetItemString,
        &cells::PyDict_SetItemString,
        &cells::PyDict_New,
        &cells::PyUnicode_FromString,
        &cells::PyTuple_New,
        &cells::PyTuple_SetItem,
        &cells::PyObject_CallObject,
        &cells::PyBool_FromLong,
        &cells::Py_IncRef,
        &cells::Py_DecRef,
        &cells::PyErr_Clear,
    ];
    let of_interpreter = [&cells::PyInterpreterState_Get, &cells::PyInterpreterState_GetDict];
    if !needed.iter().all(|cell| host.has(cell))
        || !(host.quirks.has_one_interpreter || of_interpreter.iter().all(|cell| host.has(cell)))
    {
        return false;
    }
    // SAFETY: the caller's promise; the cells were filled.
    if unsafe { !kept(host).is_null() } {
        return true;
    }
    // SAFETY: the cells were filled; the tuple takes the references that it is given, and null is taken by all that gets it here.
    unsafe {
        let names = f::PyDict_New();
        let run = f::PyDict_GetItemString(f::PyEval_GetBuiltins(), c"exec".as_ptr());
        let arguments = f::PyTuple_New(2);
        let source = f::PyUnicode_FromString(SOURCE.as_ptr());
        let takes_any_code = f::PyBool_FromLong(host.quirks.takes_any_code.into());
        if names.is_null() || run.is_null() || arguments.is_null() || source.is_null() || takes_any_code.is_null() {
            // Out of memory: the call that follows will say so.
            f::PyErr_Clear();
            return false;
        }
        f::PyDict_SetItemString(names, c"takes_any_code".as_ptr(), takes_any_code);
        f::Py_DecRef(takes_any_code);
        f::Py_IncRef(names);
        f::PyTuple_SetItem(arguments, 0, source);
        f::PyTuple_SetItem(arguments, 1, names);
        let result = f::PyObject_CallObject(run, arguments);
        f::Py_DecRef(arguments);
        let class = f::PyDict_GetItemString(names, c"class_".as_ptr());
        let function = f::PyDict_GetItemString(names, c"function".as_ptr());
        let is_made = !result.is_null() && !class.is_null() && !function.is_null() && keep(host, function);
        if is_made {
            CLASS.store(class, Ordering::Release);
        } else {
            f::PyErr_Clear();
        }
        f::Py_DecRef(result);
        f::Py_DecRef(names);
        is_made
    }
}

polyfill! {
    /// What to call for `callable`: itself, except for the class of code objects on hosts where its arguments differ.
    /// Borrowed.
    fn cardan_callable(callable: Object) -> Object;
    uses [];
    choose choose;
    {
        if callable != CLASS.load(Ordering::Relaxed) {
            return callable;
        }
        // SAFETY: the cells were filled with the class; the thread is attached, as for any call.
        let function = unsafe { kept(crate::detect::known()) };
        if function.is_null() { callable } else { function }
    }
}

unsafe extern "C" fn itself(callable: Object) -> Object {
    callable
}
