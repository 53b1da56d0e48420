//! Tuples.

use crate::checks;
use crate::convert::{handle, object, objects};
use crate::definitions::raise;
use crate::imports::{PyErr_Occurred, PyExc_SystemError, PyTuple_FromArray, PyTuple_New};
use crate::types::acquire;
use cardan_abi::{Context, Handle};
use cardan_host::text::Text;
use cardan_host::types::Object;

checks! {
    ctx_Tuple_Check = TUPLE;
}

/// No tuple, for want of an item: mostly the exception says already why it could not be made.
#[cold]
unsafe fn without(index: usize) -> Handle {
    // SAFETY: the imports are bound before a context is handed out.
    unsafe {
        if PyErr_Occurred().is_null() {
            let mut text = Text::new();
            text.push(c"HPyTuple_FromArray: item ").push_number(index).push(c" is HPy_NULL; expected an object");
            raise(PyExc_SystemError(), text.as_c_str());
        }
    }
    Handle::NULL
}

/// A tuple of the objects of these handles, which stay open.
///
/// # Safety
/// There are `count` handles, all open; the thread is attached.
pub unsafe extern "C" fn ctx_Tuple_FromArray(context: *mut Context, items: *const Handle, count: isize) -> Handle {
    // SAFETY: the caller's handles; a fresh tuple has room for them where the context says that tuples have their items.
    unsafe {
        for index in 0..count.max(0) as usize {
            if *items.add(index) == Handle::NULL {
                return without(index);
            }
        }
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
