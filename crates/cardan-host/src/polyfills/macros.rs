//! What CPython has as macros and inline functions only, for code that needs a function: languages other than C, and
//! pointers to them.

use crate::detect::{Family, Host};
use crate::hosts;
use crate::polyfill;
use crate::polyfill::Choice;
use crate::types::{Object, c_void};

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

/// Where a memory view keeps its buffer, in bytes from its start.
fn buffer_offset(host: &Host) -> Option<usize> {
    match host.family {
        Family::CPython if !host.generic => Some(host.layout.header + hosts::cpython::MEMORY_VIEW_BUFFER),
        Family::PyPy if !host.generic => Some(host.layout.header),
        _ => None,
    }
}

polyfill! {
    /// The buffer of a memory view, borrowed from it. Missing where the layout of a memory view is not known.
    fn PyMemoryView_GET_BUFFER(view: Object) -> *mut c_void;
    uses [];
    choose |host| match buffer_offset(host) {
        Some(_) => Choice::HostElse(PyMemoryView_GET_BUFFER as *const _),
        None => Choice::Host,
    };
    {
        // SAFETY: chosen only where a memory view holds its buffer there.
        unsafe { view.byte_add(buffer_offset(crate::detect::known()).unwrap_or(0)).cast() }
    }
}

polyfill! {
    /// The object whose memory a memory view shows, a borrowed reference, or null.
    fn PyMemoryView_GET_BASE(view: Object) -> Object;
    uses [];
    choose |host| match buffer_offset(host) {
        Some(_) => Choice::HostElse(PyMemoryView_GET_BASE as *const _),
        None => Choice::Host,
    };
    {
        // SAFETY: as above; the second field of a buffer is the object.
        unsafe { PyMemoryView_GET_BUFFER(view).cast::<Object>().add(1).read() }
    }
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
