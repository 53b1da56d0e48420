//! The small Python file beside each module, for hosts that do not find the bare suffix.

const TEXT: &str = include_str!("loader.py");

/// The text of the loader for a module's file name.
pub fn text(file: &str) -> String {
    TEXT.replace("{file}", file)
}

/// Whether a file is a loader that [`text`] has written.
pub fn is_ours(data: &[u8], file: &str) -> bool {
    data == text(file).as_bytes()
}
