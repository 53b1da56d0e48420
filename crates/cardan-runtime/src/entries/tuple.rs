//! Tuples.

use crate::{checks, forward};
use cardan_abi::Handle;

checks! {
    ctx_Tuple_Check = TUPLE;
}

forward! {
    ctx_Tuple_FromArray(items: *const Handle, count: isize) -> Handle = PyTuple_FromArray;
}
