//! The stand-ins: one file for each version or host, with exactly what it lacks.

pub mod before_3_10;
