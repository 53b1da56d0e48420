//! ELF: [`read`] looks at linked files, [`edit`] changes object files, [`write`] makes them.

pub mod edit;
pub mod read;
pub mod write;
