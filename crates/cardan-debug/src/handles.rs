//! The handles of the debug context: those that are open, and the last that were closed.
//!
//! Their memory is never given back, only used again, so that asking about one is safe at any time.

use crate::data::Copies;
use crate::lock::Lock;
use crate::pool::Pool;
use crate::report::{self, Mistake, Report, User};
use crate::stack::{Stack, StackText};
use crate::{by_hand, faults, switch};
use cardan_abi::{BytesWriter, Handle, ListBuilder, TupleBuilder, UnicodeWriter};
use cardan_host::process;
use cardan_runtime::imports::{Py_DecRef, PyErr_NoMemory};
use cardan_runtime::interpreters;
use core::ffi::{CStr, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, Ordering};

/// How many closed handles are remembered unless someone says otherwise.
const CLOSED_LIMIT: usize = 1024;
/// How many bytes of hidden data are kept unless someone says otherwise.
const DATA_LIMIT: usize = 10 * 1024 * 1024;

/// Where all of them are.
static PLACES: Pool = Pool::new();

/// A handle of the debug context.
pub struct DebugHandle {
    previous: *mut DebugHandle,
    next: *mut DebugHandle,
    inner: Handle,
    generation: i64,
    closed: bool,
    kind: Kind,
    copies: Copies,
    stack: Stack,
    maker: &'static CStr,
    /// What closed it.
    closer: &'static CStr,
    /// The thread that it was made in.
    thread: usize,
    /// The generation of the interpreter whose object it is for; 0 for an object that all have.
    interpreter: u64,
}

/// Whose reference a handle has, or what it is if it is no handle of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The author's, who has to close it.
    Owned,
    /// The caller's of the author's function, for the length of the call.
    Argument,
    /// The context's, for good.
    Constant,
    /// It is no handle but a builder of a list.
    ListBuilder,
    /// A builder of a tuple.
    TupleBuilder,
    /// A tracker.
    Tracker,
    /// A writer of a str.
    UnicodeWriter,
    /// A writer of bytes.
    BytesWriter,
}

impl Kind {
    /// What it is called, if it is no handle of an object.
    pub fn unfinished(self) -> Option<&'static CStr> {
        match self {
            Kind::Owned | Kind::Argument | Kind::Constant => None,
            Kind::ListBuilder => Some(c"HPyListBuilder"),
            Kind::TupleBuilder => Some(c"HPyTupleBuilder"),
            Kind::Tracker => Some(c"HPyTracker"),
            Kind::UnicodeWriter => Some(c"HPyUnicodeWriter"),
            Kind::BytesWriter => Some(c"HPyBytesWriter"),
        }
    }
}

/// Handles in the order in which they came.
struct Queue {
    first: *mut DebugHandle,
    last: *mut DebugHandle,
    length: usize,
}

impl Queue {
    const fn new() -> Self {
        Self { first: null_mut(), last: null_mut(), length: 0 }
    }

    /// # Safety
    /// The handle is in no queue.
    unsafe fn push(&mut self, handle: *mut DebugHandle) {
        // SAFETY: the handles of the queue are allocated for good.
        unsafe {
            (*handle).previous = self.last;
            (*handle).next = null_mut();
            match self.last.as_mut() {
                Some(last) => last.next = handle,
                None => self.first = handle,
            }
        }
        self.last = handle;
        self.length += 1;
    }

    /// # Safety
    /// The handle is in this queue.
    unsafe fn remove(&mut self, handle: *mut DebugHandle) {
        // SAFETY: as above.
        unsafe {
            let (previous, next) = ((*handle).previous, (*handle).next);
            match previous.as_mut() {
                Some(previous) => previous.next = next,
                None => self.first = next,
            }
            match next.as_mut() {
                Some(next) => next.previous = previous,
                None => self.last = previous,
            }
        }
        self.length -= 1;
    }

    fn pop(&mut self) -> Option<*mut DebugHandle> {
        let first = self.first;
        if first.is_null() {
            return None;
        }
        // SAFETY: it is the first of this queue.
        unsafe { self.remove(first) };
        Some(first)
    }
}

