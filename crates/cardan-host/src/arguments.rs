//! Reads a `va_list`: what a C function with variable arguments hands on.
//!
//! What it is, the platform's ABI says: <https://gitlab.com/x86-psABIs/x86-64-ABI> and
//! <https://github.com/ARM-software/abi-aa/blob/main/aapcs64/aapcs64.rst>; elsewhere it is a pointer to the arguments in a row.

use core::ffi::{c_int, c_long, c_ulong, c_void};

/// A `va_list` that is read from its first argument on.
pub struct Arguments<'a> {
    list: &'a mut platform::List,
}

impl Arguments<'_> {
    /// The arguments of a `va_list` of which C passed the address.
    ///
    /// # Safety
    /// The address is that of a `va_list` that was started, lives as long as the value and is used by nobody else meanwhile.
    pub unsafe fn new(list: *mut c_void) -> Self {
        // SAFETY: the caller's promise.
        Self { list: unsafe { &mut *list.cast() } }
    }

    /// The next argument, an `int` or an `unsigned int`.
    ///
    /// # Safety
    /// It is one of these.
    pub unsafe fn int(&mut self) -> c_int {
        // SAFETY: the caller's promise. The low half of a word comes first on the platforms that are known.
        unsafe { self.list.general(size_of::<c_int>()).cast::<c_int>().read_unaligned() }
    }

    /// The next argument, a `long`.
    ///
    /// # Safety
    /// It is one.
    #[allow(clippy::unnecessary_cast)] // It has 32 bits on some platforms.
    pub unsafe fn long(&mut self) -> i64 {
        // SAFETY: the caller's promise.
        unsafe { self.list.general(size_of::<c_long>()).cast::<c_long>().read_unaligned() as i64 }
    }

    /// The next argument, an `unsigned long`.
    ///
    /// # Safety
    /// It is one.
    #[allow(clippy::unnecessary_cast)] // As above.
    pub unsafe fn unsigned_long(&mut self) -> u64 {
        // SAFETY: the caller's promise.
        unsafe { self.list.general(size_of::<c_ulong>()).cast::<c_ulong>().read_unaligned() as u64 }
    }

    /// The next argument, of 64 bits and no `double`.
    ///
    /// # Safety
    /// It is such a number.
    pub unsafe fn long_long(&mut self) -> i64 {
        // SAFETY: the caller's promise.
        unsafe { self.list.general(size_of::<i64>()).cast::<i64>().read_unaligned() }
    }

    /// The next argument, a number as wide as a pointer, or a struct of one.
    ///
    /// # Safety
    /// It is such a number.
    pub unsafe fn word(&mut self) -> isize {
        // SAFETY: the caller's promise.
        unsafe { self.list.general(size_of::<isize>()).cast::<isize>().read_unaligned() }
    }

    /// The next argument, a pointer.
    ///
    /// # Safety
    /// It is one.
    pub unsafe fn pointer<T>(&mut self) -> *mut T {
        // SAFETY: the caller's promise.
        unsafe { self.list.general(size_of::<*mut T>()).cast::<*mut T>().read_unaligned() }
    }

    /// The next argument, a `double`, or a `float`, which C passes as one.
    ///
    /// # Safety
    /// It is one of these.
    pub unsafe fn double(&mut self) -> f64 {
        // SAFETY: the caller's promise.
        unsafe { self.list.float().cast::<f64>().read_unaligned() }
    }
}

/// A `va_list` of our own.
pub struct OwnList(platform::List);

impl OwnList {
    /// One with the same arguments, so that the other is not read.
    ///
    /// # Safety
    /// The address is that of a `va_list` that was started.
    pub unsafe fn copy(list: *const c_void) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { list.cast::<platform::List>().read() })
    }

    /// One whose arguments are the pointers of an array, which has to outlive it.
    pub fn of(pointers: *const *mut c_void) -> Self {
        Self(platform::List::on_stack_only(pointers.cast()))
    }

    /// Its address, for a function that takes a `va_list`.
    pub fn as_list(&mut self) -> *mut c_void {
        (&raw mut self.0).cast()
    }
}

#[cfg(all(target_arch = "x86_64", not(windows)))]
mod platform {
    /// Six registers for numbers and eight for floats were saved; the others are on the stack.
    #[repr(C)]
    pub struct List {
        /// How far the saved numbers were read, in bytes; 48 is their end.
        pub numbers_read: u32,
        /// The same for the floats that follow them, up to 176.
        pub floats_read: u32,
        pub stack: *const u8,
        pub saved: *const u8,
    }

    impl List {
        pub fn on_stack_only(stack: *const u8) -> Self {
            Self { numbers_read: 48, floats_read: 176, stack, saved: core::ptr::null() }
        }

        fn on_stack(&mut self) -> *const u8 {
            let place = self.stack;
            self.stack = place.wrapping_add(8);
            place
        }

        pub fn general(&mut self, _: usize) -> *const u8 {
            if self.numbers_read >= 48 {
                return self.on_stack();
            }
            let place = self.saved.wrapping_add(self.numbers_read as usize);
            self.numbers_read += 8;
            place
        }

