//! What CPython 3.9 and hosts of its level lack.

use crate::polyfill;
use crate::types::{Object, c_char, c_int};

polyfill! {
    /// Adds an object to a module, without taking the reference.
    fn PyModule_AddObjectRef(module: Object, name: *const c_char, value: Object) -> c_int;
    uses [PyModule_AddObject, Py_IncRef, Py_DecRef, PyErr_Occurred, PyErr_SetString];
    data [PyExc_SystemError];
    {
        // SAFETY: the arguments are the caller's; the reference that a failed call did not take is given back.
        unsafe {
            if value.is_null() {
                if PyErr_Occurred().is_null() {
                    PyErr_SetString(crate::bind::value(&PyExc_SystemError), c"PyModule_AddObjectRef() must be called with an exception raised if value is NULL".as_ptr());
                }
                return -1;
            }
            Py_IncRef(value);
            let result = PyModule_AddObject(module, name, value);
            if result < 0 {
                Py_DecRef(value);
            }
            result
        }
    }
}
