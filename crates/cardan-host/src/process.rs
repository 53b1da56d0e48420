//! The process and its threads, as the operating system has them. The only file that knows how the platform names them.

use core::ffi::c_void;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

#[cfg(target_os = "linux")]
mod platform {
    use crate::lock::Spin;
    use crate::symbols;
    use core::ffi::{c_int, c_long, c_uint, c_void};
    use core::ptr::null_mut;
    use core::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

    #[repr(C)]
    struct Timespec {
        seconds: i64,
        nanoseconds: c_long,
    }

    unsafe extern "C" {
        fn getpid() -> c_int;
        fn pthread_self() -> usize;
        fn nanosleep(time: *const Timespec, left: *mut Timespec) -> c_int;
    }

    pub fn id() -> i32 {
        // SAFETY: takes nothing.
        unsafe { getpid() }
    }

    pub fn thread() -> usize {
        // SAFETY: takes nothing. The type is an unsigned long, in glibc and in musl a pointer's.
        unsafe { pthread_self() }
    }

    pub fn pause() {
        const MILLISECOND: c_long = 1_000_000;
        // SAFETY: the struct is that of 64-bit Linux; what is left after a signal is not asked for.
        unsafe { nanosleep(&Timespec { seconds: 0, nanoseconds: MILLISECOND }, null_mut()) };
    }

    type Handler = Option<super::AtFork>;

    pub fn at_fork(before: Handler, parent: Handler, child: Handler) -> bool {
        type Register = unsafe extern "C" fn(Handler, Handler, Handler, *mut c_void) -> c_int;
        // Looked up by name: which library has them differs. Old ones have the second for themselves alone. The first takes another
        // argument, with which library the handlers go: with none, since modules are never unloaded.
        let mut register = symbols::address(c"__register_atfork");
        if register.is_null() {
            register = symbols::address(c"pthread_atfork");
        }
        // SAFETY: these are the functions' signatures; an argument more than a C function takes is not looked at. The handlers take
        // nothing.
        !register.is_null()
            && unsafe { core::mem::transmute::<*mut c_void, Register>(register)(before, parent, child, null_mut()) }
                == 0
    }

    type Get = unsafe extern "C" fn(c_uint) -> *mut c_void;
    type Set = unsafe extern "C" fn(c_uint, *const c_void) -> c_int;

    static GET: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
    static SET: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

    /// No key was asked for yet; there is none to be had. Other values are a key and the last of these.
    const UNKNOWN: u32 = 0;
    const NONE: u32 = 1;
    const FIRST: u32 = 2;

    pub struct OfThread {
        key: AtomicU32,
        making: Spin,
    }

    impl OfThread {
        pub const fn new() -> Self {
            Self { key: AtomicU32::new(UNKNOWN), making: Spin::new() }
        }

        /// The key, if there is one.
        #[inline]
        fn key(&self) -> Option<c_uint> {
            let mut known = self.key.load(Ordering::Acquire);
            if known == UNKNOWN {
                known = self.making.with(|| self.make_key());
            }
            known.checked_sub(FIRST)
        }

        #[cold]
        fn make_key(&self) -> u32 {
            type Create = unsafe extern "C" fn(*mut c_uint, *mut c_void) -> c_int;
            if self.key.load(Ordering::Relaxed) == UNKNOWN {
                let [create, get, set] =
                    [c"pthread_key_create", c"pthread_getspecific", c"pthread_setspecific"].map(symbols::address);
                GET.store(get, Ordering::Relaxed);
                SET.store(set, Ordering::Relaxed);
                let mut key = 0;
                // SAFETY: this is the signature of POSIX, which says of a library with one of these that it has all; nothing is
                // called at the end of a thread.
                let made = !create.is_null()
                    && unsafe { core::mem::transmute::<*mut c_void, Create>(create)(&raw mut key, null_mut()) } == 0;
                self.key.store(if made { key + FIRST } else { NONE }, Ordering::Release);
            }
            self.key.load(Ordering::Relaxed)
        }

        #[inline]
        pub fn get(&self) -> Option<*mut c_void> {
            let key = self.key()?;
            // SAFETY: with a key the function was found, whose signature this is.
            Some(unsafe { core::mem::transmute::<*mut c_void, Get>(GET.load(Ordering::Relaxed))(key) })
        }

