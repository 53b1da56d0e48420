//! What a runtime of ours calls: functions of the C API with their stand-ins, without an import library.
//!
//! The list is generated from `spec/` into the crate that calls the functions; [`imports!`](crate::imports!) makes of it
//! one function for each name and the table that [`bind`] fills. Unlike a module that an author wrote, a runtime does not
//! need all of its imports: one that a host lacks raises `SystemError` when it is called.

use crate::bind;
use crate::detect::{Host, known};
use crate::functions::{self, data};
use crate::polyfill::Polyfill;
use crate::text::Text;
use core::ffi::{CStr, c_void};
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// One name that a runtime uses.
pub struct Import {
    /// The plain name, as CPython spells it.
    pub name: &'static CStr,
    /// The address of the function or of the data.
    pub slot: AtomicPtr<c_void>,
    /// What may stand in for the function.
    pub polyfill: Option<&'static Polyfill>,
    /// One of [`bind::kind`].
    pub kind: u32,
    /// On which hosts the name is exported but does not work, as bits.
    pub stub_on: u32,
    /// Whether the function returns -1 when it fails; otherwise it returns null, or nothing that tells.
    pub minus_one: bool,
}

/// The names that the host lacks, at most as many as a message shows.
static LACKING: [AtomicPtr<c_void>; 8] = [const { AtomicPtr::new(core::ptr::null_mut()) }; 8];
static LACKING_COUNT: AtomicUsize = AtomicUsize::new(0);

/// Binds every import. Functions that neither the host nor a stand-in supplies raise `SystemError` when they are called;
/// data that is lacking is null.
///
/// # Safety
/// The table is that of [`imports!`](crate::imports!); the calling thread is attached.
pub unsafe fn bind(imports: &'static [&'static Import], host: &Host) {
    // What `refuse` calls.
    functions::cells::PyErr_SetString.fill(host);
    data::PyExc_SystemError.fill(host);
    for import in imports {
        let mut found = bind::resolve(import.kind, import.name, import.stub_on, import.polyfill, host);
        if found.is_null() && import.kind == bind::kind::FUNCTION {
            let place = LACKING_COUNT.fetch_add(1, Ordering::Relaxed);
            if let Some(lacking) = LACKING.get(place) {
                lacking.store(import.name.as_ptr().cast_mut().cast(), Ordering::Relaxed);
            }
            found = if import.minus_one { lacking_minus_one as *mut c_void } else { lacking_null as *mut c_void };
        }
        import.slot.store(found, Ordering::Relaxed);
    }
}

/// The names of the functions that the host lacks and that have no stand-in there.
pub fn lacking() -> impl Iterator<Item = &'static CStr> {
    let count = LACKING_COUNT.load(Ordering::Relaxed).min(LACKING.len());
    // SAFETY: a name is stored for each place below the count, and is a static C string.
    LACKING[..count].iter().map(|name| unsafe { CStr::from_ptr(name.load(Ordering::Relaxed).cast()) })
}

extern "C" fn lacking_null() -> *mut c_void {
    refuse();
    core::ptr::null_mut()
}

extern "C" fn lacking_minus_one() -> isize {
    refuse();
    -1
}

fn refuse() {
    let mut text = Text::new();
    known().describe(&mut text).push(c" lacks a function of the C API that this call needs, one of:");
    for name in lacking() {
        text.push(c" ").push(name);
    }
    // SAFETY: `bind` filled both cells; the message is a C string.
    unsafe { functions::PyErr_SetString(bind::value(&data::PyExc_SystemError), text.as_ptr()) };
}

