//! From the interpreter into the author's code: what a trampoline of a module asks the context to do.
//!
//! In the production context a module's trampolines call the author's function themselves, since a handle is the object.
//! Those of binaries compiled with HPy's own headers, and all of them under a debug or trace context, come here instead:
//! [`call_real`] turns the objects into handles, calls, and turns the result back. What differs between the contexts is a
//! [`Border`].

use crate::convert::{handle, object};
use crate::imports::*;
use crate::types;
use cardan_abi::{Buffer, Context, Function, Handle, signature};
use cardan_host::types::Object;
use core::ffi::{c_char, c_int, c_uint, c_void};

/// How objects become handles that the author's code sees, and back.
pub trait Border {
    /// A handle of a borrowed object for the length of a call, null for null.
    ///
    /// # Safety
    /// The object is alive for the whole call.
    unsafe fn open(&self, object: Object) -> Handle;

    /// Closes a handle that [`Border::open`] made.
    ///
    /// # Safety
    /// The handle was made by this border and is not used afterwards.
    unsafe fn close(&self, handle: Handle);

    /// Handles of an array of borrowed objects. Null with `MemoryError` when there is no memory and the array is not empty.
    ///
    /// # Safety
    /// There are `count` objects, alive for the whole call.
    unsafe fn open_all(&self, objects: *const Object, count: usize) -> *const Handle;

    /// Closes what [`Border::open_all`] made.
    ///
    /// # Safety
    /// The array was made by this border for this count.
    unsafe fn close_all(&self, handles: *const Handle, count: usize);

    /// The object of a handle that the author returned. The reference that the handle had is the caller's.
    ///
    /// # Safety
    /// The handle is open or null.
    unsafe fn take(&self, handle: Handle) -> Object;

    /// Called with the result of a function that gives an object.
    ///
    /// # Safety
    /// The thread is attached.
    unsafe fn check_object(&self, implementation: Function, result: Object) -> Object {
        let _ = implementation;
        result
    }

    /// Called with the result of a function that gives a number, -1 for an error.
    ///
    /// # Safety
    /// The thread is attached.
    unsafe fn check_number(&self, implementation: Function, result: isize) -> isize {
        let _ = implementation;
        result
    }
}

/// The production context's: a handle is the object.
pub struct Direct;

impl Border for Direct {
    #[inline]
    unsafe fn open(&self, object: Object) -> Handle {
        handle(object)
    }
    #[inline]
    unsafe fn close(&self, _: Handle) {}
    #[inline]
    unsafe fn open_all(&self, objects: *const Object, _: usize) -> *const Handle {
        objects.cast()
    }
    #[inline]
    unsafe fn close_all(&self, _: *const Handle, _: usize) {}
    #[inline]
    unsafe fn take(&self, handle: Handle) -> Object {
        object(handle)
    }
}

