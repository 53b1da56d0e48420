//! The entries for fields and globals, which hold objects: what is in them is looked at before it is followed.
//!
//! A field holds the same word as in the production context, for its struct may be used by both. What was stored is remembered
//! by its word, since a field is loaded by value; an array of fields may also move. Fields of objects whose type was made
//! through another context are followed unseen, as are those that attributes store in: nothing is known of what is there.
//!
//! To load nothing gives `HPy_NULL` here, but ends the process elsewhere.

use crate::call::Call;
use crate::lock::Lock;
use crate::report::{self, Report};
use crate::words::Words;
use cardan_abi::{Context, Field, Global, Handle};
use cardan_host::types::Object;
use cardan_runtime::convert::{handle, object};
use cardan_runtime::imports::Py_TYPE;
use cardan_runtime::types::fields::{Watch, attributes, is_watched};
use core::ffi::{CStr, c_int};
use core::sync::atomic::{AtomicBool, AtomicIsize, Ordering};

/// What fields hold, once for each field, and what globals hold.
static FIELDS: Lock<Words> = Lock::new(Words::new());
static GLOBALS: Lock<Words> = Lock::new(Words::new());

/// For the runtime, which shows fields to the collector and empties them.
pub static WATCH: Watch = Watch { is_stored, let_go, note_global };

/// Takes the locks while the process is copied.
pub(crate) fn hold() {
    FIELDS.lock();
    GLOBALS.lock();
}

/// Opens the locks that [`hold`] took.
pub(crate) fn release() {
    GLOBALS.unlock();
    FIELDS.unlock();
}

fn is_stored(word: isize) -> bool {
    FIELDS.with(|words| words.has(word))
}

unsafe fn let_go(word: isize, owner: Object) -> bool {
    let was_there = FIELDS.with(|words| words.remove(word));
    if !was_there {
        let mut report = Report::new();
        report.say(c"an object of ");
        // SAFETY: the object has its type still; the thread is attached.
        unsafe { report.say_object(handle(Py_TYPE(owner).cast())) };
        report.say(c" went with a field");
        say_wrong_field(&mut report, word);
        // SAFETY: the thread is attached.
        unsafe { report::misuse(report) };
    }
    was_there
}

fn note_global(word: isize) {
    if word != 0 {
        GLOBALS.with(|words| {
            if !words.has(word) {
                words.add(word);
            }
        });
    }
}

fn say_wrong_field(report: &mut Report, word: isize) {
    report
        .say(c" that holds ")
        .say_address(word as usize)
        .say(c"; expected HPyField_NULL or what HPyField_Store put there");
    report.say(c" and did not let go since. HPy_New gives structs of zeros; other memory has to be set to zero before its fields are used");
}

/// Reports what a field holds that was never stored there.
unsafe fn report_field(name: &CStr, owner: Handle, word: isize) {
    let mut report = Report::new();
    report.say(name).say(c" was given a field of ");
    // SAFETY: the thread is attached; the owner's handle is open.
    unsafe {
        report.say_plainly(owner);
        say_wrong_field(&mut report, word);
        report::misuse(report);
    }
}

