//! One Python: what it says of itself, its name, and what it can and cannot do.

use std::fmt;
use std::hash::Hash;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::text;

/// The oldest Python that universal wheels are made for: its major and minor version.
pub const OLDEST: (u32, u32) = (3, 9);

/// A version in the shape of `sys.version_info`: major, minor, micro, release level, serial.
///
/// The names of the levels sort in the order of their age, so that the derived order is the right one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub struct Version(pub u32, pub u32, pub u32, pub String, pub u32);

impl Version {
    /// The major and minor version.
    pub fn minor(&self) -> (u32, u32) {
        (self.0, self.1)
    }

    /// The first three numbers with dots between, which is what `Requires-Python` is compared with.
    pub fn release(&self) -> String {
        format!("{}.{}.{}", self.0, self.1, self.2)
    }

    /// Whether `prefix` (such as `3`, `3.13` or `3.13.0`) is this version's beginning, number by number.
    pub fn starts_with(&self, prefix: &str) -> bool {
        let own = self.to_string();
        own == prefix || own.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.release())?;
        match self.3.as_str() {
            "final" => Ok(()),
            "candidate" => write!(formatter, "rc{}", self.4),
            level => write!(formatter, "{}{}", level.get(..1).unwrap_or_default(), self.4),
        }
    }
}

/// What an interpreter says of itself: the answer of `probe.py`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Facts {
    /// `sys.implementation.name`.
    pub implementation: String,
    /// The version of the language.
    pub version: Version,
    /// The version of the implementation; the same as `version` for the reference implementation.
    pub implementation_version: Version,
    /// Whether it was built without a global interpreter lock.
    pub free_threaded: bool,
    /// Whether it is a debug build.
    pub debug: bool,
    /// The file name endings of the extension modules that its importer looks for, in order.
    pub extension_suffixes: Vec<String>,
    /// `sysconfig.get_platform()`, such as `linux-x86_64`.
    pub platform: String,
    /// The C library and its version, where it says so.
    pub libc: Option<(String, String)>,
    /// `sys.executable`; empty where it does not know.
    #[serde(with = "text::path")]
    pub executable: PathBuf,
    /// The executable that a virtual environment was made from, or `executable`.
    #[serde(with = "text::path")]
    pub base_executable: PathBuf,
    /// `sys.prefix`.
    #[serde(with = "text::path")]
    pub prefix: PathBuf,
    /// `sys.base_prefix`.
    #[serde(with = "text::path")]
    pub base_prefix: PathBuf,
    /// Whether the module `venv` is there.
    pub venv: bool,
    /// Whether pip is installed in it.
    pub pip: bool,
    /// Whether it runs in a Java virtual machine.
    pub java: bool,
}

/// How an extension module named `X` is found by an importer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModuleRoute {
    /// The importer finds `X.so` itself.
    Suffix,
    /// The importer finds `X.py`, which loads `X.so` by its path.
    Loader,
    /// The importer takes no extension modules.
    None,
}

/// Where wheels are installed for a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstallRoute {
    /// A virtual environment.
    Venv,
    /// A folder on `PYTHONPATH`.
    Folder,
}

impl Facts {
    /// How it finds a module whose file has the bare suffix of the platform's shared libraries.
    pub fn module_route(&self) -> ModuleRoute {
        let bare = if self.platform.starts_with("win") { ".pyd" } else { ".so" };
        match self.extension_suffixes.iter().any(|suffix| suffix == bare) {
            true => ModuleRoute::Suffix,
            false if self.extension_suffixes.is_empty() => ModuleRoute::None,
            false => ModuleRoute::Loader,
        }
    }

    /// Where wheels are installed for a test: in a folder where `venv` is missing, or slow because of a virtual machine.
    pub fn install_route(&self) -> InstallRoute {
        if self.venv && !self.java { InstallRoute::Venv } else { InstallRoute::Folder }
    }

    /// Why no universal wheel can run here, if none can.
    pub fn refusal(&self) -> Option<String> {
        if self.version.minor() < OLDEST {
            return Some(format!("older than Python {}.{}, the oldest that is supported", OLDEST.0, OLDEST.1));
        }
        (self.module_route() == ModuleRoute::None)
            .then(|| "imports no extension modules: importlib.machinery.EXTENSION_SUFFIXES is empty".to_owned())
    }

    /// Whether the language and the implementation have one version between them.
    pub fn is_reference(&self) -> bool {
        self.implementation_version == self.version
    }

    /// `t` for free-threaded, `d` for debug.
    pub fn flags(&self) -> &'static str {
        match (self.free_threaded, self.debug) {
            (false, false) => "",
            (true, false) => "t",
            (false, true) => "d",
            (true, true) => "td",
        }
    }

    /// The name without anything that is not needed: `cpython-3.13t`, `pypy-3.11-7.3.19`.
    pub fn short_name(&self) -> String {
        let Version(major, minor, ..) = self.version;
        let name = format!("{}-{major}.{minor}{}", self.implementation, self.flags());
        if self.is_reference() { name } else { format!("{name}-{}", self.implementation_version) }
    }

    /// The name with the whole version: `cpython-3.13.0t`.
    pub fn full_name(&self) -> String {
        let name = format!("{}-{}{}", self.implementation, self.version, self.flags());
        if self.is_reference() { name } else { format!("{name}-{}", self.implementation_version) }
    }

    /// Interpreters that are the same for a test unless asked for one by one: the newest of them stands for all.
    fn family(&self) -> impl Ord + Hash + use<> {
        let implementation = (!self.is_reference()).then(|| self.implementation_version.minor());
        (self.implementation.clone(), self.version.minor(), self.flags(), implementation)
    }
}

