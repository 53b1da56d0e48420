//! The context's functions, one file for each chapter.

mod handles;
mod missing_core;
mod missing_hpy;
mod missing_own;

pub use handles::*;
pub use missing_core::*;
pub use missing_hpy::*;
pub use missing_own::*;
