//! Entries that are not written yet.
#![allow(missing_docs, clippy::missing_safety_doc)]

use cardan_abi::*;
use core::ffi::*;

fn unwritten() -> ! {
    unsafe extern "C" {
        fn abort() -> !;
    }
    // SAFETY: abort takes nothing.
    unsafe { abort() }
}

pub unsafe extern "C" fn ctx_Type_FromSpec(_: *mut Context, _: *mut TypeSpec, _: *mut TypeSpecParameter) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Type_GenericNew(
    _: *mut Context,
    _: Handle,
    _: *const Handle,
    _: isize,
    _: Handle,
) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_AsStruct_Object(_: *mut Context, _: Handle) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_AsStruct_Legacy(_: *mut Context, _: Handle) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_New(_: *mut Context, _: Handle, _: *mut *mut c_void) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_CallRealFunctionFromTrampoline(_: *mut Context, _: c_uint, _: Function, _: *mut c_void) {
    unwritten()
}

pub unsafe extern "C" fn ctx_AsStruct_Type(_: *mut Context, _: Handle) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_AsStruct_Long(_: *mut Context, _: Handle) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_AsStruct_Float(_: *mut Context, _: Handle) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_AsStruct_Unicode(_: *mut Context, _: Handle) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_AsStruct_Tuple(_: *mut Context, _: Handle) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_AsStruct_List(_: *mut Context, _: Handle) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_Type_GetBuiltinShape(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_SetCallFunction(_: *mut Context, _: Handle, _: *mut CallFunction) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_AsStruct_Dict(_: *mut Context, _: Handle) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_Module_GetState(_: *mut Context, _: Handle) -> *mut c_void {
    unwritten()
}