/// Puts a word into a field of the owner's struct: what was there, and whether there is a reference to give back.
///
/// # Safety
/// The thread is attached, the owner's handle open in the production context.
unsafe fn replace(owner: Handle, field: *mut Field, word: isize) -> (isize, bool) {
    // SAFETY: the caller's field; a word is aligned for an atomic.
    let swap = || unsafe { AtomicIsize::from_ptr(&raw mut (*field).word) }.swap(word, Ordering::AcqRel);
    // SAFETY: the caller's promise.
    unsafe {
        if attributes(object(owner)).any(|place| place == field) {
            return (swap(), true);
        }
        let (before, was_stored) = FIELDS.with(|words| {
            if word != 0 {
                words.add(word);
            }
            let before = swap();
            (before, before == 0 || words.remove(before))
        });
        (before, was_stored || !is_watched(object(owner)))
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Field_Store(context: *mut Context, owner: Handle, field: *mut Field, h: Handle) {
    // SAFETY: the caller's promise. A field of our own gets the new reference, and another one gives the old one back.
    unsafe {
        let call = Call::enter(context, c"HPyField_Store");
        let (owner, h, inner) = (call.unwrap(owner), call.unwrap(h), call.inner());
        let mut stored = Field::NULL;
        ((*inner).ctx_Field_Store)(inner, owner, &raw mut stored, h);
        let (word, is_ours) = replace(owner, field, stored.word);
        if is_ours {
            let mut before = Field { word };
            call.outside(|| ((*inner).ctx_Field_Store)(inner, owner, &raw mut before, Handle::NULL));
        } else {
            report_field(call.name(), owner, word);
        }
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Field_Clear(context: *mut Context, owner: Handle, field: *mut Field) -> c_int {
    // SAFETY: the caller's promise; as above.
    unsafe {
        let call = Call::enter(context, c"HPyField_Clear");
        let (owner, inner) = (call.unwrap(owner), call.inner());
        let (word, is_ours) = replace(owner, field, 0);
        if is_ours {
            let mut before = Field { word };
            return call.outside(|| ((*inner).ctx_Field_Clear)(inner, owner, &raw mut before));
        }
        report_field(call.name(), owner, word);
        0
    }
}

/// Whether a word that a field of the owner held can be followed.
unsafe fn can_follow(owner: Handle, word: isize) -> bool {
    // SAFETY: the thread is attached, the owner's handle open in the production context.
    unsafe {
        is_stored(word) || !is_watched(object(owner)) || attributes(object(owner)).any(|place| (*place).word == word)
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Field_Load(context: *mut Context, owner: Handle, field: Field) -> Handle {
    static SAID: AtomicBool = AtomicBool::new(false);
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter(context, c"HPyField_Load");
        let (owner, inner) = (call.unwrap(owner), call.inner());
        if field.is_null() {
            let mut report = Report::new();
            report.say(call.name()).say(c" was given a field that holds nothing; HPyField_IsNull tells");
            report::doubt(&report, &SAID);
        } else if !can_follow(owner, field.word) {
            report_field(call.name(), owner, field.word);
            return Handle::NULL;
        }
        call.open(((*inner).ctx_Field_Load)(inner, owner, field))
    }
}

/// Whether a global holds nothing or what was stored. What else it holds is reported.
unsafe fn check_global(name: &CStr, word: isize) -> bool {
    if word == 0 || GLOBALS.with(|words| words.has(word)) {
        return true;
    }
    let mut report = Report::new();
    report.say(name).say(c" was given a global that holds ").say_address(word as usize);
    report.say(
        c"; expected zero or what HPyGlobal_Store put there. A global is a static variable; one that may be stored to \
        before its module is loaded in debug mode has to be listed in HPyModuleDef.globals",
    );
    // SAFETY: the thread is attached.
    unsafe { report::misuse(report) };
    false
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Global_Store(context: *mut Context, global: *mut Global, h: Handle) {
    // SAFETY: the caller's promise; a word is aligned for an atomic.
    unsafe {
        let call = Call::enter(context, c"HPyGlobal_Store");
        let (h, inner) = (call.unwrap(h), call.inner());
        let place = AtomicIsize::from_ptr(&raw mut (*global).word);
        let found = place.load(Ordering::Acquire);
        if !check_global(call.name(), found) {
            let _ = place.compare_exchange(found, 0, Ordering::AcqRel, Ordering::Acquire);
        }
        if place.load(Ordering::Acquire) == 0 {
            // What the global is to hold is made beside it, and is known before anybody can load it.
            let mut made = Global::NULL;
            ((*inner).ctx_Global_Store)(inner, &raw mut made, h);
            note_global(made.word);
            if place.compare_exchange(0, made.word, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                return;
            }
            // Another thread was first.
            ((*inner).ctx_Global_Store)(inner, &raw mut made, Handle::NULL);
        }
        call.outside(|| ((*inner).ctx_Global_Store)(inner, global, h));
    }
}

/// # Safety
/// As for the entry.
pub unsafe extern "C" fn debug_Global_Load(context: *mut Context, global: Global) -> Handle {
    static SAID: AtomicBool = AtomicBool::new(false);
    // SAFETY: the caller's promise.
    unsafe {
        let call = Call::enter(context, c"HPyGlobal_Load");
        if global.is_null() {
            let mut report = Report::new();
            report.say(call.name()).say(c" was given a global that nothing was stored in");
            report::doubt(&report, &SAID);
        } else if !check_global(call.name(), global.word) {
            return Handle::NULL;
        }
        call.open(((*call.inner()).ctx_Global_Load)(call.inner(), global))
    }
}