        pub fn float(&mut self) -> *const u8 {
            if self.floats_read >= 176 {
                return self.on_stack();
            }
            let place = self.saved.wrapping_add(self.floats_read as usize);
            self.floats_read += 16;
            place
        }
    }
}

#[cfg(all(target_arch = "aarch64", not(windows), not(target_vendor = "apple")))]
mod platform {
    /// Eight registers of each kind were saved; the others are on the stack.
    #[repr(C)]
    pub struct List {
        pub stack: *const u8,
        pub numbers_end: *const u8,
        pub floats_end: *const u8,
        /// How far from the end the next saved number is, in bytes; not negative when all were read.
        pub numbers: i32,
        /// The same for the floats.
        pub floats: i32,
    }

    impl List {
        pub fn on_stack_only(stack: *const u8) -> Self {
            Self { stack, numbers_end: core::ptr::null(), floats_end: core::ptr::null(), numbers: 0, floats: 0 }
        }

        fn on_stack(&mut self) -> *const u8 {
            let place = self.stack;
            self.stack = place.wrapping_add(8);
            place
        }

        pub fn general(&mut self, _: usize) -> *const u8 {
            if self.numbers >= 0 {
                return self.on_stack();
            }
            let place = self.numbers_end.wrapping_offset(self.numbers as isize);
            self.numbers += 8;
            place
        }

        pub fn float(&mut self) -> *const u8 {
            if self.floats >= 0 {
                return self.on_stack();
            }
            let place = self.floats_end.wrapping_offset(self.floats as isize);
            self.floats += 16;
            place
        }
    }
}

#[cfg(not(any(
    all(target_arch = "x86_64", not(windows)),
    all(target_arch = "aarch64", not(windows), not(target_vendor = "apple"))
)))]
mod platform {
    /// A pointer to the arguments, each in a slot as wide as a pointer, or in two.
    #[repr(C)]
    pub struct List {
        next: *const u8,
    }

    impl List {
        pub fn on_stack_only(next: *const u8) -> Self {
            Self { next }
        }

        pub fn general(&mut self, size: usize) -> *const u8 {
            let size = size.max(size_of::<usize>());
            // 32-bit x86 alone does not align wide numbers.
            let alignment = if cfg!(target_arch = "x86") { 4 } else { size };
            let place = self.next.wrapping_add(self.next.addr().wrapping_neg() % alignment);
            self.next = place.wrapping_add(size);
            place
        }

        pub fn float(&mut self) -> *const u8 {
            self.general(size_of::<f64>())
        }
    }
}

#[cfg(all(test, target_arch = "x86_64", not(windows)))]
mod tests {
    use super::*;
    use core::ffi::{CStr, c_char};

    unsafe extern "C" {
        fn vsnprintf(buffer: *mut c_char, size: usize, format: *const c_char, arguments: *mut c_void) -> c_int;
    }

    /// Two numbers and one float in registers are left, then the stack: -1, "text", 0.5 | 7, 1.5.
    fn with_list(test: impl Fn(*mut c_void)) {
        let mut saved = [0_u64; 22];
        saved[4] = 0xffff_ffff_ffff_ffff;
        saved[5] = c"text".as_ptr().addr() as u64;
        saved[20] = 0.5_f64.to_bits();
        let stack = [7_u64, 1.5_f64.to_bits()];
        c"text".as_ptr().expose_provenance();
        let mut list = platform::List {
            numbers_read: 32,
            floats_read: 160,
            stack: stack.as_ptr().cast(),
            saved: saved.as_ptr().cast(),
        };
        test((&raw mut list).cast());
    }

    #[test]
    fn reads_registers_then_the_stack() {
        with_list(|list| {
            // SAFETY: the list holds arguments of these types.
            unsafe {
                let mut arguments = Arguments::new(list);
                assert_eq!(arguments.int(), -1);
                assert_eq!(arguments.double(), 0.5);
                let text: *mut c_char = arguments.pointer();
                assert_eq!(CStr::from_ptr(text), c"text");
                assert_eq!(arguments.long_long(), 7);
                assert_eq!(arguments.double(), 1.5);
            }
        });
    }

    #[test]
    fn a_list_of_pointers_is_read_in_order_and_a_copy_leaves_the_other_alone() {
        let mut numbers = [1, 2, 3];
        let pointers = numbers.each_mut().map(|number| (&raw mut *number).cast::<c_void>());
        let mut list = OwnList::of(pointers.as_ptr());
        // SAFETY: both lists are of pointers that outlive them.
        unsafe {
            let mut copy = OwnList::copy(list.as_list());
            for list in [copy.as_list(), list.as_list()] {
                let mut arguments = Arguments::new(list);
                assert_eq!([(); 3].map(|()| *arguments.pointer::<i32>()), [1, 2, 3]);
            }
        }
    }

    #[test]
    fn agrees_with_the_c_library() {
        with_list(|list| {
            let mut buffer = [0_u8; 64];
            // SAFETY: the list holds arguments of these types.
            unsafe {
                vsnprintf(buffer.as_mut_ptr().cast(), 64, c"%d %.1f %s %lld %.1f".as_ptr(), list);
            }
            assert_eq!(CStr::from_bytes_until_nul(&buffer), Ok(c"-1 0.5 text 7 1.5"));
        });
    }
}
