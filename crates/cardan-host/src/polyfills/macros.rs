//! What CPython has as macros and inline functions only, for code that needs a function: languages other than C, and
//! pointers to them.

use crate::polyfill;

/// `PY_VECTORCALL_ARGUMENTS_OFFSET`: the callee may write to the place in front of the arguments.
pub const VECTORCALL_ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

/// The number of positional arguments of a vectorcall, without the flag.
pub const fn positional(count: usize) -> usize {
    count & !VECTORCALL_ARGUMENTS_OFFSET
}

polyfill! {
    /// The number of positional arguments of a vectorcall.
    fn PyVectorcall_NARGS(count: usize) -> isize;
    uses [];
    { positional(count) as isize }
}

#[cfg(test)]
mod tests {
    use super::{VECTORCALL_ARGUMENTS_OFFSET, positional};

    #[test]
    fn the_flag_is_not_counted() {
        assert_eq!(positional(3 | VECTORCALL_ARGUMENTS_OFFSET), 3);
        assert_eq!(positional(0), 0);
    }
}
