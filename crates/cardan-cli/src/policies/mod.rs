//! What a binary file asks of the system that loads it, and the platform tags that are true for it.

pub mod manylinux;
pub mod musl;
