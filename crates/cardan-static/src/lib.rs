//! The runtime of both doors as a static library: a linker takes what a module refers to. It adds only what a `no_std` library needs to be linked into C: what
//! happens on a panic, which the runtime's code has no way to reach.
#![no_std]

pub use cardan_capi::entry::cardan_enter;
pub use cardan_runtime::entry::cardan_handle_module;
pub use cardan_runtime::helpers::*;

unsafe extern "C" {
    fn abort() -> !;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: abort takes nothing and never returns.
    unsafe { abort() }
}
