//! The copies of the debug context.
//!
//! Each call of an author's function gets another copy, and while that function calls into the runtime, its copy is not valid:
//! whoever keeps a context and uses it later is found out. A copy that was used is the last to be used again.

use crate::handles::{self, DebugHandle, Kind};
use crate::lock::Lock;
use crate::stack::Stack;
use crate::{debug_entries, fields, report};
use cardan_abi::{Context, Handle, ThreadAttachment, ThreadState};
use cardan_host::{memory, process};
use cardan_runtime::imports::{PyErr_NoMemory, PyErr_Occurred};
use cardan_runtime::interpreters::{self, Interpreter};
use cardan_runtime::types::fields::set_watch;
use core::ffi::{CStr, c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering};

/// How many copies there are to begin with.
const COPIES: usize = 16;
/// How many frames are shown of where a wrong context was used.
const SHOWN: usize = 16;

/// What a copy may be used for.
mod state {
    /// For nothing: no call has it.
    pub const FREE: u8 = 0;
    /// For calls into the runtime, by the thread that it was given to.
    pub const READY: u8 = 1;
    /// For nothing, as long as a call into the runtime goes on.
    pub const OUTSIDE: u8 = 2;
    /// To come back with, and for what does not need Python.
    pub const LEFT: u8 = 3;
    /// For everything: it is what trampolines use, and no function is given it.
    pub const FIRST: u8 = 4;
}

/// A copy of the context, and how it is used.
#[repr(C)]
struct Copy {
    context: Context,
    state: AtomicU8,
    /// Whether an exception was pending when the function was called.
    pending: AtomicBool,
    thread: AtomicUsize,
    /// The production context below it.
    inner: *mut Context,
    next: *mut Copy,
}

/// What the debug mode keeps for an interpreter, and after its end for the one that has its record then.
struct Own {
    spare: Lock<Spare>,
    /// The handle of the dict of built-in names.
    builtins: Handle,
    /// The generation of the interpreter that the handle is for.
    generation: AtomicU64,
    next: *mut Own,
}

/// The copies that no call has, in the order in which they are taken.
struct Spare {
    first: *mut Copy,
    last: *mut Copy,
}

/// What is kept for all interpreters.
static OWNS: AtomicPtr<Own> = AtomicPtr::new(null_mut());
/// What modules are loaded with.
static FIRST: AtomicPtr<Copy> = AtomicPtr::new(null_mut());
/// The production context.
static INNER: AtomicPtr<Context> = AtomicPtr::new(null_mut());

impl Spare {
    /// # Safety
    /// No call has the copy.
    unsafe fn put(&mut self, copy: *mut Copy) {
        // SAFETY: copies stay allocated; these are in the list.
        unsafe {
            (*copy).next = null_mut();
            match self.last.as_mut() {
                Some(last) => last.next = copy,
                None => self.first = copy,
            }
        }
        self.last = copy;
    }

    fn take(&mut self) -> *mut Copy {
        let copy = self.first;
        // SAFETY: as above.
        if let Some(taken) = unsafe { copy.as_ref() } {
            self.first = taken.next;
            if self.first.is_null() {
                self.last = null_mut();
            }
        }
        copy
    }
}

