//! The name of a type as a C string.
//!
//! It is valid as long as the handle of the type, also when the type gets another name meanwhile: a copy is made, one for each
//! name, and kept for good.

use crate::convert::object;
use crate::imports::{Py_DecRef, PyErr_NoMemory, PyType_GetName, PyUnicode_AsUTF8AndSize};
use cardan_abi::{Context, Handle};
use cardan_host::memory;
use core::ffi::{CStr, c_char};
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicPtr, Ordering};

/// A name that is kept; its bytes follow.
struct Name {
    next: *mut Name,
}

/// The names that were asked for.
static NAMES: AtomicPtr<Name> = AtomicPtr::new(null_mut());

impl Name {
    /// The bytes of a name.
    unsafe fn text(name: *const Name) -> *const c_char {
        // SAFETY: the caller's name was allocated with its bytes.
        unsafe { name.add(1).cast() }
    }
}

/// A copy of a text that stays, or null.
fn kept(text: &CStr) -> *const c_char {
    let bytes = text.to_bytes_with_nul();
    let mut head = NAMES.load(Ordering::Acquire);
    let mut made: *mut Name = null_mut();
    loop {
        let mut name = head;
        // SAFETY: names are written before they are linked, and stay.
        unsafe {
            while !name.is_null() {
                if CStr::from_ptr(Name::text(name)) == text {
                    memory::release(made.cast());
                    return Name::text(name);
                }
                name = (*name).next;
            }
            if made.is_null() {
                made = memory::allocate(size_of::<Name>() + bytes.len()).cast();
                if made.is_null() {
                    return null();
                }
                made.add(1).cast::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            }
            made.write(Name { next: head });
            match NAMES.compare_exchange(head, made, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return Name::text(made),
                Err(other) => head = other,
            }
        }
    }
}

/// The name of a type without its module.
///
/// # Safety
/// The handle is open, its object a type; the thread is attached.
pub unsafe extern "C" fn ctx_Type_GetName(_: *mut Context, class: Handle) -> *const c_char {
    // SAFETY: the imports are bound before a context is handed out; the text is read while its str is alive.
    unsafe {
        let name = PyType_GetName(object(class));
        let utf8 = if name.is_null() { null() } else { PyUnicode_AsUTF8AndSize(name, null_mut()) };
        let copy = if utf8.is_null() { utf8 } else { kept(CStr::from_ptr(utf8)) };
        if copy.is_null() && !utf8.is_null() {
            PyErr_NoMemory();
        }
        Py_DecRef(name);
        copy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_one_copy_of_each_name() {
        let first = kept(c"Pair");
        let other = kept(c"Point");
        assert_ne!(first, other);
        assert_eq!(first, kept(c"Pair"));
        // SAFETY: names stay.
        assert_eq!(unsafe { CStr::from_ptr(first) }, c"Pair");
    }
}
