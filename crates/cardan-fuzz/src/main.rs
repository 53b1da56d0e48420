//! Looks for bytes on which a reader of the command panics, hangs, or takes too much memory: `cargo xtask fuzz` builds and
//! runs this. The reader is the one that the environment variable CARDAN_FUZZ names.

#![no_main]

use std::sync::LazyLock;

static READER: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("CARDAN_FUZZ").unwrap_or_default();
    let found = cardan_cli::fuzz::READERS.into_iter().find(|(own, _)| *own == name);
    found.unwrap_or_else(|| panic!("CARDAN_FUZZ is {name:?}: expected the name of a reader")).1
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| (*READER)(data));
