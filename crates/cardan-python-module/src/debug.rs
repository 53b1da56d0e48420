//! What Python asks of the debug and trace contexts. Handles and limits are numbers here; `cardan.debug` makes objects of them.

use crate::arguments::{Arguments, raise};
use cardan_debug::handles::{self, DebugHandle, Limit};
use cardan_debug::report::{self, Mistake};
use cardan_debug::{switch, trace};
use cardan_host::types::Object;
use cardan_runtime::convert::object;
use cardan_runtime::imports::{
    _Py_NoneStruct, Py_DecRef, Py_IncRef, PyBool_FromLong, PyExc_ValueError, PyList_Append, PyList_New,
    PyLong_FromLongLong, PyLong_FromSize_t, PyLong_FromSsize_t, PyLong_FromUnsignedLongLong, PyObject_IsTrue,
    PyTuple_New, PyTuple_SetItem, PyUnicode_DecodeUTF8, PyUnicode_FromString,
};
use core::ptr::null_mut;

/// `None`, a new reference.
unsafe fn none() -> Object {
    let none = _Py_NoneStruct();
    // SAFETY: the imports are bound.
    unsafe { Py_IncRef(none) };
    none
}

/// An object that was passed, or null for `None`.
fn optional(object: Object) -> Object {
    if object == _Py_NoneStruct() { null_mut() } else { object }
}

/// `debug_is_active() -> bool`: whether a module was loaded in debug mode.
///
/// # Safety
/// As for all methods here: called by the interpreter, with a tuple of arguments.
pub unsafe extern "C" fn is_active(_: Object, _: Object) -> Object {
    // SAFETY: the imports are bound.
    unsafe { PyBool_FromLong(switch::is_active().into()) }
}

/// `debug_new_generation() -> int`.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn new_generation(_: Object, _: Object) -> Object {
    // SAFETY: the imports are bound.
    unsafe { PyLong_FromLongLong(handles::new_generation()) }
}

/// `debug_handles(generation: int, closed: bool) -> list[int]`: the handles of a generation and later ones.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn list(_: Object, arguments: Object) -> Object {
    const MANY: usize = 64;
    let arguments = Arguments(arguments);
    // SAFETY: the caller's promise. Making a number of an address runs no code of a module's, so the queue stays as it is.
    unsafe {
        let (Some(since), Some(closed)) = (arguments.number(0), arguments.object(1)) else { return null_mut() };
        let closed = PyObject_IsTrue(closed) == 1;
        let list = PyList_New(0);
        let interpreter = cardan_runtime::interpreters::generation();
        let mut last: *mut DebugHandle = null_mut();
        loop {
            let mut found = [null_mut(); MANY];
            let count = handles::list(interpreter, since, closed, last, &mut found);
            for &handle in found.iter().take(count) {
                let number = PyLong_FromSize_t(handle.expose_provenance());
                let failed = list.is_null() || number.is_null() || PyList_Append(list, number) < 0;
                Py_DecRef(number);
                if failed {
                    Py_DecRef(list);
                    return null_mut();
                }
            }
            match found.get(count.wrapping_sub(1)) {
                Some(&handle) if count == MANY => last = handle,
                _ => return list,
            }
        }
    }
}

/// The handle that is the first argument; `None` with `ValueError`.
unsafe fn handle<'handle>(arguments: &Arguments) -> Option<&'handle DebugHandle> {
    // SAFETY: the caller's promise; Python passes only numbers that it was given.
    unsafe {
        let found = handles::at(arguments.address(0)?);
        if found.is_none() {
            raise(PyExc_ValueError(), c"there is no handle of this number");
        }
        found
    }
}

/// `debug_object(handle: int)`: the object that the handle is for. Raises `ValueError` if it is closed.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn target(_: Object, arguments: Object) -> Object {
    // SAFETY: the caller's promise.
    unsafe {
        let Some(handle) = handle(&Arguments(arguments)) else { return null_mut() };
        let Some(inner) = handle.inner() else { return raise(PyExc_ValueError(), c"the handle is closed") };
        if handle.kind().unfinished().is_some() {
            return raise(PyExc_ValueError(), c"this is no handle of an object");
        }
        let found = object(inner);
        Py_IncRef(found);
        found
    }
}

/// `debug_unfinished(handle: int) -> str | None`: what it is called, if it is no handle but a builder, tracker or writer.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn unfinished(_: Object, arguments: Object) -> Object {
    // SAFETY: the caller's promise.
    unsafe {
        let Some(handle) = handle(&Arguments(arguments)) else { return null_mut() };
        handle.kind().unfinished().map_or_else(|| none(), |name| PyUnicode_FromString(name.as_ptr()))
    }
}

/// `debug_is_closed(handle: int) -> bool`.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn is_closed(_: Object, arguments: Object) -> Object {
    // SAFETY: the caller's promise.
    unsafe { handle(&Arguments(arguments)).map_or(null_mut(), |handle| PyBool_FromLong(handle.is_closed().into())) }
}

/// `debug_raw_data_size(handle: int) -> int`: -1 if there is no data.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn raw_data_size(_: Object, arguments: Object) -> Object {
    // SAFETY: the caller's promise.
    unsafe {
        let Some(handle) = handle(&Arguments(arguments)) else { return null_mut() };
        PyLong_FromSsize_t(handle.data_size().map_or(-1, usize::cast_signed))
    }
}

