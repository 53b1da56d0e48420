//! The C-API door: binds the names that a module uses and translates its definitions for the host.
#![no_std]
