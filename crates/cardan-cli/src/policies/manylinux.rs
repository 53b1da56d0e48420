//! Which manylinux policies a set of shared objects keeps.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use cardan_import_library::SharedObject;

/// A numbered symbol version or release: `2.17` is `[2, 17]`.
type Number = Vec<u32>;

#[derive(Deserialize)]
struct Policies {
    /// Symbol versions without a number, and the glibc release that has them first.
    named: BTreeMap<String, Number>,
    policy: Vec<Policy>,
}

/// One policy: what a wheel may expect of every system with that glibc or a later one.
#[derive(Deserialize)]
pub struct Policy {
    glibc: Number,
    #[serde(default)]
    legacy_name: Option<String>,
    processors: Vec<String>,
    /// Family (`GLIBCXX`) and its newest version.
    newest: BTreeMap<String, String>,
    /// Libraries that this policy has and the ones before have not.
    #[serde(default)]
    libraries: Vec<String>,
}

static POLICIES: LazyLock<Policies> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../spec/platforms/manylinux.toml")).expect("a test reads the same text")
});

impl Policy {
    /// The tags of this policy for a processor, the numbered one first.
    pub fn tags(&self, processor: &str) -> Vec<String> {
        let release: Vec<String> = self.glibc.iter().map(u32::to_string).collect();
        let mut tags = vec![format!("manylinux_{}_{processor}", release.join("_"))];
        tags.extend(self.legacy_name.iter().map(|name| format!("{name}_{processor}")));
        tags
    }

    fn has_version(&self, version: &str) -> bool {
        if let Some(since) = POLICIES.named.get(version) {
            return *since <= self.glibc;
        }
        // A version of a library outside the families (libX11 has none) says nothing about the system's age.
        let Some((family, wanted)) = version.split_once('_') else { return true };
        let Some(wanted) = number(wanted) else { return false };
        match family {
            "GLIBC" => wanted <= self.glibc,
            _ => self.newest.get(family).is_some_and(|newest| number(newest).is_some_and(|newest| wanted <= newest)),
        }
    }
}

fn number(text: &str) -> Option<Number> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

/// Why no policy holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// A library that no policy promises.
    Library(String),
    /// A symbol version that is newer than the newest policy.
    Version(String),
    /// A processor for which there is no policy.
    Processor(String),
}

/// The oldest policy that all objects keep. `own` are the libraries that the wheel itself carries.
///
/// # Errors
/// Everything that no policy allows.
pub fn oldest_policy(objects: &[&SharedObject], own: &[String]) -> Result<&'static Policy, Vec<Violation>> {
    let mut libraries: Vec<&str> = Vec::new();
    let mut violations = Vec::new();
    for policy in &POLICIES.policy {
        libraries.extend(policy.libraries.iter().map(String::as_str));
        violations.clear();
        for object in objects {
            if !policy.processors.contains(&object.processor) {
                violations.push(Violation::Processor(object.processor.clone()));
            }
            for library in &object.needed {
                if !own.contains(library) && !libraries.contains(&library.as_str()) && !is_loader(library) {
                    violations.push(Violation::Library(library.clone()));
                }
            }
            for version in &object.versions {
                if !own.contains(&version.library) && !policy.has_version(&version.name) {
                    violations.push(Violation::Version(format!("{} of {}", version.name, version.library)));
                }
            }
        }
        if violations.is_empty() {
            return Ok(policy);
        }
    }
    violations.dedup();
    Err(violations)
}

/// The glibc release that a manylinux tag promises, such as `[2, 17]` for `manylinux2014_x86_64`; none for another tag.
pub fn glibc_of_tag(tag: &str, processor: &str) -> Option<Vec<u32>> {
    let name = tag.strip_suffix(processor)?.strip_suffix('_')?;
    if let Some(release) = name.strip_prefix("manylinux_") {
        return release.split('_').map(|part| part.parse().ok()).collect();
    }
    let policy = POLICIES.policy.iter().find(|policy| policy.legacy_name.as_deref() == Some(name))?;
    Some(policy.glibc.clone())
}

/// The dynamic linker itself, which some objects name for `__tls_get_addr`.
fn is_loader(library: &str) -> bool {
    library.starts_with("ld-linux") || library.starts_with("ld64.so") || library.starts_with("ld.so")
}

/// The newest glibc version that the objects ask for, such as `2.14`; none when they ask for no version at all.
pub fn glibc_floor(objects: &[&SharedObject]) -> Option<String> {
    let versions = objects.iter().flat_map(|object| &object.versions);
    let newest = versions.filter_map(|version| number(version.name.strip_prefix("GLIBC_")?)).max()?;
    Some(newest.iter().map(u32::to_string).collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cardan_import_library::Version;

    fn object(needed: &[&str], versions: &[(&str, &str)]) -> SharedObject {
        SharedObject {
            processor: "x86_64".into(),
            needed: needed.iter().map(ToString::to_string).collect(),
            versions: versions
                .iter()
                .map(|(library, name)| Version { library: library.to_string(), name: name.to_string() })
                .collect(),
            ..SharedObject::default()
        }
    }

    fn tags(object: &SharedObject) -> Vec<String> {
        oldest_policy(&[object], &[]).map(|policy| policy.tags("x86_64")).unwrap_or_default()
    }

    #[test]
    fn the_oldest_policy_that_holds_is_chosen() {
        assert_eq!(tags(&object(&[], &[])), ["manylinux_2_5_x86_64", "manylinux1_x86_64"]);
        let memcpy = object(&["libc.so.6"], &[("libc.so.6", "GLIBC_2.14")]);
        assert_eq!(tags(&memcpy), ["manylinux_2_17_x86_64", "manylinux2014_x86_64"]);
        let recent = object(&["libc.so.6"], &[("libc.so.6", "GLIBC_2.34")]);
        assert_eq!(tags(&recent), ["manylinux_2_34_x86_64"]);
        let cxx = object(&["libstdc++.so.6"], &[("libstdc++.so.6", "GLIBCXX_3.4.20")]);
        assert_eq!(tags(&cxx), ["manylinux_2_24_x86_64"]);
        let relr = object(&["libc.so.6"], &[("libc.so.6", "GLIBC_ABI_DT_RELR")]);
        assert_eq!(tags(&relr), ["manylinux_2_36_x86_64"]);
    }

    #[test]
    fn a_foreign_library_keeps_no_policy_unless_the_wheel_has_it() {
        let object = object(&["libfoo.so.1"], &[("libfoo.so.1", "FOO_1")]);
        let violations = oldest_policy(&[&object], &[]).err().unwrap();
        assert!(violations.contains(&Violation::Library("libfoo.so.1".into())));
        assert!(oldest_policy(&[&object], &["libfoo.so.1".into()]).is_ok());
    }

    #[test]
    fn tags_promise_a_release() {
        assert_eq!(glibc_of_tag("manylinux2014_x86_64", "x86_64"), Some(vec![2, 17]));
        assert_eq!(glibc_of_tag("manylinux_2_28_aarch64", "aarch64"), Some(vec![2, 28]));
        assert_eq!(glibc_of_tag("manylinux_2_28_aarch64", "x86_64"), None);
        assert_eq!(glibc_of_tag("musllinux_1_1_x86_64", "x86_64"), None);
    }

    #[test]
    fn the_floor_is_the_newest_number() {
        let object =
            object(&[], &[("libc.so.6", "GLIBC_2.4"), ("libc.so.6", "GLIBC_2.14"), ("libm.so.6", "GLIBC_2.2.5")]);
        assert_eq!(glibc_floor(&[&object]).as_deref(), Some("2.14"));
    }
}
