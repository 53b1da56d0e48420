//! Items of lists and tuples, read and put in place where the host's structs are known.

use crate::imports::{PyList_SET_ITEM, PyList_Type, PyTuple_SET_ITEM, PyTuple_Type};
use crate::types::{acquire, class_of};
use cardan_abi::Context;
use cardan_host::Host;
use cardan_host::polyfills::items::list_items_start;
use cardan_host::types::Object;
use core::sync::atomic::{AtomicUsize, Ordering};

/// Where a list holds the address of its items, in bytes from the list; 0 where lists cannot be read.
static LIST: AtomicUsize = AtomicUsize::new(0);

/// Looks up what can be read on the host.
pub(crate) fn prepare(host: &Host) {
    LIST.store(list_items_start(host), Ordering::Relaxed);
}

/// A new reference to an item of what is a list or a tuple and of no class derived from them; `None` for every other object,
/// for an index that there is not, and where the host has to be asked.
///
/// # Safety
/// The object is alive, the context is the production context; the thread is attached.
#[inline(always)] // Hot, and the library is optimised for size.
pub(crate) unsafe fn get(context: *mut Context, container: Object, index: isize) -> Option<Object> {
    // SAFETY: the host's structs are as the context says; with counts in place no other thread changes the list meanwhile.
    unsafe {
        let (width, list) = ((*context).count_width, LIST.load(Ordering::Relaxed));
        if width == 0 || list == 0 {
            return None;
        }
        let class = class_of(container);
        let items = if class == PyList_Type() {
            container.byte_add(list).cast::<*const Object>().read()
        } else if class == PyTuple_Type() {
            container.byte_add((*context).tuple_items_offset as usize).cast_const().cast::<Object>()
        } else {
            return None;
        };
        let size = container.byte_add((*context).tuple_size_offset as usize).cast::<usize>().read();
        if index as usize >= size {
            return None;
        }
        let item = items.add(index as usize).read();
        acquire(item, width);
        Some(item)
    }
}

/// Puts a new reference to an item into a list that nobody else sees yet.
///
/// # Safety
/// The index is below the list's size and was not set; the item is alive; the context is the production context, the thread
/// is attached.
#[inline(always)] // Hot, and the library is optimised for size.
pub(crate) unsafe fn put_into_list(context: *mut Context, list: Object, index: isize, item: Object) {
    // SAFETY: the caller's promise; the host's lists hold the address of their items there.
    unsafe {
        acquire(item, (*context).count_width);
        match LIST.load(Ordering::Relaxed) {
            0 => PyList_SET_ITEM(list, index, item),
            start => list.byte_add(start).cast::<*mut Object>().read().offset(index).write(item),
        }
    }
}

/// Puts a new reference to an item into a tuple that nobody else sees yet.
///
/// # Safety
/// As for [`put_into_list`].
#[inline(always)] // Hot, and the library is optimised for size.
pub(crate) unsafe fn put_into_tuple(context: *mut Context, tuple: Object, index: isize, item: Object) {
    // SAFETY: the caller's promise; the host's tuples have their items there.
    unsafe {
        acquire(item, (*context).count_width);
        match (*context).tuple_items_offset {
            0 => PyTuple_SET_ITEM(tuple, index, item),
            start => tuple.byte_add(start as usize).cast::<Object>().offset(index).write(item),
        }
    }
}
