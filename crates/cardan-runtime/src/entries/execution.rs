//! Running code, leaving and entering Python, and what a debugger asks for.

use crate::convert::{handle, object};
use crate::forward;
use crate::imports::{
    Py_CompileString, Py_DecRef, Py_IncRef, PyErr_Clear, PyErr_GetRaisedException, PyErr_SetRaisedException,
    PyErr_SetString, PyEval_RestoreThread, PyEval_SaveThread, PyExc_SystemError, PyObject_ASCII, PyObject_Type,
    PySys_WriteStderr, PyUnicode_AsUTF8AndSize,
};
use cardan_abi::{Context, Handle, ThreadState};
use cardan_host::text::Text;
use cardan_host::types::Object;
use core::ffi::{CStr, c_char, c_int};
use core::ptr::null_mut;

forward! {
    ctx_EvalCode(code: Handle, globals: Handle, locals: Handle) -> Handle = PyEval_EvalCode;
}

/// A code object of a source. `kind` is an `HPy_SourceKind`: an expression, a file or a statement as at the prompt.
///
/// # Safety
/// Source and file name are C strings; the thread is attached.
pub unsafe extern "C" fn ctx_Compile_s(
    _: *mut Context,
    source: *const c_char,
    file_name: *const c_char,
    kind: c_int,
) -> Handle {
    /// `Py_single_input`, `Py_file_input` and `Py_eval_input`, the same in all versions.
    const STARTS: [c_int; 3] = [258, 257, 256];
    // SAFETY: the imports are bound before a context is handed out.
    unsafe {
        match usize::try_from(kind).ok().and_then(|kind| STARTS.get(kind)) {
            Some(&start) => handle(Py_CompileString(source, file_name, start)),
            None => {
                PyErr_SetString(PyExc_SystemError(), c"invalid source kind".as_ptr());
                Handle::NULL
            }
        }
    }
}

/// Leaves Python: other threads run meanwhile.
///
/// # Safety
/// The thread is attached, and does not use the context before it enters again.
pub unsafe extern "C" fn ctx_LeavePythonExecution(_: *mut Context) -> ThreadState {
    // SAFETY: as above.
    ThreadState { word: unsafe { PyEval_SaveThread() }.expose_provenance() as isize }
}

/// Enters Python again.
///
/// # Safety
/// The state is what leaving returned on this thread, and is not used again.
pub unsafe extern "C" fn ctx_ReenterPythonExecution(_: *mut Context, state: ThreadState) {
    // SAFETY: as above.
    unsafe { PyEval_RestoreThread(core::ptr::with_exposed_provenance_mut(state.word as usize)) };
}

/// Adds the ASCII form of an object to a text, and lets the object go.
unsafe fn describe(text: &mut Text, object: Object) {
    // SAFETY: the object is the caller's own reference or null; what is made is given back.
    unsafe {
        let form = if object.is_null() { null_mut() } else { PyObject_ASCII(object) };
        let utf8 = if form.is_null() { core::ptr::null() } else { PyUnicode_AsUTF8AndSize(form, null_mut()) };
        if utf8.is_null() {
            PyErr_Clear();
            text.push(c"<cannot be shown>");
        } else {
            text.push(CStr::from_ptr(utf8));
        }
        Py_DecRef(form);
        Py_DecRef(object);
    }
}

/// Writes what an object is to the standard error stream. The pending exception stays pending.
///
/// # Safety
/// The handle is open or null; the thread is attached.
pub unsafe extern "C" fn ctx_Dump(_: *mut Context, h: Handle) {
    // SAFETY: as above.
    unsafe {
        let mut text = Text::new();
        if h.is_null() {
            text.push(c"HPy_NULL");
        } else {
            let pending = PyErr_GetRaisedException();
            text.push(c"type: ");
            describe(&mut text, PyObject_Type(object(h)));
            text.push(c"\nrepr: ");
            Py_IncRef(object(h));
            describe(&mut text, object(h));
            PyErr_SetRaisedException(pending);
        }
        text.push(c"\n");
        PySys_WriteStderr()(c"%s".as_ptr(), text.as_ptr());
    }
}
