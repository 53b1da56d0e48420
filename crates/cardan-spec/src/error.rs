//! What can be wrong with the folder `spec/`.

use std::path::PathBuf;

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// An error in the specification: it names the file and the entry, what was expected and what was found.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// A file is not TOML, or holds something that is not a table of entries.
    #[error("{}: {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, without a full stop.
        problem: String,
    },
    /// An entry is wrong.
    #[error("{}: {entry}: {problem}", path.display())]
    Entry {
        /// The file that holds the entry.
        path: PathBuf,
        /// The entry as in the file, for example `function.PyList_New`.
        entry: String,
        /// What is wrong with it, without a full stop.
        problem: String,
    },
}
