//! Complex numbers.

use super::kinds::is_a;
use crate::convert::object;
use crate::definitions::raise;
use crate::forward;
use crate::imports::*;
use cardan_abi::{Context, Handle};
use cardan_host::types::Object;
use core::ffi::c_int;
use core::ptr::null_mut;

forward! {
    ctx_Complex_FromDoubles(real: f64, imaginary: f64) -> Handle = PyComplex_FromDoubles;
}

/// The parts of a complex number, or of what can be made one.
///
/// # Safety
/// The handle is open, the pointers are the caller's variables; the thread is attached.
pub unsafe extern "C" fn ctx_Complex_AsDoubles(
    context: *mut Context,
    h: Handle,
    real: *mut f64,
    imaginary: *mut f64,
) -> c_int {
    // SAFETY: the caller's promise; the imports are bound; references that are made are dropped.
    unsafe {
        let this = object(h);
        if is_a(this, PyComplex_Type()) {
            return parts(this, real, imaginary);
        }
        // As all special methods it is looked up on the type.
        let mut method = null_mut();
        match PyObject_GetOptionalAttrString(Py_TYPE(this), c"__complex__".as_ptr(), &mut method) {
            1 => {
                let number = PyObject_CallOneArg(method, this);
                Py_DecRef(method);
                if number.is_null() {
                    return -1;
                }
                let done = if is_a(number, PyComplex_Type()) {
                    parts(number, real, imaginary)
                } else {
                    raise(PyExc_TypeError(), c"__complex__ returned an object that is not complex");
                    -1
                };
                Py_DecRef(number);
                done
            }
            0 => {
                let value = super::ctx_Float_AsDouble(context, h);
                if value == -1.0 && !PyErr_Occurred().is_null() {
                    return -1;
                }
                real.write(value);
                imaginary.write(0.0);
                0
            }
            _ => -1,
        }
    }
}

unsafe fn parts(number: Object, real: *mut f64, imaginary: *mut f64) -> c_int {
    // SAFETY: the object is complex, for which neither function fails.
    unsafe {
        real.write(PyComplex_RealAsDouble(number));
        imaginary.write(PyComplex_ImagAsDouble(number));
    }
    0
}
