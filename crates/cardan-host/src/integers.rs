//! Where the digits of an `int` end, for code that keeps something behind them.

use crate::Host;
use crate::hosts::profile::Digits;
use crate::types::Object;

/// The size of a digit in bytes (`digit` of `Include/cpython/longintrepr.h`).
const DIGIT: isize = 4;
/// How many bits of a number a digit holds, in every 64-bit build.
pub(crate) const BITS: usize = 30;

impl Digits {
    /// How many digits an `int` has.
    ///
    /// # Safety
    /// `number` is an `int` of a host that keeps its digits like this.
    pub(crate) unsafe fn count(self, number: Object) -> usize {
        // SAFETY: the word with the number of digits is there.
        let word = unsafe { number.byte_add(self.number.into()).cast::<isize>().read() };
        if self.other_bits == 0 { word.unsigned_abs() } else { word.cast_unsigned() >> self.other_bits }
    }
}

/// Where the memory of an `int` ends that its digits take, in bytes from the object. `None` where its layout is not known.
///
/// # Safety
/// `number` is an `int` of this host.
pub unsafe fn end_of_digits(host: &Host, number: Object) -> Option<isize> {
    let digits = host.layout.digits?;
    // SAFETY: the host keeps its digits like this.
    let count = unsafe { digits.count(number) };
    // There is room for one even where the number is zero.
    Some((usize::from(digits.number) + size_of::<isize>()) as isize + count.max(1) as isize * DIGIT)
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
