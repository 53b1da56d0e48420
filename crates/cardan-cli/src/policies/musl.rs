//! Whether a file that was linked against glibc also loads on musl.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use cardan_import_library::SharedObject;

#[derive(Deserialize)]
struct Musl {
    libraries: Vec<String>,
    /// By header.
    symbols: BTreeMap<String, Vec<String>>,
}

static MUSL: LazyLock<Musl> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../spec/platforms/musl.toml")).expect("a test reads the same text")
});
static SYMBOLS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| MUSL.symbols.values().flatten().map(String::as_str).collect());

/// The tag of musl 1.1 and later for a processor.
pub fn tag(processor: &str) -> String {
    format!("musllinux_1_1_{processor}")
}

/// What keeps an object from loading on musl: libraries, symbols and loader features. Empty when it loads there.
pub fn obstacles(object: &SharedObject) -> Vec<String> {
    let libraries = object.needed.iter().filter(|library| !MUSL.libraries.contains(library));
    let symbols = object.undefined.iter().filter(|symbol| !symbol.weak && !SYMBOLS.contains(symbol.name.as_str()));
    let relocations = object.packed_relocations.then(|| "packed relocations (DT_RELR)".to_string());
    libraries.cloned().chain(symbols.map(|symbol| symbol.name.clone())).chain(relocations).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cardan_import_library::Undefined;

    fn object(needed: &[&str], undefined: &[(&str, bool)]) -> SharedObject {
        SharedObject {
            needed: needed.iter().map(ToString::to_string).collect(),
            undefined: undefined.iter().map(|(name, weak)| Undefined { name: name.to_string(), weak: *weak }).collect(),
            ..SharedObject::default()
        }
    }

    #[test]
    fn plain_c_loads() {
        assert!(obstacles(&object(&["libc.so.6"], &[("memcpy", false), ("__gmon_start__", true)])).is_empty());
    }

    #[test]
    fn what_musl_lacks_is_named() {
        let found = obstacles(&object(&["libstdc++.so.6", "libc.so.6"], &[("__memcpy_chk", false)]));
        assert_eq!(found, ["libstdc++.so.6", "__memcpy_chk"]);
    }
}
