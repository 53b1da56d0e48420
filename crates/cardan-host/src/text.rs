//! Text of bounded length, put together without an allocator: the messages of errors.

use core::ffi::{CStr, c_char};

/// A C string of at most 511 bytes that is built piece by piece; what does not fit is cut off.
///
/// # Examples
/// ```
/// use cardan_host::text::Text;
/// let mut text = Text::new();
/// text.push(c"needs ").push_number(3).push(c" names");
/// assert_eq!(text.as_c_str(), c"needs 3 names");
/// ```
pub struct Text {
    bytes: [u8; 512],
    length: usize,
}

impl Default for Text {
    fn default() -> Self {
        Self::new()
    }
}

impl Text {
    /// An empty text.
    pub const fn new() -> Self {
        Self { bytes: [0; 512], length: 0 }
    }

    /// Appends a string.
    pub fn push(&mut self, text: &CStr) -> &mut Self {
        self.push_bytes(text.to_bytes())
    }

    /// Appends bytes of which none is zero.
    pub(crate) fn push_bytes(&mut self, text: &[u8]) -> &mut Self {
        for &byte in text {
            self.push_byte(byte);
        }
        self
    }

    /// Appends a string without its first `skip` bytes.
    pub fn push_from(&mut self, text: &CStr, skip: usize) -> &mut Self {
        for &byte in text.to_bytes().iter().skip(skip) {
            self.push_byte(byte);
        }
        self
    }

    /// Appends a number in decimal.
    pub fn push_number(&mut self, number: usize) -> &mut Self {
        if number >= 10 {
            self.push_number(number / 10);
        }
        self.push_byte(b'0' + (number % 10) as u8);
        self
    }

    fn push_byte(&mut self, byte: u8) {
        // The last byte stays zero: it ends the string.
        if self.length + 1 < self.bytes.len()
            && let Some(place) = self.bytes.get_mut(self.length)
        {
            *place = byte;
            self.length += 1;
        }
    }

    /// The text as a C string, valid as long as this value.
    pub fn as_c_str(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.bytes).unwrap_or(c"")
    }

    /// The address of the first byte, for a C function that copies the text.
    pub fn as_ptr(&self) -> *const c_char {
        self.as_c_str().as_ptr()
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn what_does_not_fit_is_cut_off() {
        let mut text = Text::new();
        for _ in 0..100 {
            text.push(c"0123456789");
        }
        assert_eq!(text.as_c_str().count_bytes(), 511);
    }

    #[test]
    fn numbers_are_decimal() {
        let mut text = Text::new();
        text.push_number(0).push(c".").push_number(1203);
        assert_eq!(text.as_c_str(), c"0.1203");
    }
}
