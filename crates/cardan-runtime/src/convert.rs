//! Values of the handle API and of the C API, turned into each other.

use cardan_abi::Handle;
use cardan_host::types::Object;

/// The object that a handle stands for, a borrowed reference.
#[inline]
pub fn object(handle: Handle) -> Object {
    core::ptr::with_exposed_provenance_mut(handle.word as usize)
}

/// The handle of an object. It takes over the reference, or borrows it if that is what the caller has.
#[inline]
pub fn handle(object: Object) -> Handle {
    Handle { word: object.expose_provenance() as isize }
}

/// The objects of an array of handles: both are arrays of addresses.
#[inline]
pub fn objects(handles: *const Handle) -> *const Object {
    handles.cast()
}

/// What the C API takes for a value of the handle API.
pub trait ToHost {
    /// The C API's type.
    type Host;
    /// The same value there.
    fn to_host(self) -> Self::Host;
}

/// What the handle API returns for a value of the C API.
pub trait FromHost<H> {
    /// The same value here.
    fn from_host(value: H) -> Self;
}

impl ToHost for Handle {
    type Host = Object;
    #[inline]
    fn to_host(self) -> Object {
        object(self)
    }
}

impl FromHost<Object> for Handle {
    #[inline]
    fn from_host(value: Object) -> Self {
        handle(value)
    }
}

impl ToHost for *mut Handle {
    type Host = *mut Object;
    #[inline]
    fn to_host(self) -> *mut Object {
        self.cast()
    }
}

impl ToHost for *const Handle {
    type Host = *const Object;
    #[inline]
    fn to_host(self) -> *const Object {
        self.cast()
    }
}

macro_rules! same {
    ($($type:ty)*) => {
        $(
            impl ToHost for $type {
                type Host = $type;
                #[inline]
                fn to_host(self) -> $type {
                    self
                }
            }
            impl FromHost<$type> for $type {
                #[inline]
                fn from_host(value: $type) -> $type {
                    value
                }
            }
        )*
    };
}

same! { *const u32 i32 u32 i64 u64 isize usize f64 *const core::ffi::c_char *mut core::ffi::c_char *mut core::ffi::c_void
*const core::ffi::c_void *mut isize *mut i32 }

impl FromHost<*mut core::ffi::c_char> for *const core::ffi::c_char {
    #[inline]
    fn from_host(value: *mut core::ffi::c_char) -> Self {
        value
    }
}

impl FromHost<()> for () {
    #[inline]
    fn from_host(_: ()) {}
}

/// Defines context entries that only pass their arguments on: `ctx_Add(h1: Handle, h2: Handle) -> Handle = PyNumber_Add;`.
#[macro_export]
macro_rules! forward {
    ($($entry:ident($($argument:ident: $type:ty),*) $(-> $result:ty)? = $function:ident;)*) => {
        $(
            #[doc = concat!("`", stringify!($function), "` for handles.")]
            ///
            /// # Safety
            /// The arguments are as the entry's documentation says; the thread is attached.
            pub unsafe extern "C" fn $entry(_: *mut cardan_abi::Context, $($argument: $type),*) $(-> $result)? {
                // SAFETY: the imports are bound before a context is handed out; the rest is the caller's promise.
                let result = unsafe { $crate::imports::$function($($crate::convert::ToHost::to_host($argument)),*) };
                $crate::convert::FromHost::from_host(result)
            }
        )*
    };
}
