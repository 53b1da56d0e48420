//! Which interpreter this is, where its functions are, what it lacks and what its structs look like.
#![no_std]