impl Own {
    /// What is kept for an interpreter. Without memory the process ends.
    ///
    /// # Safety
    /// The debug context exists; the thread is attached to the interpreter.
    unsafe fn of(interpreter: &Interpreter) -> &'static Self {
        // SAFETY: what is kept stays, and was written before it was seen.
        unsafe {
            let known: *mut Self = interpreter.checking.load(Ordering::Acquire).cast();
            let own = if known.is_null() { Self::make(interpreter) } else { &*known };
            let generation = interpreter.generation();
            if own.generation.load(Ordering::Acquire) != generation {
                let builtins = (*interpreter.context()).h_Builtins;
                DebugHandle::set_constant(handles::address(own.builtins), builtins, generation);
                own.generation.store(generation, Ordering::Release);
            }
            own
        }
    }

    #[cold]
    unsafe fn make(interpreter: &Interpreter) -> &'static Self {
        // SAFETY: the memory is what is kept.
        unsafe {
            let none = (*inner()).h_None;
            let builtins = handles::open(none, Kind::Constant, c"the context");
            let made = memory::array::<Self>(1);
            if made.is_null() || builtins.is_null() {
                report::fatal(&[c"there is no memory for another interpreter"]);
            }
            made.write(Self {
                spare: Lock::new(Spare { first: null_mut(), last: null_mut() }),
                builtins,
                generation: AtomicU64::new(u64::MAX),
                next: null_mut(),
            });
            let place = &interpreter.checking;
            if let Err(other) = place.compare_exchange(null_mut(), made.cast(), Ordering::AcqRel, Ordering::Acquire) {
                // Another thread was first.
                memory::release(made.cast());
                return &*other.cast();
            }
            let mut head = OWNS.load(Ordering::Acquire);
            loop {
                (*made).next = head;
                match OWNS.compare_exchange_weak(head, made, Ordering::AcqRel, Ordering::Acquire) {
                    Ok(_) => break,
                    Err(other) => head = other,
                }
            }
            let own = &*made;
            for _ in 0..COPIES {
                // What there is no memory for now is asked for again when it is needed.
                own.add(interpreter);
            }
            own
        }
    }

    /// Makes a further copy and puts it with the others. False if there is no memory.
    unsafe fn add(&self, interpreter: &Interpreter) -> bool {
        let copy = make(state::FREE, interpreter.context());
        // SAFETY: the copy is new, the first context is filled.
        unsafe {
            if copy.is_null() {
                return false;
            }
            debug_entries::copy_constants(copy.cast(), FIRST.load(Ordering::Acquire).cast());
            (*copy).context.h_Builtins = self.builtins;
            self.spare.with(|spare| spare.put(copy));
        }
        true
    }
}

/// What is kept for all interpreters.
fn owns() -> impl Iterator<Item = &'static Own> {
    let mut next = OWNS.load(Ordering::Acquire);
    core::iter::from_fn(move || {
        // SAFETY: what is kept stays, and was written before it was linked.
        let own = unsafe { next.as_ref() }?;
        next = own.next;
        Some(own)
    })
}

/// Sees to it that what is behind locks is whole in a copy of the process.
fn hold_at_fork() {
    extern "C" fn hold() {
        handles::state_lock().lock();
        fields::hold();
        attached::LOCK.lock();
        owns().for_each(|own| own.spare.lock());
    }
    extern "C" fn release() {
        owns().for_each(|own| own.spare.unlock());
        attached::LOCK.unlock();
        fields::release();
        handles::state_lock().unlock();
    }
    process::at_fork(Some(hold), Some(release), Some(release));
}

/// The first production context, below the first debug context. Objects can be handled by it in any interpreter.
pub fn inner() -> *mut Context {
    INNER.load(Ordering::Relaxed)
}

/// Whether there is a debug context: a module was loaded in debug mode.
pub fn is_active() -> bool {
    !FIRST.load(Ordering::Acquire).is_null()
}

/// A new copy, null if there is no memory. Its constants are null.
fn make(state: u8, inner: *mut Context) -> *mut Copy {
    let copy = memory::array::<Copy>(1);
    if !copy.is_null() {
        // SAFETY: the memory is a copy's; nothing else knows it.
        unsafe {
            let context = copy.cast::<Context>();
            debug_entries::write(context, c"HPy Debug Mode ABI (Cardan)", copy.cast());
            (&raw mut (*copy).state).write(AtomicU8::new(state));
            (&raw mut (*copy).inner).write(inner);
        }
    }
    copy
}

/// The debug context around the production context, the same each time; null with `MemoryError`.
///
/// # Safety
/// `inner` is the production context of this file; the thread is attached.
pub unsafe fn context(inner: *mut Context) -> *mut Context {
    let ready = FIRST.load(Ordering::Acquire);
    if !ready.is_null() {
        return ready.cast();
    }
    INNER.store(inner, Ordering::Relaxed);
    let first = make(state::FIRST, inner);
    if first.is_null() {
        // SAFETY: the thread is attached.
        unsafe { PyErr_NoMemory() };
        return null_mut();
    }
    // SAFETY: the copy is new; the inner context is filled.
    unsafe { debug_entries::wrap_constants(first.cast(), inner) };
    match FIRST.compare_exchange(null_mut(), first, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => {
            set_watch(&fields::WATCH, first.cast());
            interpreters::set_at_end(crate::forget_interpreter);
            hold_at_fork();
            first.cast()
        }
        // Another thread was first. This copy and its handles are few, and stay.
        Err(other) => other.cast(),
    }
}

/// A copy that was given to an author's function.
pub struct Given {
    copy: *mut Copy,
    own: &'static Own,
}

