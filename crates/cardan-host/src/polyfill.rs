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
/// Each module carries many of them, so they are laid out for size: [`WithUses`] puts what a stand-in calls right behind it.
#[repr(C)]
pub struct Polyfill {
    taken: Taken,
    count: u16,
    untrusted: Releases,
    is_chosen: bool,
}

/// A function that chooses, or what stands in where the host has no function of its own.
union Taken {
    choose: fn(&Host) -> Choice,
    stand_in: *const c_void,
}

/// A stand-in and what it calls. If the host lacks one of these cells that is not [optional](Cell::optional), the stand-in
/// cannot be used there.
#[repr(C)]
pub struct WithUses<const COUNT: usize> {
    polyfill: Polyfill,
    uses: [Cell; COUNT],
}

const _: () = assert!(core::mem::offset_of!(WithUses<1>, uses) == size_of::<Polyfill>());

impl<const COUNT: usize> WithUses<COUNT> {
    /// Stands in where the host has no function of its own.
    pub const fn new(stand_in: *const c_void, uses: [Cell; COUNT]) -> Self {
        let taken = Taken { stand_in };
        Self { polyfill: Polyfill { taken, count: COUNT as u16, untrusted: Releases::NONE, is_chosen: false }, uses }
    }

    /// `choose` says what to take on a host.
    pub const fn chosen(choose: fn(&Host) -> Choice, uses: [Cell; COUNT]) -> Self {
        let taken = Taken { choose };
        Self { polyfill: Polyfill { taken, count: COUNT as u16, untrusted: Releases::NONE, is_chosen: true }, uses }
    }

    /// The same, for a function that some hosts have but that does not do there what it should.
    pub const fn instead_on(mut self, releases: Releases) -> Self {
        self.polyfill.untrusted = releases;
        self
    }
}

impl Polyfill {
    /// What to take on this host.
    pub fn choose(&self, host: &Host) -> Choice {
        // SAFETY: the field says which of the two was written.
        unsafe { if self.is_chosen { (self.taken.choose)(host) } else { Choice::HostElse(self.taken.stand_in) } }
    }

    /// The releases whose own function is not to be called.
    pub fn untrusted(&self) -> Releases {
        self.untrusted
    }

    /// What the stand-in calls.
    pub fn uses(&self) -> &'static [Cell] {
        let behind = (&raw const *self).addr() + size_of::<Self>();
        // SAFETY: every stand-in is the beginning of a `WithUses`, a static that the linker placed, with so many cells.
        unsafe { core::slice::from_raw_parts(core::ptr::with_exposed_provenance(behind), self.count.into()) }
    }
}

// SAFETY: the struct holds only the address of a static or a function, and nothing writes to it.
unsafe impl Sync for Polyfill {}

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
        const _: () = {
            #[unsafe(export_name = concat!("cardan_polyfill_", stringify!($name)))]
            static POLYFILL: $crate::polyfill::WithUses<COUNT> =
                $crate::polyfill!(@made $name, [$($choose)?], USES).instead_on($crate::hosts::releases::untrusted(stringify!($name)));

            const USES: [$crate::cell::Cell; COUNT] = [
                $($crate::functions::cells::$use,)* $($($crate::functions::data::$data,)*)?
                $($($crate::functions::cells::$may.optional(),)*)?
            ];
            const COUNT: usize = 0 $(+ { stringify!($use); 1 })* $($(+ { stringify!($data); 1 })*)? $($(+ { stringify!($may); 1 })*)?;
        };

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
    (@made $name:ident, [], $uses:expr) => {
        $crate::polyfill::WithUses::new($name as *const core::ffi::c_void, $uses)
    };
    (@made $name:ident, [$choose:expr], $uses:expr) => { $crate::polyfill::WithUses::chosen($choose, $uses) };
}
