//! The interpreters that modules of this file were imported into, and what belongs to each of them.
//!
//! A process may have several interpreters at a time, and may end one and start another. What a static of this file holds is
//! seen by all of them, so no static holds an object. An interpreter has a record instead: its context, its references, and who
//! may come in. A capsule in the interpreter's own dict ends the record with the interpreter.
//!
//! As long as one interpreter uses the file there is nothing to look up: trampolines call the author's functions with the first
//! context straight away. While there are several, that context is not direct, and each call is given its interpreter's own.

use crate::convert::{handle, object};
use crate::entries::globals;
use crate::entries::threads::Door;
use crate::imports::*;
use cardan_abi::{Context, signature};
use cardan_host::hosts::{Host, detect};
use cardan_host::lock::Spin;
use cardan_host::memory;
use cardan_host::types::Object;
use core::ffi::{CStr, c_uint, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering};

/// How many references a record keeps for those who wrap the context, and let go of them [at the end](set_at_end).
pub const KEPT: usize = 5;

/// How many records of interpreters that ended are left alone before one is used again: a thread that knows no better may still
/// come with the context of one, and is told that its interpreter has ended.
const LEFT_ALONE: u64 = 16;

/// What belongs to one interpreter. Records stay, and are used by one interpreter after the other.
pub struct Interpreter {
    /// What the host knows the interpreter by. An interpreter that has ended keeps it until the record is used again: functions
    /// may be called to the very last.
    state: AtomicPtr<c_void>,
    /// The number of the interpreter, which no other one had or will have in this file; 0 if it has ended, or if there was none.
    generation: AtomicU64,
    is_main: AtomicBool,
    /// How many interpreters had ended when this one did.
    ended: AtomicU64,
    /// The context that wraps its own and counts calls, or null.
    pub counting: AtomicPtr<Context>,
    /// What is kept for the contexts that wrap its own and check calls, or null.
    pub checking: AtomicPtr<c_void>,
    /// Who came in by its context.
    pub(crate) door: Door,
    /// References of the record's own, or null.
    kept: [AtomicPtr<c_void>; KEPT],
    /// Held while one of them is taken or changed.
    keeping: Spin,
    next: AtomicPtr<Interpreter>,
}

impl Interpreter {
    const fn new() -> Self {
        Self {
            state: AtomicPtr::new(null_mut()),
            generation: AtomicU64::new(0),
            is_main: AtomicBool::new(true),
            ended: AtomicU64::new(0),
            counting: AtomicPtr::new(null_mut()),
            checking: AtomicPtr::new(null_mut()),
            door: Door::new(),
            kept: [const { AtomicPtr::new(null_mut()) }; KEPT],
            keeping: Spin::new(),
            next: AtomicPtr::new(null_mut()),
        }
    }
}

/// A record after the first, and its context.
#[repr(C)]
struct WithContext {
    interpreter: Interpreter,
    context: Context,
}

/// The record with the first context of the file.
static FIRST: Interpreter = Interpreter::new();
/// Held while interpreters come and go.
static CHANGING: Spin = Spin::new();
/// The generation of the only interpreter; 0 if there is none, or more than one.
static SOLE: AtomicU64 = AtomicU64::new(0);
/// How many interpreters there have been.
static BEGUN: AtomicU64 = AtomicU64::new(0);
/// How many have ended.
static ENDED: AtomicU64 = AtomicU64::new(0);
/// Who is told that an interpreter ends, a [`AtEnd`] or null.
static AT_END: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// Called with the generation of an interpreter that ends, by a thread that is attached to it.
pub type AtEnd = unsafe fn(u64);

/// Sets who is told that an interpreter ends.
pub fn set_at_end(function: AtEnd) {
    AT_END.store(function as *mut c_void, Ordering::Release);
}

fn all() -> impl Iterator<Item = &'static Interpreter> {
    let mut next = Some(&FIRST);
    core::iter::from_fn(move || {
        let record = next?;
        // SAFETY: records are written before they are linked, and stay.
        next = unsafe { record.next.load(Ordering::Acquire).as_ref() };
        Some(record)
    })
}

/// The generation of the interpreter if it is the only one that uses this file, or else 0.
#[inline]
pub fn sole() -> u64 {
    SOLE.load(Ordering::Relaxed)
}

/// The record of the interpreter that this thread is attached to, also when it is just ending. `None` if no module of this file was
/// imported into it.
///
/// # Safety
/// The imports are bound, the thread is attached.
pub unsafe fn current() -> Option<&'static Interpreter> {
    // SAFETY: the caller's promise.
    let state = unsafe { PyInterpreterState_Get() };
    all().find(|record| record.state.load(Ordering::Acquire) == state)
}

/// The generation of the interpreter that this thread is attached to; 0 if it ends, or if no module of this file was imported into
/// it.
///
/// # Safety
/// The imports are bound, the thread is attached.
#[inline]
pub unsafe fn generation() -> u64 {
    match sole() {
        // SAFETY: the caller's promise.
        0 => unsafe { current() }.map_or(0, Interpreter::generation),
        only => only,
    }
}

