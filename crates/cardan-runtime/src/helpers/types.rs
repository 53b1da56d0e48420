//! Types that are added to a module, and arguments packed into a tuple and a dict.

use super::{call, raise};
use cardan_abi::{Context, Handle, TypeSpec, TypeSpecParameter};
use core::ffi::{c_char, c_int};

/// Makes a type and sets it as an attribute. 1, or 0 with an exception.
///
/// # Safety
/// The arguments are as `hpy.h` says; the thread is attached.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardan_HPyHelpers_AddType(
    context: *mut Context,
    h: Handle,
    name: *const c_char,
    spec: *mut TypeSpec,
    parameters: *mut TypeSpecParameter,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let class = call!(context, ctx_Type_FromSpec, spec, parameters);
        if class.is_null() {
            return 0;
        }
        let status = call!(context, ctx_SetAttr_s, h, name, class);
        call!(context, ctx_Close, class);
        c_int::from(status == 0)
    }
}

/// A dict of the arguments by name, null if there are none; `None` with an exception.
unsafe fn keywords(context: *mut Context, values: *const Handle, names: Handle) -> Option<Handle> {
    // SAFETY: the caller's arguments.
    unsafe {
        let count = if names.is_null() { 0 } else { call!(context, ctx_Length, names) };
        if count <= 0 {
            return (count == 0).then_some(Handle::NULL);
        }
        let dict = call!(context, ctx_Dict_New);
        if dict.is_null() {
            return None;
        }
        for index in 0..count {
            let name = call!(context, ctx_GetItem_i, names, index);
            let status =
                if name.is_null() { -1 } else { call!(context, ctx_SetItem, dict, name, values.offset(index).read()) };
            call!(context, ctx_Close, name);
            if status < 0 {
                call!(context, ctx_Close, dict);
                return None;
            }
        }
        Some(dict)
    }
}

/// A tuple and a dict of an array of arguments, each null if there is nothing to go in. 1, or 0 with an exception.
///
/// # Safety
/// The arguments are as `hpy.h` says; the thread is attached.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardan_HPyHelpers_PackArgsAndKeywords(
    context: *mut Context,
    args: *const Handle,
    count: usize,
    names: Handle,
    out_tuple: *mut Handle,
    out_dict: *mut Handle,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let message = match (out_tuple.is_null(), out_dict.is_null()) {
            (true, _) => c"argument 'out_pos_args' must not be NULL",
            (_, true) => c"argument 'out_kwd' must not be NULL",
            _ => c"",
        };
        if !message.is_empty() {
            raise(context, (*context).h_SystemError, message);
            return 0;
        }
        let Some(dict) = keywords(context, args.wrapping_add(count), names) else { return 0 };
        let mut tuple = Handle::NULL;
        if count > 0 {
            tuple = call!(context, ctx_Tuple_FromArray, args, count as isize);
            if tuple.is_null() {
                call!(context, ctx_Close, dict);
                return 0;
            }
        }
        out_tuple.write(tuple);
        out_dict.write(dict);
        1
    }
}