/// Defines the imports of a runtime: for each function one of the same name that calls the host's, or what stands in for
/// it; for each `PyObject *` variable and each type object a function that gives it, a borrowed reference or null.
///
/// # Examples
/// ```
/// use cardan_host::types::Object;
///
/// cardan_host::imports! {
///     functions {
///         fn PyNumber_Add(left: Object, right: Object) -> Object, polyfill: None, stub_on: 0, minus_one: false;
///     }
///     variadic {}
///     objects { PyExc_TypeError; }
///     addresses { PyList_Type; }
/// }
/// assert_eq!(IMPORTS.len(), 3);
/// // Not bound yet.
/// assert!(PyList_Type().is_null());
/// ```
#[macro_export]
macro_rules! imports {
    (
        functions {
            $(fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)?, polyfill: $polyfill:expr, stub_on: $stub:expr, minus_one: $minus:expr;)*
        }
        variadic {
            $(fn $variadic:ident($($fixed:ty),*, ...) -> $variadic_result:ty, polyfill: $variadic_polyfill:expr, stub_on: $variadic_stub:expr, minus_one: $variadic_minus:expr;)*
        }
        objects { $($object:ident;)* }
        addresses { $($address:ident;)* }
    ) => {
        /// The table of imports, by name.
        #[allow(non_upper_case_globals, missing_docs)]
        pub mod table {
            #[allow(unused_imports)]
            use super::*;
            $($crate::imports!(@import $name, $crate::bind::kind::FUNCTION, $polyfill, $stub, $minus);)*
            $($crate::imports!(@import $variadic, $crate::bind::kind::FUNCTION, $variadic_polyfill, $variadic_stub, $variadic_minus);)*
            $($crate::imports!(@import $object, $crate::bind::kind::OBJECT, None, 0, false);)*
            $($crate::imports!(@import $address, $crate::bind::kind::ADDRESS, None, 0, false);)*
        }

        /// Every import, for [`$crate::imports::bind`].
        pub static IMPORTS: &[&$crate::imports::Import] = &[
            $(&table::$name,)* $(&table::$variadic,)* $(&table::$object,)* $(&table::$address,)*
        ];

        $(
            #[doc = concat!("The host's `", stringify!($name), "`, or what stands in for it.")]
            ///
            /// # Safety
            /// The imports are bound, the arguments are as CPython's documentation says, the thread is attached.
            #[inline]
            #[allow(non_snake_case)]
            pub unsafe fn $name($($argument: $type),*) $(-> $result)? {
                let address = table::$name.slot.load(core::sync::atomic::Ordering::Relaxed);
                // SAFETY: a bound slot holds the address of a function with this signature.
                let function = unsafe { core::mem::transmute::<*mut core::ffi::c_void, unsafe extern "C" fn($($type),*) $(-> $result)?>(address) };
                // SAFETY: the caller's promise.
                unsafe { function($($argument),*) }
            }
        )*
        $(
            #[doc = concat!("The host's `", stringify!($variadic), "`, to be called with any number of further arguments.")]
            ///
            /// # Safety
            /// The imports are bound.
            #[inline]
            #[allow(non_snake_case)]
            pub unsafe fn $variadic() -> unsafe extern "C" fn($($fixed),*, ...) -> $variadic_result {
                // SAFETY: a bound slot holds the address of a function with this signature.
                unsafe { core::mem::transmute::<*mut core::ffi::c_void, _>(table::$variadic.slot.load(core::sync::atomic::Ordering::Relaxed)) }
            }
        )*
        $(
            #[doc = concat!("`", stringify!($object), "` of the host, a borrowed reference, or null where it is lacking.")]
            #[inline]
            #[allow(non_snake_case)]
            pub fn $object() -> $crate::types::Object {
                table::$object.slot.load(core::sync::atomic::Ordering::Relaxed).cast()
            }
        )*
        $(
            #[doc = concat!("`", stringify!($address), "` of the host, a borrowed reference, or null where it is lacking.")]
            #[inline]
            #[allow(non_snake_case)]
            pub fn $address() -> $crate::types::Object {
                table::$address.slot.load(core::sync::atomic::Ordering::Relaxed).cast()
            }
        )*
    };
    (@import $name:ident, $kind:expr, $polyfill:expr, $stub:expr, $minus:expr) => {
        pub static $name: $crate::imports::Import = $crate::imports::Import {
            // SAFETY: the literal ends with the only zero byte: an identifier has none.
            name: unsafe { core::ffi::CStr::from_bytes_with_nul_unchecked(concat!(stringify!($name), "\0").as_bytes()) },
            slot: core::sync::atomic::AtomicPtr::new(core::ptr::null_mut()),
            polyfill: $polyfill,
            kind: $kind,
            stub_on: $stub,
            minus_one: $minus,
        };
    };
}
