//! The functions and data of the host that the runtime itself calls, by their public names.
//!
//! One list yields a [`Cell`] for each name, in [`cells`], and a function of the same name that calls through it. A
//! function may be called only where its cell was filled: for a stand-in that is what its `uses` list is for.
#![allow(non_snake_case, non_upper_case_globals, missing_docs)] // CPython's own names, documented there.

use crate::cell::Cell;
use crate::types::{Object, PyMethodDef, PyType_Spec, c_char, c_int, c_long, c_uint, c_void};

macro_rules! functions {
    (
        $(fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*
        variadic {
            $(fn $variadic:ident($($fixed:ty),*, ...) -> $variadic_result:ty;)*
        }
        data { $($datum:ident)* }
    ) => {
        /// The place of each name in the table.
        #[repr(u16)]
        #[allow(non_camel_case_types, clippy::enum_variant_names)] // The names are the C API's.
        enum Place { $($variadic,)* $($name,)* $($datum,)* End }

        /// How many names there are.
        pub(crate) const COUNT: usize = Place::End as usize;

        /// The names in order, each ended by a zero byte.
        pub(crate) const NAMES: &str = concat!(
            $(stringify!($variadic), "\0",)* $(stringify!($name), "\0",)* $(stringify!($datum), "\0",)*
        );

        /// A cell for each function of the list.
        pub mod cells {
            use super::{Cell, Place};
            $(pub const $variadic: Cell = Cell::at(Place::$variadic as u16);)*
            $(pub const $name: Cell = Cell::at(Place::$name as u16);)*
        }

        /// Data of the host that the runtime reads: the cell holds the address of the variable.
        pub mod data {
            use super::{Cell, Place};
            $(pub const $datum: Cell = Cell::at(Place::$datum as u16);)*
        }
        $(
            /// Calls the host's function of this name.
            ///
            /// # Safety
            /// The cell was filled, the arguments are as CPython's documentation says, the thread is attached.
            #[inline]
            pub unsafe fn $name($($argument: $type),*) $(-> $result)? {
                let address = cells::$name.address();
                // SAFETY: a filled cell holds the address of a function with this signature.
                let function = unsafe { core::mem::transmute::<*mut c_void, unsafe extern "C" fn($($type),*) $(-> $result)?>(address) };
                // SAFETY: the caller's promise.
                unsafe { function($($argument),*) }
            }
        )*
        $(
            /// The host's function of this name, to be called with any number of further arguments.
            ///
            /// # Safety
            /// The cell was filled.
            #[inline]
            pub unsafe fn $variadic() -> unsafe extern "C" fn($($fixed),*, ...) -> $variadic_result {
                // SAFETY: a filled cell holds the address of a function with this signature.
                unsafe { core::mem::transmute::<*mut c_void, _>(cells::$variadic.address()) }
            }
        )*
    };
}

functions! {
    // Objects and reference counts.
    fn Py_IncRef(object: Object);
    fn Py_DecRef(object: Object);
    fn _Py_SetRefcnt(object: Object, count: isize);
    fn PyObject_Type(object: Object) -> Object;
    fn PyObject_GetAttr(object: Object, name: Object) -> Object;
    fn _PyType_Lookup(class: Object, name: Object) -> Object;
    fn PyObject_GenericGetAttr(object: Object, name: Object) -> Object;
    fn PyType_GenericAlloc(class: Object, items: isize) -> Object;
    fn PyObject_GetAttrString(object: Object, name: *const c_char) -> Object;
    fn PyObject_SetAttr(object: Object, name: Object, value: Object) -> c_int;
    fn PyObject_SetAttrString(object: Object, name: *const c_char, value: Object) -> c_int;
    fn PyObject_HasAttrString(object: Object, name: *const c_char) -> c_int;
    fn PyObject_GetItem(object: Object, key: Object) -> Object;
    fn PyObject_Call(callable: Object, arguments: Object, keywords: Object) -> Object;
    fn PyObject_CallObject(callable: Object, arguments: Object) -> Object;
    fn PyNumber_Power(base: Object, exponent: Object, modulus: Object) -> Object;
    fn PyNumber_InPlacePower(base: Object, exponent: Object, modulus: Object) -> Object;
    fn PyObject_IsTrue(object: Object) -> c_int;
    fn PyObject_IsInstance(object: Object, class: Object) -> c_int;
    fn PyObject_IsSubclass(class: Object, base: Object) -> c_int;
    fn PyObject_Size(object: Object) -> isize;
    fn PyObject_Repr(object: Object) -> Object;
    fn PyObject_Hash(object: Object) -> isize;
    fn PyObject_DelItem(object: Object, key: Object) -> c_int;
    fn PyObject_RichCompare(left: Object, right: Object, operation: c_int) -> Object;
    fn PyObject_GetIter(object: Object) -> Object;
    fn PyObject_Str(object: Object) -> Object;
    fn PyObject_RichCompareBool(left: Object, right: Object, operation: c_int) -> c_int;
    fn PyObject_Vectorcall(callable: Object, arguments: *const Object, count: usize, keywords: Object) -> Object;
    fn PyObject_VectorcallDict(callable: Object, arguments: *const Object, count: usize, keywords: Object) -> Object;

    // Exceptions.
    fn PyErr_Clear();
    fn PyErr_Occurred() -> Object;
    fn PyErr_SetString(kind: Object, message: *const c_char);
    fn PyErr_SetObject(kind: Object, value: Object);
    fn PyErr_Fetch(kind: *mut Object, value: *mut Object, traceback: *mut Object);
    fn PyErr_Restore(kind: Object, value: Object, traceback: Object);
    fn PyErr_NormalizeException(kind: *mut Object, value: *mut Object, traceback: *mut Object);
    fn PyErr_ExceptionMatches(kind: Object) -> c_int;
    fn PyException_SetContext(exception: Object, context: Object);
    fn PyErr_GetExcInfo(kind: *mut Object, value: *mut Object, traceback: *mut Object);
    fn PyErr_SetExcInfo(kind: Object, value: Object, traceback: Object);
    fn PyErr_NoMemory() -> Object;
    fn PyErr_WriteUnraisable(object: Object);
    fn PyErr_Print();
    fn PyErr_WarnEx(category: Object, message: *const c_char, level: isize) -> c_int;
    fn PyErr_BadInternalCall();
    fn PyException_SetTraceback(exception: Object, traceback: Object) -> c_int;
    fn PyException_GetTraceback(exception: Object) -> Object;

    // Types.
    fn PyType_FromSpec(spec: *mut PyType_Spec) -> Object;
    fn PyType_FromSpecWithBases(spec: *mut PyType_Spec, bases: Object) -> Object;
    fn PyType_FromModuleAndSpec(module: Object, spec: *mut PyType_Spec, bases: Object) -> Object;
    fn PyType_FromMetaclass(metaclass: Object, module: Object, spec: *mut PyType_Spec, bases: Object) -> Object;
    fn PyType_GetFlags(class: Object) -> core::ffi::c_ulong;
    fn PyType_GetSlot(class: Object, slot: c_int) -> *mut c_void;
    fn PyType_GetModule(class: Object) -> Object;
    fn PyType_GetModuleByDef(class: Object, definition: *mut c_void) -> Object;
    fn PyType_IsSubtype(class: Object, base: Object) -> c_int;
    fn GraalPy_TYPE(object: Object) -> Object;
    fn GraalPy_SET_TYPE(object: Object, class: Object);
    fn GraalPy_SIZE(object: Object) -> isize;
    fn GraalPy_SET_SIZE(object: Object, size: isize);
    fn PyObject_GC_IsFinalized(object: Object) -> c_int;

    // Modules.
    fn PyModuleDef_Init(definition: *mut c_void) -> Object;
    fn PyModule_Create2(definition: *mut c_void, version: c_int) -> Object;
    fn PyModule_FromDefAndSpec2(definition: *mut c_void, spec: Object, version: c_int) -> Object;
    fn PyModule_ExecDef(module: Object, definition: *mut c_void) -> c_int;
    fn PyModule_GetDef(module: Object) -> *mut c_void;
    fn PyModule_GetDict(module: Object) -> Object;
    fn PyModule_AddObject(module: Object, name: *const c_char, value: Object) -> c_int;
    fn PyState_FindModule(definition: *mut c_void) -> Object;
    fn PyState_AddModule(module: Object, definition: *mut c_void) -> c_int;
    fn PyState_RemoveModule(definition: *mut c_void) -> c_int;
    fn PyUnstable_Module_SetGIL(module: Object, gil: *mut c_void) -> c_int;
    fn PyInterpreterState_Get() -> *mut c_void;
    fn PyInterpreterState_GetDict(interpreter: *mut c_void) -> Object;
    fn PyImport_ImportModule(name: *const c_char) -> Object;
    fn PyImport_ImportModuleLevelObject(name: Object, globals: Object, locals: Object, names: Object, level: c_int) -> Object;
    fn PyImport_Import(name: Object) -> Object;
    fn PyImport_AddModule(name: *const c_char) -> Object;
    fn Py_GetVersion() -> *const c_char;
    fn PySys_GetObject(name: *const c_char) -> Object;
    fn PySys_SetObject(name: *const c_char, value: Object) -> c_int;

    // Numbers.
    fn PyLong_AsLong(number: Object) -> c_long;
    fn PyLong_AsSsize_t(number: Object) -> isize;
    fn PyLong_FromLong(value: c_long) -> Object;
    fn PyLong_FromSsize_t(value: isize) -> Object;
    fn PyLong_FromLongLong(value: i64) -> Object;
    fn PyLong_AsLongLong(number: Object) -> i64;
    fn PyLong_AsLongLongAndOverflow(number: Object, overflow: *mut c_int) -> i64;
    fn PyLong_FromUnsignedLong(value: core::ffi::c_ulong) -> Object;
    fn PyLong_FromUnsignedLongLong(value: u64) -> Object;
    fn PyLong_AsUnsignedLongLong(number: Object) -> u64;
    fn PyLong_AsNativeBytes(number: Object, bytes: *mut c_void, size: isize, flags: c_int) -> isize;
    fn PyFloat_AsDouble(number: Object) -> f64;
    fn PyFloat_FromDouble(value: f64) -> Object;
    fn PyBool_FromLong(value: c_long) -> Object;
    fn PyNumber_Index(object: Object) -> Object;
    fn PyNumber_Negative(object: Object) -> Object;
    fn PyNumber_Absolute(object: Object) -> Object;

    // Strings.
    fn PyUnicode_New(size: isize, maximum: u32) -> Object;
    fn PyUnicode_FromString(text: *const c_char) -> Object;
    fn PyUnicode_FromStringAndSize(text: *const c_char, size: isize) -> Object;
    fn PyUnicode_AsUTF8AndSize(text: Object, size: *mut isize) -> *const c_char;
    fn PyUnicode_AsUTF8String(text: Object) -> Object;
    fn PyUnicode_AsUTF8(text: Object) -> *const c_char;
    fn PyUnicode_GetLength(text: Object) -> isize;
    fn PyDict_Size(dict: Object) -> isize;
    fn PyUnicode_ReadChar(text: Object, index: isize) -> u32;
    fn PyUnicode_WriteChar(text: Object, index: isize, character: u32) -> c_int;
    fn PyUnicode_FromKindAndData(kind: c_int, data: *const c_void, size: isize) -> Object;
    fn PyUnicode_InternInPlace(text: *mut Object);
    fn PyUnicode_CopyCharacters(to: Object, to_start: isize, from: Object, from_start: isize, count: isize) -> isize;
    fn PyUnicode_FromWideChar(text: *const c_void, size: isize) -> Object;
    fn PyUnicode_DecodeASCII(bytes: *const c_char, size: isize, errors: *const c_char) -> Object;
    fn PyUnicode_DecodeUTF8(bytes: *const c_char, size: isize, errors: *const c_char) -> Object;
    fn PyUnicode_FromOrdinal(character: c_int) -> Object;
    fn PyUnicode_Substring(text: Object, start: isize, end: isize) -> Object;
    fn PyUnicode_Join(separator: Object, items: Object) -> Object;
    fn PyUnicode_FromFormatV(format: *const c_char, arguments: *mut c_void) -> Object;
    fn PyUnicode_Compare(left: Object, right: Object) -> c_int;
    fn _PyUnicode_Ready(text: Object) -> c_int;
    fn GraalPyUnicode_KIND(text: Object) -> c_int;
    fn GraalPyUnicode_NONCOMPACT_DATA(text: Object) -> *mut c_void;
    fn GraalPyUnicode_IS_ASCII(text: Object) -> c_int;
    fn PyBytes_FromStringAndSize(bytes: *const c_char, size: isize) -> Object;
    fn PyBytes_AsString(bytes: Object) -> *mut c_char;
    fn PyBytes_Size(bytes: Object) -> isize;
    fn PyBytes_FromObject(object: Object) -> Object;
    fn PyObject_Bytes(object: Object) -> Object;
    fn PyBytes_FromFormatV(format: *const c_char, arguments: *mut c_void) -> Object;

    // Containers.
    fn PyTuple_New(size: isize) -> Object;
    fn PyTuple_GetItem(tuple: Object, index: isize) -> Object;
    fn PyTuple_SetItem(tuple: Object, index: isize, item: Object) -> c_int;
    fn PyTuple_Size(tuple: Object) -> isize;
    fn PyList_New(size: isize) -> Object;
    fn PyList_Append(list: Object, item: Object) -> c_int;
    fn PyList_GetItem(list: Object, index: isize) -> Object;
    fn PyList_SetItem(list: Object, index: isize, item: Object) -> c_int;
    fn PyList_SetSlice(list: Object, low: isize, high: isize, items: Object) -> c_int;
    fn PyList_Size(list: Object) -> isize;
    fn PyDict_New() -> Object;
    fn PyDict_GetItemWithError(dict: Object, key: Object) -> Object;
    fn PyDict_GetItemString(dict: Object, key: *const c_char) -> Object;
    fn PyDict_SetItem(dict: Object, key: Object, value: Object) -> c_int;
    fn PyDict_SetItemString(dict: Object, key: *const c_char, value: Object) -> c_int;
    fn PyDict_DelItem(dict: Object, key: Object) -> c_int;
    fn PyDict_SetDefault(dict: Object, key: Object, value: Object) -> Object;
    fn PyDict_Contains(dict: Object, key: Object) -> c_int;
    fn PyMapping_Keys(mapping: Object) -> Object;
    fn PyDict_Update(dict: Object, mapping: Object) -> c_int;
    fn PySequence_Tuple(object: Object) -> Object;
    fn PySequence_Concat(left: Object, right: Object) -> Object;
    fn PySequence_List(object: Object) -> Object;
    fn PyWeakref_GetObject(reference: Object) -> Object;
    fn PyObject_ClearWeakRefs(object: Object);
    fn PyWeakref_Check(object: Object) -> c_int;
    fn PyIter_Next(iterator: Object) -> Object;
    fn PyIter_Check(object: Object) -> c_int;
    fn PySlice_Unpack(slice: Object, start: *mut isize, stop: *mut isize, step: *mut isize) -> c_int;
    fn PySlice_AdjustIndices(length: isize, start: *mut isize, stop: *mut isize, step: isize) -> isize;

    // Code, memory, interpreter.
    fn Py_CompileStringExFlags(source: *const c_char, file: *const c_char, start: c_int, flags: *mut c_void, level: c_int) -> Object;
    fn Py_CompileStringFlags(source: *const c_char, file: *const c_char, start: c_int, flags: *mut c_void) -> Object;
    fn PyThreadState_Get() -> *mut c_void;
    fn PyGILState_GetThisThreadState() -> *mut c_void;
    fn PyEval_GetBuiltins() -> Object;
    fn Py_FatalError(message: *const c_char);
    fn PyFile_WriteString(text: *const c_char, file: Object) -> c_int;
    fn Py_CompileString(source: *const c_char, file: *const c_char, start: c_int) -> Object;
    fn PyRun_String(source: *const c_char, start: c_int, globals: Object, locals: Object) -> Object;
    fn PyThreadState_GetDict() -> Object;
    fn PyEval_EvalCode(code: Object, globals: Object, locals: Object) -> Object;
    fn PyEval_GetGlobals() -> Object;
    fn PyEval_GetLocals() -> Object;
    fn PyGILState_Check() -> c_int;
    fn PyGILState_Ensure() -> c_int;
    fn PyEval_InitThreads();
    fn PyMem_Malloc(size: usize) -> *mut c_void;
    fn PyMem_Realloc(memory: *mut c_void, size: usize) -> *mut c_void;
    fn PyMem_Free(memory: *mut c_void);
    fn Py_VaBuildValue(format: *const c_char, values: *mut c_void) -> Object;
    fn _PyArg_VaParseTupleAndKeywords_SizeT(arguments: Object, keywords: Object, format: *const c_char, names: *const *const c_char, places: *mut c_void) -> c_int;
    fn PyArg_VaParseTupleAndKeywords(arguments: Object, keywords: Object, format: *const c_char, names: *const *const c_char, places: *mut c_void) -> c_int;
    fn _PyArg_VaParse_SizeT(arguments: Object, format: *const c_char, places: *mut c_void) -> c_int;
    fn PyArg_VaParse(arguments: Object, format: *const c_char, places: *mut c_void) -> c_int;
    fn PyCapsule_Import(name: *const c_char, no_block: c_int) -> *mut c_void;
    fn PyEval_SaveThread() -> *mut c_void;
    fn PyEval_RestoreThread(state: *mut c_void);
    fn PyMemoryView_FromObject(object: Object) -> Object;
    fn PyMemoryView_FromMemory(memory: *mut c_char, size: isize, flags: c_int) -> Object;
    fn PyObject_GetBuffer(object: Object, view: *mut c_void, flags: c_int) -> c_int;
    fn PyBuffer_IsContiguous(view: *const c_void, order: c_char) -> c_int;
    fn PyBuffer_Release(view: *mut c_void);
    fn PyBuffer_FillInfo(view: *mut c_void, exporter: Object, memory: *mut c_void, length: isize, read_only: c_int, flags: c_int) -> c_int;
    fn PyMemoryView_FromBuffer(view: *const c_void) -> Object;
    fn PyCFunction_NewEx(definition: *mut PyMethodDef, owner: Object, module: Object) -> Object;
    fn PyCMethod_New(definition: *mut PyMethodDef, owner: Object, module: Object, class: Object) -> Object;
    fn PyCFunction_Check(object: Object) -> c_int;
    fn PyType_GetQualName(class: Object) -> Object;
    fn Py_GetConstantBorrowed(identifier: c_uint) -> Object;

    variadic {
        fn Py_BuildValue(*const c_char, ...) -> Object;
        fn PyObject_CallMethod(Object, *const c_char, *const c_char, ...) -> Object;
        fn PyObject_CallFunctionObjArgs(Object, ...) -> Object;
        fn PyErr_Format(Object, *const c_char, ...) -> Object;
        fn PyUnicode_FromFormat(*const c_char, ...) -> Object;
        fn PyObject_CallFunction(Object, *const c_char, ...) -> Object;
        fn PyObject_CallMethodObjArgs(Object, Object, ...) -> Object;
        fn PyErr_FormatUnraisable(*const c_char, ...) -> ();
        fn PySys_WriteStderr(*const c_char, ...) -> ();
        fn PyArg_Parse(Object, *const c_char, ...) -> c_int;
        fn _PyArg_Parse_SizeT(Object, *const c_char, ...) -> c_int;
    }

    data {
        PyExc_BaseException
        PyExc_ImportError
        PyExc_SystemError
        PyExc_TypeError
        PyExc_BufferError
        PyExc_ValueError
        PyExc_AttributeError
        PyExc_OverflowError
        PyExc_KeyError
        PyExc_NameError
        PyExc_IndexError
        PyExc_RuntimeError
        PyExc_StopIteration
        PyBaseObject_Type
        PyType_Type
        PyTuple_Type
        PyList_Type
        PyBytes_Type
        PyLong_Type
        PyDict_Type
        PySet_Type
        PyUnicode_Type
        PyByteArray_Type
        PyModule_Type
        PyExc_UnicodeDecodeError
        PyExc_ResourceWarning
        PyExc_RuntimeWarning
        _Py_NoneStruct
    }
}
