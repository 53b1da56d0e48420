//! Wheels: reading them, and making a back end's wheel into one for every Python.

mod archive;
pub mod elf_files;
pub mod loader;
mod metadata;
pub mod name;
pub mod record;
mod repack;

pub use archive::{File, Wheel};
pub use repack::{PlatformTags, Repacked, platform_tags, repack};