/// Everything that the debug mode remembers.
struct State {
    generation: i64,
    open: Queue,
    closed: Queue,
    spare: Queue,
    closed_limit: usize,
    data_limit: usize,
    data_size: usize,
    stack_limit: usize,
}

static STATE: Lock<State> = Lock::new(State {
    generation: 0,
    open: Queue::new(),
    closed: Queue::new(),
    spare: Queue::new(),
    closed_limit: CLOSED_LIMIT,
    data_limit: DATA_LIMIT,
    data_size: 0,
    stack_limit: 0,
});

/// Uses the state. Nothing in `work` calls Python or comes here again.
fn with<R>(work: impl FnOnce(&mut State) -> R) -> R {
    STATE.with(work)
}

/// The lock of the state, for when the process is copied.
pub(crate) fn state_lock() -> &'static Lock<impl Sized> {
    &STATE
}

impl State {
    /// Frees what a handle has besides itself.
    ///
    /// # Safety
    /// The handle is in no queue that others look at, or is in the closed one.
    unsafe fn strip(&mut self, handle: *mut DebugHandle) {
        // SAFETY: the caller's promise.
        let handle = unsafe { &mut *handle };
        if handle.closed && !handle.copies.is_empty() {
            self.data_size -= handle.copies.size();
        }
        handle.copies.release();
        handle.stack = Stack::none();
    }

    /// Memory for a handle: that of the one that was closed first, if no more are to be remembered.
    fn take(&mut self) -> *mut DebugHandle {
        let reused = if self.closed.length >= self.closed_limit { self.closed.pop() } else { None };
        if let Some(handle) = reused.or_else(|| self.spare.pop()) {
            // SAFETY: it is in no queue any more.
            unsafe { self.strip(handle) };
            return handle;
        }
        PLACES.place()
    }
}

/// The address of a handle.
pub fn address(handle: Handle) -> *mut DebugHandle {
    core::ptr::with_exposed_provenance_mut(handle.word as usize)
}

/// A debug handle for a handle of the production context, null for null. When there is no memory: null with `MemoryError`, and
/// an owned reference is let go.
///
/// # Safety
/// The handle is open in the production context; the thread is attached.
pub unsafe fn open(inner: Handle, kind: Kind, maker: &'static CStr) -> Handle {
    if inner.is_null() {
        return Handle::NULL;
    }
    // SAFETY: the caller's promise.
    unsafe { open_for(if kind == Kind::Constant { 0 } else { interpreters::generation() }, inner, kind, maker) }
}

/// As [`open`], for an interpreter's generation, or for all.
unsafe fn open_for(interpreter: u64, inner: Handle, kind: Kind, maker: &'static CStr) -> Handle {
    let limit = with(|state| state.stack_limit);
    // SAFETY: the thread is attached.
    let stack = if kind == Kind::Constant { Stack::none() } else { unsafe { Stack::capture_with_python(limit) } };
    let made = with(move |state| {
        let handle = state.take();
        if !handle.is_null() {
            let generation = state.generation;
            // SAFETY: the memory is the handle's, and in no queue.
            unsafe {
                handle.write(DebugHandle {
                    previous: null_mut(),
                    next: null_mut(),
                    inner,
                    generation,
                    closed: false,
                    kind,
                    copies: Copies::new(),
                    stack,
                    maker,
                    closer: c"",
                    thread: process::thread(),
                    interpreter,
                });
                // What is the context's for good is no leak.
                if kind != Kind::Constant {
                    state.open.push(handle);
                }
            }
        }
        handle
    });
    if made.is_null() {
        // SAFETY: the reference is the caller's, who gave it here.
        unsafe {
            if kind == Kind::Owned {
                Py_DecRef(cardan_runtime::convert::object(inner));
            }
            PyErr_NoMemory();
        }
    }
    Handle { word: made.expose_provenance() as isize }
}

/// A debug handle that was passed by the author, with what the runtime has to know of it.
#[derive(Clone, Copy)]
pub struct Known {
    /// The handle of the production context.
    pub inner: Handle,
    /// Whose reference it has.
    pub kind: Kind,
    /// Whether it was closed before.
    pub closed: bool,
}

