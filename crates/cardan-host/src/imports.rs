//! What a runtime of ours calls: functions of the C API with their stand-ins, without an import library.
//!
//! The list is generated from `spec/` into the crate that calls the functions; [`imports!`](crate::imports!) makes of it
//! one function for each name and the table that [`bind`] fills. Unlike a module that an author wrote, a runtime does not
//! need all of its imports: one that a host lacks raises `SystemError` when it is called.
//!
//! The table is laid out for size, since it is in every module: one text of all names and one byte for each, so that
//! nothing but the stand-ins has to be relocated when the file is loaded.

use crate::bind;
use crate::detect::{Host, known};
use crate::functions::{self, data};
use crate::polyfill::Polyfill;
use crate::text::Text;
use core::ffi::{CStr, c_void};
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// The names that a runtime uses. The arrays have one element for each, in the same order.
pub struct Imports {
    /// The plain names, as CPython spells them, each ended by a zero byte.
    pub names: &'static str,
    /// What each name is: [`flags`] puts it together.
    pub flags: &'static [u8],
    /// What may stand in for each function.
    pub polyfills: &'static [Option<&'static Polyfill>],
    /// The address of each function or of the data.
    pub slots: &'static [AtomicPtr<c_void>],
}

/// The bit of a function that returns -1 when it fails; others return null, or nothing that tells.
const MINUS_ONE: u8 = 1 << 2;
/// Where the bits of the hosts start on which a name is exported but does not work.
const STUB_SHIFT: u32 = 4;

/// One element of [`Imports::flags`]: one of [`bind::kind`], the hosts on which the name is exported but does not work as
/// bits, and whether the function returns -1 when it fails.
pub const fn flags(kind: u32, stub_on: u32, minus_one: bool) -> u8 {
    kind as u8 | (stub_on << STUB_SHIFT) as u8 | if minus_one { MINUS_ONE } else { 0 }
}

impl Imports {
    /// The names in order.
    pub fn names(&self) -> impl Iterator<Item = &'static CStr> {
        let names = self.names.as_bytes();
        names.split_inclusive(|&byte| byte == 0).filter_map(|name| CStr::from_bytes_with_nul(name).ok())
    }
}

/// The functions that the host lacks, at most as many as a message shows.
static LACKING: [AtomicPtr<c_void>; 8] = [const { AtomicPtr::new(core::ptr::null_mut()) }; 8];
static LACKING_COUNT: AtomicUsize = AtomicUsize::new(0);

/// Binds every import. Functions that neither the host nor a stand-in supplies raise `SystemError` when they are called;
/// data that is lacking is null.
///
/// # Safety
/// The table is that of [`imports!`](crate::imports!); the calling thread is attached.
pub unsafe fn bind(imports: &'static Imports, host: &Host) {
    // What `refuse` calls.
    functions::cells::PyErr_SetString.fill(host);
    data::PyExc_SystemError.fill(host);
    let rows = imports.flags.iter().zip(imports.polyfills).zip(imports.slots);
    for (name, ((flags, polyfill), slot)) in imports.names().zip(rows) {
        let (kind, stub_on) = (u32::from(flags & 3), u32::from(flags >> STUB_SHIFT));
        let mut found = bind::resolve(kind, name, stub_on, *polyfill, host);
        if found.is_null() && kind == bind::kind::FUNCTION {
            let place = LACKING_COUNT.fetch_add(1, Ordering::Relaxed);
            if let Some(lacking) = LACKING.get(place) {
                lacking.store(name.as_ptr().cast_mut().cast(), Ordering::Relaxed);
            }
            found = if flags & MINUS_ONE != 0 { lacking_minus_one as *mut c_void } else { lacking_null as *mut c_void };
        }
        slot.store(found, Ordering::Relaxed);
    }
}

/// The names of the functions that the host lacks and that have no stand-in there.
pub fn lacking() -> impl Iterator<Item = &'static CStr> {
    let count = LACKING_COUNT.load(Ordering::Relaxed).min(LACKING.len());
    // SAFETY: a name is stored for each place below the count, and is a static C string.
    LACKING.iter().take(count).map(|name| unsafe { CStr::from_ptr(name.load(Ordering::Relaxed).cast()) })
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
/// assert!(IMPORTS.names().eq([c"PyNumber_Add", c"PyExc_TypeError", c"PyList_Type"]));
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
        /// The place of each import in the table.
        #[repr(usize)]
        #[allow(non_camel_case_types, missing_docs, clippy::enum_variant_names)] // The names are the C API's.
        enum Place { $($name,)* $($variadic,)* $($object,)* $($address,)* End }

        static SLOTS: [core::sync::atomic::AtomicPtr<core::ffi::c_void>; Place::End as usize] =
            [const { core::sync::atomic::AtomicPtr::new(core::ptr::null_mut()) }; Place::End as usize];

        /// Every import, for [`$crate::imports::bind`].
        pub static IMPORTS: $crate::imports::Imports = $crate::imports::Imports {
            names: concat!(
                $(stringify!($name), "\0",)* $(stringify!($variadic), "\0",)*
                $(stringify!($object), "\0",)* $(stringify!($address), "\0",)*
            ),
            flags: &[
                $($crate::imports::flags($crate::bind::kind::FUNCTION, $stub, $minus),)*
                $($crate::imports::flags($crate::bind::kind::FUNCTION, $variadic_stub, $variadic_minus),)*
                $({ stringify!($object); $crate::imports::flags($crate::bind::kind::OBJECT, 0, false) },)*
                $({ stringify!($address); $crate::imports::flags($crate::bind::kind::ADDRESS, 0, false) },)*
            ],
            polyfills: &[
                $($polyfill,)* $($variadic_polyfill,)*
                $({ stringify!($object); None },)* $({ stringify!($address); None },)*
            ],
            slots: &SLOTS,
        };

        #[inline]
        fn slot(place: Place) -> *mut core::ffi::c_void {
            SLOTS[place as usize].load(core::sync::atomic::Ordering::Relaxed)
        }

        $(
            #[doc = concat!("The host's `", stringify!($name), "`, or what stands in for it.")]
            ///
            /// # Safety
            /// The imports are bound, the arguments are as CPython's documentation says, the thread is attached.
            #[inline]
            #[allow(non_snake_case)]
            pub unsafe fn $name($($argument: $type),*) $(-> $result)? {
                // SAFETY: a bound slot holds the address of a function with this signature.
                let function = unsafe { core::mem::transmute::<*mut core::ffi::c_void, unsafe extern "C" fn($($type),*) $(-> $result)?>(slot(Place::$name)) };
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
                unsafe { core::mem::transmute::<*mut core::ffi::c_void, _>(slot(Place::$variadic)) }
            }
        )*
        $(
            #[doc = concat!("`", stringify!($object), "` of the host, a borrowed reference, or null where it is lacking.")]
            #[inline]
            #[allow(non_snake_case)]
            pub fn $object() -> $crate::types::Object {
                slot(Place::$object).cast()
            }
        )*
        $(
            #[doc = concat!("`", stringify!($address), "` of the host, a borrowed reference, or null where it is lacking.")]
            #[inline]
            #[allow(non_snake_case)]
            pub fn $address() -> $crate::types::Object {
                slot(Place::$address).cast()
            }
        )*
    };
}
