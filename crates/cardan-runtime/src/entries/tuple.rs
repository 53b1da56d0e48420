//! Tuples.

use crate::checks;
use crate::convert::{handle, object, objects};
use crate::imports::{PyTuple_FromArray, PyTuple_New};
use crate::types::acquire;
use cardan_abi::{Context, Handle};
use cardan_host::types::Object;

checks! {
    ctx_Tuple_Check = TUPLE;
}

/// A tuple of the objects of these handles, which stay open.
///
/// # Safety
/// There are `count` handles, all open; the thread is attached.
pub unsafe extern "C" fn ctx_Tuple_FromArray(context: *mut Context, items: *const Handle, count: isize) -> Handle {
    // SAFETY: the caller's handles; a fresh tuple has room for them where the context says that tuples have their items.
    unsafe {
        let start = (*context).tuple_items_offset as usize;
        if start == 0 || count <= 0 {
            return handle(PyTuple_FromArray(objects(items), count));
        }
        let tuple = PyTuple_New(count);
        if !tuple.is_null() {
            let width = (*context).count_width;
            let places = tuple.byte_add(start).cast::<Object>();
            for index in 0..count as usize {
                let item = object(*items.add(index));
                acquire(item, width);
                places.add(index).write(item);
            }
        }
        handle(tuple)
    }
}