/// Ends the process if a word is no address of what this file made.
unsafe fn known<'handle>(word: isize, user: User) -> &'handle DebugHandle {
    if PLACES.has(word as usize) {
        // SAFETY: the memory of debug handles is never given back, and is written before the author sees the address.
        return unsafe { &*address(Handle { word }) };
    }
    let mut report = Report::new();
    report.say_user(user).say(c" was given ").say_address(word as usize);
    report.say(c", which is no handle of this context: it is another context's, or was never made");
    report.end()
}

/// What a debug handle stands for. One that is closed or of another thread is reported, and so is what is no handle.
///
/// # Safety
/// The thread is attached.
pub unsafe fn look(handle: Handle, user: User) -> Known {
    if handle.is_null() {
        return Known { inner: Handle::NULL, kind: Kind::Owned, closed: false };
    }
    // SAFETY: the caller's promise.
    unsafe {
        let found = known(handle.word, user);
        if let Some(what) = found.kind.unfinished() {
            let mut report = Report::new();
            report.say_user(user).say(c" was given ").say_address(handle.word as usize);
            report.say(c", which is no handle but an ").say(what).end()
        }
        let known = Known { inner: found.inner, kind: found.kind, closed: found.closed };
        if known.closed {
            report_closed(address(handle), user);
        } else if !found.is_here() {
            report_interpreter(found, user);
        } else if found.thread != process::thread() && known.kind != Kind::Constant {
            report_thread(found, user);
        }
        known
    }
}

/// What a builder, a tracker or a writer stands for: null for null, `None` for one that is done with, which is reported.
///
/// # Safety
/// The thread is attached.
pub unsafe fn look_unfinished(word: isize, kind: Kind, user: User) -> Option<isize> {
    if word == 0 {
        return Some(0);
    }
    // SAFETY: the caller's promise.
    unsafe {
        let found = known(word, user);
        let what = found.kind.unfinished().unwrap_or(c"HPy");
        if found.kind != kind {
            let mut report = Report::new();
            report.say_user(user).say(c" was given ").say_address(word as usize);
            report.say(c", which is an ").say(what).end()
        }
        if !found.closed {
            return Some(found.inner.word);
        }
        let mut report = Report::new();
        report.say(c"Invalid usage of already closed builder in ").say_user(user).say(c": the ").say(what);
        report.say(c" was made by ").say(found.maker).say(c" and closed by ").say(found.closer);
        report.say_stack(&found.stack);
        report::mistake(Mistake::Builder, &report);
    }
    None
}

/// Reports the use of a handle that must not be used: calls the function that was set for that, or ends the process.
///
/// # Safety
/// The handle is one of the debug context; the thread is attached.
pub unsafe fn report_closed(handle: *mut DebugHandle, user: User) {
    // SAFETY: the handle is one of ours. The object of one that is not closed is alive.
    unsafe {
        let found = &*handle;
        let mut report = Report::new();
        report.say(c"Invalid usage of already closed handle in ").say_user(user).say(c": the handle ");
        report.say_address(handle.addr());
        if !found.closed {
            report.say(c" for ").say_object(found.inner);
        }
        match found.kind {
            Kind::Argument => {
                report.say(c" was an argument, which the caller closes");
                if found.closed {
                    report.say(c"; it was closed by ").say(found.closer);
                }
                report.say_stack(&found.stack);
            }
            Kind::Constant => {
                report
                    .say(c" belongs to the context, which keeps it; HPy_Dup makes one that may be closed or returned");
            }
            _ => {
                report.say(c" was made by ").say(found.maker).say(c" and closed by ").say(found.closer);
                report.say_stack(&found.stack);
            }
        }
        report::mistake(Mistake::Handle, &report);
    }
}