/// The record of a production context.
///
/// # Safety
/// It is one of this file's.
pub unsafe fn of(context: *mut Context) -> &'static Interpreter {
    // SAFETY: `begin` put the record's address there, if the context was ever given to a function.
    unsafe { (*context).private.cast::<Interpreter>().as_ref() }.unwrap_or(&FIRST)
}

/// The record of the interpreter whose function is to be called, made if it is the first call; null with an exception if there is
/// no memory for it.
///
/// # Safety
/// The imports are bound, the thread is attached.
pub unsafe fn for_call(signature: c_uint) -> Option<&'static Interpreter> {
    // SAFETY: the caller's promise.
    unsafe {
        match signature {
            // A module that is made by its author runs nothing of ours before.
            signature::MOD_CREATE => enter(),
            _ => current(),
        }
    }
}

/// The production context that a function is to be called with, whose trampoline has this one; null with an exception if there is
/// no memory for one.
///
/// # Safety
/// As for [`for_call`].
pub(crate) unsafe fn context_for(signature: c_uint, context: *mut Context) -> *mut Context {
    // SAFETY: the caller's promise.
    unsafe {
        if (*context).direct != 0 && signature != signature::MOD_CREATE {
            return context;
        }
        match for_call(signature) {
            Some(record) => record.context(),
            None if signature == signature::MOD_CREATE => null_mut(),
            None => context,
        }
    }
}

/// Notes that a module of this file is imported into the interpreter of this thread. `None` with an exception if there is no memory.
///
/// # Safety
/// The imports are bound, the context is filled, the thread is attached.
pub unsafe fn enter() -> Option<&'static Interpreter> {
    // SAFETY: the caller's promise.
    unsafe {
        let state = PyInterpreterState_Get();
        let (builtins, is_main) = (PyEval_GetBuiltins(), PyInterpreterState_GetID(state) == 0);
        let found = CHANGING.with(|| {
            let record = find_or_make(state)?;
            let is_new = record.generation() == 0;
            if is_new {
                record.is_main.store(is_main, Ordering::Relaxed);
                record.begin(state, builtins);
            }
            Some((record, is_new))
        });
        let Some((record, is_new)) = found else {
            PyErr_NoMemory();
            return None;
        };
        if is_new {
            let host = detect::known();
            if !host.quirks.has_one_interpreter && !record.expect_end(state, host) {
                record.end();
                return None;
            }
            if host.quirks.ends_entering_threads {
                record.door.watch();
            }
        }
        Some(record)
    }
}

/// The record of an interpreter, or one that is free or new; `None` if there is no memory.
///
/// # Safety
/// The thread holds [`CHANGING`].
unsafe fn find_or_make(state: *mut c_void) -> Option<&'static Interpreter> {
    let mut free = None;
    for record in all() {
        // One that ended at the same place would be mistaken for this one, and is used again.
        if record.state() == state {
            return Some(record);
        }
        let rest = ENDED.load(Ordering::Relaxed) - record.ended.load(Ordering::Relaxed);
        if free.is_none() && record.generation() == 0 && (record.is_first() || rest >= LEFT_ALONE) {
            free = Some(record);
        }
    }
    if free.is_none() {
        let made = memory::array::<WithContext>(1);
        // SAFETY: zeros are a record; the first context is filled. What is linked is written before.
        unsafe {
            let new = made.as_mut()?;
            (&raw mut new.context).copy_from_nonoverlapping(crate::context::known(), 1);
            new.interpreter.next.store(FIRST.next.load(Ordering::Relaxed), Ordering::Relaxed);
            FIRST.next.store(&raw mut new.interpreter, Ordering::Release);
            free = Some(&new.interpreter);
        }
    }
    free
}

/// Finds out whether there is one interpreter alone, and whether trampolines may call functions without asking whose they are.
fn count() {
    let mut live = all().filter(|record| record.generation() != 0);
    let sole = live.next().filter(|_| live.next().is_none());
    SOLE.store(sole.map_or(0, Interpreter::generation), Ordering::Release);
    let direct = sole.is_some_and(Interpreter::is_first);
    // SAFETY: the context is filled. Who still reads the value that was there calls a function of the first interpreter, whose
    // context it is.
    unsafe { AtomicU32::from_ptr(&raw mut (*crate::context::known()).direct) }.store(direct.into(), Ordering::Release);
}

impl Interpreter {
    /// Gives a free record to an interpreter.
    ///
    /// # Safety
    /// The thread holds [`CHANGING`] and is attached to the interpreter.
    unsafe fn begin(&self, state: *mut c_void, builtins: Object) {
        // SAFETY: nobody uses the record or its context.
        unsafe {
            Py_IncRef(builtins);
            self.set_builtins(builtins);
            (*self.context()).private = (&raw const *self).cast_mut().cast();
        }
        self.door.open();
        let generation = BEGUN.load(Ordering::Relaxed) + 1;
        BEGUN.store(generation, Ordering::Relaxed);
        self.generation.store(generation, Ordering::Relaxed);
        self.state.store(state, Ordering::Release);
        count();
    }

