//! The stand-ins of the imports: those of cardan-host, which exports them for the linker.
//!
//! They are in every module, so on ELF they are found by their distance from a table: an address would have to be relocated when
//! the file is loaded, and takes eight times the room with what is written down for that.

use crate::imports::for_each_stand_in;
use cardan_host::polyfill::Polyfill;

/// Defines `COUNT` and the table.
#[cfg(target_os = "linux")]
macro_rules! table {
    ($($name:ident)*) => {
        const COUNT: usize = [$(stringify!($name)),*].len();

        core::arch::global_asm!(
            ".pushsection .rodata.cardan_stand_ins,\"a\",@progbits",
            ".balign 4",
            ".globl cardan_stand_ins",
            ".hidden cardan_stand_ins",
            "cardan_stand_ins:",
            $(
                concat!(".hidden cardan_polyfill_", stringify!($name)),
                concat!(".long cardan_polyfill_", stringify!($name), " - ."),
            )*
            ".popsection",
        );
    };
}

/// Defines `COUNT` and the table.
#[cfg(not(target_os = "linux"))]
macro_rules! table {
    ($($name:ident)*) => {
        const COUNT: usize = [$(stringify!($name)),*].len();

        static STAND_INS: [&Polyfill; COUNT] = [$({
            // SAFETY: cardan-host exports its stand-ins under these names with this type, and nothing writes to them.
            #[allow(improper_ctypes)]
            unsafe extern "C" {
                #[link_name = concat!("cardan_polyfill_", stringify!($name))]
                safe static STAND_IN: Polyfill;
            }
            &STAND_IN
        }),*];
    };
}

for_each_stand_in!(table);

/// The stand-in of a number.
#[cfg(target_os = "linux")]
pub(crate) fn stand_in(number: usize) -> Option<&'static Polyfill> {
    // SAFETY: the table above has this name and this type, and nothing writes to it.
    unsafe extern "C" {
        #[link_name = "cardan_stand_ins"]
        safe static DISTANCES: [i32; COUNT];
    }
    let distance = DISTANCES.get(number)?;
    let address = (&raw const *distance).addr().wrapping_add_signed(*distance as isize);
    // SAFETY: the linker wrote the distance of a stand-in of cardan-host from this place, and nothing writes to stand-ins.
    unsafe { core::ptr::with_exposed_provenance::<Polyfill>(address).as_ref() }
}

/// The stand-in of a number.
#[cfg(not(target_os = "linux"))]
pub(crate) fn stand_in(number: usize) -> Option<&'static Polyfill> {
    STAND_INS.get(number).copied()
}