/// A copy for a call of an author's function by this thread, in its interpreter. Without memory the process ends.
///
/// # Safety
/// The debug context exists; the thread is attached to the interpreter.
pub unsafe fn give(interpreter: &Interpreter) -> Given {
    // SAFETY: the caller's promise.
    let own = unsafe { Own::of(interpreter) };
    loop {
        let copy = own.spare.with(Spare::take);
        // SAFETY: a copy that was taken is this call's alone.
        unsafe {
            if let Some(taken) = copy.as_ref() {
                taken.thread.store(process::thread(), Ordering::Relaxed);
                taken.pending.store(!PyErr_Occurred().is_null(), Ordering::Relaxed);
                taken.state.store(state::READY, Ordering::Release);
                return Given { copy, own };
            }
            if !own.add(interpreter) {
                report::fatal(&[c"there is no memory for another context"]);
            }
        }
    }
}

impl Given {
    /// The context.
    pub fn context(&self) -> *mut Context {
        self.copy.cast()
    }

    /// Whether an exception was pending when the function was called.
    pub fn was_pending(&self) -> bool {
        // SAFETY: copies stay allocated.
        unsafe { (*self.copy).pending.load(Ordering::Relaxed) }
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        // SAFETY: the call that had the copy is over.
        unsafe {
            (*self.copy).state.store(state::FREE, Ordering::Release);
            self.own.spare.with(|spare| spare.put(self.copy));
        }
    }
}

/// The context that an entry was called with.
pub struct Frame {
    /// Null if the state is not this thread's to change.
    copy: *mut Copy,
    /// The production context below it.
    pub inner: *mut Context,
}

impl Frame {
    /// Whether an exception may be pending: the function was called with one, as a destructor may be.
    pub fn may_be_pending(&self) -> bool {
        // SAFETY: copies stay allocated.
        unsafe { self.copy.as_ref() }.is_none_or(|copy| copy.pending.load(Ordering::Relaxed))
    }

    /// Runs something while the context is not valid.
    pub fn outside<R>(&self, work: impl FnOnce() -> R) -> R {
        // SAFETY: copies stay allocated.
        let Some(copy) = (unsafe { self.copy.as_ref() }) else { return work() };
        copy.state.store(state::OUTSIDE, Ordering::Relaxed);
        let result = work();
        copy.state.store(state::READY, Ordering::Relaxed);
        result
    }
}

fn copy_of<'copy>(context: *mut Context) -> &'copy Copy {
    // SAFETY: the private word of a debug context is the address of its copy, which is never freed.
    unsafe { &*(*context).private.cast::<Copy>() }
}

/// The production context below a debug context, whoever uses it.
///
/// # Safety
/// It is a debug context.
pub unsafe fn below(context: *mut Context) -> *mut Context {
    copy_of(context).inner
}

/// What an entry may do with the context that it was called with. One that this thread must not use ends the process.
///
/// # Safety
/// It is a debug context.
#[inline]
pub unsafe fn frame(context: *mut Context, name: &CStr) -> Frame {
    let copy = copy_of(context);
    match copy.state.load(Ordering::Acquire) {
        state::READY if copy.thread.load(Ordering::Relaxed) == process::thread() => {
            Frame { copy: (&raw const *copy).cast_mut(), inner: copy.inner }
        }
        state::FIRST => Frame { copy: null_mut(), inner: copy.inner },
        _ if attached::is(process::thread()) => Frame { copy: null_mut(), inner: copy.inner },
        found => wrong(copy, found, name),
    }
}

#[cold]
fn wrong(copy: &Copy, found: u8, name: &CStr) -> ! {
    report::print(c"Error: Wrong HPy Context!\n");
    report::print(name);
    report::print(match found {
        state::READY | state::OUTSIDE | state::LEFT if copy.thread.load(Ordering::Relaxed) != process::thread() => {
            c" was called with the context of another thread; a thread gets one by HPyThread_Attach"
        }
        state::LEFT => c" was called between HPy_LeavePythonExecution and HPy_ReenterPythonExecution",
        _ => c" was called with a context that belongs to another call; a context is valid only in the function that it was passed to",
    });
    report::print(c"\n");
    if let Some(text) = Stack::capture(SHOWN).text() {
        report::print(text.as_c_str());
        report::print(c"\n");
    }
    report::end();
}

/// Lets other threads run Python. Until this thread comes back, its context is good for nothing else.
///
/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_LeavePythonExecution(context: *mut Context) -> ThreadState {
    // SAFETY: the caller's promise.
    unsafe {
        let frame = frame(context, c"HPy_LeavePythonExecution");
        let state = ((*inner()).ctx_LeavePythonExecution)(inner());
        if let Some(copy) = frame.copy.as_ref() {
            copy.state.store(state::LEFT, Ordering::Release);
        }
        state
    }
}

