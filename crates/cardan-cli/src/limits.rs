//! How much is read of what others have made: a file may be of any size, and may say anything of its size.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::{Context, Error, Result};

/// So many bytes of a file are read, and so many of an archive's files together: more than any wheel on a package index has.
pub const LARGEST: u64 = 2 << 30;

/// So many bytes are made room for before they are there.
const TRUSTED: u64 = 1 << 20;

/// All bytes of a file.
///
/// # Errors
/// It cannot be read, or has more than [`LARGEST`] bytes.
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
    let what = || format!("cannot read {}", path.display());
    let mut file = File::open(path).context(what)?;
    let size = file.metadata().context(what)?.len();
    read(&mut file, size, LARGEST).context(what)?.ok_or_else(|| too_large(&path.display().to_string()))
}

/// What a reader has, of which somebody says that it has `size` bytes; none if there are more than `limit`.
pub fn read(reader: &mut impl Read, size: u64, limit: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut data = Vec::new();
    // Where there is no memory, the error says so when it is asked for: this is no promise that there is any.
    data.try_reserve(usize::try_from(size.min(TRUSTED)).unwrap_or_default())?;
    let mut reader = reader.take(limit.saturating_add(1));
    reader.read_to_end(&mut data)?;
    Ok((data.len() as u64 <= limit).then_some(data))
}

/// The error for what has more than [`LARGEST`] bytes.
pub fn too_large(name: &str) -> Error {
    Error::new(format!("{name} is too large: expected at most {} GB, unpacked", LARGEST >> 30))
}

#[cfg(test)]
mod tests {
    use super::{read, too_large};

    #[test]
    fn no_more_is_read_than_the_limit_and_no_size_is_believed() {
        assert_eq!(read(&mut &b"abc"[..], u64::MAX, 3).unwrap().as_deref(), Some(&b"abc"[..]));
        assert_eq!(read(&mut &b"abcd"[..], 0, 3).unwrap(), None);
        assert_eq!(read(&mut std::io::repeat(0), 0, 3).unwrap(), None);
        assert_eq!(too_large("a.whl").to_string(), "error: a.whl is too large: expected at most 2 GB, unpacked");
    }
}
