//! The production context, filled once for the running host.

use crate::convert::handle;
use crate::functions;
use crate::imports::{self, *};
use cardan_abi::{Context, Handle};
use cardan_host::once::Once;
use cardan_host::polyfills::items::tuple_layout;
use cardan_host::{Host, detect, hosts};
use core::ffi::CStr;
use core::mem::offset_of;

/// The context of this file.
static PRODUCTION: Once<Context> = Once::new();

/// The production context of this file. The first call binds the imports and fills it; the calling thread is attached. What
/// belongs to an interpreter is there once [`crate::interpreters::enter`] noted it.
///
/// # Errors
/// The message for an `ImportError` when this interpreter cannot run a module.
pub fn context() -> Result<*mut Context, &'static CStr> {
    let host = detect::current()?;
    PRODUCTION.fill(|place| {
        // SAFETY: the place is the room for the context, of which every field is written; the thread is attached.
        unsafe {
            functions::write(place);
            fill(&mut *place, host);
        }
        Ok(())
    })?;
    Ok(known())
}

/// The production context of a module that was entered.
pub fn known() -> *mut Context {
    PRODUCTION.place()
}

/// # Safety
/// The calling thread is attached and nothing else uses the context.
unsafe fn fill(context: &mut Context, host: &Host) {
    // SAFETY: the table is this crate's, the thread is attached.
    unsafe { cardan_host::imports::bind(&imports::IMPORTS, host) };
    crate::types::prepare(host);
    crate::items::prepare(host);
    for &(offset, import) in HANDLES {
        // SAFETY: a handle of the context is there.
        unsafe { (&raw mut *context).byte_add(offset.into()).cast::<Handle>().write(handle(object_at(import.into()))) };
    }
    context.h_Builtins = context.h_None;
    context.direct = 1;
    context.count_width = hosts::count_width(host);
    context.data_offset = hosts::data_offset(host);
    (context.tuple_size_offset, context.tuple_items_offset) = tuple_layout(host);
}

macro_rules! handles {
    ($($member:ident = $function:ident;)*) => {
        /// The handles that are objects of the host for as long as the process runs, the same for all interpreters: where each is in the
        /// context, in bytes, and its import.
        const HANDLES: &[(u16, u16)] = &[$((offset_of!(Context, $member) as u16, Place::$function as u16)),*];

        $(const _: fn(&Context) -> &Handle = |context| &context.$member;)*
    };
}

handles! {
    h_None = _Py_NoneStruct;
    h_True = _Py_TrueStruct;
    h_False = _Py_FalseStruct;
    h_NotImplemented = _Py_NotImplementedStruct;
    h_Ellipsis = _Py_EllipsisObject;
    h_BaseException = PyExc_BaseException;
    h_Exception = PyExc_Exception;
    h_StopAsyncIteration = PyExc_StopAsyncIteration;
    h_StopIteration = PyExc_StopIteration;
    h_GeneratorExit = PyExc_GeneratorExit;
    h_ArithmeticError = PyExc_ArithmeticError;
    h_LookupError = PyExc_LookupError;
    h_AssertionError = PyExc_AssertionError;
    h_AttributeError = PyExc_AttributeError;
    h_BufferError = PyExc_BufferError;
    h_EOFError = PyExc_EOFError;
    h_FloatingPointError = PyExc_FloatingPointError;
    h_OSError = PyExc_OSError;
    h_ImportError = PyExc_ImportError;
    h_ModuleNotFoundError = PyExc_ModuleNotFoundError;
    h_IndexError = PyExc_IndexError;
    h_KeyError = PyExc_KeyError;
    h_KeyboardInterrupt = PyExc_KeyboardInterrupt;
    h_MemoryError = PyExc_MemoryError;
    h_NameError = PyExc_NameError;
    h_OverflowError = PyExc_OverflowError;
    h_RuntimeError = PyExc_RuntimeError;
    h_RecursionError = PyExc_RecursionError;
    h_NotImplementedError = PyExc_NotImplementedError;
    h_SyntaxError = PyExc_SyntaxError;
    h_IndentationError = PyExc_IndentationError;
    h_TabError = PyExc_TabError;
    h_ReferenceError = PyExc_ReferenceError;
    h_SystemError = PyExc_SystemError;
    h_SystemExit = PyExc_SystemExit;
    h_TypeError = PyExc_TypeError;
    h_UnboundLocalError = PyExc_UnboundLocalError;
    h_UnicodeError = PyExc_UnicodeError;
    h_UnicodeEncodeError = PyExc_UnicodeEncodeError;
    h_UnicodeDecodeError = PyExc_UnicodeDecodeError;
    h_UnicodeTranslateError = PyExc_UnicodeTranslateError;
    h_ValueError = PyExc_ValueError;
    h_ZeroDivisionError = PyExc_ZeroDivisionError;
    h_BlockingIOError = PyExc_BlockingIOError;
    h_BrokenPipeError = PyExc_BrokenPipeError;
    h_ChildProcessError = PyExc_ChildProcessError;
    h_ConnectionError = PyExc_ConnectionError;
    h_ConnectionAbortedError = PyExc_ConnectionAbortedError;
    h_ConnectionRefusedError = PyExc_ConnectionRefusedError;
    h_ConnectionResetError = PyExc_ConnectionResetError;
    h_FileExistsError = PyExc_FileExistsError;
    h_FileNotFoundError = PyExc_FileNotFoundError;
    h_InterruptedError = PyExc_InterruptedError;
    h_IsADirectoryError = PyExc_IsADirectoryError;
    h_NotADirectoryError = PyExc_NotADirectoryError;
    h_PermissionError = PyExc_PermissionError;
    h_ProcessLookupError = PyExc_ProcessLookupError;
    h_TimeoutError = PyExc_TimeoutError;
    h_Warning = PyExc_Warning;
    h_UserWarning = PyExc_UserWarning;
    h_DeprecationWarning = PyExc_DeprecationWarning;
    h_PendingDeprecationWarning = PyExc_PendingDeprecationWarning;
    h_SyntaxWarning = PyExc_SyntaxWarning;
    h_RuntimeWarning = PyExc_RuntimeWarning;
    h_FutureWarning = PyExc_FutureWarning;
    h_ImportWarning = PyExc_ImportWarning;
    h_UnicodeWarning = PyExc_UnicodeWarning;
    h_BytesWarning = PyExc_BytesWarning;
    h_ResourceWarning = PyExc_ResourceWarning;
    h_BaseObjectType = PyBaseObject_Type;
    h_TypeType = PyType_Type;
    h_BoolType = PyBool_Type;
    h_LongType = PyLong_Type;
    h_FloatType = PyFloat_Type;
    h_UnicodeType = PyUnicode_Type;
    h_TupleType = PyTuple_Type;
    h_ListType = PyList_Type;
    h_ComplexType = PyComplex_Type;
    h_BytesType = PyBytes_Type;
    h_MemoryViewType = PyMemoryView_Type;
    h_CapsuleType = PyCapsule_Type;
    h_SliceType = PySlice_Type;
    h_DictType = PyDict_Type;
    h_SetType = PySet_Type;
    h_FrozenSetType = PyFrozenSet_Type;
    h_ByteArrayType = PyByteArray_Type;
    h_RangeType = PyRange_Type;
    h_ModuleType = PyModule_Type;
}
