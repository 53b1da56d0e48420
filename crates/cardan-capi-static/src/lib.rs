//! The C-API door's runtime as a static library. It adds only what a `no_std` library needs to be linked into C: what
//! happens on a panic, which the runtime's code has no way to reach.
#![no_std]

pub use cardan_capi::entry::cardan_enter;

unsafe extern "C" {
    fn abort() -> !;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: abort takes nothing and never returns.
    unsafe { abort() }
}
