//! The entries of the debug context that do more than to take handles out and put a handle in.

use crate::call::Call;
use crate::handles::{self, Kind};
use crate::report::{self, User};
use cardan_abi::{Buffer, Context, Handle, Tracker, TypeSpec, TypeSpecParameter, shape};
use cardan_host::memory;
use cardan_runtime::convert::object;
use cardan_runtime::imports::{PyErr_NoMemory, PyErr_SetString, PyExc_SystemError};
use cardan_runtime::types::fields::watch_type;
use core::ffi::{CStr, c_char, c_int, c_void};

pub use crate::border::debug_CallRealFunctionFromTrampoline;
pub use crate::builders::*;
pub use crate::fields::{
    debug_Field_Clear, debug_Field_Load, debug_Field_Store, debug_Global_Load, debug_Global_Store,
};
pub use crate::switch::{
    debug_LeavePythonExecution, debug_ReenterPythonExecution, debug_Thread_Attach, debug_Thread_Detach,
};

/// Closes a handle.
///
/// # Safety
/// As for all functions here: what the entry of this name asks for.
pub unsafe extern "C" fn debug_Close(context: *mut Context, h: Handle) {
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter(context, c"HPy_Close");
        if h.is_null() {
            return;
        }
        let user = User::Entry(call.name());
        let known = handles::look(h, user);
        if known.closed {
            // It has no reference any more.
            return;
        }
        if known.kind != Kind::Owned {
            handles::report_closed(handles::address(h), user);
            return;
        }
        handles::close(handles::address(h), call.name());
        call.outside(|| ((*call.inner()).ctx_Close)(call.inner(), known.inner));
    }
}

// Trackers hold handles of the author's: those of the production context would hide when they are closed.

/// What a tracker stands for.
struct Tracked {
    capacity: usize,
    length: usize,
    first: *mut Handle,
}

impl Tracked {
    /// The handles of an open tracker; `None` for null, and for one that is closed, which is reported.
    ///
    /// # Safety
    /// The thread is attached.
    unsafe fn of<'list>(call: &Call, tracker: Tracker) -> Option<&'list mut Self> {
        // SAFETY: the caller's promise; an open tracker stands for the address of one of these.
        unsafe {
            let word = call.unfinished(tracker.word, Kind::Tracker)?;
            core::ptr::with_exposed_provenance_mut::<Self>(word as usize).as_mut()
        }
    }
}