#[cold]
unsafe fn report_thread(found: &DebugHandle, user: User) {
    // SAFETY: the caller's promise: the handle is open.
    unsafe {
        let mut report = Report::new();
        report.say_user(user).say(c" was given the handle ").say_address((&raw const *found).addr()).say(c" for ");
        report.say_object(found.inner).say(c", which belongs to another thread: it was made by ").say(found.maker);
        report.say(c" there; objects are passed between threads by HPyGlobal or HPyField").say_stack(&found.stack);
        report::mistake(Mistake::Handle, &report);
    }
}

/// Nothing is asked of the object: it is not this interpreter's, and may be gone.
#[cold]
unsafe fn report_interpreter(found: &DebugHandle, user: User) -> ! {
    let mut report = Report::new();
    report.say_user(user).say(c" was given the handle ").say_address((&raw const *found).addr());
    report.say(c", which belongs to another interpreter: it was made by ").say(found.maker);
    report.say(c" there; an interpreter has objects of its own").say_stack(&found.stack);
    report.end()
}

/// Marks a handle as closed; its reference is not touched. One that is closed stays as it is.
///
/// # Safety
/// The handle is one of the debug context, and no constant.
pub unsafe fn close(handle: *mut DebugHandle, closer: &'static CStr) {
    // SAFETY: the caller's promise.
    with(|state| unsafe { state.close(handle, closer) });
}

/// Marks the handles as closed that an interpreter leaves open: it ends, and what they stand for goes with it.
///
/// # Safety
/// The thread is attached to the interpreter, and none of its code will run again.
pub unsafe fn forget_interpreter(generation: u64) {
    with(|state| {
        let mut next = state.open.first;
        // SAFETY: handles stay allocated; the next one is asked for before the queue changes.
        unsafe {
            while let Some(handle) = next.as_ref() {
                let following = handle.next;
                if handle.interpreter == generation {
                    state.close(next, c"the end of its interpreter");
                }
                next = following;
            }
        }
    });
}

impl State {
    /// As [`close`].
    unsafe fn close(&mut self, handle: *mut DebugHandle, closer: &'static CStr) {
        let state = self;
        // SAFETY: the caller's handle; an open one is in the queue of those.
        unsafe {
            if (*handle).closed || (*handle).kind == Kind::Constant {
                return;
            }
            state.open.remove(handle);
            state.closed.push(handle);
            (*handle).closed = true;
            (*handle).closer = closer;
            if !(*handle).copies.is_empty() {
                let size = (*handle).copies.size();
                if state.data_size + size > state.data_limit {
                    (*handle).copies.release();
                } else {
                    state.data_size += size;
                    (*handle).copies.hide();
                }
            }
            if state.closed.length > state.closed_limit
                && let Some(oldest) = state.closed.pop()
            {
                state.strip(oldest);
                state.spare.push(oldest);
            }
        }
    }
}

/// Copies data that is handed out through a handle onto pages that belong to the handle. Null for null, and with `MemoryError`
/// when there is no memory.
///
/// # Safety
/// The handle is one of the debug context; there are `size` bytes at `data`; the thread is attached.
pub unsafe fn lend(handle: Handle, data: *const c_void, size: usize) -> *const c_void {
    if data.is_null() {
        return data;
    }
    static EXPLAINED: AtomicBool = AtomicBool::new(false);
    if !EXPLAINED.swap(true, Ordering::Relaxed) {
        faults::explain();
    }
    let handle = address(handle);
    // SAFETY: the caller's promise.
    let copy = with(|_| unsafe { (*handle).copies.add(data, size) });
    if copy.is_null() {
        // SAFETY: the thread is attached.
        unsafe { PyErr_NoMemory() };
    }
    copy
}

/// Whether wrong uses of data are explained.
static EXPLAINS: AtomicBool = AtomicBool::new(true);

/// Sets whether wrong uses of data, which end the process, are explained before.
pub fn set_explains(explains: bool) {
    EXPLAINS.store(explains, Ordering::Relaxed);
}

