//! The definitions that a module hands to the runtime: methods, slots, members, types, the module itself.
//!
//! The layouts are those of HPy, <https://docs.hpyproject.org/en/latest/api-reference/hpy-type.html>. A `cpy_trampoline`
//! is a function with the calling convention that CPython expects in that place.

use crate::context::Context;
use crate::values::{Buffer, Field, Global, Handle};
use core::ffi::{c_char, c_int, c_uint, c_ulong, c_void};

/// An author's function, of whatever signature, or null.
pub type Function = *mut c_void;

/// A function that visits the fields of an object's struct.
pub type Traverse = unsafe extern "C" fn(data: *mut c_void, visit: Visit, argument: *mut c_void) -> c_int;

/// What a [`Traverse`] function calls for each field. A result other than zero ends the visit.
pub type Visit = unsafe extern "C" fn(field: *mut Field, argument: *mut c_void) -> c_int;

/// `HPyFunc_destroyfunc`: releases what an object's struct holds besides its fields.
pub type Destroy = unsafe extern "C" fn(data: *mut c_void);

/// `HPySlot`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct SlotDefinition {
    /// The slot's id.
    pub slot: c_uint,
    /// The author's function.
    pub implementation: Function,
    /// The function for CPython.
    pub cpy_trampoline: Function,
}

/// `HPyMeth`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct MethodDefinition {
    /// The attribute's name, UTF-8.
    pub name: *const c_char,
    /// The author's function.
    pub implementation: Function,
    /// The function for CPython.
    pub cpy_trampoline: Function,
    /// One of [`signature`](crate::definitions::signature), with the bits of class and static methods.
    pub signature: c_uint,
    /// The docstring, UTF-8, or null.
    pub doc: *const c_char,
}

/// `HPyMember`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct MemberDefinition {
    /// The attribute's name, UTF-8.
    pub name: *const c_char,
    /// The C type, by the numbers of `structmember.h`.
    pub kind: c_uint,
    /// Where it is in the object's struct, in bytes.
    pub offset: isize,
    /// Whether it cannot be assigned to.
    pub readonly: c_int,
    /// The docstring, UTF-8, or null.
    pub doc: *const c_char,
}

/// `HPyGetSet`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct GetSetDefinition {
    /// The attribute's name, UTF-8.
    pub name: *const c_char,
    /// The author's getter or null.
    pub getter: Function,
    /// The author's setter or null.
    pub setter: Function,
    /// The getter for CPython.
    pub getter_cpy_trampoline: Function,
    /// The setter for CPython.
    pub setter_cpy_trampoline: Function,
    /// The docstring, UTF-8, or null.
    pub doc: *const c_char,
    /// What both get as their last argument.
    pub closure: *mut c_void,
}

/// What a definition is; [`Definition::kind`] says which.
#[repr(C)]
#[derive(Clone, Copy)]
pub union DefinitionBody {
    /// For [`definition_kind::SLOT`].
    pub slot: SlotDefinition,
    /// For [`definition_kind::METHOD`].
    pub method: MethodDefinition,
    /// For [`definition_kind::MEMBER`].
    pub member: MemberDefinition,
    /// For [`definition_kind::GET_SET`].
    pub get_set: GetSetDefinition,
}

/// `HPyDef`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Definition {
    /// One of [`definition_kind`].
    pub kind: c_uint,
    /// The rest.
    pub body: DefinitionBody,
}

/// `HPyDef_Kind`.
pub mod definition_kind {
    #![allow(missing_docs)] // The names say it.
    pub const SLOT: u32 = 1;
    pub const METHOD: u32 = 2;
    pub const MEMBER: u32 = 3;
    pub const GET_SET: u32 = 4;
}

/// `HPyType_Spec`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TypeSpec {
    /// The qualified name, UTF-8: the module, a dot, the name.
    pub name: *const c_char,
    /// The size of the object's struct in bytes; for a legacy type with the object header.
    pub basicsize: c_int,
    /// The size of an item of variable-size objects in bytes.
    pub itemsize: c_int,
    /// Type flags by CPython's bits.
    pub flags: c_ulong,
    /// One of [`shape`].
    pub builtin_shape: c_int,
    /// `PyType_Slot` of the C API, or null.
    pub legacy_slots: *mut c_void,
    /// Pointers to definitions, ending with null, or null.
    pub defines: *const *const Definition,
    /// The docstring, UTF-8, or null.
    pub doc: *const c_char,
}

/// `HPyType_BuiltinShape`: which built-in type's fields an object starts with.
pub mod shape {
    #![allow(missing_docs)] // The names say it.
    pub const LEGACY: i32 = -1;
    pub const OBJECT: i32 = 0;
    pub const TYPE: i32 = 1;
    pub const LONG: i32 = 2;
    pub const FLOAT: i32 = 3;
    pub const UNICODE: i32 = 4;
    pub const TUPLE: i32 = 5;
    pub const LIST: i32 = 6;
    pub const DICT: i32 = 7;
}

/// `HPyType_SpecParam`: what a type is made with besides its spec. A list of them ends with the kind 0.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TypeSpecParameter {
    /// One of [`parameter`].
    pub kind: c_uint,
    /// Borrowed.
    pub object: Handle,
}

