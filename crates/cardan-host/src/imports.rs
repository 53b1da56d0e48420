//! What a runtime of ours calls: functions of the C API with their stand-ins, without an import library.
//!
//! The list is generated from `spec/` into the crate that calls the functions; [`imports!`](crate::imports!) makes of it
//! one function for each name and the table that [`bind`] fills. Unlike a module that an author wrote, a runtime does not
//! need all of its imports: one that a host lacks raises `SystemError` when it is called.
//!
//! The table is laid out for size, since it is in every module: all names together, each without what it shares with the
//! one before, and one byte of flags for each, so that nothing has to be relocated when the file is loaded.

use crate::bind;
use crate::detect::{Host, known};
use crate::functions::{self, data};
use crate::polyfill::Polyfill;
use crate::text::Text;
use core::ffi::{CStr, c_void};
use core::sync::atomic::{AtomicPtr, Ordering};

/// The names that a runtime uses. The arrays have one element for each, in the same order.
pub struct Imports {
    /// The plain names, as CPython spells them: [`pack`] puts them together.
    pub names: &'static [u8],
    /// What each name is: [`flags`] puts it together.
    pub flags: &'static [u8],
    /// What may stand in for those functions whose flags say that there is something, by their order.
    pub stand_in: fn(usize) -> Option<&'static Polyfill>,
    /// The address of each function or of the data.
    pub slots: &'static [AtomicPtr<c_void>],
}

/// The bit of a function that returns -1 when it fails; others return null, or nothing that tells.
const MINUS_ONE: u8 = 1 << 2;
/// The bit of a function that something may stand in for.
const POLYFILL: u8 = 1 << 3;
/// Where the bits of the hosts start on which a name is exported but does not work.
const STUB_SHIFT: u32 = 4;

/// One element of [`Imports::flags`]: one of [`bind::kind`], the hosts on which the name is exported but does not work as
/// bits, whether the function returns -1 when it fails, and whether something may stand in for it.
pub const fn flags(kind: u32, stub_on: u32, minus_one: bool, polyfill: bool) -> u8 {
    let mut flags = kind as u8 | (stub_on << STUB_SHIFT) as u8;
    if minus_one {
        flags |= MINUS_ONE;
    }
    if polyfill {
        flags |= POLYFILL;
    }
    flags
}

/// The longest name with the zero byte at its end.
const LONGEST: usize = 64;

/// How many bytes [`pack`] makes of names.
///
/// # Panics
/// When it is evaluated by the compiler: if a name has 64 bytes or more.
pub const fn packed_size(names: &str) -> usize {
    packed::<0>(names).1
}

/// Packs names, each ended by a zero byte: for each name the number of bytes that it shares with the name before it, then the
/// rest with the zero byte.
///
/// # Panics
/// When it is evaluated by the compiler: if `N` is not [`packed_size`] of the names.
pub const fn pack<const N: usize>(names: &str) -> [u8; N] {
    let (packed, size) = packed(names);
    assert!(size == N);
    packed
}

/// As much of the packed names as there is room for, and their size.
const fn packed<const N: usize>(names: &str) -> ([u8; N], usize) {
    let names = names.as_bytes();
    let (mut packed, mut size) = ([0; N], 0);
    let (mut start, mut before) = (0, 0);
    while start < names.len() {
        let mut end = start;
        while names[end] != 0 {
            end += 1;
        }
        assert!(end - start < LONGEST);
        let mut shared = 0;
        while before + shared < start && start + shared < end && names[before + shared] == names[start + shared] {
            shared += 1;
        }
        if size < N {
            packed[size] = shared as u8;
        }
        size += 1;
        let mut position = start + shared;
        while position <= end {
            if size < N {
                packed[size] = names[position];
            }
            size += 1;
            position += 1;
        }
        (before, start) = (start, end + 1);
    }
    (packed, size)
}

/// The names of imports in order, unpacked one by one.
pub struct Names {
    packed: &'static [u8],
    text: [u8; LONGEST],
}

impl Names {
    /// The next name, until the one after it is asked for.
    pub fn advance(&mut self) -> Option<&CStr> {
        let (&shared, rest) = self.packed.split_first()?;
        let size = rest.iter().position(|&byte| byte == 0)? + 1;
        let (rest, packed) = rest.split_at_checked(size)?;
        self.text.get_mut(usize::from(shared)..)?.get_mut(..size)?.copy_from_slice(rest);
        self.packed = packed;
        CStr::from_bytes_until_nul(&self.text).ok()
    }
}

impl Imports {
    /// The names in order.
    pub fn names(&self) -> Names {
        Names { packed: self.names, text: [0; LONGEST] }
    }
}

/// The imports that were bound.
static BOUND: AtomicPtr<Imports> = AtomicPtr::new(core::ptr::null_mut());

