//! What stands in for a function that a host lacks, or that has to be translated for it.

use crate::cell::Cell;
use crate::detect::Host;
use crate::hosts::releases::Releases;
use core::ffi::c_void;

/// What a module's slot for a function is to hold on a host.
#[derive(Clone, Copy)]
pub enum Choice {
    /// The host's own function; where it has none, the function is missing.
    Host,
    /// The host's own function; where it has none, this one.
    HostElse(*const c_void),
    /// This one, whatever the host has.
    Ours(*const c_void),
    /// Nothing: the function cannot be had on this host.
    Missing,
}

/// A stand-in for one function of the C API, exported to the linker as `cardan_polyfill_NAME`.
///
/// The import library's member for NAME refers to it, so that a module carries just the stand-ins that it may need.
///
/// Each module carries many of them, so they are laid out for size: what is taken and the cells that it calls follow. What is
/// taken is a distance from the place where that stands, which needs no relocation when a file is loaded, or an address
/// ([`WithUses`]).
#[repr(C, align(4))]
pub struct Polyfill {
    flags: u8,
    untrusted: Releases,
    count: u16,
}

/// The bits of [`Polyfill`]'s first byte.
pub mod flag {
    /// What is taken is a function that chooses. Otherwise it stands in where the host has no function of its own.
    pub const CHOOSES: u8 = 1;
    /// What is taken is behind the next word, as an address. Otherwise it is right behind the struct, as a distance.
    pub const ADDRESS: u8 = 2;
}

/// A stand-in by its address, and what it calls. If the host lacks one of these cells that is not
/// [optional](Cell::optional), the stand-in cannot be used there.
#[repr(C)]
pub struct WithUses<const COUNT: usize> {
    polyfill: Polyfill,
    taken: Taken,
    uses: [Cell; COUNT],
}

/// A function that chooses, or what stands in where the host has no function of its own.
union Taken {
    choose: fn(&Host) -> Choice,
    stand_in: *const c_void,
}

/// Where the distance is, in bytes from the beginning.
const DISTANCE: usize = size_of::<Polyfill>();
/// Where the cells are behind a distance.
const CELLS: usize = DISTANCE + size_of::<i32>();
const _: () = assert!(core::mem::offset_of!(WithUses<1>, taken) % align_of::<Taken>() == 0);

impl<const COUNT: usize> WithUses<COUNT> {
    const fn with(flags: u8, taken: Taken, uses: [Cell; COUNT]) -> Self {
        let polyfill = Polyfill { flags: flags | flag::ADDRESS, untrusted: Releases::NONE, count: COUNT as u16 };
        Self { polyfill, taken, uses }
    }

    /// Stands in where the host has no function of its own.
    pub const fn new(stand_in: *const c_void, uses: [Cell; COUNT]) -> Self {
        Self::with(0, Taken { stand_in }, uses)
    }

    /// `choose` says what to take on a host.
    pub const fn chosen(choose: fn(&Host) -> Choice, uses: [Cell; COUNT]) -> Self {
        Self::with(flag::CHOOSES, Taken { choose }, uses)
    }

    /// The same, for a function that some hosts have but that does not do there what it should.
    pub const fn instead_on(mut self, releases: Releases) -> Self {
        self.polyfill.untrusted = releases;
        self
    }
}

// SAFETY: the struct holds only the address of a static or a function, and nothing writes to it.
unsafe impl<const COUNT: usize> Sync for WithUses<COUNT> {}

impl Polyfill {
    /// A place behind the beginning of this stand-in.
    fn place(&self, offset: usize) -> *const u8 {
        core::ptr::with_exposed_provenance((&raw const *self).expose_provenance() + offset)
    }

    /// What to take on this host.
    pub fn choose(&self, host: &Host) -> Choice {
        // SAFETY: the flags say what follows: `WithUses`, or a distance to a function that the linker placed.
        let taken = unsafe {
            if self.flags & flag::ADDRESS != 0 {
                self.place(core::mem::offset_of!(WithUses<0>, taken)).cast::<*const c_void>().read()
            } else {
                let distance = self.place(DISTANCE);
                distance.wrapping_offset(distance.cast::<i32>().read() as isize).cast()
            }
        };
        if self.flags & flag::CHOOSES == 0 {
            return Choice::HostElse(taken);
        }
        // SAFETY: the flag says that the address is that of such a function.
        unsafe { core::mem::transmute::<*const c_void, fn(&Host) -> Choice>(taken)(host) }
    }

