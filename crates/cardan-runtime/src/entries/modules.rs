//! What types know of their module, and what modules are given besides their definition.

use crate::convert::{handle, object};
use crate::definitions::raise;
use crate::forward;
use crate::imports::*;
use crate::module;
use crate::type_flags;
use crate::types::entries::ctx_Type_FromSpec;
use cardan_abi::{Context, Handle, ModuleDefinition, TypeSpec, TypeSpecParameter, parameter};
use cardan_host::types::Object;
use cardan_host::{detect, memory};
use core::ffi::{CStr, c_char, c_int, c_ulong, c_void};

forward! {
    ctx_Type_GetQualName(class: Handle) -> Handle = PyType_GetQualName;
    ctx_Type_GetModuleState(class: Handle) -> *mut c_void = PyType_GetModuleState;
}

/// The flags of a type.
///
/// # Safety
/// The handle is open and of a type; the thread is attached.
pub unsafe extern "C" fn ctx_Type_GetFlags(_: *mut Context, class: Handle) -> c_ulong {
    let class = object(class);
    // SAFETY: the caller's type; the imports are bound.
    unsafe {
        let flags = PyType_GetFlags(class);
        if flags & (type_flags::BASE_TYPE | type_flags::HEAP_TYPE) != 0
            || detect::known().quirks.tells_base_types
            || !can_be_derived_from(class)
        {
            return flags;
        }
        flags | type_flags::BASE_TYPE
    }
}

/// Whether a static type can be derived from, found out by trying.
#[cold]
unsafe fn can_be_derived_from(class: Object) -> bool {
    // SAFETY: the caller's type; the references that are made are dropped, those that are stored given away. No exception is
    // left. The call refuses a tuple in which something could not be made.
    unsafe {
        let (bases, arguments) = (PyTuple_New(1), PyTuple_New(3));
        if bases.is_null() || arguments.is_null() {
            Py_DecRef(bases);
            Py_DecRef(arguments);
            PyErr_Clear();
            return false;
        }
        Py_IncRef(class);
        PyTuple_SetItem(bases, 0, class);
        PyTuple_SetItem(arguments, 0, PyUnicode_FromString(c"derived".as_ptr()));
        PyTuple_SetItem(arguments, 1, bases);
        PyTuple_SetItem(arguments, 2, PyDict_New());
        let derived = PyObject_CallObject(PyType_Type(), arguments);
        PyErr_Clear();
        Py_DecRef(arguments);
        Py_DecRef(derived);
        !derived.is_null()
    }
}

/// The module that a type was made with, a new handle.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Type_GetModule(_: *mut Context, class: Handle) -> Handle {
    // SAFETY: the imports are bound. The function lends a reference; null stays null.
    unsafe {
        let module = PyType_GetModule(object(class));
        Py_IncRef(module);
        handle(module)
    }
}

/// The module with a definition to which a type or one of its bases belongs, a new handle.
///
/// # Safety
/// The handle is open, the definition a module's; the thread is attached.
pub unsafe extern "C" fn ctx_Module_FindByDef(
    _: *mut Context,
    class: Handle,
    definition: *mut ModuleDefinition,
) -> Handle {
    // SAFETY: the imports are bound; the records' definitions are the host's. The function lends a reference.
    unsafe {
        // A definition has one record for each context that its module was loaded with.
        for record in module::records(definition) {
            PyErr_Clear();
            let module = PyType_GetModuleByDef(object(class), record.definition());
            if !module.is_null() {
                Py_IncRef(module);
                return handle(module);
            }
        }
        if PyErr_Occurred().is_null() {
            raise(PyExc_TypeError(), c"HPyModule_FindByDef: no module was made from this definition");
        }
    }
    Handle::NULL
}

/// Makes a type that belongs to a module and puts it into the module.
///
/// # Safety
/// The arguments are as the entry's documentation says; the thread is attached.
pub unsafe extern "C" fn ctx_Module_AddType(
    context: *mut Context,
    module: Handle,
    spec: *mut TypeSpec,
    parameters: *mut TypeSpecParameter,
    result: *mut Handle,
) -> c_int {
    const END: TypeSpecParameter = TypeSpecParameter { kind: 0, object: Handle::NULL };
    // SAFETY: the author's parameters end with the kind 0; the new list has room for one more and the end.
    unsafe {
        if !result.is_null() {
            result.write(Handle::NULL);
        }
        let count = match parameters.is_null() {
            true => 0,
            false => (0..).take_while(|&index| (*parameters.add(index)).kind != END.kind).count(),
        };
        let all = memory::array::<TypeSpecParameter>(count + 2);
        if all.is_null() {
            PyErr_NoMemory();
            return -1;
        }
        all.write(TypeSpecParameter { kind: parameter::MODULE, object: module });
        if count > 0 {
            core::ptr::copy_nonoverlapping(parameters, all.add(1), count);
        }
        all.add(count + 1).write(END);
        let class = ctx_Type_FromSpec(context, spec, all);
        memory::release(all.cast());
        if class.is_null() {
            return -1;
        }
        if PyObject_SetAttrString(object(module), last_part((*spec).name), object(class)) < 0 {
            Py_DecRef(object(class));
            return -1;
        }
        if result.is_null() {
            Py_DecRef(object(class));
        } else {
            result.write(class);
        }
    }
    0
}

/// What follows the last dot of a name.
unsafe fn last_part(name: *const c_char) -> *const c_char {
    // SAFETY: the name is a C string, and the place is inside it.
    unsafe {
        let bytes = CStr::from_ptr(name).to_bytes();
        let start = bytes.iter().rposition(|&byte| byte == b'.').map_or(0, |dot| dot + 1);
        name.add(start)
    }
}

/// Says whether a module needs the GIL.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_Module_SetGIL(_: *mut Context, module: Handle, gil: c_int) -> c_int {
    // SAFETY: the imports are bound. The C API passes this number as a pointer.
    unsafe { PyUnstable_Module_SetGIL(object(module), core::ptr::without_provenance_mut(gil as usize)) }
}
