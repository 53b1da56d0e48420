//! The context's functions, one file for each chapter.

mod handles;
mod missing_hpy;
mod missing_own;

pub use crate::call::ctx_CallRealFunctionFromTrampoline;
pub use crate::module::ctx_Module_GetState;
pub use crate::types::entries::*;
pub use handles::*;
pub use missing_hpy::*;
pub use missing_own::*;
