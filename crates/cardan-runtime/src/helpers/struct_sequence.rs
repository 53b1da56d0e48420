//! Struct sequences: tuples with named items, made by `collections.namedtuple`, which every host has.

use super::{call, raise};
use cardan_abi::{Context, Handle};
use core::ffi::{CStr, c_char};
use core::ptr::null;

/// `HPyStructSequence_Field`.
#[repr(C)]
pub struct StructField {
    /// The name, or null after the last field.
    pub name: *const c_char,
    /// The docstring, or null.
    pub doc: *const c_char,
}

/// `HPyStructSequence_Desc`.
#[repr(C)]
pub struct StructDescription {
    /// The name of the type with its module.
    pub name: *const c_char,
    /// The docstring, or null.
    pub doc: *const c_char,
    /// The fields, up to one without a name.
    pub fields: *const StructField,
}

/// The name of an item that has none.
const UNNAMED: &CStr = c"_";

/// A str of bytes in UTF-8, or null with an exception.
unsafe fn str(context: *mut Context, bytes: &[u8]) -> Handle {
    // SAFETY: the caller's context.
    unsafe { call!(context, ctx_Unicode_DecodeUTF8, bytes.as_ptr().cast(), bytes.len() as isize, null()) }
}

/// Sets an attribute or an item and closes the handle of the value. False with an exception, also if the value is null.
unsafe fn set(
    context: *mut Context,
    set: unsafe extern "C" fn(*mut Context, Handle, *const c_char, Handle) -> core::ffi::c_int,
    h: Handle,
    name: &CStr,
    value: Handle,
) -> bool {
    // SAFETY: the caller's context and handles.
    unsafe {
        if value.is_null() {
            return false;
        }
        let status = set(context, h, name.as_ptr(), value);
        call!(context, ctx_Close, value);
        status == 0
    }
}

/// The names of the fields and as many times `None`: two tuples, or null with an exception.
unsafe fn names_and_defaults(context: *mut Context, fields: &[StructField]) -> (Handle, Handle) {
    // SAFETY: the caller's context and fields.
    unsafe {
        let names = call!(context, ctx_TupleBuilder_New, fields.len() as isize);
        let defaults = call!(context, ctx_TupleBuilder_New, fields.len() as isize);
        for (index, field) in fields.iter().enumerate() {
            let name = call!(context, ctx_Unicode_FromString, field.name);
            if name.is_null() {
                call!(context, ctx_TupleBuilder_Cancel, names);
                call!(context, ctx_TupleBuilder_Cancel, defaults);
                return (Handle::NULL, Handle::NULL);
            }
            call!(context, ctx_TupleBuilder_Set, names, index as isize, name);
            call!(context, ctx_TupleBuilder_Set, defaults, index as isize, (*context).h_None);
            call!(context, ctx_Close, name);
        }
        (call!(context, ctx_TupleBuilder_Build, names), call!(context, ctx_TupleBuilder_Build, defaults))
    }
}

/// Calls `namedtuple(name, names, rename=True, defaults=defaults)`.
unsafe fn named_tuple(context: *mut Context, name: &[u8], names: Handle, defaults: Handle) -> Handle {
    // SAFETY: the caller's context and handles; what is made is closed.
    unsafe {
        let collections = call!(context, ctx_Import_ImportModule, c"collections".as_ptr());
        if collections.is_null() {
            return Handle::NULL;
        }
        let function = call!(context, ctx_GetAttr_s, collections, c"namedtuple".as_ptr());
        call!(context, ctx_Close, collections);
        let name = str(context, name);
        let items = [name, names];
        let keywords = call!(context, ctx_Dict_New);
        let mut class = Handle::NULL;
        if !function.is_null() && !name.is_null() && !keywords.is_null() {
            let (rename, none) = ((*context).h_True, c"rename".as_ptr());
            let ready = call!(context, ctx_SetItem_s, keywords, none, rename) == 0
                && call!(context, ctx_SetItem_s, keywords, c"defaults".as_ptr(), defaults) == 0;
            let args = if ready { call!(context, ctx_Tuple_FromArray, items.as_ptr(), 2) } else { Handle::NULL };
            if !args.is_null() {
                class = call!(context, ctx_CallTupleDict, function, args, keywords);
                call!(context, ctx_Close, args);
            }
        }
        for h in [function, name, keywords] {
            call!(context, ctx_Close, h);
        }
        class
    }
}

