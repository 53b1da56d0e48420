//! The operating system: the only folder that knows which one this is.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(crate) use linux::target;

#[cfg(not(target_os = "linux"))]
compile_error!(
    "the import library needs a file of its own in src/platform/ for this operating system: there is one for Linux"
);
