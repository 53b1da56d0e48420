//! The production context: every function of the runtime in its place.
//!
//! A constant of so many addresses would have to be relocated word by word when a module is loaded, and would take 32 bytes for
//! each in every module's file. On ELF the functions are found by their distance from a table instead, which takes four.

use crate::entries::*;
use crate::table::for_each_function;
use cardan_abi::Context;

/// Defines `assign`, which puts each function into its place by code.
macro_rules! assign {
    ($([$($name:ident)*])*) => {
        /// The functions fit their places, whoever puts them there.
        #[cfg_attr(target_os = "linux", expect(dead_code, reason = "its types are checked"))]
        fn assign(context: &mut Context) {
            $($(context.$name = $name;)*)*
        }
    };
}
for_each_function!(assign);

/// Defines the table, and `RUNS`.
#[cfg(target_os = "linux")]
macro_rules! table {
    ($([$first:ident $($name:ident)*])*) => {
        core::arch::global_asm!(
            ".pushsection .rodata.cardan_functions,\"a\",@progbits",
            ".balign 4",
            ".globl cardan_functions",
            ".hidden cardan_functions",
            "cardan_functions:",
            $(table!(@entry $first), $(table!(@entry $name),)*)*
            ".popsection",
            $($first = sym $first, $($name = sym $name,)*)*
        );

        /// How many functions stand one after the other in the context, and where in it they start in bytes.
        const RUNS: &[(u16, u16)] = &[$((
            [stringify!($first), $(stringify!($name)),*].len() as u16,
            core::mem::offset_of!(Context, $first) as u16,
        )),*];

        $(const _: () = {
            let places = [core::mem::offset_of!(Context, $first), $(core::mem::offset_of!(Context, $name)),*];
            let mut index = 0;
            while index < places.len() {
                assert!(places[index] == places[0] + index * size_of::<usize>());
                index += 1;
            }
        };)*
    };
    (@entry $name:ident) => { concat!(".long {", stringify!($name), "} - .") };
}
#[cfg(target_os = "linux")]
for_each_function!(table);

/// Writes a context's functions, its name, version and size; handles and the host's traits stay as they are.
///
/// # Safety
/// `context` is memory for a context that nothing else uses, all zero.
pub unsafe fn write(context: *mut Context) {
    // SAFETY: the caller's memory; each field is written without a look at what was there.
    unsafe {
        (&raw mut (*context).name).write(c"HPy Universal ABI (Cardan)".as_ptr());
        (&raw mut (*context).abi_version).write(1);
        (&raw mut (*context).size).write(size_of::<Context>());
        write_functions(context);
    }
}

#[cfg(target_os = "linux")]
unsafe fn write_functions(context: *mut Context) {
    unsafe extern "C" {
        #[link_name = "cardan_functions"]
        safe static DISTANCES: i32;
    }
    // SAFETY: the table above has this name, and an entry for each function of the runs, which are those of the context; the
    // linker wrote how far the function is from the entry.
    unsafe {
        let mut entry = &raw const DISTANCES;
        for &(count, offset) in RUNS {
            let mut place = context.byte_add(offset as usize).cast::<usize>();
            for _ in 0..count {
                place.write(entry.expose_provenance().wrapping_add_signed(*entry as isize));
                place = place.add(1);
                entry = entry.add(1);
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
unsafe fn write_functions(context: *mut Context) {
    // SAFETY: the caller's memory.
    assign(unsafe { &mut *context });
}