/// Comes back.
///
/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_ReenterPythonExecution(context: *mut Context, thread: ThreadState) {
    const NAME: &CStr = c"HPy_ReenterPythonExecution";
    let copy = copy_of(context);
    let own = copy.thread.load(Ordering::Relaxed) == process::thread();
    // SAFETY: the caller's promise.
    unsafe {
        match copy.state.load(Ordering::Acquire) {
            state::LEFT if own => copy.state.store(state::READY, Ordering::Release),
            state::READY if own => report::fatal(&[NAME, c" was called without HPy_LeavePythonExecution before it"]),
            state::FIRST => {}
            _ if attached::is(process::thread()) => {}
            found => wrong(copy, found, NAME),
        }
        ((*inner()).ctx_ReenterPythonExecution)(inner(), thread);
    }
}

/// Lets a foreign thread in. Whatever context it came with, it may use it from now on.
///
/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Thread_Attach(context: *mut Context, attachment: *mut ThreadAttachment) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let inner = copy_of(context).inner;
        let status = ((*inner).ctx_Thread_Attach)(inner, attachment);
        if status >= 0 && !attached::add(process::thread()) {
            report::fatal(&[c"there is no memory to remember a thread that was attached"]);
        }
        status
    }
}

/// Lets a foreign thread out.
///
/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Thread_Detach(context: *mut Context, attachment: ThreadAttachment) {
    if !attached::remove(process::thread()) {
        report::fatal(&[c"HPyThread_Detach was called in a thread that HPyThread_Attach did not attach"]);
    }
    // SAFETY: the caller's promise.
    unsafe {
        let inner = copy_of(context).inner;
        ((*inner).ctx_Thread_Detach)(inner, attachment);
    }
}

/// The threads that [`debug_Thread_Attach`] let in.
mod attached {
    use super::{AtomicUsize, Ordering, c_void, memory, null_mut};
    use cardan_host::lock::Spin;
    use core::sync::atomic::AtomicPtr;

    /// A place for a thread, kept for good and used by one after the other.
    struct Place {
        thread: AtomicUsize,
        times: AtomicUsize,
        next: *mut Place,
    }

    static PLACES: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
    /// Held while a place is given to a thread.
    pub static LOCK: Spin = Spin::new();

    fn places<'place>() -> impl Iterator<Item = &'place Place> {
        let mut next: *mut Place = PLACES.load(Ordering::Acquire).cast();
        core::iter::from_fn(move || {
            // SAFETY: places are written before they are linked, and stay.
            let place = unsafe { next.as_ref() }?;
            next = place.next;
            Some(place)
        })
    }

    fn of<'place>(thread: usize) -> Option<&'place Place> {
        places().find(|place| place.times.load(Ordering::Acquire) > 0 && place.thread.load(Ordering::Acquire) == thread)
    }

    pub fn is(thread: usize) -> bool {
        of(thread).is_some()
    }

    /// False if there is no memory.
    pub fn add(thread: usize) -> bool {
        if let Some(place) = of(thread) {
            place.times.fetch_add(1, Ordering::AcqRel);
            return true;
        }
        LOCK.with(|| give(thread))
    }

    fn give(thread: usize) -> bool {
        let free = places().find(|place| place.times.load(Ordering::Acquire) == 0);
        match free {
            Some(place) => {
                place.thread.store(thread, Ordering::Release);
                place.times.store(1, Ordering::Release);
                true
            }
            None => {
                let place = memory::array::<Place>(1);
                if !place.is_null() {
                    let next = PLACES.load(Ordering::Acquire).cast();
                    // SAFETY: the memory is the place's.
                    unsafe {
                        place.write(Place { thread: AtomicUsize::new(thread), times: AtomicUsize::new(1), next })
                    };
                    PLACES.store(place.cast(), Ordering::Release);
                }
                !place.is_null()
            }
        }
    }

    /// False if it was not added.
    pub fn remove(thread: usize) -> bool {
        of(thread).is_some_and(|place| place.times.fetch_sub(1, Ordering::AcqRel) > 0)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn counts_how_often_a_thread_came_in() {
            assert!(!is(7) && !remove(7));
            assert!(add(7) && add(7) && add(8));
            assert!(remove(7) && is(7) && remove(7) && !is(7) && !remove(7));
            assert!(is(8) && add(7) && remove(8) && is(7) && remove(7));
        }
    }
}
