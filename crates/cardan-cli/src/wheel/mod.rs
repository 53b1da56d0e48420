//! Wheels: reading them, and making a back end's wheel into one for every Python.

mod archive;
pub mod elf_files;
pub mod loader;
pub mod metadata;
pub mod name;
pub mod record;
mod repack;

pub use archive::{File, Wheel, unusable};
pub use repack::{PlatformTags, make_universal, platform_tags, universal, write};
