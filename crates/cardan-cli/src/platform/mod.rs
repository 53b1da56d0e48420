//! The operating system: the only folder that knows which one this is. Each has a file of its own, with the same functions.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use linux::*;

#[cfg(not(target_os = "linux"))]
compile_error!(
    "the command needs a file of its own in src/platform/ for this operating system: there is one for Linux"
);
