//! Which host has what a module needs.

use std::sync::LazyLock;

use cardan_import_library::Import;
use cardan_spec::{Availability, Presence};
use serde::Serialize;

static AVAILABILITY: LazyLock<Availability> = LazyLock::new(|| {
    Availability::parse(include_str!("../../../../spec/hosts/available.tsv")).expect("a test reads the same text")
});

/// What a module can be given on each host that was asked, by the host or by a stand-in.
static SERVED: LazyLock<Availability> = LazyLock::new(|| {
    Availability::parse(include_str!("../../../../spec/hosts/served.tsv")).expect("a test reads the same text")
});

/// What a host has of a module's needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostNeeds {
    /// The host's name, such as `cpython-3.13`.
    pub host: String,
    /// Whether the host can run universal modules at all.
    pub supported: bool,
    /// How many names the host has itself.
    pub own: usize,
    /// The names that the module brings a stand-in for.
    pub made_up_for: Vec<String>,
    /// The names that are not there at all: the import is refused.
    pub missing: Vec<String>,
}

/// The function by which every module begins: a host without it takes no module definitions.
const BEGINNING: &str = "PyModuleDef_Init";

/// What each surveyed host has of these needs.
pub fn needs(imports: &[Import]) -> Vec<HostNeeds> {
    AVAILABILITY.hosts.iter().map(|host| of_host(host, imports)).collect()
}

fn of_host(host: &str, imports: &[Import]) -> HostNeeds {
    let supported = AVAILABILITY.presence(BEGINNING, host) == Some(Presence::Present);
    let mut needs = HostNeeds { host: host.into(), supported, own: 0, made_up_for: Vec::new(), missing: Vec::new() };
    for import in imports {
        match AVAILABILITY.presence(&import.name, host) {
            Some(Presence::Present) => needs.own += 1,
            _ if import.has_polyfill && can_be_given(&import.name, host) => needs.made_up_for.push(import.name.clone()),
            _ => needs.missing.push(import.name.clone()),
        }
    }
    needs
}

/// Whether the stand-in for a name works on a host: it may need what the host lacks, or a layout that is not known there. A
/// host that was not asked is given the benefit of the doubt.
fn can_be_given(name: &str, host: &str) -> bool {
    SERVED.presence(name, host) != Some(Presence::Absent)
}

#[cfg(test)]
mod tests {
    use cardan_import_library::Kind;

    use super::*;

    #[test]
    fn each_name_is_own_made_up_for_or_missing() {
        let import =
            |name: &str, has_polyfill| Import { name: name.into(), kind: Kind::Function, has_polyfill, stub_on: 0 };
        let imports =
            [import("PyList_New", false), import("PyErr_GetRaisedException", true), import("PyABIInfo_Check", false)];
        let needs = needs(&imports);
        let of = |host: &str| needs.iter().find(|needs| needs.host == host).unwrap();
        let old = of("cpython-3.9");
        assert_eq!((old.own, old.supported), (1, true));
        assert_eq!(old.made_up_for, ["PyErr_GetRaisedException"]);
        assert_eq!(old.missing, ["PyABIInfo_Check"]);
        assert_eq!(of("cpython-3.15").own, 3);
        assert!(!of("rustpython-0.6").supported);
    }

    #[test]
    fn a_stand_in_that_does_not_work_on_a_host_is_missing_there() {
        let imports = [Import { name: "Py_SET_TYPE".into(), kind: Kind::Function, has_polyfill: true, stub_on: 0 }];
        let needs = needs(&imports);
        let of = |host: &str| needs.iter().find(|needs| needs.host == host).unwrap();
        assert_eq!(of("cpython-3.13").made_up_for, ["Py_SET_TYPE"]);
        assert_eq!(of("pypy-8.0").missing, ["Py_SET_TYPE"]);
    }
}
