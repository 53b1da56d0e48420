//! Builders of lists and tuples: the object that is made, which nobody else sees until it is built.
//!
//! A builder that could not be made is null, takes every item and fails when it is built; so does one that was to take an
//! item that could not be made.

use crate::convert::{handle, object};
use crate::definitions::raise;
use crate::imports::{
    Py_DecRef, PyErr_Clear, PyErr_NoMemory, PyErr_Occurred, PyExc_SystemError, PyList_New, PyTuple_New,
};
use crate::items::{put_into_list, put_into_tuple};
use cardan_abi::{Context, Handle, ListBuilder, TupleBuilder};
use core::ptr::null_mut;

/// There is no item, mostly because it could not be made: then an exception says why. The builder fails when it is built.
#[cold]
unsafe fn without_item() {
    // SAFETY: the imports are bound before a context is handed out.
    unsafe {
        if PyErr_Occurred().is_null() {
            raise(PyExc_SystemError(), c"the item that a builder was given is HPy_NULL; expected an object");
        }
    }
}

macro_rules! builder {
    ($builder:ident, $new:ident = $make:ident, $set:ident = $put:ident, $build:ident, $cancel:ident) => {
        #[doc = concat!("A builder by `", stringify!($make), "`, null if that fails. The error is raised when it is built.")]
        ///
        /// # Safety
        /// The thread is attached.
        pub unsafe extern "C" fn $new(_: *mut Context, size: isize) -> $builder {
            // SAFETY: the imports are bound before a context is handed out.
            unsafe {
                // Not every host looks whether a size is negative.
                let made = if size < 0 { null_mut() } else { $make(size) };
                if made.is_null() && size >= 0 {
                    PyErr_Clear();
                }
                $builder { word: handle(made).word }
            }
        }

        /// Puts an item in.
        ///
        /// # Safety
        /// The builder is not built yet, the index below its size and not set yet, the handle open; the thread is attached.
        pub unsafe extern "C" fn $set(context: *mut Context, builder: $builder, index: isize, item: Handle) {
            if item == Handle::NULL {
                // SAFETY: as above.
                unsafe { without_item() };
            } else if !builder.is_null() {
                // SAFETY: as above.
                unsafe { $put(context, object(Handle { word: builder.word }), index, object(item)) };
            }
        }

        /// The finished object, or null with the error of its making.
        ///
        /// # Safety
        /// The builder is not built yet and is not used again; the thread is attached.
        pub unsafe extern "C" fn $build(_: *mut Context, builder: $builder) -> Handle {
            // SAFETY: as above.
            unsafe {
                let built = Handle { word: builder.word };
                if PyErr_Occurred().is_null() {
                    if builder.is_null() {
                        PyErr_NoMemory();
                    }
                    return built;
                }
                // An item could not be made, and is missing.
                Py_DecRef(object(built));
                Handle::NULL
            }
        }

        /// Lets the object go.
        ///
        /// # Safety
        /// The builder is not built yet and is not used again; the thread is attached.
        pub unsafe extern "C" fn $cancel(_: *mut Context, builder: $builder) {
            // SAFETY: as above; the function takes null too.
            unsafe { Py_DecRef(object(Handle { word: builder.word })) };
        }
    };
}

builder!(
    ListBuilder,
    ctx_ListBuilder_New = PyList_New,
    ctx_ListBuilder_Set = put_into_list,
    ctx_ListBuilder_Build,
    ctx_ListBuilder_Cancel
);
builder!(
    TupleBuilder,
    ctx_TupleBuilder_New = PyTuple_New,
    ctx_TupleBuilder_Set = put_into_tuple,
    ctx_TupleBuilder_Build,
    ctx_TupleBuilder_Cancel
);