macro_rules! arguments {
    ($($(#[$attribute:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$attribute])*
            #[repr(C)]
            struct $name {
                $($field: $type,)*
            }
        )*
    };
}

// What a trampoline puts on its stack for each signature: HPy's layouts.
arguments! {
    Varargs { this: Object, args: *const Object, count: isize, result: Object }
    Keywords { this: Object, args: *const Object, count: usize, names: Object, result: Object }
    One { first: Object, result: Object }
    Two { first: Object, second: Object, result: Object }
    Three { first: Object, second: Object, third: Object, result: Object }
    OneToInt { first: Object, result: c_int }
    OneToSize { first: Object, result: isize }
    Index { first: Object, index: isize, result: Object }
    Indices { first: Object, from: isize, to: isize, result: Object }
    IndexStore { first: Object, index: isize, value: Object, result: c_int }
    IndicesStore { first: Object, from: isize, to: isize, value: Object, result: c_int }
    TwoToInt { first: Object, second: Object, result: c_int }
    ThreeToInt { first: Object, second: Object, third: Object, result: c_int }
    Named { first: Object, name: *mut c_char, result: Object }
    NamedStore { first: Object, name: *mut c_char, value: Object, result: c_int }
    Compare { first: Object, second: Object, operation: c_int, result: Object }
    Get { first: Object, closure: *mut c_void, result: Object }
    Set { first: Object, value: Object, closure: *mut c_void, result: c_int }
    New { class: Object, args: Object, names: Object, result: Object }
    Init { this: Object, args: Object, names: Object, result: c_int }
    GetView { this: Object, view: *mut HostView, flags: c_int, result: c_int }
    ReleaseView { this: Object, view: *mut HostView }
    Traverse { this: Object, visit: *mut c_void, argument: *mut c_void, result: c_int }
    Send { first: Object, value: Object, sent: *mut Object, result: c_int }
    Nothing { this: Object }
    Raw { memory: *mut c_void }
}

/// What every host's `Py_buffer` starts with, <https://docs.python.org/3/c-api/buffer.html#c.Py_buffer>.
#[repr(C)]
struct HostView {
    buf: *mut c_void,
    obj: Object,
    rest: [usize; 8],
}

const _: () = assert!(size_of::<HostView>() == size_of::<Buffer>());

/// The bit that says that a vectorcall may use the place before its arguments.
const ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

/// Calls the author's function for a trampoline.
///
/// # Safety
/// `implementation` has the signature and `args` is the struct that HPy's trampolines make for it; the thread is attached.
pub unsafe fn call_real<B: Border>(
    border: &B,
    context: *mut Context,
    signature: c_uint,
    implementation: Function,
    args: *mut c_void,
) {
    type Ctx = *mut Context;
    macro_rules! function {
        ($($type:ty),* => $result:ty) => {
            // The caller's promise: this is the signature of the function.
            core::mem::transmute::<Function, unsafe extern "C" fn(Ctx $(, $type)*) -> $result>(implementation)
        };
    }
    macro_rules! on {
        ($layout:ty, |$a:ident| $body:block) => {{
            // SAFETY: the caller's promise: this is the struct of the signature.
            let $a = unsafe { &mut *args.cast::<$layout>() };
            // SAFETY: the objects are the interpreter's arguments, alive for the call; handles are closed once.
            unsafe { $body }
        }};
    }
    macro_rules! objects {
        ($layout:ty, [$($field:ident),*] => object) => {
            on!($layout, |a| {
                $(let $field = border.open(a.$field);)*
                let result = function!($(objects!(@handle $field)),* => Handle)(context, $($field),*);
                a.result = border.check_object(implementation, border.take(result));
                $(border.close($field);)*
            })
        };
        ($layout:ty, [$($field:ident),*] => $number:ty) => {
            on!($layout, |a| {
                $(let $field = border.open(a.$field);)*
                let result = function!($(objects!(@handle $field)),* => $number)(context, $($field),*);
                a.result = border.check_number(implementation, result as isize) as $number;
                $(border.close($field);)*
            })
        };
        (@handle $field:ident) => { Handle };
    }
    match signature {
        signature::VARARGS => on!(Varargs, |a| {
            let count = a.count as usize;
            let handles = border.open_all(a.args, count);
            if handles.is_null() && count != 0 {
                a.result = core::ptr::null_mut();
                return;
            }
            let this = border.open(a.this);
            let result = function!(Handle, *const Handle, usize => Handle)(context, this, handles, count);
            a.result = border.check_object(implementation, border.take(result));
            border.close(this);
            border.close_all(handles, count);
        }),
        signature::KEYWORDS => on!(Keywords, |a| {
            let positional = a.count & !ARGUMENTS_OFFSET;
            let named = if a.names.is_null() { 0 } else { PyTuple_Size(a.names) as usize };
            let handles = border.open_all(a.args, positional + named);
            if handles.is_null() && positional + named != 0 {
                a.result = core::ptr::null_mut();
                return;
            }
            let (this, names) = (border.open(a.this), border.open(a.names));
            let call = function!(Handle, *const Handle, usize, Handle => Handle);
            let result = call(context, this, handles, positional, names);
            a.result = border.check_object(implementation, border.take(result));
            border.close(names);
            border.close(this);
            border.close_all(handles, positional + named);
        }),
        signature::NOARGS
        | signature::UNARYFUNC
        | signature::REPRFUNC
        | signature::GETITERFUNC
        | signature::ITERNEXTFUNC => objects!(One, [first] => object),
        signature::MOD_CREATE => {
            objects!(One, [first] => object);
            // SAFETY: as above; the result of a create function is checked.
            unsafe {
                let a = &mut *args.cast::<One>();
                a.result = crate::module::check_created(a.result);
            }
        }
        signature::O | signature::BINARYFUNC | signature::GETATTROFUNC => objects!(Two, [first, second] => object),
        signature::TERNARYFUNC | signature::DESCRGETFUNC => objects!(Three, [first, second, third] => object),
        signature::INQUIRY => objects!(OneToInt, [first] => c_int),
        signature::LENFUNC | signature::HASHFUNC => objects!(OneToSize, [first] => isize),
        signature::OBJOBJPROC => objects!(TwoToInt, [first, second] => c_int),
        signature::OBJOBJARGPROC | signature::SETATTROFUNC | signature::DESCRSETFUNC => {
            objects!(ThreeToInt, [first, second, third] => c_int)
        }
        signature::SSIZEARGFUNC => on!(Index, |a| {
            let first = border.open(a.first);
            let result = function!(Handle, isize => Handle)(context, first, a.index);
            a.result = border.check_object(implementation, border.take(result));
            border.close(first);
        }),
        signature::SSIZESSIZEARGFUNC => on!(Indices, |a| {
            let first = border.open(a.first);
            let result = function!(Handle, isize, isize => Handle)(context, first, a.from, a.to);
            a.result = border.check_object(implementation, border.take(result));
            border.close(first);
        }),
        signature::SSIZEOBJARGPROC => on!(IndexStore, |a| {
            let (first, value) = (border.open(a.first), border.open(a.value));
            let result = function!(Handle, isize, Handle => c_int)(context, first, a.index, value);
            a.result = border.check_number(implementation, result as isize) as c_int;
            border.close(value);
            border.close(first);
        }),
        signature::SSIZESSIZEOBJARGPROC => on!(IndicesStore, |a| {
            let (first, value) = (border.open(a.first), border.open(a.value));
            let result = function!(Handle, isize, isize, Handle => c_int)(context, first, a.from, a.to, value);
            a.result = border.check_number(implementation, result as isize) as c_int;
            border.close(value);
            border.close(first);
        }),
        signature::GETATTRFUNC => on!(Named, |a| {
            let first = border.open(a.first);
            let result = function!(Handle, *mut c_char => Handle)(context, first, a.name);
            a.result = border.check_object(implementation, border.take(result));
            border.close(first);
        }),
        signature::SETATTRFUNC => on!(NamedStore, |a| {
            let (first, value) = (border.open(a.first), border.open(a.value));
            let result = function!(Handle, *mut c_char, Handle => c_int)(context, first, a.name, value);
            a.result = border.check_number(implementation, result as isize) as c_int;
            border.close(value);
            border.close(first);
        }),
        signature::RICHCMPFUNC => on!(Compare, |a| {
            let (first, second) = (border.open(a.first), border.open(a.second));
            let result = function!(Handle, Handle, c_int => Handle)(context, first, second, a.operation);
            a.result = border.check_object(implementation, border.take(result));
            border.close(second);
            border.close(first);
        }),
        signature::GETTER => on!(Get, |a| {
            let first = border.open(a.first);
            let result = function!(Handle, *mut c_void => Handle)(context, first, a.closure);
            a.result = border.check_object(implementation, border.take(result));
            border.close(first);
        }),
        signature::SETTER => on!(Set, |a| {
            let (first, value) = (border.open(a.first), border.open(a.value));
            let result = function!(Handle, Handle, *mut c_void => c_int)(context, first, value, a.closure);
            a.result = border.check_number(implementation, result as isize) as c_int;
            border.close(value);
            border.close(first);
        }),
        signature::NEWFUNC => on!(New, |a| {
            let items = types::tuple::Items::of(a.args);
            let handles =
                items.as_ref().map_or(core::ptr::null(), |items| border.open_all(items.as_ptr(), items.len()));
            let count = items.as_ref().map_or(0, types::tuple::Items::len);
            if items.is_none() || (handles.is_null() && count != 0) {
                a.result = core::ptr::null_mut();
                return;
            }
            let (class, names) = (border.open(a.class), border.open(a.names));
            let call = function!(Handle, *const Handle, isize, Handle => Handle);
            let result = call(context, class, handles, count as isize, names);
            a.result = border.check_object(implementation, border.take(result));
            border.close(names);
            border.close(class);
            border.close_all(handles, count);
        }),
        signature::INITPROC => on!(Init, |a| {
            let items = types::tuple::Items::of(a.args);
            let handles =
                items.as_ref().map_or(core::ptr::null(), |items| border.open_all(items.as_ptr(), items.len()));
            let count = items.as_ref().map_or(0, types::tuple::Items::len);
            if items.is_none() || (handles.is_null() && count != 0) {
                a.result = -1;
                return;
            }
            let (this, names) = (border.open(a.this), border.open(a.names));
            let call = function!(Handle, *const Handle, isize, Handle => c_int);
            let result = call(context, this, handles, count as isize, names);
            a.result = border.check_number(implementation, result as isize) as c_int;
            border.close(names);
            border.close(this);
            border.close_all(handles, count);
        }),
        signature::GETBUFFERPROC => on!(GetView, |a| {
            let this = border.open(a.this);
            let mut view: Buffer = core::mem::zeroed();
            let result = function!(Handle, *mut Buffer, c_int => c_int)(context, this, &raw mut view, a.flags);
            a.result = border.check_number(implementation, result as isize) as c_int;
            border.close(this);
            // A view that is null asks only whether the object would give one.
            if a.view.is_null() {
                return;
            }
            if result < 0 {
                (*a.view).obj = core::ptr::null_mut();
                return;
            }
            let exporter = border.take(view.obj);
            let given = &mut *a.view.cast::<Buffer>();
            // A view of bytes has its shape and strides in itself, and it is moved.
            let (own_shape, own_strides) = (view.shape == &raw mut view.len, view.strides == &raw mut view.itemsize);
            *given = view;
            if own_shape {
                given.shape = &raw mut given.len;
            }
            if own_strides {
                given.strides = &raw mut given.itemsize;
            }
            (*a.view).obj = exporter;
        }),
        signature::RELEASEBUFFERPROC => on!(ReleaseView, |a| {
            let (this, exporter) = (border.open(a.this), border.open((*a.view).obj));
            let mut view = a.view.cast::<Buffer>().read();
            view.obj = exporter;
            function!(Handle, *mut Buffer => ())(context, this, &raw mut view);
            border.close(exporter);
            border.close(this);
        }),
        signature::TRAVERSEPROC => on!(Traverse, |a| {
            a.result = types::visit_fields(implementation, a.this, a.visit, a.argument);
        }),
        signature::DESTRUCTOR => on!(Nothing, |a| {
            let this = border.open(a.this);
            function!(Handle => ())(context, this);
            border.close(this);
        }),
        signature::SENDFUNC => on!(Send, |a| {
            let (first, value) = (border.open(a.first), border.open(a.value));
            let mut sent = Handle::NULL;
            let call = function!(Handle, Handle, *mut Handle => c_int);
            let result = call(context, first, value, &raw mut sent);
            a.sent.write(border.take(sent));
            a.result = border.check_number(implementation, result as isize) as c_int;
            border.close(value);
            border.close(first);
        }),
        signature::DESTROYFUNC => on!(Raw, |a| {
            core::mem::transmute::<Function, unsafe extern "C" fn(*mut c_void)>(implementation)(a.memory);
        }),
        signature::CAPSULE_DESTRUCTOR => {
            let capsule: Object = args.cast();
            // SAFETY: a capsule's destructor gets the capsule.
            unsafe {
                let name = PyCapsule_GetName(capsule);
                let pointer = PyCapsule_GetPointer(capsule, name);
                let own = PyCapsule_GetContext(capsule);
                let destroy = core::mem::transmute::<
                    Function,
                    unsafe extern "C" fn(*const c_char, *mut c_void, *mut c_void),
                >(implementation);
                destroy(name, pointer, own);
            }
        }
        // SAFETY: the import is bound, the message is a C string.
        _ => unsafe {
            Py_FatalError(c"a module's trampoline has a signature that this runtime does not know".as_ptr())
        },
    }
}

/// Calls the author's function for a trampoline, in the production context of the interpreter that calls.
///
/// # Safety
/// As for [`call_real`].
pub unsafe extern "C" fn ctx_CallRealFunctionFromTrampoline(
    context: *mut Context,
    signature: c_uint,
    implementation: Function,
    args: *mut c_void,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let own = crate::interpreters::context_for(signature, context);
        if !own.is_null() {
            call_real(&Direct, own, signature, implementation, args);
        }
    }
}
