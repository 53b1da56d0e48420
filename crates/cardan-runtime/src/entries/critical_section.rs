//! Locks on objects where there is no GIL. The host's section is smaller than ours and lives in it.

use crate::convert::ToHost;
use crate::forward;
use cardan_abi::{CriticalSection, CriticalSection2, Handle};
use core::ffi::c_void;

impl ToHost for *mut CriticalSection {
    type Host = *mut c_void;
    #[inline]
    fn to_host(self) -> *mut c_void {
        self.cast()
    }
}

impl ToHost for *mut CriticalSection2 {
    type Host = *mut c_void;
    #[inline]
    fn to_host(self) -> *mut c_void {
        self.cast()
    }
}

forward! {
    ctx_CriticalSection_Begin(section: *mut CriticalSection, h: Handle) = PyCriticalSection_Begin;
    ctx_CriticalSection_End(section: *mut CriticalSection) = PyCriticalSection_End;
    ctx_CriticalSection_Begin2(section: *mut CriticalSection2, h1: Handle, h2: Handle) = PyCriticalSection2_Begin;
    ctx_CriticalSection_End2(section: *mut CriticalSection2) = PyCriticalSection2_End;
}