/// An interpreter with its name.
#[derive(Clone, Debug)]
pub struct Python {
    /// A name that is unique on this machine, usable in `--on`.
    pub name: String,
    /// The executable.
    pub executable: PathBuf,
    /// What it says of itself.
    pub facts: Facts,
    /// Whether it is the newest of its family: one that is tested unless others are asked for.
    pub newest: bool,
    /// Why no universal wheel can run here, if none can.
    pub refusal: Option<String>,
}

impl Python {
    /// A Python on its own: its name is the short one.
    pub fn new(executable: &Path, facts: Facts) -> Self {
        let (name, refusal) = (facts.short_name(), facts.refusal());
        Self { name, executable: executable.to_owned(), facts, newest: true, refusal }
    }
}

/// Sorts Pythons (the reference implementation first, then by name and age), and gives each a name of its own.
///
/// The newest of a family keeps the short name, the others get the whole version, and a number where even that is taken.
pub fn sort_and_name(pythons: &mut [Python]) {
    // The sort is stable: of two with the same version, the one that was found first comes first and is tested.
    pythons.sort_by(|one, other| {
        let family = |python: &Python| (!python.facts.is_reference(), python.facts.family());
        family(one).cmp(&family(other)).then_with(|| other.facts.version.cmp(&one.facts.version))
    });
    let mut families = std::collections::HashMap::new();
    for (index, python) in pythons.iter().enumerate() {
        let best = families.entry(python.facts.family()).or_insert(index);
        let newer = |python: &Python| (python.facts.version.clone(), python.facts.implementation_version.clone());
        if newer(python) > newer(&pythons[*best]) {
            *best = index;
        }
    }
    let mut taken = std::collections::HashMap::new();
    for (index, python) in pythons.iter_mut().enumerate() {
        python.newest = families.get(&python.facts.family()) == Some(&index);
        let name = if python.newest { python.facts.short_name() } else { python.facts.full_name() };
        let count = taken.entry(name.clone()).or_insert(0);
        *count += 1;
        python.name = if *count == 1 { name } else { format!("{name}#{count}") };
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A Python of this implementation and version (and implementation version), for tests.
    pub fn python(implementation: &str, version: [u32; 3], own: Option<[u32; 3]>, free_threaded: bool) -> Python {
        let full = |[major, minor, micro]: [u32; 3]| Version(major, minor, micro, "final".into(), 0);
        let facts = Facts {
            implementation: implementation.into(),
            version: full(version),
            implementation_version: full(own.unwrap_or(version)),
            free_threaded,
            debug: false,
            extension_suffixes: vec![".so".into()],
            platform: "linux-x86_64".into(),
            libc: Some(("glibc".into(), "2.36".into())),
            executable: "python".into(),
            base_executable: "python".into(),
            prefix: "/p".into(),
            base_prefix: "/p".into(),
            venv: true,
            pip: true,
            java: false,
        };
        Python::new(&PathBuf::from(format!("/{implementation}/{version:?}")), facts)
    }

    #[test]
    fn versions_are_written_and_ordered_as_python_does() {
        let version = |level: &str, serial| Version(3, 15, 0, level.into(), serial);
        assert_eq!(version("candidate", 2).to_string(), "3.15.0rc2");
        assert_eq!(version("beta", 1).to_string(), "3.15.0b1");
        assert_eq!(version("final", 0).to_string(), "3.15.0");
        assert!(version("alpha", 7) < version("beta", 1));
        assert!(version("candidate", 2) < version("final", 0));
        assert!(version("final", 0).starts_with("3.15") && version("final", 0).starts_with("3"));
        assert!(!version("final", 0).starts_with("3.1"));
    }

    #[test]
    fn the_newest_keeps_the_short_name_and_the_others_say_their_whole_version() {
        let mut pythons = [
            python("pypy", [3, 11, 17], Some([8, 0, 1]), false),
            python("pypy", [3, 11, 11], Some([7, 3, 19]), false),
            python("cpython", [3, 13, 0], None, false),
            python("cpython", [3, 13, 15], None, false),
            python("cpython", [3, 13, 15], None, true),
            python("cpython", [3, 13, 0], None, false),
            python("cpython", [3, 9, 18], None, false),
        ];
        sort_and_name(&mut pythons);
        let names: Vec<_> = pythons.iter().map(|python| (python.name.as_str(), python.newest)).collect();
        assert_eq!(
            names,
            [
                ("cpython-3.9", true),
                ("cpython-3.13", true),
                ("cpython-3.13.0", false),
                ("cpython-3.13.0#2", false),
                ("cpython-3.13t", true),
                ("pypy-3.11-7.3.19", true),
                ("pypy-3.11-8.0.1", true),
            ]
        );
    }

    #[test]
    fn what_a_python_can_do_follows_from_what_it_says() {
        let mut facts = python("cpython", [3, 12, 1], None, false).facts;
        assert_eq!((facts.module_route(), facts.install_route()), (ModuleRoute::Suffix, InstallRoute::Venv));
        facts.extension_suffixes = vec![".pypy311-pp73-x86_64-linux-gnu.so".into()];
        facts.java = true;
        assert_eq!((facts.module_route(), facts.install_route()), (ModuleRoute::Loader, InstallRoute::Folder));
        assert_eq!(facts.refusal(), None);
        facts.extension_suffixes.clear();
        assert_eq!(
            facts.refusal().as_deref(),
            Some("imports no extension modules: importlib.machinery.EXTENSION_SUFFIXES is empty")
        );
        let old = python("cpython", [3, 8, 18], None, false).facts;
        assert_eq!(old.refusal().as_deref(), Some("older than Python 3.9, the oldest that is supported"));
    }
}