        #[inline]
        pub fn set(&self, value: *mut c_void) -> bool {
            // SAFETY: as above.
            self.key().is_some_and(|key| unsafe {
                core::mem::transmute::<*mut c_void, Set>(SET.load(Ordering::Relaxed))(key, value) == 0
            })
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    pub fn id() -> i32 {
        0
    }

    pub fn thread() -> usize {
        0
    }

    pub fn pause() {
        core::hint::spin_loop();
    }

    pub fn at_fork(_: Option<super::AtFork>, _: Option<super::AtFork>, _: Option<super::AtFork>) -> bool {
        false
    }

    pub struct OfThread;

    impl OfThread {
        pub const fn new() -> Self {
            Self
        }

        pub fn get(&self) -> Option<*mut core::ffi::c_void> {
            None
        }

        pub fn set(&self, _: *mut core::ffi::c_void) -> bool {
            false
        }
    }
}

/// The number of this process; always the same where a process cannot be copied.
///
/// # Examples
/// ```
/// assert_eq!(cardan_host::process::id(), cardan_host::process::id());
/// ```
pub fn id() -> i32 {
    platform::id()
}

/// The running thread, as a number that no other thread has that runs; 0 where the platform cannot tell.
///
/// # Examples
/// ```
/// let other = std::thread::spawn(cardan_host::process::thread);
/// if cfg!(target_os = "linux") {
///     assert_ne!(cardan_host::process::thread(), 0);
/// }
/// other.join().unwrap();
/// ```
pub fn thread() -> usize {
    platform::thread()
}

/// Lets other threads run for about a millisecond.
pub fn pause() {
    platform::pause();
}

/// A function that is called when the process is copied.
pub type AtFork = extern "C" fn();

/// Has functions called when the process is copied: before, and then after it in the parent and in the child. False where that cannot
/// be had. What these functions do must be short, and must not call the interpreter.
pub fn at_fork(before: Option<AtFork>, parent: Option<AtFork>, child: Option<AtFork>) -> bool {
    platform::at_fork(before, parent, child)
}

/// How many copies there are between the process that first asked for [`count_copies`] and this one.
static COPIES: AtomicU32 = AtomicU32::new(0);
/// Whether they are counted.
static COUNTED: AtomicBool = AtomicBool::new(false);

/// How often the process was copied to get from the one that loaded this file to this one: 0 in the first, 1 in its children. Other than
/// [`id`] it is read without a system call.
///
/// # Examples
/// ```
/// assert_eq!(cardan_host::process::copies(), 0);
/// ```
#[inline]
pub fn copies() -> u32 {
    COPIES.load(Ordering::Relaxed)
}

/// Begins to count [copies](copies) of the process. More calls do nothing.
pub fn count_copies() {
    extern "C" fn count() {
        COPIES.fetch_add(1, Ordering::Relaxed);
    }
    if !COUNTED.swap(true, Ordering::Relaxed) {
        at_fork(None, None, Some(count));
    }
}

/// A word of each thread's own, null at first. It goes with the thread, and the child of a process has that of the thread that made
/// the copy.
///
/// # Examples
/// ```
/// use cardan_host::process::OfThread;
/// static WORD: OfThread = OfThread::new();
/// if WORD.get().is_some() {
///     assert!(WORD.set(std::ptr::without_provenance_mut(7)));
///     assert_eq!(WORD.get().unwrap().addr(), 7);
///     std::thread::spawn(|| assert!(WORD.get().unwrap().is_null())).join().unwrap();
/// }
/// ```
pub struct OfThread(platform::OfThread);

impl Default for OfThread {
    fn default() -> Self {
        Self::new()
    }
}

impl OfThread {
    /// No thread has set it.
    pub const fn new() -> Self {
        Self(platform::OfThread::new())
    }

    /// The word of this thread; `None` where threads can have none: the system lends only so many.
    #[inline]
    pub fn get(&self) -> Option<*mut c_void> {
        self.0.get()
    }

    /// Sets the word of this thread. False where that cannot be done.
    #[inline]
    pub fn set(&self, value: *mut c_void) -> bool {
        self.0.set(value)
    }
}