/// Says whose data is at an address, if it was handed out through a handle: the process used it wrongly, and ends. No lock is
/// taken, and no memory is asked for.
pub fn explain_fault(address: usize) {
    if !EXPLAINS.load(Ordering::Relaxed) {
        return;
    }
    // SAFETY: places stay allocated; the zeros of one that is new are an empty list of copies.
    let lender = PLACES.iter().find(|&place| unsafe { (*place).copies.has(address) });
    // SAFETY: one that has a copy is a handle.
    let Some(handle) = lender.map(|place| unsafe { &*place }) else { return };
    // The stack of a signal handler may be small: the text is not put together first.
    report::print(c"HPy debug mode: Invalid usage of data of the handle ");
    report::print_address((&raw const *handle).addr());
    if handle.closed {
        report::print(c", which is closed: it was made by ");
        report::print(handle.maker);
        report::print(c" and closed by ");
        report::print(handle.closer);
    } else {
        report::print(c", which must not be written to: the handle was made by ");
        report::print(handle.maker);
    }
    report::print(c"\n");
    handle.stack.print();
}

// What Python asks.

/// Begins a new generation; its number.
pub fn new_generation() -> i64 {
    with(|state| {
        state.generation += 1;
        state.generation
    })
}

/// The handles of an interpreter that are of a generation and later ones, open or closed, in order. Each call fills as many as fit, from the one after
/// `after` (null for the first) on; the number of those that were filled in.
///
/// # Safety
/// `after` is null or was in the same queue just now.
pub unsafe fn list(
    interpreter: u64,
    since: i64,
    closed: bool,
    after: *mut DebugHandle,
    into: &mut [*mut DebugHandle],
) -> usize {
    with(|state| {
        let queue = if closed { &state.closed } else { &state.open };
        // SAFETY: handles stay allocated; the queue does not change meanwhile.
        let mut next = if after.is_null() { queue.first } else { unsafe { (*after).next } };
        let mut count = 0;
        // SAFETY: as above.
        while let (Some(handle), true) = (unsafe { next.as_ref() }, count < into.len()) {
            if handle.generation >= since && handle.interpreter == interpreter {
                into[count] = next;
                count += 1;
            }
            next = handle.next;
        }
        count
    })
}

impl DebugHandle {
    /// Whether its object may be used by the interpreter of this thread.
    ///
    /// # Safety
    /// The thread is attached.
    unsafe fn is_here(&self) -> bool {
        // SAFETY: the caller's promise.
        self.interpreter == 0 || self.interpreter == unsafe { interpreters::generation() }
    }

    /// Changes what a constant stands for, and in which interpreter.
    ///
    /// # Safety
    /// It is a constant, and no other thread uses it.
    pub(crate) unsafe fn set_constant(handle: *mut Self, inner: Handle, interpreter: u64) {
        // SAFETY: the caller's promise.
        unsafe {
            (*handle).inner = inner;
            (*handle).interpreter = interpreter;
        }
    }

    /// The handle of the production context, while this one is open.
    pub fn inner(&self) -> Option<Handle> {
        (!self.closed).then_some(self.inner)
    }

    /// Whether it is closed.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// The number of bytes of the data that belongs to it, or none.
    pub fn data_size(&self) -> Option<usize> {
        (!self.copies.is_empty()).then(|| self.copies.size())
    }

    /// Where it was made, if that was recorded.
    pub fn stack(&self) -> Option<StackText> {
        self.stack.text()
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What made it.
    pub fn maker(&self) -> &'static CStr {
        self.maker
    }
}

/// The handle at an address, if this interpreter has one there.
///
/// # Safety
/// The thread is attached.
pub unsafe fn at<'handle>(address: *mut c_void) -> Option<&'handle DebugHandle> {
    // SAFETY: handles stay allocated; the caller's promise.
    unsafe { PLACES.has(address.addr()).then(|| &*address.cast::<DebugHandle>()).filter(|handle| handle.is_here()) }
}

/// A limit that can be asked for and set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    /// How many closed handles are remembered.
    Closed,
    /// How many bytes of hidden data are kept.
    Data,
    /// How many frames of a stack are recorded.
    Stack,
}

impl State {
    fn limit(&mut self, which: Limit) -> &mut usize {
        match which {
            Limit::Closed => &mut self.closed_limit,
            Limit::Data => &mut self.data_limit,
            Limit::Stack => &mut self.stack_limit,
        }
    }
}

