//! What people do in this repository, as commands: `cargo xtask help` lists them.
fn main() {}
