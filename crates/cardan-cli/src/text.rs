//! Strings of the system as text, and back. Most are text. What is not is kept all the same: a byte that belongs to no letter
//! becomes a character that no name has.

use std::ffi::{OsStr, OsString};

use crate::platform;

/// The character that stands for the byte 0: 256 characters for private use, at the very end of their plane but for the last two.
const FIRST: u32 = 0x10_FE00;

/// A string of the system as text.
pub fn encode(string: &OsStr) -> String {
    let mut text = String::new();
    for chunk in string.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().filter_map(|&byte| char::from_u32(FIRST + u32::from(byte))));
    }
    text
}

/// The string of the system that [`encode`] made a text of.
pub fn decode(text: &str) -> OsString {
    let mut bytes = Vec::with_capacity(text.len());
    for letter in text.chars() {
        match u32::from(letter).checked_sub(FIRST).and_then(|byte| u8::try_from(byte).ok()) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    platform::os_string(bytes)
}

/// Paths in JSON.
pub mod path {
    use std::path::{Path, PathBuf};

    use serde::{Deserialize, Deserializer, Serializer};

    use super::{decode, encode};

    /// Writes a path as a string.
    pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encode(path.as_os_str()))
    }

    /// Reads a path that [`serialize`] has written.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
        Ok(decode(&String::deserialize(deserializer)?).into())
    }
}

/// Lists of paths in JSON.
pub mod paths {
    use std::path::PathBuf;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::{decode, encode};

    /// Writes paths as strings.
    pub fn serialize<S: Serializer>(paths: &[PathBuf], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(paths.iter().map(|path| encode(path.as_os_str())))
    }

    /// Reads paths that [`serialize`] has written.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PathBuf>, D::Error> {
        Ok(Vec::<String>::deserialize(deserializer)?.iter().map(|text| decode(text).into()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use crate::platform::os_string;

    #[test]
    fn every_string_of_the_system_comes_back() {
        let all: Vec<u8> = (1..=255).collect();
        for bytes in [b"plain".as_slice(), "\u{e9}\u{10fffd}".as_bytes(), b"caf\xe9/\xff", &all] {
            let string = os_string(bytes.to_vec());
            assert_eq!(decode(&encode(&string)), string);
        }
        assert_eq!(encode("caf\u{e9}".as_ref()), "caf\u{e9}");
    }
}