    /// Sets what the contexts have for the dict of the built-in names; gives what was there.
    unsafe fn set_builtins(&self, builtins: Object) -> Object {
        // SAFETY: the contexts are this record's.
        unsafe {
            if let Some(counting) = self.counting.load(Ordering::Acquire).as_mut() {
                counting.h_Builtins = handle(builtins);
            }
            object(core::mem::replace(&mut (*self.context()).h_Builtins, handle(builtins)))
        }
    }

    fn is_first(&self) -> bool {
        core::ptr::eq(self, &FIRST)
    }

    /// The number of the interpreter, which no other one had or will have in this file; 0 once it ends.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }

    /// Whether it is the process's main interpreter, which threads of others' making are let into by the host itself.
    pub(crate) fn is_main(&self) -> bool {
        self.is_main.load(Ordering::Relaxed)
    }

    /// What the host knows the interpreter by.
    pub(crate) fn state(&self) -> *mut c_void {
        self.state.load(Ordering::Acquire)
    }

    /// The production context that its functions are called with.
    pub fn context(&self) -> *mut Context {
        if self.is_first() {
            return crate::context::known();
        }
        let made: *mut WithContext = (&raw const *self).cast_mut().cast();
        // SAFETY: every other record was made with its context.
        unsafe { &raw mut (*made).context }
    }

    /// A new reference to what is kept at a place, or null.
    ///
    /// # Safety
    /// The thread is attached to this interpreter.
    pub unsafe fn kept(&self, place: usize) -> Object {
        let Some(place) = self.kept.get(place) else { return null_mut() };
        self.keeping.with(|| {
            let found: Object = place.load(Ordering::Acquire).cast();
            // SAFETY: the record has a reference; to take one calls nothing back, and null is taken too.
            unsafe { Py_IncRef(found) };
            found
        })
    }

    /// Keeps an object, whose reference is the record's then, or null. Gives what was there, a reference of the caller's.
    pub fn keep(&self, place: usize, value: Object) -> Object {
        match self.kept.get(place) {
            Some(place) => self.keeping.with(|| place.swap(value.cast(), Ordering::AcqRel)).cast(),
            None => value,
        }
    }

    /// Sees to it that the record ends with the interpreter. False with an exception if that failed.
    unsafe fn expect_end(&self, state: *mut c_void, host: &Host) -> bool {
        type GetDict = unsafe extern "C" fn(*mut c_void) -> Object;
        let get_dict = host.resolve(c"PyInterpreterState_GetDict");
        if get_dict.is_null() {
            return true;
        }
        // SAFETY: this is the function's signature. The thread is attached to the interpreter, which keeps the dict, and the dict
        // keeps the capsule.
        unsafe {
            let dict = core::mem::transmute::<*mut c_void, GetDict>(get_dict)(state);
            // The addresses tell the files of a process apart.
            let key = PyLong_FromSize_t((&raw const FIRST).addr());
            let capsule = PyCapsule_New((&raw const *self).cast_mut().cast(), NAME.as_ptr(), end as *mut c_void);
            let is_kept =
                !dict.is_null() && !key.is_null() && !capsule.is_null() && PyDict_SetItem(dict, key, capsule) == 0;
            if !is_kept && PyErr_Occurred().is_null() {
                PyErr_NoMemory();
            }
            if !is_kept && !capsule.is_null() {
                PyCapsule_SetDestructor(capsule, null_mut());
            }
            Py_DecRef(capsule);
            Py_DecRef(key);
            is_kept
        }
    }

    /// Gives back what belongs to the interpreter, which ends.
    ///
    /// # Safety
    /// The thread is attached to it.
    unsafe fn end(&self) {
        let generation = self.generation();
        self.door.close();
        // SAFETY: the caller's promise. What is let go may call functions of the author's: until then the record is the
        // interpreter's. Its last finalisers find `None` where the built-in names were.
        unsafe {
            let function = AT_END.load(Ordering::Acquire);
            if !function.is_null() {
                core::mem::transmute::<*mut c_void, AtEnd>(function)(generation);
            }
            globals::let_go(generation);
            let builtins = CHANGING.with(|| {
                let ended = ENDED.load(Ordering::Relaxed) + 1;
                ENDED.store(ended, Ordering::Relaxed);
                self.ended.store(ended, Ordering::Relaxed);
                self.generation.store(0, Ordering::Relaxed);
                count();
                self.set_builtins(_Py_NoneStruct())
            });
            Py_DecRef(builtins);
        }
    }
}

/// The name of the capsules.
const NAME: &CStr = c"cardan.interpreter";

/// What a capsule calls when its interpreter lets go of its dict.
unsafe extern "C" fn end(capsule: Object) {
    // SAFETY: the capsule was made by `expect_end`; records stay.
    unsafe {
        let record = PyCapsule_GetPointer(capsule, NAME.as_ptr()).cast::<Interpreter>();
        if let Some(record) = record.as_ref() {
            record.end();
        }
    }
}
