//! The operating system, and what a binary file asks of the one that loads it, with the platform tags that are true for it.

pub mod manylinux;
pub mod musl;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use linux::*;

#[cfg(not(target_os = "linux"))]
compile_error!(
    "the command needs a file of its own in src/platform/ for this operating system; there is one for Linux"
);