/// `debug_maker(handle: int) -> str`: the function of the API that made it.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn maker(_: Object, arguments: Object) -> Object {
    // SAFETY: the caller's promise.
    unsafe { handle(&Arguments(arguments)).map_or(null_mut(), |handle| PyUnicode_FromString(handle.maker().as_ptr())) }
}

/// `debug_stack(handle: int) -> str | None`.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn stack(_: Object, arguments: Object) -> Object {
    // SAFETY: the caller's promise. Names of files are UTF-8, or have any bytes.
    unsafe {
        let Some(handle) = handle(&Arguments(arguments)) else { return null_mut() };
        let Some(stack) = handle.stack() else { return none() };
        let text = stack.as_c_str();
        PyUnicode_DecodeUTF8(text.as_ptr(), text.count_bytes().cast_signed(), c"replace".as_ptr())
    }
}

/// `debug_close(handle: int)`: closes a handle, and its reference, in the module's place. Whatever else it is, is cancelled.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn close(_: Object, arguments: Object) -> Object {
    let arguments = Arguments(arguments);
    // SAFETY: the caller's promise.
    unsafe {
        let Some(handle) = handle(&arguments) else { return null_mut() };
        handles::close_for_author((&raw const *handle).cast_mut());
        none()
    }
}

/// The limit that is the first argument.
unsafe fn limit(arguments: &Arguments) -> Option<Limit> {
    // SAFETY: the caller's promise.
    match unsafe { arguments.number(0) }? {
        0 => Some(Limit::Closed),
        1 => Some(Limit::Data),
        2 => Some(Limit::Stack),
        _ => {
            // SAFETY: the imports are bound.
            unsafe { raise(PyExc_ValueError(), c"there is no limit of this number") };
            None
        }
    }
}

/// `debug_limit(which: int) -> int`.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn get_limit(_: Object, arguments: Object) -> Object {
    // SAFETY: the caller's promise.
    unsafe { limit(&Arguments(arguments)).map_or(null_mut(), |which| PyLong_FromSize_t(handles::limit(which))) }
}

/// `debug_set_limit(which: int, limit: int)`.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn set_limit(_: Object, arguments: Object) -> Object {
    let arguments = Arguments(arguments);
    // SAFETY: the caller's promise.
    unsafe {
        let (Some(which), Some(value)) = (limit(&arguments), arguments.number(1)) else { return null_mut() };
        let Ok(value) = usize::try_from(value) else {
            return raise(PyExc_ValueError(), c"a limit must not be negative");
        };
        handles::set_limit(which, value);
        none()
    }
}

/// `debug_set_callback(which: int, function)`: the function is callable or `None`.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn set_callback(_: Object, arguments: Object) -> Object {
    let arguments = Arguments(arguments);
    // SAFETY: the caller's promise.
    unsafe {
        let (Some(which), Some(function)) = (arguments.number(0), arguments.object(1)) else { return null_mut() };
        let mistake = match which {
            0 => Mistake::Handle,
            1 => Mistake::Builder,
            2 => Mistake::Misuse,
            _ => return raise(PyExc_ValueError(), c"there is no mistake of this number"),
        };
        report::set_callback(mistake, optional(function));
        none()
    }
}

/// `debug_set_explains(explains: bool)`: whether wrong uses of data are explained before they end the process.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn set_explains(_: Object, arguments: Object) -> Object {
    let arguments = Arguments(arguments);
    // SAFETY: the caller's promise.
    unsafe {
        let Some(explains) = arguments.object(0) else { return null_mut() };
        handles::set_explains(PyObject_IsTrue(explains) == 1);
        none()
    }
}

/// `trace_entries() -> list[tuple[str, int, int]]`: name, calls and nanoseconds of each function of the API.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn trace_entries(_: Object, _: Object) -> Object {
    // SAFETY: the imports are bound; what is new is not shared yet, and a tuple takes references over, also when it fails.
    unsafe {
        let list = PyList_New(0);
        for counter in trace::counters() {
            let entry = PyTuple_New(3);
            let parts = [
                PyUnicode_FromString(counter.name.as_ptr()),
                PyLong_FromUnsignedLongLong(counter.calls()),
                PyLong_FromUnsignedLongLong(counter.nanoseconds()),
            ];
            let mut failed = list.is_null() || entry.is_null() || parts.iter().any(|part| part.is_null());
            for (index, part) in (0..).zip(parts) {
                if entry.is_null() || part.is_null() {
                    Py_DecRef(part);
                } else {
                    failed |= PyTuple_SetItem(entry, index, part) < 0;
                }
            }
            failed = failed || PyList_Append(list, entry) < 0;
            Py_DecRef(entry);
            if failed {
                Py_DecRef(list);
                return null_mut();
            }
        }
        list
    }
}

/// `trace_set_callback(after: int, function)`: the function is callable or `None`.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn trace_set_callback(_: Object, arguments: Object) -> Object {
    let arguments = Arguments(arguments);
    // SAFETY: the caller's promise.
    unsafe {
        let (Some(after), Some(function)) = (arguments.number(0), arguments.object(1)) else { return null_mut() };
        trace::set_callback(after != 0, optional(function));
        none()
    }
}

/// `trace_resolution() -> int`: of the clock, in hertz.
///
/// # Safety
/// As for [`is_active`].
pub unsafe extern "C" fn trace_resolution(_: Object, _: Object) -> Object {
    // SAFETY: the imports are bound.
    unsafe { PyLong_FromUnsignedLongLong(trace::RESOLUTION) }
}
