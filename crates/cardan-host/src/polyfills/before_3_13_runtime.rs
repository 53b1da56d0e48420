//! What CPython 3.12 and hosts of its level lack: modules, weak references, constants, names of types, time, locks.

use super::support::{self, alias, same_as, type_flag};
use crate::bind::value;
use crate::detect::Host;
use crate::detect::known;
use crate::polyfill;
use crate::polyfill::Choice;
use crate::types::{Object, c_char, c_int, c_uint, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicU8, Ordering};

polyfill! {
    /// Adds an object to a module and takes the reference, also when it fails.
    fn PyModule_Add(module: Object, name: *const c_char, object: Object) -> c_int;
    uses [PyModule_AddObject, PyErr_Occurred, PyErr_SetString, Py_IncRef, Py_DecRef];
    data [PyExc_SystemError];
    {
        // SAFETY: the arguments are the caller's; its reference is given back.
        unsafe {
            let result = super::before_3_10::PyModule_AddObjectRef(module, name, object);
            Py_DecRef(object);
            result
        }
    }
}

polyfill! {
    /// The module of this name, made if there is none: a new reference.
    fn PyImport_AddModuleRef(name: *const c_char) -> Object;
    uses [PyImport_AddModule, Py_IncRef];
    {
        // SAFETY: the caller's C string.
        unsafe {
            let module = PyImport_AddModule(name);
            Py_IncRef(module);
            module
        }
    }
}

polyfill! {
    /// What a weak reference points to: 1 with a new reference, 0 if it died, -1 with an exception.
    fn PyWeakref_GetRef(reference: Object, result: *mut Object) -> c_int;
    uses [PyWeakref_GetObject, PyErr_SetString, PyErr_BadInternalCall, Py_BuildValue, Py_IncRef, Py_DecRef];
    may_use [PyWeakref_Check];
    data [PyExc_TypeError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            result.write(null_mut());
            if reference.is_null() {
                return support::bad_internal_call();
            }
            let object = support::referent(reference);
            if object.is_null() {
                PyErr_SetString(value(&PyExc_TypeError), c"expected a weakref".as_ptr());
                return -1;
            }
            if object == support::none() {
                return 0;
            }
            Py_IncRef(object);
            result.write(object);
            1
        }
    }
}

polyfill! {
    /// Whether the text of a str is these bytes of UTF-8. It cannot fail.
    fn PyUnicode_EqualToUTF8AndSize(text: Object, bytes: *const c_char, size: isize) -> c_int;
    uses [PyUnicode_AsUTF8AndSize, PyErr_Fetch, PyErr_Restore, PyErr_Clear];
    {
        // SAFETY: the arguments are the caller's; the text is borrowed from the str.
        unsafe {
            support::with_exception_aside(|| {
                let mut length = 0;
                let own = PyUnicode_AsUTF8AndSize(text, &mut length);
                if own.is_null() {
                    // Lone surrogates have no UTF-8.
                    PyErr_Clear();
                    return 0;
                }
                if length != size {
                    return 0;
                }
                let at = |index| own.offset(index).read() == bytes.offset(index).read();
                c_int::from((0..size).all(at))
            })
        }
    }
}

polyfill! {
    /// Whether the text of a str is this C string of UTF-8. It cannot fail.
    fn PyUnicode_EqualToUTF8(text: Object, string: *const c_char) -> c_int;
    uses [PyUnicode_AsUTF8AndSize, PyErr_Fetch, PyErr_Restore, PyErr_Clear];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let length = core::ffi::CStr::from_ptr(string).count_bytes();
            PyUnicode_EqualToUTF8AndSize(text, string, length as isize)
        }
    }
}

polyfill! {
    /// An int as a C `int`, or -1 with an exception.
    fn PyLong_AsInt(number: Object) -> c_int;
    uses [PyLong_AsLong, PyErr_Occurred, PyErr_SetString, PyErr_BadInternalCall];
    data [PyExc_OverflowError];
    choose |host| same_as(host, c"_PyLong_AsInt", PyLong_AsInt as *const _);
    {
        // SAFETY: the caller's object.
        unsafe {
            if number.is_null() {
                return support::bad_internal_call();
            }
            let wide = PyLong_AsLong(number);
            c_int::try_from(wide).unwrap_or_else(|_| {
                PyErr_SetString(value(&PyExc_OverflowError), c"Python int too large to convert to C int".as_ptr());
                -1
            })
        }
    }
}

