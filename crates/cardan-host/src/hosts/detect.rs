//! Looks at the running interpreter once.

use super::profile::{Layout, Place, Quirks};
use super::releases::Releases;
use super::{Build, OLDEST, Record, graalpy, probe};
use crate::cell::Cell;
use crate::functions as f;
use crate::once::Once;
use crate::symbols;
use crate::text::Text;
use core::ffi::{CStr, c_void};
use core::sync::atomic::{AtomicPtr, Ordering};

/// The running interpreter: its record, read for its version.
pub struct Host {
    record: Record,
    /// The version of the language, as `PY_VERSION_HEX` has it.
    version: u32,
    /// The release of the implementation, for the names of its own that are not to be trusted.
    release: Releases,
    generic: bool,
    /// Whether it was built without the GIL.
    pub free_threaded: bool,
    /// Whether it was built for debugging (`Py_DEBUG`).
    pub debug: bool,
    /// Where its structs keep what. Each place was tried on objects of known content.
    pub layout: Layout,
    /// What it does otherwise than the newest CPython.
    pub quirks: Quirks,
}

impl Host {
    /// Looks at the running process. The calling thread holds the GIL (or is attached, without one).
    ///
    /// # Errors
    /// The message for an `ImportError` when this interpreter cannot run a module at all.
    pub fn detect() -> Result<Self, &'static CStr> {
        let record = record_of_process();
        if let Some(refusal) = record.refusal() {
            return Err(refusal);
        }
        let mut host = Self::for_errors_of(record);
        let is_cpython = matches!(record, Record::CPython);
        host.free_threaded = is_cpython && super::cpython::is_free_threaded();
        if matches!(record, Record::GraalPy) {
            graalpy::keep_loaded();
        }
        host.generic = symbols::variable(c"CARDAN_HOST") == Some(c"generic");
        for cell in [&f::cells::Py_GetVersion, &f::cells::PySys_GetObject, &f::cells::PyErr_Clear] {
            if !cell.fill(&host) {
                return Err(c"this interpreter does not export Python's C API: Py_GetVersion, PySys_GetObject and PyErr_Clear were expected");
            }
        }
        // SAFETY: the cell was filled. The text is C's, lives as long as the process, and cannot be assigned to.
        let words = unsafe { CStr::from_ptr(f::Py_GetVersion()) }.to_bytes();
        host.version = version_in(words);
        if host.version < OLDEST {
            return Err(c"this module runs on Python 3.9 and later");
        }
        // SAFETY: the cell was filled, the name is a C string, the caller holds the GIL.
        host.debug = !unsafe { f::PySys_GetObject(c"gettotalrefcount".as_ptr()) }.is_null();
        let (free_threaded, generic) = (host.free_threaded, host.generic);
        let build = Build { version: host.version, words, free_threaded, generic };
        let profile = record.profile(&build);
        (host.quirks, host.release) = (profile.quirks, profile.release);
        // The slot and the function that finds types by it came together.
        host.quirks.takes_token_slot &= !host.resolve(c"PyType_GetBaseByToken").is_null();
        let header = if record.tells_header() { probe::header(&host) } else { None };
        let header = header.unwrap_or(profile.layout.header());
        host.layout = record.generic_layout(header);
        // Another size of header than the record has is another struct: nothing that is claimed is tried then.
        if !host.generic && header == profile.layout.header() && probe::holds(&profile.layout, &host) {
            host.layout = profile.layout;
        } else if is_cpython && probe::size_is_behind(header, &host) {
            // The stable ABI has it there, and no function tells it.
            host.layout.size = Place::at(header);
        }
        if !host.generic && is_cpython && host.layout.text.is_none() {
            // What no function tells is looked for.
            host.layout.text = crate::unicode::found(&super::cpython::newest_text(header), &host);
        }
        Ok(host)
    }

    /// Just enough of the host to raise an exception, for when it could not be told apart.
    pub fn for_errors() -> Self {
        Self::for_errors_of(Record::of_process())
    }

    fn for_errors_of(record: Record) -> Self {
        let build = Build { version: OLDEST, words: &[], free_threaded: false, generic: true };
        let profile = record.profile(&build);
        Self {
            record,
            version: 0,
            release: profile.release,
            generic: true,
            free_threaded: false,
            debug: false,
            layout: record.generic_layout(profile.layout.header()),
            quirks: profile.quirks,
        }
    }

    /// The host that a record describes, as if it were running and all that is claimed held. For tests.
    #[cfg(test)]
    pub(crate) fn as_recorded(record: fn(&Build) -> super::Profile, minor: u32) -> Self {
        let build =
            Build { version: super::version(3, minor), words: b"[PyPy 7.3", free_threaded: false, generic: false };
        let profile = record(&build);
        let host = Self::for_errors_of(Record::CPython);
        Self { version: build.version, generic: false, layout: profile.layout, quirks: profile.quirks, ..host }
    }

    /// Where the fields of a type that a module made start, in bytes. On a host that was not looked at that is found out.
    pub fn made_type_fields(&self) -> Option<usize> {
        let claimed = self.layout.type_fields.get().or(self.quirks.made_type_fields.get());
        let may_look = !self.generic && matches!(self.record, Record::CPython);
        claimed.or_else(|| if may_look { probe::type_fields_behind(self.layout.header(), self) } else { None })
    }

    /// The version of the language, as `PY_VERSION_HEX` has it. To be shown, not to be compared.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Whether the host is one of these releases.
    pub fn is_one_of(&self, releases: Releases) -> bool {
        releases.contains(self.release)
    }

    /// The address of a function or of data by its plain name, in this host's own spelling; null when it is lacking. What the
    /// host exports without implementing it is found too.
    pub fn resolve(&self, name: &CStr) -> *mut c_void {
        if let Some(spelling) = self.record.spelling(name) {
            let address = symbols::address(spelling.as_c_str());
            if !address.is_null() {
                return address;
            }
        }
        symbols::address(name)
    }

    /// Whether the host has what a cell is for. Fills the cell.
    pub fn has(&self, cell: &Cell) -> bool {
        cell.fill(self)
    }

    /// What a message calls this host: `CPython 3.13 (free-threaded)`.
    pub fn describe<'text>(&self, text: &'text mut Text) -> &'text mut Text {
        text.push(self.record.name());
        text.push(c" ").push_number((self.version >> 24) as usize);
        text.push(c".").push_number((self.version >> 16 & 0xFF) as usize);
        if self.free_threaded {
            text.push(c" (free-threaded)");
        }
        if self.generic || matches!(self.record, Record::Unknown) {
            text.push(c" (generic)");
        }
        text
    }
}

