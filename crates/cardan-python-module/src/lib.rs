//! The native module `cardan._runtime`: what `cardan.load`, `cardan.debug` and `cardan.trace` are made of.
//!
//! It is itself a module of the handle runtime, whose methods have the C API's calling convention. Python code checks
//! what users pass before it calls a function of this module, and says in words what is wrong.
//!
//! * [`library`] opens shared libraries; [`load`] makes modules of them, and of files that hand themselves over.
//! * [`debug`] asks the debug and trace contexts of `cardan-debug`.
//! * [`arguments`] reads what Python passes; [`module`] lists the functions.
#![no_std]

pub mod arguments;
pub mod debug;
pub mod library;
pub mod load;
pub mod module;

pub use module::PyInit__runtime;

unsafe extern "C" {
    fn abort() -> !;
}

#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: abort takes nothing and never returns.
    unsafe { abort() }
}
