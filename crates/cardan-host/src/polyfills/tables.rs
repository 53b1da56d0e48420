//! Tables that CPython's headers read: what each byte is in C's locale, and comparisons with their sides swapped.

use crate::polyfill::WithUses;

/// The bits of `_Py_ctype_table`, as `Include/cpython/pyctype.h` has them.
mod bit {
    pub const LOWER: u32 = 1;
    pub const UPPER: u32 = 2;
    pub const DIGIT: u32 = 4;
    pub const SPACE: u32 = 8;
    pub const HEXADECIMAL: u32 = 16;
}

const fn kinds(byte: u8) -> u32 {
    let mut bits = 0;
    if byte.is_ascii_lowercase() {
        bits |= bit::LOWER;
    }
    if byte.is_ascii_uppercase() {
        bits |= bit::UPPER;
    }
    if byte.is_ascii_digit() {
        bits |= bit::DIGIT;
    }
    if byte.is_ascii_hexdigit() {
        bits |= bit::HEXADECIMAL;
    }
    if matches!(byte, b'\t'..=b'\r' | b' ') {
        bits |= bit::SPACE;
    }
    bits
}

static KINDS: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = kinds(byte as u8);
        byte += 1;
    }
    table
};

static LOWER: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).to_ascii_lowercase();
        byte += 1;
    }
    table
};

static UPPER: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).to_ascii_uppercase();
        byte += 1;
    }
    table
};

/// For `Py_LT` to `Py_GE`, 0 to 5.
static SWAPPED: [i32; 6] = [4, 5, 2, 3, 0, 1];

/// Tables of our own where the host does not export its own.
macro_rules! tables {
    ($($name:ident = $table:ident;)*) => {
        $(const _: () = {
            /// The stand-in for this table.
            #[unsafe(export_name = concat!("cardan_polyfill_", stringify!($name)))]
            static POLYFILL: WithUses<0> =
                WithUses::new((&raw const $table).cast(), []);
        };)*
    };
}

tables! {
    _Py_ctype_table = KINDS;
    _Py_ctype_tolower = LOWER;
    _Py_ctype_toupper = UPPER;
    _Py_SwappedOp = SWAPPED;
}

#[cfg(test)]
mod tests {
    use super::{KINDS, LOWER, SWAPPED, UPPER, bit};

    #[test]
    fn bytes_are_of_the_kinds_of_c() {
        let of = |byte: u8| KINDS[usize::from(byte)];
        assert_eq!(of(b'a'), bit::LOWER | bit::HEXADECIMAL);
        assert_eq!(of(b'Z'), bit::UPPER);
        assert_eq!(of(b'7'), bit::DIGIT | bit::HEXADECIMAL);
        assert_eq!((of(0x0B), of(b'_'), of(0xE9)), (bit::SPACE, 0, 0));
        assert_eq!((LOWER[usize::from(b'Q')], UPPER[usize::from(b'q')], UPPER[0xE9]), (b'q', b'Q', 0xE9));
    }

    #[test]
    fn swapping_twice_changes_nothing() {
        for operation in SWAPPED {
            assert_eq!(SWAPPED[SWAPPED[operation as usize] as usize], operation);
        }
    }
}
