//! Where things are in the repository.

use std::path::{Path, PathBuf};

/// A path inside the repository, from its root.
pub fn path(relative: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies two folders deep");
    root.join(relative)
}
