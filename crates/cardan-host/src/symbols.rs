//! Finds a symbol of the running process by name. The only file that knows how the platform does that.

use core::ffi::{CStr, c_char, c_int, c_void};

#[cfg(unix)]
mod platform {
    use super::{CStr, c_char, c_int, c_void};
    use core::sync::atomic::{AtomicPtr, Ordering};

    // The version that every glibc still serves keeps a module loadable by an old glibc; musl ignores versions.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    core::arch::global_asm!(".symver dlsym, dlsym@GLIBC_2.2.5");
    #[cfg(all(target_os = "linux", target_arch = "aarch64"))]
    core::arch::global_asm!(".symver dlsym, dlsym@GLIBC_2.17");

    unsafe extern "C" {
        fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
        fn getenv(name: *const c_char) -> *const c_char;
    }

    #[cfg(target_os = "linux")]
    const RTLD_DEFAULT: *mut c_void = core::ptr::null_mut();
    #[cfg(target_vendor = "apple")]
    const RTLD_DEFAULT: *mut c_void = core::ptr::without_provenance_mut(-2isize as usize);

    /// `RTLD_LAZY` of `dlfcn.h`.
    const LAZY: c_int = 0x1;

    /// The program and what it exports to all libraries, as `dlopen` gives it; null before the first look, and where it
    /// cannot be had.
    static PROGRAM: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());

    /// The C libraries that look up a name for the caller first find out which library that is: a walk over all that are
    /// loaded, for each name. What a program exports they find without.
    fn program() -> *mut c_void {
        let known = PROGRAM.load(Ordering::Relaxed);
        if !known.is_null() {
            return known;
        }
        let open = anywhere(c"dlopen");
        if open.is_null() {
            return known;
        }
        // SAFETY: this is the signature of POSIX; without a name the result is the program, which is never unloaded.
        let found = unsafe {
            let open: unsafe extern "C" fn(*const c_char, c_int) -> *mut c_void = core::mem::transmute(open);
            open(core::ptr::null(), LAZY)
        };
        PROGRAM.store(found, Ordering::Relaxed);
        found
    }

    fn anywhere(name: &CStr) -> *mut c_void {
        // SAFETY: `name` is a C string; RTLD_DEFAULT searches what the process has loaded.
        unsafe { dlsym(RTLD_DEFAULT, name.as_ptr()) }
    }

    /// The library that is searched before all others, as `dlopen` gives it; null as long as there is none.
    static LIBRARY: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());

    pub fn address(name: &CStr) -> *mut c_void {
        let library = LIBRARY.load(Ordering::Relaxed);
        if !library.is_null() {
            // SAFETY: `name` is a C string, the handle is of a library that stays loaded.
            let found = unsafe { dlsym(library, name.as_ptr()) };
            if !found.is_null() {
                return found;
            }
        }
        let program = program();
        if !program.is_null() {
            // SAFETY: `name` is a C string, the handle is of the program.
            let found = unsafe { dlsym(program, name.as_ptr()) };
            if !found.is_null() {
                return found;
            }
        }
        anywhere(name)
    }

    pub fn variable(name: &CStr) -> Option<&'static CStr> {
        // SAFETY: `name` is a C string. The value is read at once, while the module is being imported.
        let value = unsafe { getenv(name.as_ptr()) };
        // SAFETY: a value that is not null is a C string of the environment.
        (!value.is_null()).then(|| unsafe { CStr::from_ptr(value) })
    }

    /// `RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE` of `dlfcn.h`.
    #[cfg(target_os = "linux")]
    const KEEP: c_int = 0x1 | 0x4 | 0x1000;
    #[cfg(target_vendor = "apple")]
    const KEEP: c_int = 0x1 | 0x10 | 0x80;

    /// The library that an address is in, kept loaded until the process ends; null where there is none.
    fn library_of(inside: *const c_void) -> *mut c_void {
        // Looked up by name: so few modules need them that no module's file has to.
        let (find, open) = (address(c"dladdr"), address(c"dlopen"));
        if find.is_null() || open.is_null() {
            return core::ptr::null_mut();
        }
        // `Dl_info` of `dlfcn.h`: the file's name, then three addresses.
        let mut found = [core::ptr::null::<c_char>(); 4];
        // SAFETY: these are the signatures of POSIX. A file that was found has a name, and is loaded already.
        unsafe {
            let find: unsafe extern "C" fn(*const c_void, *mut [*const c_char; 4]) -> c_int =
                core::mem::transmute(find);
            let open: unsafe extern "C" fn(*const c_char, c_int) -> *mut c_void = core::mem::transmute(open);
            if find(inside, &raw mut found) == 0 { core::ptr::null_mut() } else { open(found[0], KEEP) }
        }
    }

    pub fn keep_loaded(inside: *const c_void) -> bool {
        !library_of(inside).is_null()
    }

    pub fn search_library_of(inside: *const c_void) -> bool {
        let library = library_of(inside);
        LIBRARY.store(library, Ordering::Relaxed);
        !library.is_null()
    }
}

/// The address of a symbol that the process exports, or null.
///
/// # Examples
/// ```
/// assert!(!cardan_host::symbols::address(c"malloc").is_null());
/// assert!(cardan_host::symbols::address(c"no_such_symbol_anywhere").is_null());
/// ```
pub fn address(name: &CStr) -> *mut c_void {
    platform::address(name)
}

/// The value of an environment variable, or `None`. To be read at once: the environment may change.
///
/// # Examples
/// ```
/// assert!(cardan_host::symbols::variable(c"NO_SUCH_VARIABLE_ANYWHERE").is_none());
/// ```
pub fn variable(name: &CStr) -> Option<&'static CStr> {
    platform::variable(name)
}

/// Keeps the library that holds an address loaded until the process ends. False when no library holds it, or when the
/// platform cannot do that.
///
/// # Examples
/// ```
/// use cardan_host::symbols::{address, keep_loaded};
/// assert!(keep_loaded(address(c"malloc")));
/// assert!(!keep_loaded(std::ptr::null()));
/// ```
pub fn keep_loaded(address: *const c_void) -> bool {
    platform::keep_loaded(address)
}

/// Has [`address`] search the library that holds an address, and what that library needs, before the process. For a library that was
/// loaded with `RTLD_LOCAL`, which the process does not show. It is kept loaded. False when no library holds the address.
///
/// # Examples
/// ```
/// use cardan_host::symbols::{address, search_library_of};
/// let malloc = address(c"malloc");
/// assert!(search_library_of(malloc));
/// assert_eq!(address(c"malloc"), malloc);
/// assert!(!search_library_of(std::ptr::null()));
/// ```
pub fn search_library_of(address: *const c_void) -> bool {
    platform::search_library_of(address)
}
