//! Where the digits of an `int` are, for who keeps something behind them.

use crate::Host;
use crate::hosts::cpython;
use crate::types::Object;

/// The size of a digit in bytes (`digit` of `Include/cpython/longintrepr.h`).
const DIGIT: isize = 4;
/// How many bits of a number a digit holds, in every 64-bit build.
const BITS: usize = 30;
/// The bits of the word before the digits that are not their number, from 3.12 on: sign and more.
const TAG_BITS: u32 = 3;

/// Where the memory of an `int` ends that its digits take, in bytes from the object. `None` where its layout is not known.
///
/// # Safety
/// `number` is an `int` of this host.
pub unsafe fn end_of_digits(host: &Host, number: Object) -> Option<isize> {
    let (major, minor) = cpython::NEWEST;
    if !host.known_cpython() || host.at_least(major, minor + 1) {
        return None;
    }
    let start = host.layout.header;
    // SAFETY: the word after the header is the number of digits with the sign, or since 3.12 with other bits below.
    let word = unsafe { number.byte_add(start).cast::<isize>().read() };
    let digits = if host.at_least(3, 12) { word.cast_unsigned() >> TAG_BITS } else { word.unsigned_abs() };
    // There is room for one even where the number is zero.
    Some((start + size_of::<isize>()) as isize + digits.max(1) as isize * DIGIT)
}

/// How much memory the digits of an `int` of that many bits take, in bytes.
///
/// # Examples
/// ```
/// use cardan_host::integers::size_of_digits;
/// assert_eq!([0, 1, 30, 31].map(size_of_digits), [4, 4, 4, 8]);
/// ```
pub fn size_of_digits(bits: usize) -> isize {
    // There is room for one even where the number is zero.
    bits.div_ceil(BITS).max(1) as isize * DIGIT
}
