//! The releases whose functions were looked at, as a set that fits into a few bits of every name.

/// A set of releases of hosts other than CPython.
///
/// A host belongs to the newest release that it is not older than: what does not work there counts as missing in later
/// releases too, until one was looked at. A stand-in costs time; a function that ends the process costs the process.
///
/// # Examples
/// ```
/// use cardan_host::hosts::releases::Releases;
/// assert!(Releases::PYPY.contains(Releases::PYPY_8_0));
/// assert!(!Releases::PYPY.contains(Releases::GRAALPY_25_2));
/// assert!(!Releases::PYPY.contains(Releases::NONE));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Releases(u8);

impl Releases {
    /// No release: CPython, whose functions do what its documentation says.
    pub const NONE: Self = Self(0);
    /// PyPy 7.3.11, for Python 3.9.
    pub const PYPY_7_3_11: Self = Self(1);
    /// PyPy 7.3.19, for Python 3.11.
    pub const PYPY_7_3_19: Self = Self(1 << 1);
    /// PyPy 8.0.
    pub const PYPY_8_0: Self = Self(1 << 2);
    /// GraalPy 25.2.
    pub const GRAALPY_25_2: Self = Self(1 << 3);
    /// Every PyPy.
    pub const PYPY: Self = Self::PYPY_7_3_11.and(Self::PYPY_7_3_19).and(Self::PYPY_8_0);

    /// Each release and the name that `spec/hosts/available.tsv` has for it.
    pub const ALL: [(&'static str, Self); 4] = [
        ("pypy-7.3.11", Self::PYPY_7_3_11),
        ("pypy-7.3.19", Self::PYPY_7_3_19),
        ("pypy-8.0", Self::PYPY_8_0),
        ("graalpy-25.2", Self::GRAALPY_25_2),
    ];

    /// The releases of both sets.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The set as bits. They fit into four: the table of a runtime's imports has no more room for them.
    pub const fn bits(self) -> u32 {
        self.0 as u32
    }

    /// The set with these bits.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits as u8)
    }

    /// Whether the release is one of the set.
    pub const fn contains(self, release: Self) -> bool {
        self.0 & release.0 != 0
    }
}

/// The names of a host's own that do not do what CPython documents, each with the releases where that was seen.
pub type Untrusted = [(&'static str, Releases)];

/// The releases where a host's own function of this name is not to be called: its stand-in is taken.
///
/// # Examples
/// ```
/// use cardan_host::hosts::releases::{Releases, untrusted};
/// assert!(untrusted("PyNumber_InPlacePower").contains(Releases::PYPY_8_0));
/// assert_eq!(untrusted("PyList_New"), Releases::NONE);
/// ```
pub const fn untrusted(name: &str) -> Releases {
    find(super::pypy::UNTRUSTED, name).and(find(super::graalpy::UNTRUSTED, name))
}

const fn find(list: &Untrusted, name: &str) -> Releases {
    let mut index = 0;
    while index < list.len() {
        if same(list[index].0.as_bytes(), name.as_bytes()) {
            return list[index].1;
        }
        index += 1;
    }
    Releases::NONE
}

const fn same(left: &[u8], right: &[u8]) -> bool {
    let mut index = 0;
    while index < left.len() && index < right.len() && left[index] == right[index] {
        index += 1;
    }
    left.len() == right.len() && index == left.len()
}
