//! Which interpreter is running: its family, version, and whether it has a GIL.

use crate::cell::Cell;
use crate::functions as f;
use crate::hosts::{self, Layout};
use crate::once::Once;
use crate::symbols;
use crate::text::Text;
use core::ffi::{CStr, c_void};

/// An implementation of Python. Those of one family share names, layouts and gaps, up to their version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// CPython, with the GIL or without.
    CPython,
    /// PyPy, with its `cpyext` layer.
    PyPy,
    /// GraalPy.
    GraalPy,
    /// RustPython.
    RustPython,
    /// Anything else that exports the C API under CPython's names.
    Unknown,
}

/// The running interpreter.
pub struct Host {
    /// Its family.
    pub family: Family,
    /// The version of the language it implements, as `PY_VERSION_HEX` has it: `0x030C01F0` is 3.12.1 final.
    pub version: u32,
    /// Whether it was built without the GIL.
    pub free_threaded: bool,
    /// Whether it was built for debugging (`Py_DEBUG`).
    pub debug: bool,
    /// Whether every shortcut through a known layout is off (`CARDAN_HOST=generic`, or an unknown host).
    pub generic: bool,
    /// What is known of its structs.
    pub layout: Layout,
}

/// The first version with a feature, for comparison with [`Host::version`].
///
/// # Examples
/// ```
/// assert_eq!(cardan_host::detect::version(3, 12), 0x030C_0000);
/// ```
pub const fn version(major: u32, minor: u32) -> u32 {
    major << 24 | minor << 16
}

impl Host {
    /// Looks at the running process. The calling thread holds the GIL (or is attached, without one).
    ///
    /// # Errors
    /// The message for an `ImportError` when this interpreter cannot run a module at all.
    pub fn detect() -> Result<Self, &'static CStr> {
        let family = hosts::family();
        if family == Family::RustPython {
            return Err(hosts::rustpython::REFUSED);
        }
        let free_threaded = family == Family::CPython && hosts::cpython::is_free_threaded();
        if family == Family::GraalPy {
            hosts::graalpy::keep_loaded();
        }
        let generic = family == Family::Unknown || symbols::variable(c"CARDAN_HOST") == Some(c"generic");
        let mut host = Self {
            family,
            version: 0,
            free_threaded,
            debug: false,
            generic,
            layout: hosts::layout(family, free_threaded),
        };
        for cell in [&f::cells::PySys_GetObject, &f::cells::PyLong_AsLong, &f::cells::PyErr_Clear] {
            if !cell.fill(&host) {
                return Err(c"this interpreter does not export Python's C API: PySys_GetObject, PyLong_AsLong and PyErr_Clear were expected");
            }
        }
        host.version = host.system_number(c"hexversion");
        host.debug = !host.system(c"gettotalrefcount").is_null();
        if host.version < hosts::OLDEST {
            return Err(c"this module runs on Python 3.9 and later");
        }
        Ok(host)
    }

    /// Just enough of the host to raise an exception, for when it could not be told apart.
    pub fn for_errors() -> Self {
        let family = hosts::family();
        Self {
            family,
            version: 0,
            free_threaded: false,
            debug: false,
            generic: true,
            layout: hosts::layout(family, false),
        }
    }

    /// True from this version of the language on, its release candidates included.
    pub fn at_least(&self, major: u32, minor: u32) -> bool {
        self.version >= version(major, minor)
    }

    /// Whether this is CPython and its layouts may be relied on.
    pub fn known_cpython(&self) -> bool {
        self.family == Family::CPython && !self.generic
    }

    /// The address of a function or of data by its plain name, in this host's own spelling; null when it is lacking. What the
    /// host exports without implementing it is found too.
    pub fn resolve(&self, name: &CStr) -> *mut c_void {
        if self.family == Family::PyPy {
            let address = symbols::address(hosts::pypy::spelling(name).as_c_str());
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

    /// A borrowed reference to an attribute of `sys`, or null without an exception.
    fn system(&self, name: &CStr) -> crate::types::Object {
        // SAFETY: the cell was filled, the name is a C string, the caller of `detect` holds the GIL.
        unsafe { f::PySys_GetObject(name.as_ptr()) }
    }

    fn system_number(&self, name: &CStr) -> u32 {
        let number = self.system(name);
        if number.is_null() {
            return 0;
        }
        // SAFETY: `number` is an object; an error is cleared, and gives a version that is refused.
        let value = unsafe { f::PyLong_AsLong(number) };
        if value < 0 {
            // SAFETY: the cell was filled.
            unsafe { f::PyErr_Clear() };
        }
        u32::try_from(value).unwrap_or(0)
    }

    /// What a message calls this host: `CPython 3.13 (free-threaded)`.
    pub fn describe<'text>(&self, text: &'text mut Text) -> &'text mut Text {
        text.push(match self.family {
            Family::CPython => c"CPython",
            Family::PyPy => c"PyPy",
            Family::GraalPy => c"GraalPy",
            Family::RustPython => c"RustPython",
            Family::Unknown => c"this interpreter, Python",
        });
        text.push(c" ").push_number((self.version >> 24) as usize);
        text.push(c".").push_number((self.version >> 16 & 0xFF) as usize);
        if self.free_threaded {
            text.push(c" (free-threaded)");
        }
        if self.generic {
            text.push(c" (generic)");
        }
        text
    }
}

/// The host of this module.
static CURRENT: Once<Host> = Once::new();

/// The running interpreter. The first call looks at it; the calling thread is attached.
///
/// # Errors
/// The message for an `ImportError` when this interpreter cannot run a module.
pub fn current() -> Result<&'static Host, &'static CStr> {
    crate::process::count_copies();
    CURRENT.fill(|place| {
        let host = Host::detect()?;
        // SAFETY: the place is the room for the host.
        unsafe { place.write(host) };
        Ok(())
    })?;
    Ok(known())
}

/// The host of a module that was entered.
pub fn known() -> &'static Host {
    // SAFETY: code that calls this runs only after `current` succeeded, which wrote the host for good.
    unsafe { &*CURRENT.place() }
}
