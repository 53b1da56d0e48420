//! Items put into a fresh tuple or list without a look at what was there: macros of CPython's headers.
//!
//! Unlike the functions of the same names in lower case they work on an object that is shared already, and do not release the
//! item that they replace. Where the layout is not known the functions have to do.

use crate::detect::{self, Host};
use crate::polyfill;
use crate::polyfill::Choice;
use crate::types::Object;

/// Where a tuple's items start, in bytes from the tuple; 0 where a tuple cannot be read.
pub fn tuple_items_start(host: &Host) -> usize {
    host.layout.tuple_items.get().unwrap_or(0)
}

/// Where a tuple holds its length and where its items start, in bytes from the tuple; both 0 where a tuple cannot be read.
pub fn tuple_layout(host: &Host) -> (u32, u32) {
    match (host.layout.size.get(), host.layout.tuple_items.get()) {
        (Some(size), Some(items)) => (size as u32, items as u32),
        _ => (0, 0),
    }
}

/// Where a list holds the address of its items, in bytes from the list; 0 where a list cannot be read.
///
/// On a free-threaded host another thread may give the items another place at any time: there only a list that nobody else
/// sees can be read or written so.
pub fn list_items_start(host: &Host) -> usize {
    host.layout.list_items.get().unwrap_or(0)
}

unsafe extern "C" fn store_in_tuple(tuple: Object, index: isize, item: Object) {
    let start = tuple_items_start(detect::known());
    // SAFETY: chosen only where a tuple's items stand there; the index is below the size, as the macro's user promises.
    unsafe { tuple.byte_add(start).cast::<Object>().offset(index).write(item) }
}

unsafe extern "C" fn store_in_list(list: Object, index: isize, item: Object) {
    let start = list_items_start(detect::known());
    // SAFETY: chosen only where a list holds the address of its items there; the index is below the size.
    unsafe { list.byte_add(start).cast::<*mut Object>().read().offset(index).write(item) }
}

polyfill! {
    /// Puts an item into a tuple and takes the reference. What was there is not released.
    fn PyTuple_SET_ITEM(tuple: Object, index: isize, item: Object);
    uses [PyTuple_SetItem];
    choose |host| match host.layout.tuple_items.get() {
        Some(_) => Choice::Ours(store_in_tuple as *const _),
        None => Choice::HostElse(PyTuple_SET_ITEM as *const _),
    };
    {
        // SAFETY: the caller's arguments; a tuple that is shared is refused with an exception.
        unsafe { PyTuple_SetItem(tuple, index, item) };
    }
}

polyfill! {
    /// Puts an item into a list and takes the reference. What was there is not released.
    fn PyList_SET_ITEM(list: Object, index: isize, item: Object);
    uses [PyList_SetItem];
    choose |host| match host.layout.list_items.get() {
        Some(_) => Choice::Ours(store_in_list as *const _),
        // PyPy has a function of this name with a result, which nobody looks at.
        None => Choice::HostElse(PyList_SET_ITEM as *const _),
    };
    {
        // SAFETY: the caller's arguments.
        unsafe { PyList_SetItem(list, index, item) };
    }
}