/// The constants that [`Py_GetConstantBorrowed`] gave once, each with one reference that is never given back, on hosts that do not
/// keep them themselves.
static CONSTANTS: [AtomicPtr<c_void>; 10] = [const { AtomicPtr::new(null_mut()) }; 10];

polyfill! {
    /// A constant by its number, a new reference; null with an exception for an unknown number.
    fn Py_GetConstant(number: c_uint) -> Object;
    uses [
        Py_BuildValue, PyBool_FromLong, PyLong_FromLong, PyUnicode_FromStringAndSize, PyBytes_FromStringAndSize, PyTuple_New,
        PyEval_GetBuiltins, PyDict_GetItemString, PyErr_BadInternalCall, Py_IncRef
    ];
    {
        // SAFETY: the cells are filled; what is borrowed from the builtins becomes a reference of its own.
        unsafe {
            let borrowed = match number {
                0 => return Py_BuildValue()(c"".as_ptr()),
                1 => return PyBool_FromLong(0),
                2 => return PyBool_FromLong(1),
                5 => return PyLong_FromLong(0),
                6 => return PyLong_FromLong(1),
                7 => return PyUnicode_FromStringAndSize(c"".as_ptr(), 0),
                8 => return PyBytes_FromStringAndSize(c"".as_ptr(), 0),
                9 => return PyTuple_New(0),
                3 => PyDict_GetItemString(PyEval_GetBuiltins(), c"Ellipsis".as_ptr()),
                4 => PyDict_GetItemString(PyEval_GetBuiltins(), c"NotImplemented".as_ptr()),
                _ => null_mut(),
            };
            if borrowed.is_null() {
                PyErr_BadInternalCall();
            }
            Py_IncRef(borrowed);
            borrowed
        }
    }
}

polyfill! {
    /// A constant by its number, a borrowed reference.
    fn Py_GetConstantBorrowed(number: c_uint) -> Object;
    uses [
        Py_BuildValue, PyBool_FromLong, PyLong_FromLong, PyUnicode_FromStringAndSize, PyBytes_FromStringAndSize, PyTuple_New,
        PyEval_GetBuiltins, PyDict_GetItemString, PyErr_BadInternalCall, Py_IncRef, Py_DecRef
    ];
    {
        // SAFETY: the cells are filled. The place keeps the reference that was made first; a later one is given back.
        unsafe {
            let Some(place) = CONSTANTS.get(number as usize) else { return Py_GetConstant(number) };
            let kept = place.load(Ordering::Acquire);
            if !kept.is_null() {
                return kept.cast();
            }
            let made = Py_GetConstant(number);
            // What a host gives twice it keeps itself, for each of its interpreters.
            if !made.is_null() && !known().quirks.has_one_interpreter {
                let again = Py_GetConstant(number);
                Py_DecRef(again);
                if again == made {
                    Py_DecRef(made);
                    return made;
                }
            }
            match place.compare_exchange(null_mut(), made.cast(), Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => made,
                Err(kept) => {
                    Py_DecRef(made);
                    kept.cast()
                }
            }
        }
    }
}

polyfill! {
    /// The name of the module of a type, a new reference.
    fn PyType_GetModuleName(class: Object) -> Object;
    uses [PyObject_GetAttrString];
    {
        // SAFETY: the caller's type.
        unsafe { PyObject_GetAttrString(class, c"__module__".as_ptr()) }
    }
}