/// Frees what a tracker stands for; its handles stay as they are.
///
/// # Safety
/// The word is that of an open tracker, which is not used again.
pub unsafe fn forget_tracker(word: isize) {
    // SAFETY: the caller's promise.
    unsafe {
        let list = core::ptr::with_exposed_provenance_mut::<Tracked>(word as usize);
        memory::release((*list).first.cast());
        memory::release(list.cast());
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Tracker_New(context: *mut Context, size: isize) -> Tracker {
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter(context, c"HPyTracker_New");
        let room = usize::try_from(size).unwrap_or(0).clamp(4, 1 << 20);
        let list = memory::array::<Tracked>(1);
        let first = memory::array::<Handle>(room);
        if list.is_null() || first.is_null() {
            memory::release(list.cast());
            memory::release(first.cast());
            PyErr_NoMemory();
            return Tracker::NULL;
        }
        list.write(Tracked { capacity: room, length: 0, first });
        Tracker { word: call.begin(list.expose_provenance() as isize, Kind::Tracker) }
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Tracker_Add(context: *mut Context, tracker: Tracker, h: Handle) -> c_int {
    // SAFETY: the caller's promise; the array grows before it is full, so that each handle has a place.
    unsafe {
        let call = Call::enter(context, c"HPyTracker_Add");
        call.unwrap(h);
        let Some(list) = Tracked::of(&call, tracker) else {
            PyErr_SetString(PyExc_SystemError(), c"the tracker was closed before".as_ptr());
            return -1;
        };
        if list.length == list.capacity && !list.grow() {
            // There was no room before either, and this handle has none.
            debug_Close(context, h);
            PyErr_NoMemory();
            return -1;
        }
        list.first.add(list.length).write(h);
        list.length += 1;
        if list.length < list.capacity || list.grow() {
            return 0;
        }
        PyErr_NoMemory();
        -1
    }
}

impl Tracked {
    /// Makes room for twice as many. False if there is no memory.
    fn grow(&mut self) -> bool {
        // SAFETY: the array is the tracker's own.
        let grown = unsafe { memory::resize(self.first.cast(), self.capacity * 2 * size_of::<Handle>()) };
        if grown.is_null() {
            return false;
        }
        self.first = grown.cast();
        self.capacity *= 2;
        true
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Tracker_ForgetAll(context: *mut Context, tracker: Tracker) {
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter(context, c"HPyTracker_ForgetAll");
        if let Some(list) = Tracked::of(&call, tracker) {
            list.length = 0;
        }
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Tracker_Close(context: *mut Context, tracker: Tracker) {
    // SAFETY: the caller's promise. The tracker is done with before its handles are closed, which may run any code.
    unsafe {
        let call = Call::enter(context, c"HPyTracker_Close");
        let Some(list) = Tracked::of(&call, tracker) else { return };
        call.finish(tracker.word);
        for index in 0..list.length {
            debug_Close(context, list.first.add(index).read());
        }
        forget_tracker((&raw mut *list).expose_provenance() as isize);
    }
}

// Arrays of handles.

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Tuple_FromArray(context: *mut Context, items: *const Handle, n: isize) -> Handle {
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter(context, c"HPyTuple_FromArray");
        let Some(unwrapped) = call.unwrap_all(items, usize::try_from(n).unwrap_or(0)) else { return Handle::NULL };
        call.open(((*call.inner()).ctx_Tuple_FromArray)(call.inner(), unwrapped.as_ptr(), n))
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Type_GenericNew(
    context: *mut Context,
    class: Handle,
    args: *const Handle,
    nargs: isize,
    kw: Handle,
) -> Handle {
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter_clean(context, c"HPyType_GenericNew");
        let (class, kw) = (call.unwrap(class), call.unwrap(kw));
        let Some(unwrapped) = call.unwrap_all(args, usize::try_from(nargs).unwrap_or(0)) else { return Handle::NULL };
        let inner = call.inner();
        call.open(call.outside(|| ((*inner).ctx_Type_GenericNew)(inner, class, unwrapped.as_ptr(), nargs, kw)))
    }
}

/// The number of arguments that stand behind the positional ones. `None` with an exception.
unsafe fn named(call: &Call, names: Handle) -> Option<usize> {
    if names.is_null() {
        return Some(0);
    }
    // SAFETY: the handle is open in the production context.
    unsafe {
        let inner = call.inner();
        if ((*inner).ctx_Tuple_Check)(inner, names) == 0 {
            report::fatal(&[call.name(), c" arg 'kwnames' must be a tuple object or HPy_NULL"]);
        }
        usize::try_from(((*inner).ctx_Length)(inner, names)).ok()
    }
}

macro_rules! calls {
    ($($debug:ident = $inner:ident($first:ident: $type:ty, $unwrap:expr), $name:literal;)*) => {
        $(
            /// # Safety
            /// As for the entry.
            pub unsafe extern "C" fn $debug(context: *mut Context, $first: $type, args: *const Handle, nargs: usize, names: Handle) -> Handle {
                // SAFETY: the caller's promise.
                unsafe {
                    let call = Call::enter_clean(context, $name);
                    let unwrap: unsafe fn(&Call, $type) -> $type = $unwrap;
                    let ($first, names) = (unwrap(&call, $first), call.unwrap(names));
                    let Some(named) = named(&call, names) else { return Handle::NULL };
                    let Some(unwrapped) = call.unwrap_all(args, nargs + named) else { return Handle::NULL };
                    let inner = call.inner();
                    call.open(call.outside(|| ((*inner).$inner)(inner, $first, unwrapped.as_ptr(), nargs, names)))
                }
            }
        )*
    };
}

calls! {
    debug_Call = ctx_Call(callable: Handle, Call::unwrap), c"HPy_Call";
    debug_CallMethod = ctx_CallMethod(name: Handle, Call::unwrap), c"HPy_CallMethod";
    debug_CallMethod_s = ctx_CallMethod_s(name: *const c_char, same), c"HPy_CallMethod_s";
}

unsafe fn same(_: &Call, name: *const c_char) -> *const c_char {
    name
}

// Types.

/// The parameters of a type with handles of the production context; null for null, `None` with `MemoryError`.
unsafe fn parameters(call: &Call, given: *mut TypeSpecParameter) -> Option<*mut TypeSpecParameter> {
    if given.is_null() {
        return Some(given);
    }
    // SAFETY: the list ends with the kind 0.
    unsafe {
        let count = (0..).take_while(|&index| (*given.add(index)).kind != 0).count();
        let list = memory::array::<TypeSpecParameter>(count + 1);
        if list.is_null() {
            PyErr_NoMemory();
            return None;
        }
        for index in 0..count {
            let TypeSpecParameter { kind, object } = given.add(index).read();
            list.add(index).write(TypeSpecParameter { kind, object: call.unwrap(object) });
        }
        Some(list)
    }
}

/// Has the fields of a new type's objects watched.
unsafe fn watch(class: Handle, spec: *const TypeSpec) {
    if !class.is_null() {
        // SAFETY: the handle is open in the production context, and is a type's that was made of this spec.
        unsafe { watch_type(object(class), &*spec) };
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Type_FromSpec(
    context: *mut Context,
    spec: *mut TypeSpec,
    given: *mut TypeSpecParameter,
) -> Handle {
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter_clean(context, c"HPyType_FromSpec");
        let Some(list) = parameters(&call, given) else { return Handle::NULL };
        let inner = call.inner();
        let made = call.outside(|| ((*inner).ctx_Type_FromSpec)(inner, spec, list));
        memory::release(list.cast());
        watch(made, spec);
        call.open(made)
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Module_AddType(
    context: *mut Context,
    module: Handle,
    spec: *mut TypeSpec,
    given: *mut TypeSpecParameter,
    result: *mut Handle,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter_clean(context, c"HPyModule_AddType");
        let module = call.unwrap(module);
        let Some(list) = parameters(&call, given) else { return -1 };
        let inner = call.inner();
        let mut made = Handle::NULL;
        let status = call.outside(|| ((*inner).ctx_Module_AddType)(inner, module, spec, list, &raw mut made));
        memory::release(list.cast());
        watch(made, spec);
        if result.is_null() {
            ((*inner).ctx_Close)(inner, made);
        } else {
            result.write(call.open(made));
        }
        status
    }
}

/// Ends the process unless a handle is that of a type.
unsafe fn must_be_type(call: &Call, inner: Handle, message: &CStr) {
    // SAFETY: the handle is open in the production context, or null.
    unsafe {
        let production = call.inner();
        if inner.is_null() || ((*production).ctx_TypeCheck)(production, inner, (*production).h_TypeType) == 0 {
            report::fatal(&[message]);
        }
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_TypeCheck(context: *mut Context, obj: Handle, class: Handle) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter(context, c"HPy_TypeCheck");
        let (obj, class) = (call.unwrap(obj), call.unwrap(class));
        must_be_type(&call, class, c"HPy_TypeCheck arg 2 must be a type");
        ((*call.inner()).ctx_TypeCheck)(call.inner(), obj, class)
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Type_IsSubtype(context: *mut Context, sub: Handle, class: Handle) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter(context, c"HPyType_IsSubtype");
        let (sub, class) = (call.unwrap(sub), call.unwrap(class));
        must_be_type(&call, sub, c"HPyType_IsSubtype arg 1 must be a type");
        must_be_type(&call, class, c"HPyType_IsSubtype arg 2 must be a type");
        ((*call.inner()).ctx_Type_IsSubtype)(call.inner(), sub, class)
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Unicode_Substring(
    context: *mut Context,
    text: Handle,
    start: isize,
    end: isize,
) -> Handle {
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter_clean(context, c"HPyUnicode_Substring");
        let (text, inner) = (call.unwrap(text), call.inner());
        if text.is_null() || ((*inner).ctx_Unicode_Check)(inner, text) == 0 {
            report::fatal(&[c"HPyUnicode_Substring arg 1 must be a Unicode object"]);
        }
        call.open(((*inner).ctx_Unicode_Substring)(inner, text, start, end))
    }
}

/// What a shape is called in C.
fn shape_name(number: c_int) -> &'static CStr {
    match number {
        shape::LEGACY => c"HPyType_BuiltinShape_Legacy",
        shape::OBJECT => c"HPyType_BuiltinShape_Object",
        shape::TYPE => c"HPyType_BuiltinShape_Type",
        shape::LONG => c"HPyType_BuiltinShape_Long",
        shape::FLOAT => c"HPyType_BuiltinShape_Float",
        shape::UNICODE => c"HPyType_BuiltinShape_Unicode",
        shape::TUPLE => c"HPyType_BuiltinShape_Tuple",
        shape::LIST => c"HPyType_BuiltinShape_List",
        shape::DICT => c"HPyType_BuiltinShape_Dict",
        _ => c"<unknown shape>",
    }
}

macro_rules! structs {
    ($($debug:ident = $inner:ident, $name:literal, $shape:ident;)*) => {
        $(
            /// # Safety
            /// As for the entry.
            pub unsafe extern "C" fn $debug(context: *mut Context, h: Handle) -> *mut c_void {
                // SAFETY: the caller's promise.
                unsafe {
                    let call = Call::enter(context, $name);
                    let (h, inner) = (call.unwrap(h), call.inner());
                    let class = ((*inner).ctx_Type)(inner, h);
                    let found = ((*inner).ctx_Type_GetBuiltinShape)(inner, class);
                    ((*inner).ctx_Close)(inner, class);
                    if found != shape::$shape {
                        let expected = shape_name(shape::$shape);
                        report::fatal(&[c"Invalid usage of ", $name, c". Expected shape ", expected, c" but got ", shape_name(found)]);
                    }
                    ((*inner).$inner)(inner, h)
                }
            }
        )*
    };
}

structs! {
    debug_AsStruct_Object = ctx_AsStruct_Object, c"_HPy_AsStruct_Object", OBJECT;
    debug_AsStruct_Legacy = ctx_AsStruct_Legacy, c"_HPy_AsStruct_Legacy", LEGACY;
    debug_AsStruct_Type = ctx_AsStruct_Type, c"_HPy_AsStruct_Type", TYPE;
    debug_AsStruct_Long = ctx_AsStruct_Long, c"_HPy_AsStruct_Long", LONG;
    debug_AsStruct_Float = ctx_AsStruct_Float, c"_HPy_AsStruct_Float", FLOAT;
    debug_AsStruct_Unicode = ctx_AsStruct_Unicode, c"_HPy_AsStruct_Unicode", UNICODE;
    debug_AsStruct_Tuple = ctx_AsStruct_Tuple, c"_HPy_AsStruct_Tuple", TUPLE;
    debug_AsStruct_List = ctx_AsStruct_List, c"_HPy_AsStruct_List", LIST;
    debug_AsStruct_Dict = ctx_AsStruct_Dict, c"_HPy_AsStruct_Dict", DICT;
}

// Data that is lent: it belongs to the handle, and goes with it.

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Unicode_AsUTF8AndSize(
    context: *mut Context,
    h: Handle,
    size: *mut isize,
) -> *const c_char {
    // SAFETY: the caller's promise; the text ends with a zero.
    unsafe {
        let call = Call::enter(context, c"HPyUnicode_AsUTF8AndSize");
        let mut length = 0;
        let text = ((*call.inner()).ctx_Unicode_AsUTF8AndSize)(call.inner(), call.unwrap(h), &raw mut length);
        if !size.is_null() && !text.is_null() {
            size.write(length);
        }
        handles::lend(h, text.cast(), length as usize + 1).cast()
    }
}

macro_rules! bytes {
    ($($debug:ident = $inner:ident, $name:literal;)*) => {
        $(
            /// # Safety
            /// As for the entry.
            pub unsafe extern "C" fn $debug(context: *mut Context, h: Handle) -> *const c_char {
                // SAFETY: the caller's promise; the bytes end with a zero.
                unsafe {
                    let call = Call::enter(context, $name);
                    let (unwrapped, inner) = (call.unwrap(h), call.inner());
                    let bytes = ((*inner).$inner)(inner, unwrapped);
                    if bytes.is_null() {
                        return bytes;
                    }
                    let size = ((*inner).ctx_Bytes_Size)(inner, unwrapped);
                    handles::lend(h, bytes.cast(), size as usize + 1).cast()
                }
            }
        )*
    };
}

bytes! {
    debug_Bytes_AsString = ctx_Bytes_AsString, c"HPyBytes_AsString";
    debug_Bytes_AS_STRING = ctx_Bytes_AS_STRING, c"HPyBytes_AS_STRING";
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Type_GetName(context: *mut Context, class: Handle) -> *const c_char {
    // SAFETY: the caller's promise; the name is a C string.
    unsafe {
        let call = Call::enter(context, c"HPyType_GetName");
        let unwrapped = call.unwrap(class);
        must_be_type(&call, unwrapped, c"HPyType_GetName arg must be a type");
        let name = ((*call.inner()).ctx_Type_GetName)(call.inner(), unwrapped);
        if name.is_null() {
            return name;
        }
        handles::lend(class, name.cast(), CStr::from_ptr(name).count_bytes() + 1).cast()
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Unicode_AsKindAndData(
    context: *mut Context,
    h: Handle,
    kind: *mut c_int,
    length: *mut isize,
) -> *const c_void {
    // SAFETY: the caller's promise; there are so many units of so many bytes.
    unsafe {
        let call = Call::enter(context, c"HPyUnicode_AsKindAndData");
        let (mut own_kind, mut own_length) = (0, 0);
        let inner = call.inner();
        let data = ((*inner).ctx_Unicode_AsKindAndData)(inner, call.unwrap(h), &raw mut own_kind, &raw mut own_length);
        if data.is_null() {
            return data;
        }
        if !kind.is_null() {
            kind.write(own_kind);
        }
        if !length.is_null() {
            length.write(own_length);
        }
        handles::lend(h, data, own_kind as usize * own_length as usize)
    }
}

// Views of memory: each holds a handle of its exporter.

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Buffer_Get(
    context: *mut Context,
    obj: Handle,
    view: *mut Buffer,
    flags: c_int,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter_clean(context, c"HPyBuffer_Get");
        let (obj, inner) = (call.unwrap(obj), call.inner());
        let status = call.outside(|| ((*inner).ctx_Buffer_Get)(inner, obj, view, flags));
        if status >= 0 {
            (*view).obj = call.open((*view).obj);
        }
        status
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Buffer_Release(context: *mut Context, view: *mut Buffer) {
    // SAFETY: the caller's promise; the production context closes the handle of its own.
    unsafe {
        let call = Call::enter(context, c"HPyBuffer_Release");
        let own = (*view).obj;
        (*view).obj = call.unwrap(own);
        if !own.is_null() {
            handles::close(handles::address(own), call.name());
        }
        let inner = call.inner();
        call.outside(|| ((*inner).ctx_Buffer_Release)(inner, view));
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Buffer_FillInfo(
    context: *mut Context,
    view: *mut Buffer,
    exporter: Handle,
    buf: *mut c_void,
    len: isize,
    readonly: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter(context, c"HPyBuffer_FillInfo");
        let (exporter, inner) = (call.unwrap(exporter), call.inner());
        let status = ((*inner).ctx_Buffer_FillInfo)(inner, view, exporter, buf, len, readonly, flags);
        if status >= 0 {
            (*view).obj = call.open((*view).obj);
        }
        status
    }
}