/// Gives the attributes of the fields their docstrings.
unsafe fn document(context: *mut Context, class: Handle, fields: &[StructField]) -> bool {
    // SAFETY: the caller's context, type and fields.
    unsafe {
        fields.iter().filter(|field| !field.doc.is_null() && CStr::from_ptr(field.name) != UNNAMED).all(|field| {
            let mut attribute = Handle::NULL;
            // An item whose name is a keyword or not the first of its kind got another name.
            match call!(context, ctx_GetOptionalAttr_s, class, field.name, &mut attribute) {
                1 => {}
                status => return status == 0,
            }
            let doc = call!(context, ctx_Unicode_FromString, field.doc);
            let done = set(context, (*context).ctx_SetAttr_s, attribute, c"__doc__", doc);
            call!(context, ctx_Close, attribute);
            done
        })
    }
}

/// A new type of struct sequences, or null with an exception.
///
/// # Safety
/// The description is as `hpy.h` says; the thread is attached.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardan_HPyStructSequence_NewType(
    context: *mut Context,
    description: *const StructDescription,
) -> Handle {
    // SAFETY: the caller's promise.
    unsafe {
        let description = &*description;
        if description.name.is_null() {
            let message = c"Struct sequence descriptor does not define the name field.";
            raise(context, (*context).h_SystemError, message);
            return Handle::NULL;
        }
        let mut count = 0;
        while !(*description.fields.add(count)).name.is_null() {
            count += 1;
        }
        let fields = core::slice::from_raw_parts(description.fields, count);
        let name = CStr::from_ptr(description.name).to_bytes();
        let mut parts = name.rsplitn(2, |byte| *byte == b'.');
        let (short, module) = (parts.next().unwrap_or(name), parts.next());

        let (names, defaults) = names_and_defaults(context, fields);
        // The type gets its name afterwards: it need not be an identifier.
        let class = if names.is_null() || defaults.is_null() {
            Handle::NULL
        } else {
            named_tuple(context, b"StructSequence", names, defaults)
        };
        call!(context, ctx_Close, names);
        call!(context, ctx_Close, defaults);
        if class.is_null() {
            return class;
        }
        let doc = if description.doc.is_null() {
            call!(context, ctx_Dup, (*context).h_None)
        } else {
            call!(context, ctx_Unicode_FromString, description.doc)
        };
        let set_attribute = (*context).ctx_SetAttr_s;
        let done = set(context, set_attribute, class, c"__doc__", doc)
            && set(context, set_attribute, class, c"n_fields", call!(context, ctx_Long_FromSsize_t, count as isize))
            && set(context, set_attribute, class, c"__name__", str(context, short))
            && set(context, set_attribute, class, c"__qualname__", str(context, short))
            && module.is_none_or(|module| set(context, set_attribute, class, c"__module__", str(context, module)))
            && document(context, class, fields);
        if !done {
            call!(context, ctx_Close, class);
            return Handle::NULL;
        }
        class
    }
}

/// A new struct sequence with these items, or null with an exception.
///
/// # Safety
/// The handles are open, those of the array too; the thread is attached.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardan_HPyStructSequence_New(
    context: *mut Context,
    class: Handle,
    count: isize,
    args: *const Handle,
) -> Handle {
    // SAFETY: the caller's promise.
    unsafe {
        match call!(context, ctx_HasAttrWithError_s, class, c"n_fields".as_ptr()) {
            0 => {
                let message = c"HPyStructSequence_New needs a type that HPyStructSequence_NewType made";
                raise(context, (*context).h_TypeError, message);
                return Handle::NULL;
            }
            1 => {}
            _ => return Handle::NULL,
        }
        let tuple = call!(context, ctx_Tuple_FromArray, args, count);
        if tuple.is_null() {
            return tuple;
        }
        let made = call!(context, ctx_CallTupleDict, class, tuple, Handle::NULL);
        call!(context, ctx_Close, tuple);
        made
    }
}