polyfill! {
    /// `module.qualname` of a type, or the qualified name alone for one of `builtins` or `__main__`. A new reference.
    fn PyType_GetFullyQualifiedName(class: Object) -> Object;
    uses [
        PyObject_GetAttrString, PyObject_Type, PyType_GetFlags, PyUnicode_AsUTF8AndSize, PyUnicode_FromFormat, PyErr_Fetch,
        PyErr_Restore, PyErr_Clear, Py_DecRef
    ];
    {
        // SAFETY: the caller's type; the references made here are given back.
        unsafe {
            let name = PyObject_GetAttrString(class, c"__qualname__".as_ptr());
            if name.is_null() {
                return name;
            }
            let module = PyObject_GetAttrString(class, c"__module__".as_ptr());
            if module.is_null() {
                Py_DecRef(name);
                return module;
            }
            let alone = !support::has_type_flag(module, type_flag::UNICODE)
                || PyUnicode_EqualToUTF8(module, c"builtins".as_ptr()) != 0
                || PyUnicode_EqualToUTF8(module, c"__main__".as_ptr()) != 0;
            let full = if alone { name } else { PyUnicode_FromFormat()(c"%U.%U".as_ptr(), module, name) };
            if !alone {
                Py_DecRef(name);
            }
            Py_DecRef(module);
            full
        }
    }
}

/// The hash of an address: its low bits say nothing, so they go to the top. -1 means an error, and becomes -2.
const fn hash_of_address(address: usize) -> isize {
    match address.rotate_right(4) as isize {
        -1 => -2,
        hash => hash,
    }
}

polyfill! {
    /// The hash of a pointer.
    fn Py_HashPointer(pointer: *const c_void) -> isize;
    uses [];
    choose |host| same_as(host, c"_Py_HashPointer", Py_HashPointer as *const _);
    { hash_of_address(pointer.addr()) }
}

polyfill! {
    /// The hash that objects have unless their type says otherwise.
    fn PyObject_GenericHash(object: Object) -> isize;
    uses [PyObject_CallMethod, PyLong_AsSsize_t, Py_DecRef];
    data [PyBaseObject_Type];
    {
        // SAFETY: the caller's object; the reference made here is given back.
        unsafe {
            let object_type = PyBaseObject_Type.address().cast();
            let hash = PyObject_CallMethod()(object_type, c"__hash__".as_ptr(), c"(O)".as_ptr(), object);
            if hash.is_null() {
                return -1;
            }
            let number = PyLong_AsSsize_t(hash);
            Py_DecRef(hash);
            number
        }
    }
}

polyfill! {
    /// Raises an audit event with a tuple of arguments, or null for none. 0, or -1 with an exception.
    fn PySys_AuditTuple(event: *const c_char, arguments: Object) -> c_int;
    uses [
        PySys_GetObject, PyUnicode_FromString, PyTuple_New, PyTuple_SetItem, PyTuple_GetItem, PyTuple_Size, PyObject_CallObject,
        PyObject_Type, PyType_GetFlags, PyObject_GetAttrString, PyErr_Format, PyErr_SetString, Py_IncRef, Py_DecRef
    ];
    data [PyExc_TypeError, PyExc_RuntimeError];
    {
        // SAFETY: the arguments are the caller's; the tuple takes the references that are made for it.
        unsafe {
            if !arguments.is_null() && !support::has_type_flag(arguments, type_flag::TUPLE) {
                support::type_error_about(arguments, c"args must be tuple, got %U");
                return -1;
            }
            let audit = PySys_GetObject(c"audit".as_ptr());
            if audit.is_null() {
                PyErr_SetString(value(&PyExc_RuntimeError), c"lost sys.audit".as_ptr());
                return -1;
            }
            let count = if arguments.is_null() { 0 } else { PyTuple_Size(arguments) };
            let all = PyTuple_New(count + 1);
            if all.is_null() {
                return -1;
            }
            let name = PyUnicode_FromString(event);
            if name.is_null() {
                Py_DecRef(all);
                return -1;
            }
            PyTuple_SetItem(all, 0, name);
            for index in 0..count {
                let argument = PyTuple_GetItem(arguments, index);
                Py_IncRef(argument);
                PyTuple_SetItem(all, index + 1, argument);
            }
            let result = PyObject_CallObject(audit, all);
            Py_DecRef(all);
            if result.is_null() {
                return -1;
            }
            Py_DecRef(result);
            0
        }
    }
}

alias! {
    /// The thread state of this thread, or null if it has none.
    PyThreadState_GetUnchecked = c"_PyThreadState_UncheckedGet";
    /// Whether the interpreter is shutting down.
    Py_IsFinalizing = c"_Py_IsFinalizing";
}