/// A limit.
pub fn limit(which: Limit) -> usize {
    with(|state| *state.limit(which))
}

/// Sets a limit.
pub fn set_limit(which: Limit, value: usize) {
    with(|state| *state.limit(which) = value);
}

/// Closes what the author left open: a handle with its reference, or a builder, tracker or writer with what it holds. An
/// argument or what is closed stays as it is.
///
/// # Safety
/// The handle is one of the debug context; the thread is attached.
pub unsafe fn close_for_author(handle: *mut DebugHandle) {
    const BY: &CStr = c"cardan.debug";
    // SAFETY: the caller's promise; what is open is closed once.
    unsafe {
        let (inner, kind, closed) = ((*handle).inner, (*handle).kind, (*handle).closed);
        if closed || matches!(kind, Kind::Argument | Kind::Constant) {
            return;
        }
        close(handle, BY);
        let (context, word) = (switch::inner(), inner.word);
        match kind {
            Kind::Argument | Kind::Constant => {}
            Kind::Owned => ((*context).ctx_Close)(context, inner),
            Kind::ListBuilder => ((*context).ctx_ListBuilder_Cancel)(context, ListBuilder { word }),
            Kind::TupleBuilder => ((*context).ctx_TupleBuilder_Cancel)(context, TupleBuilder { word }),
            Kind::Tracker => by_hand::forget_tracker(word),
            Kind::UnicodeWriter => ((*context).ctx_UnicodeWriter_Discard)(context, UnicodeWriter { word }),
            Kind::BytesWriter => ((*context).ctx_BytesWriter_Discard)(context, BytesWriter { word }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(word: isize) -> *mut DebugHandle {
        // SAFETY: an argument's object is never looked into here.
        address(unsafe { open_for(0, Handle { word }, Kind::Argument, c"a test") })
    }

    fn listed(since: i64, closed: bool) -> [usize; 4] {
        let mut found = [null_mut(); 4];
        // SAFETY: the list begins at the start.
        unsafe { list(0, since, closed, null_mut(), &mut found) };
        found.map(<*mut DebugHandle>::addr)
    }

    // One test: the state is the process's.
    #[test]
    fn handles_are_listed_and_used_again_in_order() {
        let generation = new_generation();
        set_limit(Limit::Closed, 2);
        set_limit(Limit::Data, 10);
        let [one, two, three] = [16, 32, 48].map(make);
        let later = new_generation();
        let four = make(64);
        assert_eq!(listed(generation, false), [one, two, three, four].map(<*mut DebugHandle>::addr));
        assert_eq!(listed(later, false), [four.addr(), 0, 0, 0]);

        // SAFETY: the handles are open, the data is there.
        unsafe {
            let handle = Handle { word: one.expose_provenance() as isize };
            let text = c"lent".as_ptr().cast();
            let copy = lend(handle, text, 5);
            assert_eq!(CStr::from_ptr(copy.cast()), c"lent");
            assert_eq!(lend(handle, text, 5), copy);
            assert_eq!((*one).data_size(), Some(5));
            let handle = Handle { word: two.expose_provenance() as isize };
            lend(handle, c"too long".as_ptr().cast(), 9);

            close(two, c"a test");
            assert_eq!((*two).data_size(), Some(9));
            close(one, c"a test");
            assert_eq!((*one).data_size(), None, "more than is kept");
            close(one, c"a test");
            assert_eq!(listed(generation, true), [two.addr(), one.addr(), 0, 0]);
            close(three, c"a test");
            assert_eq!(listed(generation, true), [one.addr(), three.addr(), 0, 0]);
            assert!((*three).is_closed() && (*three).inner().is_none() && PLACES.has(three.addr()));
        }
        assert_eq!(make(80), one, "the one that was closed first is used again");
        assert_eq!(listed(generation, true), [three.addr(), 0, 0, 0]);
        assert_eq!(make(96), two, "the one that was forgotten");
        assert!(!PLACES.has(one.addr() + 1));
    }
}
