//! Dicts.

use crate::{checks, forward};
use cardan_abi::Handle;

checks! {
    ctx_Dict_Check = DICT;
}

forward! {
    ctx_Dict_New() -> Handle = PyDict_New;
    ctx_Dict_Keys(h: Handle) -> Handle = PyDict_Keys;
    ctx_Dict_Copy(h: Handle) -> Handle = PyDict_Copy;
}
