//! What stands in for a function that a host lacks, or that has to be translated for it.

use crate::cell::Cell;
use crate::detect::Host;
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
/// Each module carries many of them, so they are laid out for size.
#[repr(C)]
pub struct Polyfill {
    taken: Taken,
    uses: *const Cell,
    count: u16,
    is_chosen: bool,
}

/// A function that chooses, or what stands in where the host has no function of its own.
union Taken {
    choose: fn(&Host) -> Choice,
    stand_in: *const c_void,
}

impl Polyfill {
    /// Stands in where the host has no function of its own. `uses` is what the stand-in calls: if the host lacks one of them
    /// that is not [optional](Cell::optional), the stand-in cannot be used there.
    ///
    /// # Panics
    /// When it is evaluated by the compiler: if the list has more than 65535 cells.
    pub const fn new(stand_in: *const c_void, uses: &'static [Cell]) -> Self {
        Self::with(Taken { stand_in }, uses, false)
    }

    /// Says itself what to take on a host.
    ///
    /// # Panics
    /// As for [`Self::new`].
    pub const fn chosen(choose: fn(&Host) -> Choice, uses: &'static [Cell]) -> Self {
        Self::with(Taken { choose }, uses, true)
    }

    const fn with(taken: Taken, uses: &'static [Cell], is_chosen: bool) -> Self {
        assert!(uses.len() <= u16::MAX as usize);
        Self { taken, uses: uses.as_ptr(), count: uses.len() as u16, is_chosen }
    }

    /// What to take on this host.
    pub fn choose(&self, host: &Host) -> Choice {
        // SAFETY: the field says which of the two was written.
        unsafe { if self.is_chosen { (self.taken.choose)(host) } else { Choice::HostElse(self.taken.stand_in) } }
    }

    /// What the stand-in calls.
    pub fn uses(&self) -> &'static [Cell] {
        // SAFETY: these are the parts of such a list.
        unsafe { core::slice::from_raw_parts(self.uses, self.count.into()) }
    }
}

// SAFETY: the struct holds only addresses of statics and functions, and nothing writes to it.
unsafe impl Sync for Polyfill {}

/// Defines a stand-in: a C function, and the [`Polyfill`] that says when it is taken.
///
/// `uses [...]` names the host's functions that the body calls; no other is in scope. `may_use [...]` names those whose
/// cell the body tests first. `data [...]` names the data symbols. Without `choose` the host's own function is preferred.
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
            static POLYFILL: $crate::polyfill::Polyfill = $crate::polyfill!(@made $name, [$($choose)?], &[
                $($crate::functions::cells::$use,)* $($($crate::functions::data::$data,)*)?
                $($($crate::functions::cells::$may.optional(),)*)?
            ]);
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
        $crate::polyfill::Polyfill::new($name as *const core::ffi::c_void, $uses)
    };
    (@made $name:ident, [$choose:expr], $uses:expr) => { $crate::polyfill::Polyfill::chosen($choose, $uses) };
}
