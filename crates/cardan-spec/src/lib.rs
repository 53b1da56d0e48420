//! Reads `spec/`: every function, data symbol, slot, constant, struct and type of the C-API door as data.
//!
//! The folder `spec/capi` holds one TOML file per chapter; [`Spec::load`] reads them all, checks them against each
//! other and gives typed entries. What a host offers of them is in `spec/hosts`, read by [`Availability`].

mod availability;
mod c_type;
mod entry;
mod error;
mod handle_definitions;
mod handles;
mod spec;

pub use availability::{Availability, Presence};
pub use c_type::{CType, Declaration, Parameter};
pub use entry::{
    Const, Data, DataKind, Enum, ErrorReturn, Function, Macro, Ownership, Slot, Struct, StructKind, Typedef, Version,
};
pub use error::{Error, Result};
pub use handle_definitions::{FunctionSignature, HandleSlot, Trampoline};
pub use handles::{Entry, EntryKind, Handles, RuntimeImports};
pub use spec::{Chapter, Spec};
