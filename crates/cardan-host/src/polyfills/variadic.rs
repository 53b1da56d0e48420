//! Stand-ins for functions with a variable number of arguments, which Rust cannot define: a few instructions make a `va_list`
//! of the arguments, and go on to a function that takes one. Where the instructions are not written for a platform, the
//! stand-ins are missing there.
//!
//! What a `va_list` is, the platform's ABI says: <https://gitlab.com/x86-psABIs/x86-64-ABI> and
//! <https://github.com/ARM-software/abi-aa/blob/main/aapcs64/aapcs64.rst>.
#![cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]

use super::support;
use super::writers::BytesWriter;
use crate::bind::value;
use crate::functions as f;
use crate::functions::{cells, data};
use crate::types::{Object, c_char, c_int, c_void};
use core::ptr::null_mut;

/// The address of a `va_list`, as a function with that argument gets it.
type Arguments = *mut c_void;

/// Defines the function under the name of the C API: it has `$fixed` arguments before the variable ones, all of them integers
/// or pointers, and calls `$target` with these and the `va_list`. `choose` is what it is for [`polyfill!`](crate::polyfill!).
macro_rules! variadic {
    ($(
        $(#[$attribute:meta])*
        fn $name:ident($fixed:literal, $x86_64:literal, $aarch64:literal) = $target:ident;
        uses [$($use:expr),*];
        may_use [$($may:expr),*];
        $(choose $choose:expr;)?
    )*) => {
        $(const _: () = {
            #[cfg(target_arch = "x86_64")]
            #[unsafe(naked)]
            unsafe extern "C" fn function() {
                core::arch::naked_asm!(
                    "sub rsp, 216",
                    "mov [rsp + 32], rdi",
                    "mov [rsp + 40], rsi",
                    "mov [rsp + 48], rdx",
                    "mov [rsp + 56], rcx",
                    "mov [rsp + 64], r8",
                    "mov [rsp + 72], r9",
                    // The caller says in `al` whether there are floats.
                    "test al, al",
                    "je 2f",
                    "movaps [rsp + 80], xmm0",
                    "movaps [rsp + 96], xmm1",
                    "movaps [rsp + 112], xmm2",
                    "movaps [rsp + 128], xmm3",
                    "movaps [rsp + 144], xmm4",
                    "movaps [rsp + 160], xmm5",
                    "movaps [rsp + 176], xmm6",
                    "movaps [rsp + 192], xmm7",
                    "2:",
                    // {gp_offset, fp_offset, overflow_arg_area, reg_save_area}
                    "mov dword ptr [rsp], {used}",
                    "mov dword ptr [rsp + 4], 48",
                    "lea rax, [rsp + 224]",
                    "mov [rsp + 8], rax",
                    "lea rax, [rsp + 32]",
                    "mov [rsp + 16], rax",
                    concat!("mov ", $x86_64, ", rsp"),
                    "call {target}",
                    "add rsp, 216",
                    "ret",
                    used = const 8 * $fixed,
                    target = sym $target,
                )
            }

            #[cfg(target_arch = "aarch64")]
            #[unsafe(naked)]
            unsafe extern "C" fn function() {
                core::arch::naked_asm!(
                    "stp x29, x30, [sp, #-256]!",
                    "mov x29, sp",
                    "stp x0, x1, [sp, #48]",
                    "stp x2, x3, [sp, #64]",
                    "stp x4, x5, [sp, #80]",
                    "stp x6, x7, [sp, #96]",
                    "stp q0, q1, [sp, #112]",
                    "stp q2, q3, [sp, #144]",
                    "stp q4, q5, [sp, #176]",
                    "stp q6, q7, [sp, #208]",
                    // {stack, gr_top, vr_top, gr_offs, vr_offs}
                    "add x9, sp, #256",
                    "str x9, [sp, #16]",
                    "add x9, sp, #112",
                    "str x9, [sp, #24]",
                    "add x9, sp, #240",
                    "str x9, [sp, #32]",
                    "mov w9, #{general}",
                    "str w9, [sp, #40]",
                    "mov w9, #-128",
                    "str w9, [sp, #44]",
                    concat!("add ", $aarch64, ", sp, #16"),
                    "bl {target}",
                    "ldp x29, x30, [sp], #256",
                    "ret",
                    general = const -(64 - 8 * $fixed),
                    target = sym $target,
                )
            }

            $(#[$attribute])*
            #[unsafe(export_name = concat!("cardan_polyfill_", stringify!($name)))]
            static POLYFILL: $crate::polyfill::WithUses<COUNT> = variadic!(@made function, [$($choose)?], [$($use,)* $($may.optional(),)*]);

            const COUNT: usize = 0 $(+ { stringify!($use); 1 })* $(+ { stringify!($may); 1 })*;
        };)*
    };
    (@made $function:ident, [], $uses:expr) => { $crate::polyfill::WithUses::new($function as *const c_void, $uses) };
    (@made $function:ident, [$choose:expr], $uses:expr) => {
        $crate::polyfill::WithUses::chosen(
            |host| {
                let choose: fn(&$crate::detect::Host, *const c_void) -> $crate::polyfill::Choice = $choose;
                choose(host, $function as *const c_void)
            },
            $uses,
        )
    };
}
pub(super) use variadic;

variadic! {
    /// Has an exception that cannot be raised reported, with a message by a format.
    fn PyErr_FormatUnraisable(1, "rsi", "x1") = format_unraisable;
    uses [
        cells::PyErr_Fetch, cells::PyErr_Restore, cells::PyErr_NormalizeException, cells::PyErr_WriteUnraisable, cells::PyErr_Clear,
        cells::PyUnicode_FromFormatV, cells::PySys_GetObject, cells::PyObject_CallFunction, cells::PyObject_CallFunctionObjArgs,
        cells::Py_BuildValue, cells::Py_IncRef, cells::Py_DecRef
    ];
    may_use [];

    /// Raises an audit event with arguments by a format. 0, or -1 with an exception.
    fn PySys_Audit(2, "rdx", "x2") = audit;
    uses [
        cells::PySys_GetObject, cells::Py_VaBuildValue, cells::PyUnicode_FromString, cells::PyTuple_New, cells::PyTuple_SetItem,
        cells::PyTuple_GetItem, cells::PyTuple_Size, cells::PyObject_CallObject, cells::PyObject_Type, cells::PyType_GetFlags,
        cells::PyObject_GetAttrString, cells::PyErr_Format, cells::PyErr_SetString, cells::Py_BuildValue, cells::Py_IncRef,
        cells::Py_DecRef, data::PyExc_TypeError, data::PyExc_RuntimeError
    ];
    may_use [];

    /// Warns of a resource that was not closed, with a message by a format. 0, or -1 with an exception.
    fn PyErr_ResourceWarning(3, "rcx", "x3") = resource_warning;
    uses [
        cells::PyUnicode_FromFormatV, cells::PyImport_ImportModule, cells::PyObject_CallMethod, cells::Py_BuildValue,
        cells::Py_DecRef, data::PyExc_ResourceWarning
    ];
    may_use [];

    /// Writes to `sys.stderr` by a format.
    fn PySys_FormatStderr(1, "rsi", "x1") = format_stderr;
    uses [
        cells::PyUnicode_FromFormatV, cells::PySys_GetObject, cells::PyObject_CallMethod, cells::PyErr_Fetch, cells::PyErr_Restore,
        cells::PyErr_Clear, cells::Py_DecRef
    ];
    may_use [];

    /// Writes to `sys.stdout` by a format.
    fn PySys_FormatStdout(1, "rsi", "x1") = format_stdout;
    uses [
        cells::PyUnicode_FromFormatV, cells::PySys_GetObject, cells::PyObject_CallMethod, cells::PyErr_Fetch, cells::PyErr_Restore,
        cells::PyErr_Clear, cells::Py_DecRef
    ];
    may_use [];

    /// Writes to a writer by a format. 0, or -1 with an exception.
    fn PyUnicodeWriter_Format(2, "rdx", "x2") = unicode_writer_format;
    uses [cells::PyUnicode_FromFormatV, cells::PyList_Append, cells::Py_DecRef];
    may_use [];

    /// Writes to a writer by a format. 0, or -1 with an exception.
    fn PyBytesWriter_Format(2, "rdx", "x2") = bytes_writer_format;
    uses [
        cells::PyBytes_FromFormatV, cells::PyBytes_AsString, cells::PyBytes_Size, cells::PyMem_Realloc, cells::PyErr_NoMemory,
        cells::PyErr_SetString, cells::Py_DecRef, data::PyExc_ValueError
    ];
    may_use [];

    /// Takes an array of arguments apart by a format: 1, or 0 with an exception.
    fn PyArg_ParseArray(3, "rcx", "x3") = parse_array;
    uses [
        cells::PyTuple_New, cells::PyTuple_SetItem, cells::PyArg_VaParse, cells::PyErr_NoMemory, cells::Py_IncRef, cells::Py_DecRef
    ];
    may_use [cells::_PyArg_VaParse_SizeT];

    /// Takes an array of arguments and keywords apart by a format: 1, or 0 with an exception.
    fn PyArg_ParseArrayAndKeywords(5, "r9", "x5") = parse_array_and_keywords;
    uses [
        cells::PyTuple_New, cells::PyTuple_SetItem, cells::PyTuple_Size, cells::PyTuple_GetItem, cells::PyDict_New,
        cells::PyDict_SetItem, cells::PyArg_VaParseTupleAndKeywords, cells::PyErr_NoMemory, cells::Py_IncRef, cells::Py_DecRef
    ];
    may_use [cells::_PyArg_VaParseTupleAndKeywords_SizeT];
}

unsafe extern "C" fn format_unraisable(format: *const c_char, arguments: Arguments) {
    let (mut kind, mut exception, mut traceback) = (null_mut(), null_mut(), null_mut());
    // SAFETY: the cells are filled and the arguments the caller's; what is fetched or made is given back.
    unsafe {
        f::PyErr_Fetch(&mut kind, &mut exception, &mut traceback);
        if !kind.is_null() {
            f::PyErr_NormalizeException(&mut kind, &mut exception, &mut traceback);
        }
        let message = if format.is_null() {
            f::Py_BuildValue()(c"".as_ptr())
        } else {
            f::PyUnicode_FromFormatV(format, arguments)
        };
        let hook = f::PySys_GetObject(c"unraisablehook".as_ptr());
        let class = f::PySys_GetObject(c"UnraisableHookArgs".as_ptr());
        let mut done = null_mut();
        if !kind.is_null() && !message.is_null() && !hook.is_null() && !class.is_null() {
            let none = support::none();
            let or_none = |object: Object| if object.is_null() { none } else { object };
            let format = c"((OOOOO))".as_ptr();
            let report =
                f::PyObject_CallFunction()(class, format, kind, or_none(exception), or_none(traceback), message, none);
            if !report.is_null() {
                done = f::PyObject_CallFunctionObjArgs()(hook, report, null_mut::<c_void>());
                f::Py_DecRef(report);
            }
        }
        if done.is_null() {
            // A host without the hook, or with one that failed.
            f::PyErr_Clear();
            f::Py_IncRef(kind);
            f::Py_IncRef(exception);
            f::Py_IncRef(traceback);
            f::PyErr_Restore(kind, exception, traceback);
            f::PyErr_WriteUnraisable(message);
        }
        for object in [done, message, kind, exception, traceback] {
            f::Py_DecRef(object);
        }
    }
}

unsafe extern "C" fn audit(event: *const c_char, format: *const c_char, arguments: Arguments) -> c_int {
    // SAFETY: the cells are filled and the arguments the caller's; what is made is given back.
    unsafe {
        let built = if format.is_null() { null_mut() } else { f::Py_VaBuildValue(format, arguments) };
        if built.is_null() && !format.is_null() {
            return -1;
        }
        // One argument is built as it is, several as a tuple, and none as `None`.
        let empty = format.is_null() || format.read() == 0;
        let tuple = if empty {
            null_mut()
        } else if support::has_type_flag(built, support::type_flag::TUPLE) {
            f::Py_IncRef(built);
            built
        } else {
            f::Py_BuildValue()(c"(O)".as_ptr(), built)
        };
        f::Py_DecRef(built);
        if tuple.is_null() && !empty {
            return -1;
        }
        let outcome = super::before_3_13_runtime::PySys_AuditTuple(event, tuple);
        f::Py_DecRef(tuple);
        outcome
    }
}

unsafe extern "C" fn resource_warning(
    source: Object,
    level: isize,
    format: *const c_char,
    arguments: Arguments,
) -> c_int {
    // SAFETY: the cells are filled and the arguments the caller's; what is made is given back.
    unsafe {
        let message = f::PyUnicode_FromFormatV(format, arguments);
        let warnings = if message.is_null() { null_mut() } else { f::PyImport_ImportModule(c"warnings".as_ptr()) };
        let mut result = null_mut();
        if !warnings.is_null() {
            let source = if source.is_null() { support::none() } else { source };
            let (name, format) = (c"warn".as_ptr(), c"(OOnO)".as_ptr());
            let class = value(&data::PyExc_ResourceWarning);
            result = f::PyObject_CallMethod()(warnings, name, format, message, class, level, source);
        }
        f::Py_DecRef(warnings);
        f::Py_DecRef(message);
        super::alternatives::status(result)
    }
}

/// Writes to a stream of `sys`. An error is dropped, and the pending exception stays pending.
unsafe fn format_to(stream: &core::ffi::CStr, format: *const c_char, arguments: Arguments) {
    // SAFETY: the callers list the cells; what is made is given back.
    unsafe {
        support::with_exception_aside(|| {
            let message = f::PyUnicode_FromFormatV(format, arguments);
            let file = f::PySys_GetObject(stream.as_ptr());
            if !message.is_null() && !file.is_null() {
                let result = f::PyObject_CallMethod()(file, c"write".as_ptr(), c"(O)".as_ptr(), message);
                f::Py_DecRef(result);
            }
            f::Py_DecRef(message);
            f::PyErr_Clear();
        });
    }
}

unsafe extern "C" fn format_stderr(format: *const c_char, arguments: Arguments) {
    // SAFETY: the arguments are the caller's.
    unsafe { format_to(c"stderr", format, arguments) }
}

unsafe extern "C" fn format_stdout(format: *const c_char, arguments: Arguments) {
    // SAFETY: the arguments are the caller's.
    unsafe { format_to(c"stdout", format, arguments) }
}

unsafe extern "C" fn unicode_writer_format(writer: Object, format: *const c_char, arguments: Arguments) -> c_int {
    // SAFETY: the arguments are the caller's; the piece goes to the list.
    unsafe { super::writers::append(writer, f::PyUnicode_FromFormatV(format, arguments)) }
}

unsafe extern "C" fn bytes_writer_format(
    writer: *mut BytesWriter,
    format: *const c_char,
    arguments: Arguments,
) -> c_int {
    // SAFETY: the arguments are the caller's; the piece is given back once it was copied.
    unsafe {
        let piece = f::PyBytes_FromFormatV(format, arguments);
        if piece.is_null() {
            return -1;
        }
        let (bytes, size) = (f::PyBytes_AsString(piece), f::PyBytes_Size(piece));
        let outcome = super::writers::PyBytesWriter_WriteBytes(writer, bytes.cast(), size);
        f::Py_DecRef(piece);
        outcome
    }
}

/// A tuple of the first arguments of an array.
unsafe fn tuple_of(items: *const Object, count: isize) -> Object {
    // SAFETY: the callers list the cells, and the array holds so many objects.
    unsafe { super::before_3_15::PyTuple_FromArray(items, count) }
}

unsafe extern "C" fn parse_array(
    items: *const Object,
    count: isize,
    format: *const c_char,
    arguments: Arguments,
) -> c_int {
    // SAFETY: the cells are filled and the arguments the caller's. The array keeps what the tuple holds.
    unsafe {
        let tuple = tuple_of(items, count);
        if tuple.is_null() {
            return 0;
        }
        let parsed = super::parsing::parse_tuple(tuple, format, arguments);
        f::Py_DecRef(tuple);
        parsed
    }
}

unsafe extern "C" fn parse_array_and_keywords(
    items: *const Object,
    count: isize,
    names: Object,
    format: *const c_char,
    parameters: *const *const c_char,
    arguments: Arguments,
) -> c_int {
    // SAFETY: the cells are filled and the arguments the caller's. The array keeps what tuple and dict hold.
    unsafe {
        let tuple = tuple_of(items, count);
        let keywords = if names.is_null() {
            null_mut()
        } else {
            super::alternatives::call::_PyStack_AsDict(items.offset(count), names)
        };
        let mut parsed = 0;
        if !tuple.is_null() && (names.is_null() || !keywords.is_null()) {
            parsed = super::parsing::parse_keywords(tuple, keywords, format, parameters, arguments);
        }
        f::Py_DecRef(keywords);
        f::Py_DecRef(tuple);
        parsed
    }
}