/// The numbers of a version, `3.12.1`; what is not there is 0.
pub(super) fn numbers(words: &[u8]) -> [u32; 3] {
    let mut found = [0_u32; 3];
    let mut place = 0;
    for &byte in words {
        match (byte, found.get_mut(place)) {
            (b'0'..=b'9', Some(number)) => *number = number.saturating_mul(10).saturating_add((byte - b'0').into()),
            (b'.', _) => place += 1,
            _ => break,
        }
    }
    found
}

/// The version that `Py_GetVersion` begins with, as `PY_VERSION_HEX` has it; 0 where it begins with none.
fn version_in(words: &[u8]) -> u32 {
    const FINAL: u32 = 0xF0;
    let [major, minor, micro] = numbers(words);
    if major == 0 { 0 } else { super::version(major.min(0xFF), minor.min(0xFF)) | micro.min(0xFF) << 8 | FINAL }
}

/// The host of this module.
static CURRENT: Once<Host> = Once::new();

/// The code of the interpreter that called the module; null where that is not known.
static CALLER: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());

/// Notes which code of the interpreter calls the module: the address that its entry point returns to.
pub fn is_called_by(caller: *mut c_void) {
    CALLER.store(caller, Ordering::Relaxed);
}

/// A name that every interpreter has which exports the C API under its plain names.
const ANY_HOST_HAS: &CStr = c"PyModuleDef_Init";

/// The record of the running process. A program may have loaded the interpreter with `RTLD_LOCAL`: then no search of the process shows
/// it, and the library that called the module is searched.
fn record_of_process() -> Record {
    let record = Record::of_process();
    if matches!(record, Record::Unknown)
        && symbols::address(ANY_HOST_HAS).is_null()
        && symbols::search_library_of(CALLER.load(Ordering::Relaxed))
    {
        return Record::of_process();
    }
    record
}

/// The running interpreter. The first call looks at it; the calling thread is attached.
///
/// # Errors
/// The message for an `ImportError` when this interpreter cannot run a module.
pub fn current() -> Result<&'static Host, &'static CStr> {
    if !CURRENT.is_ready() {
        crate::process::count_copies();
        // Looked at before the place is taken: it makes objects, so other threads may run meanwhile and ask too. They find
        // the same.
        let host = Host::detect()?;
        CURRENT.fill(|place| {
            // SAFETY: the place is the room for the host.
            unsafe { place.write(host) };
            Ok::<(), &'static CStr>(())
        })?;
    }
    Ok(known())
}

/// The host of a module that was entered.
pub fn known() -> &'static Host {
    // SAFETY: code that calls this runs only after `current` succeeded, which wrote the host for good.
    unsafe { &*CURRENT.place() }
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_version_is_what_the_text_begins_with() {
        assert_eq!(version_in(b"3.12.1 (main, May  9 2026) [GCC 12.2.0]"), 0x030C_01F0);
        assert_eq!(version_in(b"3.16.0a1+ (heads/main)"), 0x0310_00F0);
        assert_eq!(version_in(b"3.9"), 0x0309_00F0);
        assert_eq!([version_in(b""), version_in(b"Python")], [0, 0]);
        assert_eq!(version_in(b"99999999999.1"), 0xFF01_00F0);
    }
}