/// Stand-ins that make a borrowed reference one of their own.
macro_rules! frame {
    ($($(#[$attribute:meta])* fn $name:ident = $by:ident;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name() -> Object;
            uses [$by, Py_IncRef];
            {
                // SAFETY: the cells are filled; null stays null.
                unsafe {
                    let borrowed = $by();
                    Py_IncRef(borrowed);
                    borrowed
                }
            }
        })*
    };
}

frame! {
    /// The builtins of the running frame, a new reference.
    fn PyEval_GetFrameBuiltins = PyEval_GetBuiltins;
    /// The globals of the running frame, a new reference, or null without an exception if there is no frame.
    fn PyEval_GetFrameGlobals = PyEval_GetGlobals;
}

polyfill! {
    /// The locals of the running frame, a new reference, or null if there is no frame.
    fn PyEval_GetFrameLocals() -> Object;
    uses [PyEval_GetLocals, Py_IncRef];
    choose |host| if host.quirks.has_frame_locals { Choice::HostElse(PyEval_GetFrameLocals as *const _) } else { Choice::Host };
    {
        // SAFETY: the cells are filled; null stays null.
        unsafe {
            let borrowed = PyEval_GetLocals();
            Py_IncRef(borrowed);
            borrowed
        }
    }
}

/// Stand-ins for the dicts that the interpreter manages for objects: only a host that manages such dicts has any.
macro_rules! managed_dict {
    ($($(#[$attribute:meta])* fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)? = $other:literal $body:block)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name($($argument: $type),*) $(-> $result)?;
            uses [];
            choose |host| same_as(host, $other, $name as *const _);
            $body
        })*
    };
}

managed_dict! {
    /// Visits the dict that the interpreter manages for an object.
    fn PyObject_VisitManagedDict(_object: Object, _visit: *mut c_void, _argument: *mut c_void) -> c_int = c"_PyObject_VisitManagedDict" { 0 }
    /// The same under the name that it had in 3.12.
    fn _PyObject_VisitManagedDict(_object: Object, _visit: *mut c_void, _argument: *mut c_void) -> c_int = c"PyObject_VisitManagedDict" { 0 }
    /// Clears the dict that the interpreter manages for an object.
    fn PyObject_ClearManagedDict(_object: Object) = c"_PyObject_ClearManagedDict" {}
    /// The same under the name that it had in 3.12.
    fn _PyObject_ClearManagedDict(_object: Object) = c"PyObject_ClearManagedDict" {}
}

/// Critical sections lock objects where there is no GIL; the GIL does that elsewhere.
fn with_gil(host: &Host, ours: *const c_void) -> Choice {
    if host.free_threaded { Choice::Host } else { Choice::HostElse(ours) }
}

polyfill! {
    /// Begins a critical section on an object.
    fn PyCriticalSection_Begin(_section: *mut c_void, _object: Object);
    uses [];
    choose |host| with_gil(host, PyCriticalSection_Begin as *const _);
    {}
}

polyfill! {
    /// Ends a critical section.
    fn PyCriticalSection_End(_section: *mut c_void);
    uses [];
    choose |host| with_gil(host, PyCriticalSection_End as *const _);
    {}
}

polyfill! {
    /// Begins a critical section on two objects.
    fn PyCriticalSection2_Begin(_section: *mut c_void, _first: Object, _second: Object);
    uses [];
    choose |host| with_gil(host, PyCriticalSection2_Begin as *const _);
    {}
}

polyfill! {
    /// Ends a critical section on two objects.
    fn PyCriticalSection2_End(_section: *mut c_void);
    uses [];
    choose |host| with_gil(host, PyCriticalSection2_End as *const _);
    {}
}

/// The bit of a `PyMutex` that says it is locked, as in CPython.
const LOCKED: u8 = 1;

polyfill! {
    /// Locks a mutex, and detaches the thread while it waits.
    fn PyMutex_Lock(mutex: *const AtomicU8);
    uses [PyGILState_Check, PyEval_SaveThread, PyEval_RestoreThread];
    {
        // SAFETY: the caller's mutex. The thread is detached only if it is attached.
        unsafe {
            while (*mutex).fetch_or(LOCKED, Ordering::Acquire) & LOCKED != 0 {
                if PyGILState_Check() != 0 {
                    // Detaching and attaching again gives way to the thread that holds the mutex.
                    PyEval_RestoreThread(PyEval_SaveThread());
                } else {
                    core::hint::spin_loop();
                }
            }
        }
    }
}