    /// The releases whose own function is not to be called.
    pub fn untrusted(&self) -> Releases {
        self.untrusted
    }

    /// What the stand-in calls.
    pub fn uses(&self) -> &'static [Cell] {
        let offset = if self.flags & flag::ADDRESS != 0 { core::mem::offset_of!(WithUses<0>, uses) } else { CELLS };
        // SAFETY: so many cells follow, in memory that the linker placed for good.
        unsafe { core::slice::from_raw_parts(self.place(offset).cast(), self.count.into()) }
    }
}

/// Defines a stand-in: a C function, and the [`Polyfill`] that says when it is taken.
///
/// `uses [...]` names the host's functions that the body calls; no other is in scope. `may_use [...]` names those whose
/// cell the body tests first. `data [...]` names the data symbols. Without `choose` the host's own function is preferred, except on
/// releases where it is [not to be trusted](crate::hosts::releases::untrusted).
///
/// The docstring says what differs from the conventions in [`crate::polyfills`]; the macro adds the section on safety.
///
/// # Examples
/// ```
/// use cardan_host::polyfill;
///
/// polyfill! {
///     /// The number of bytes of an array.
///     fn Py_BytesOf(count: isize, size: isize) -> isize;
///     uses [];
///     { count * size }
/// }
/// // SAFETY: the function takes any numbers.
/// assert_eq!(unsafe { Py_BytesOf(3, 8) }, 24);
/// ```
#[macro_export]
macro_rules! polyfill {
    (
        $(#[$attribute:meta])*
        fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)?;
        uses [$($use:ident),* $(,)?];
        $(may_use [$($may:ident),* $(,)?];)?
        $(data [$($data:ident),* $(,)?];)?
        $(choose $choose:expr;)?
        $body:block
    ) => {
        $crate::polyfill!(@record $name, [$($choose)?],
            [$($use = $crate::functions::cells::$use,)* $($($data = $crate::functions::data::$data,)*)?
             $($($may = $crate::functions::cells::$may.optional(),)*)?]);

        $(#[$attribute])*
        ///
        /// # Safety
        /// As for the function of this name in CPython's documentation; the cells that it uses were filled.
        #[allow(non_snake_case)]
        pub unsafe extern "C" fn $name($($argument: $type),*) $(-> $result)? {
            #[allow(unused_imports)]
            use $crate::functions::{$($use,)* $($($may,)*)?};
            #[allow(unused_imports)]
            use $crate::functions::data::{$($($data,)*)?};
            $body
        }
    };
    (@record $name:ident, [], $uses:tt) => { $crate::polyfill!(@write $name, $name, 0, $uses); };
    (@record $name:ident, [$choose:expr], $uses:tt) => {
        // A function needs a name for assembly, and the stand-in's is the only one at hand: as a type it is still free.
        #[allow(non_camel_case_types)]
        enum $name {}
        impl $name {
            fn chosen_on(host: &$crate::Host) -> $crate::polyfill::Choice {
                let choose: fn(&$crate::Host) -> $crate::polyfill::Choice = $choose;
                choose(host)
            }
        }
        $crate::polyfill!(@write $name, $name::chosen_on, $crate::polyfill::flag::CHOOSES, $uses);
    };
    (@write $name:ident, $taken:path, $flags:expr, [$($use:ident = $cell:expr,)*]) => {
        // In assembly: only there a distance between two places can be written.
        core::arch::global_asm!(
            concat!(".pushsection .rodata.cardan_polyfill_", stringify!($name), ",\"a\",@progbits"),
            ".balign 4",
            concat!(".globl cardan_polyfill_", stringify!($name)),
            concat!(".type cardan_polyfill_", stringify!($name), ",@object"),
            concat!("cardan_polyfill_", stringify!($name), ":"),
            ".byte {flags_of_this}, {untrusted_on}",
            ".short {count_of_uses}",
            ".long {what_is_taken} - .",
            $(concat!(".short {", stringify!($use), "}"),)*
            concat!(".size cardan_polyfill_", stringify!($name), ", . - cardan_polyfill_", stringify!($name)),
            ".popsection",
            flags_of_this = const $flags,
            untrusted_on = const $crate::hosts::releases::untrusted(stringify!($name)).bits(),
            count_of_uses = const { 0 $(+ { stringify!($use); 1 })* },
            what_is_taken = sym $taken,
            $($use = const $cell.bits(),)*
        );
    };
}