/// `HPyType_SpecParam_Kind`.
pub mod parameter {
    /// A base class; may be repeated.
    pub const BASE: u32 = 1;
    /// A tuple of base classes.
    pub const BASES_TUPLE: u32 = 2;
    /// The metaclass.
    pub const METACLASS: u32 = 3;
    /// The module that the type belongs to.
    pub const MODULE: u32 = 4;
}

/// `HPyModuleDef`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ModuleDefinition {
    /// The docstring, UTF-8, or null.
    pub doc: *const c_char,
    /// The size of the module's state in bytes.
    pub size: isize,
    /// `PyMethodDef` of the C API, or null.
    pub legacy_methods: *mut c_void,
    /// Pointers to definitions, ending with null, or null.
    pub defines: *const *const Definition,
    /// Pointers to the module's globals, ending with null, or null.
    pub globals: *const *mut Global,
}

/// `HPyCapsule_Destructor`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CapsuleDestructor {
    /// The function for CPython.
    pub cpy_trampoline: Function,
    /// The author's: gets the name, the pointer and the context of the capsule.
    pub implementation: Option<unsafe extern "C" fn(*const c_char, *mut c_void, *mut c_void)>,
}

/// `HPyCallFunction`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CallFunction {
    /// The function for CPython, a `vectorcallfunc`.
    pub cpy_trampoline: Function,
    /// The author's, of the signature [`signature::KEYWORDS`].
    pub implementation: Function,
}

/// What `PyInit_X` of a module hands to the runtime that is linked into it.
#[repr(C)]
pub struct ModuleEntry {
    /// The module's name without its package.
    pub name: *const c_char,
    /// The ABI that the module was compiled for.
    pub abi_major: u32,
    /// The revision of that ABI.
    pub abi_minor: u32,
    /// The size of the context that the module was compiled with, in bytes.
    pub context_size: usize,
    /// `HPyInit_X`: gives the definition.
    pub initialise: unsafe extern "C" fn() -> *mut ModuleDefinition,
    /// `HPyInitGlobalContext_X`: takes the context for the trampolines.
    pub set_context: unsafe extern "C" fn(*mut Context),
}

/// `HPyFunc_Signature`: which signature an author's function has. The order is HPy's.
pub mod signature {
    #![allow(missing_docs)] // The names are those of `HPyFunc_Signature`.
    pub const VARARGS: u32 = 1;
    pub const KEYWORDS: u32 = 2;
    pub const NOARGS: u32 = 3;
    pub const O: u32 = 4;
    pub const DESTROYFUNC: u32 = 5;
    pub const GETBUFFERPROC: u32 = 6;
    pub const RELEASEBUFFERPROC: u32 = 7;
    pub const UNARYFUNC: u32 = 8;
    pub const BINARYFUNC: u32 = 9;
    pub const TERNARYFUNC: u32 = 10;
    pub const INQUIRY: u32 = 11;
    pub const LENFUNC: u32 = 12;
    pub const SSIZEARGFUNC: u32 = 13;
    pub const SSIZESSIZEARGFUNC: u32 = 14;
    pub const SSIZEOBJARGPROC: u32 = 15;
    pub const SSIZESSIZEOBJARGPROC: u32 = 16;
    pub const OBJOBJARGPROC: u32 = 17;
    pub const FREEFUNC: u32 = 18;
    pub const GETATTRFUNC: u32 = 19;
    pub const GETATTROFUNC: u32 = 20;
    pub const SETATTRFUNC: u32 = 21;
    pub const SETATTROFUNC: u32 = 22;
    pub const REPRFUNC: u32 = 23;
    pub const HASHFUNC: u32 = 24;
    pub const RICHCMPFUNC: u32 = 25;
    pub const GETITERFUNC: u32 = 26;
    pub const ITERNEXTFUNC: u32 = 27;
    pub const DESCRGETFUNC: u32 = 28;
    pub const DESCRSETFUNC: u32 = 29;
    pub const INITPROC: u32 = 30;
    pub const NEWFUNC: u32 = 31;
    pub const GETTER: u32 = 32;
    pub const SETTER: u32 = 33;
    pub const OBJOBJPROC: u32 = 34;
    pub const TRAVERSEPROC: u32 = 35;
    pub const DESTRUCTOR: u32 = 36;
    pub const CAPSULE_DESTRUCTOR: u32 = 37;
    pub const VECTORCALLFUNC: u32 = 38;
    pub const MOD_CREATE: u32 = 39;
    /// Not one of HPy's: `int (HPyContext *, HPy self, HPy value, HPy *result)`.
    pub const SENDFUNC: u32 = 64;
    /// The bit of a class method in [`MethodDefinition::signature`](super::MethodDefinition::signature).
    pub const CLASS: u32 = 0x100;
    /// The bit of a static method.
    pub const STATIC: u32 = 0x200;
}

/// `HPyFunc_visitproc` and buffers appear in signatures of slots; naming them here keeps the C types together.
pub type GetBuffer = unsafe extern "C" fn(*mut Context, Handle, *mut Buffer, c_int) -> c_int;
