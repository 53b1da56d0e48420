//! `PyFloat_Pack…` and `PyFloat_Unpack…` of 3.11: floats as IEEE 754 of 2, 4 and 8 bytes.

use crate::bind::value;
use crate::polyfill;
use crate::types::{c_char, c_int};
use core::ptr::copy_nonoverlapping;

/// The bits of the nearest half-precision float, to even on a tie; `None` if the number is finite and too large.
fn half_from(number: f64) -> Option<u16> {
    let bits = number.to_bits();
    let sign = (bits >> 48) as u16 & 0x8000;
    let magnitude = bits & (u64::MAX >> 1);
    if number.is_nan() {
        return Some(sign | 0x7E00);
    }
    if number.is_infinite() {
        return Some(sign | 0x7C00);
    }
    // Exponent and fraction of a normal half; below its range the fraction is shifted further and has no hidden bit.
    let exponent = (magnitude >> 52) as i32 - 1023;
    let fraction = magnitude & ((1 << 52) - 1);
    let (kept, dropped_bits) = if exponent >= -14 {
        (((exponent + 15) as u64) << 52 | fraction, 42)
    } else if exponent >= -25 {
        (fraction | 1 << 52, (42 - 14 - exponent) as u32)
    } else {
        return Some(sign);
    };
    let half = 1u64 << (dropped_bits - 1);
    let rest = kept & ((1u64 << dropped_bits) - 1);
    let mut rounded = kept >> dropped_bits;
    if rest > half || rest == half && rounded & 1 != 0 {
        rounded += 1;
    }
    (rounded < 0x7C00).then_some(sign | rounded as u16)
}

/// The number that a half-precision float stands for.
fn half_to(bits: u16) -> f64 {
    let fraction = f64::from(bits & 0x3FF);
    let magnitude = match bits >> 10 & 0x1F {
        0 => fraction / f64::from(1u32 << 24),
        0x1F if fraction == 0.0 => f64::INFINITY,
        0x1F => f64::NAN,
        exponent => {
            // 2 to the power of (exponent - 15), by its bits.
            let power = f64::from_bits((u64::from(exponent) + 1023 - 15) << 52);
            (1.0 + fraction / 1024.0) * power
        }
    };
    if bits & 0x8000 != 0 { -magnitude } else { magnitude }
}

/// Sets `OverflowError`, and gives -1. Needs `PyErr_SetString` and the class.
unsafe fn too_large(message: &core::ffi::CStr) -> c_int {
    // SAFETY: the callers list them.
    unsafe { crate::functions::PyErr_SetString(value(&crate::functions::data::PyExc_OverflowError), message.as_ptr()) };
    -1
}

/// Writes the bytes in an order. The place has room for them.
unsafe fn write<const N: usize>(place: *mut c_char, mut little_endian: [u8; N], little: c_int) -> c_int {
    if little == 0 {
        little_endian.reverse();
    }
    // SAFETY: the caller's promise.
    unsafe { copy_nonoverlapping(little_endian.as_ptr(), place.cast(), N) };
    0
}

/// Reads bytes in an order. The place holds so many.
unsafe fn read<const N: usize>(place: *const c_char, little: c_int) -> [u8; N] {
    let mut bytes = [0; N];
    // SAFETY: the caller's promise.
    unsafe { copy_nonoverlapping(place.cast(), bytes.as_mut_ptr(), N) };
    if little == 0 {
        bytes.reverse();
    }
    bytes
}

polyfill! {
    /// Packs a float into 2 bytes. 0, or -1 with `OverflowError`.
    fn PyFloat_Pack2(number: f64, place: *mut c_char, little: c_int) -> c_int;
    uses [PyErr_SetString];
    data [PyExc_OverflowError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            match half_from(number) {
                Some(bits) => write(place, bits.to_le_bytes(), little),
                None => too_large(c"float too large to pack with e format"),
            }
        }
    }
}

polyfill! {
    /// Packs a float into 4 bytes. 0, or -1 with `OverflowError`.
    fn PyFloat_Pack4(number: f64, place: *mut c_char, little: c_int) -> c_int;
    uses [PyErr_SetString];
    data [PyExc_OverflowError];
    {
        let single = number as f32;
        // SAFETY: the arguments are the caller's.
        unsafe {
            if single.is_infinite() && number.is_finite() {
                return too_large(c"float too large to pack with f format");
            }
            write(place, single.to_le_bytes(), little)
        }
    }
}

polyfill! {
    /// Packs a float into 8 bytes.
    fn PyFloat_Pack8(number: f64, place: *mut c_char, little: c_int) -> c_int;
    uses [];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { write(place, number.to_le_bytes(), little) }
    }
}

polyfill! {
    /// The number in the 2 bytes at a place, the lowest first if `little`. Cannot fail.
    fn PyFloat_Unpack2(place: *const c_char, little: c_int) -> f64;
    uses [];
    {
        // SAFETY: the arguments are the caller's.
        half_to(u16::from_le_bytes(unsafe { read(place, little) }))
    }
}

polyfill! {
    /// The number in the 4 bytes at a place, the lowest first if `little`. Cannot fail.
    fn PyFloat_Unpack4(place: *const c_char, little: c_int) -> f64;
    uses [];
    {
        // SAFETY: the arguments are the caller's.
        f32::from_le_bytes(unsafe { read(place, little) }).into()
    }
}

polyfill! {
    /// The number in the 8 bytes at a place, the lowest first if `little`. Cannot fail.
    fn PyFloat_Unpack8(place: *const c_char, little: c_int) -> f64;
    uses [];
    {
        // SAFETY: the arguments are the caller's.
        f64::from_le_bytes(unsafe { read(place, little) })
    }
}

#[cfg(test)]
mod tests {
    use super::{half_from, half_to};

    #[test]
    fn every_half_comes_back() {
        for bits in 0..=u16::MAX {
            let number = half_to(bits);
            if number.is_nan() {
                assert!(half_to(half_from(number).unwrap()).is_nan());
            } else {
                assert_eq!(half_from(number), Some(bits), "{number}");
            }
        }
    }

    #[test]
    fn what_lies_between_is_rounded_to_even() {
        for bits in 0..0x7BFFu16 {
            let (low, high) = (half_to(bits), half_to(bits + 1));
            let middle = (low + high) / 2.0;
            assert_eq!(half_from(middle), Some(bits + (bits & 1)), "{middle}");
            assert_eq!(half_from(f64::midpoint(low, middle)), Some(bits));
            assert_eq!(half_from(f64::midpoint(middle, high)), Some(bits + 1));
        }
    }

    #[test]
    fn what_is_too_large_is_refused() {
        assert_eq!(half_from(65519.0), Some(0x7BFF));
        assert_eq!(half_from(65520.0), None);
        assert_eq!(half_from(-1e300), None);
        assert_eq!(half_from(1e-300), Some(0));
        assert_eq!(half_from(-0.0), Some(0x8000));
    }
}