polyfill! {
    /// Unlocks a mutex.
    fn PyMutex_Unlock(mutex: *const AtomicU8);
    uses [];
    {
        // SAFETY: the caller's mutex, which it has locked.
        unsafe { (*mutex).fetch_and(!LOCKED, Ordering::Release) };
    }
}

polyfill! {
    /// Whether a mutex is locked.
    fn PyMutex_IsLocked(mutex: *const AtomicU8) -> c_int;
    uses [];
    {
        // SAFETY: the caller's mutex; CPython's own has the bit in the same place.
        c_int::from(unsafe { (*mutex).load(Ordering::Relaxed) } & LOCKED)
    }
}

const NANOSECONDS: i64 = 1_000_000_000;

polyfill! {
    /// A time in nanoseconds as seconds.
    fn PyTime_AsSecondsDouble(time: i64) -> f64;
    uses [];
    {
        // Whole seconds first: they lose nothing.
        if time % NANOSECONDS == 0 { (time / NANOSECONDS) as f64 } else { time as f64 / NANOSECONDS as f64 }
    }
}

/// Stand-ins that read a clock of the module `time`: 0 with nanoseconds, or -1 with an exception and 0 nanoseconds.
macro_rules! clock {
    ($($(#[$attribute:meta])* fn $name:ident = $python:literal;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(result: *mut i64) -> c_int;
            uses [
                PyImport_ImportModule, PyObject_GetAttrString, PyObject_CallFunctionObjArgs, PyLong_AsLongLong, PyErr_Occurred,
                Py_DecRef
            ];
            {
                // SAFETY: the caller's place; the reference made here is given back.
                unsafe {
                    result.write(0);
                    let time = support::call_module_function(c"time", $python);
                    if time.is_null() {
                        return -1;
                    }
                    let nanoseconds = PyLong_AsLongLong(time);
                    Py_DecRef(time);
                    if nanoseconds == -1 && !PyErr_Occurred().is_null() {
                        return -1;
                    }
                    result.write(nanoseconds);
                    0
                }
            }
        })*
    };
}

clock! {
    /// The time of day.
    fn PyTime_Time = c"time_ns";
    /// The monotonic clock.
    fn PyTime_Monotonic = c"monotonic_ns";
    /// The clock for measuring short times.
    fn PyTime_PerfCounter = c"perf_counter_ns";
}

/// Stand-ins that read a clock without a thread state: 0 with nanoseconds, or -1 without an exception and 0 nanoseconds.
macro_rules! raw_clock {
    ($($(#[$attribute:meta])* fn $name:ident = $clock:path;)*) => {
        $(polyfill! {
            $(#[$attribute])*
            fn $name(result: *mut i64) -> c_int;
            uses [];
            choose |_| if crate::clock::READABLE { Choice::HostElse($name as *const _) } else { Choice::Host };
            {
                let time = $clock();
                // SAFETY: the caller's place.
                unsafe { result.write(time.unwrap_or(0)) };
                if time.is_some() { 0 } else { -1 }
            }
        })*
    };
}

raw_clock! {
    /// The time of day.
    fn PyTime_TimeRaw = crate::clock::real;
    /// The monotonic clock.
    fn PyTime_MonotonicRaw = crate::clock::monotonic;
    /// The clock for measuring short times.
    fn PyTime_PerfCounterRaw = crate::clock::monotonic;
}

#[cfg(test)]
mod tests {
    use super::{PyTime_AsSecondsDouble, hash_of_address};

    #[test]
    fn low_bits_of_an_address_go_to_the_top() {
        assert_eq!(hash_of_address(0x1230), 0x123);
        assert_eq!(hash_of_address(usize::MAX), -2);
    }

    #[test]
    fn nanoseconds_become_seconds() {
        // SAFETY: the function uses nothing of a host.
        let seconds = |time| unsafe { PyTime_AsSecondsDouble(time) };
        assert_eq!(seconds(3_000_000_000), 3.0);
        assert_eq!(seconds(-1_500_000_000), -1.5);
    }
}
