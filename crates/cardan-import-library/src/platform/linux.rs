//! Linux.

use crate::{Error, Target};

/// The target of the running machine.
pub(crate) fn target() -> Result<Target, Error> {
    match std::env::consts::ARCH {
        "x86_64" => Ok(Target::X86_64Linux),
        "aarch64" => Ok(Target::Aarch64Linux),
        processor => Err(Error::new(format!(
            "modules can be built for Linux on x86_64 and aarch64; this machine is Linux on {processor}"
        ))),
    }
}