/// Binds every import. Functions that neither the host nor a stand-in supplies raise `SystemError` when they are called;
/// data that is lacking is null.
///
/// # Safety
/// The table is that of [`imports!`](crate::imports!); the calling thread is attached.
pub unsafe fn bind(imports: &'static Imports, host: &Host) {
    // What `refuse` calls.
    functions::cells::PyErr_SetString.fill(host);
    data::PyExc_SystemError.fill(host);
    let mut stand_ins = (0..).map(imports.stand_in);
    let mut names = imports.names();
    for (flags, slot) in imports.flags.iter().zip(imports.slots) {
        let Some(name) = names.advance() else { break };
        let (kind, stub_on) = (u32::from(flags & 3), u32::from(flags >> STUB_SHIFT));
        let polyfill = if flags & POLYFILL != 0 { stand_ins.next().flatten() } else { None };
        let mut found = bind::resolve(kind, name, stub_on, polyfill, host);
        if found.is_null() && kind == bind::kind::FUNCTION {
            found = if flags & MINUS_ONE != 0 { lacking_minus_one as *mut c_void } else { lacking_null as *mut c_void };
        }
        slot.store(found, Ordering::Relaxed);
    }
    BOUND.store((&raw const *imports).cast_mut(), Ordering::Release);
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
    // SAFETY: the pointer is null or that of a static.
    if let Some(imports) = unsafe { BOUND.load(Ordering::Acquire).as_ref() } {
        let mut names = imports.names();
        for slot in imports.slots {
            let Some(name) = names.advance() else { break };
            let found = slot.load(Ordering::Relaxed);
            // What does not fit is cut off.
            if found == lacking_minus_one as *mut c_void || found == lacking_null as *mut c_void {
                text.push(c" ").push(name);
            }
        }
    }
    // SAFETY: `bind` filled both cells; the message is a C string.
    unsafe { functions::PyErr_SetString(bind::value(&data::PyExc_SystemError), text.as_ptr()) };
}

/// Defines the imports of a runtime: for each function one of the same name that calls the host's, or what stands in for
/// it; for each `PyObject *` variable and each type object a function that gives it, a borrowed reference or null.
/// `stand_in` gives by number what stands in for those that say `polyfill: true`.
///
/// # Examples
/// ```
/// use cardan_host::types::Object;
///
/// cardan_host::imports! {
///     stand_in |_| None;
///     functions {
///         fn PyNumber_Add(left: Object, right: Object) -> Object, polyfill: false, stub_on: 0, minus_one: false;
///     }
///     variadic {}
///     objects { PyExc_TypeError; }
///     addresses { PyList_Type; }
/// }
/// let mut names = IMPORTS.names();
/// assert_eq!(names.advance(), Some(c"PyNumber_Add"));
/// assert_eq!(names.advance(), Some(c"PyExc_TypeError"));
/// assert_eq!(names.advance(), Some(c"PyList_Type"));
/// assert_eq!(names.advance(), None);
/// // Not bound yet.
/// assert!(PyList_Type().is_null());
/// ```
#[macro_export]
macro_rules! imports {
    (
        stand_in $stand_in:expr;
        functions {
            $(fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)?, polyfill: $polyfill:literal, stub_on: $stub:expr, minus_one: $minus:expr;)*
        }
        variadic {
            $(fn $variadic:ident($($fixed:ty),*, ...) -> $variadic_result:ty, polyfill: $variadic_polyfill:literal, stub_on: $variadic_stub:expr, minus_one: $variadic_minus:expr;)*
        }
        objects { $($object:ident;)* }
        addresses { $($address:ident;)* }
    ) => {
        /// The place of each import in the table.
        #[repr(usize)]
        #[allow(non_camel_case_types, missing_docs, clippy::enum_variant_names)] // The names are the C API's.
        pub(crate) enum Place { $($name,)* $($variadic,)* $($object,)* $($address,)* End }

        static SLOTS: [core::sync::atomic::AtomicPtr<core::ffi::c_void>; Place::End as usize] =
            [const { core::sync::atomic::AtomicPtr::new(core::ptr::null_mut()) }; Place::End as usize];

        /// The plain names in order, each ended by a zero byte.
        const NAMES: &str = concat!(
            $(stringify!($name), "\0",)* $(stringify!($variadic), "\0",)*
            $(stringify!($object), "\0",)* $(stringify!($address), "\0",)*
        );

        /// Every import, for [`$crate::imports::bind`].
        pub static IMPORTS: $crate::imports::Imports = $crate::imports::Imports {
            names: &const { $crate::imports::pack::<{ $crate::imports::packed_size(NAMES) }>(NAMES) },
            flags: &[
                $($crate::imports::flags($crate::bind::kind::FUNCTION, $stub, $minus, $polyfill),)*
                $($crate::imports::flags($crate::bind::kind::FUNCTION, $variadic_stub, $variadic_minus, $variadic_polyfill),)*
                $({ stringify!($object); $crate::imports::flags($crate::bind::kind::OBJECT, 0, false, false) },)*
                $({ stringify!($address); $crate::imports::flags($crate::bind::kind::ADDRESS, 0, false, false) },)*
            ],
            stand_in: $stand_in,
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
        /// What is bound for the object or address of a place in the table, a borrowed reference, or null where it is lacking.
        pub(crate) fn object_at(place: usize) -> $crate::types::Object {
            SLOTS.get(place).map_or(core::ptr::null_mut(), |slot| slot.load(core::sync::atomic::Ordering::Relaxed).cast())
        }

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
