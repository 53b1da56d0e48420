//! Where what may be written: rules that no compiler checks. Each has the files that break it still; that list only shrinks.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::repository;

/// A rule: words that stand in some folders only.
struct Rule {
    name: &'static str,
    /// What is looked for, in code and not in comments.
    words: &'static [&'static str],
    /// The crates that it is for.
    crates: &'static [&'static str],
    /// A part of the paths where the words belong.
    home: &'static str,
    /// The files that break the rule still.
    exceptions: &'static [&'static str],
}

/// The crates that end up in modules.
const IN_MODULES: &[&str] = &["cardan-host", "cardan-capi", "cardan-runtime", "cardan-debug", "cardan-abi"];

const RULES: [Rule; 2] = [
    Rule {
        name: "only hosts/ asks for the name, the version or the mode of a host",
        words: &["Family::", "Record::", "at_least(", ".generic", "version(3"],
        crates: IN_MODULES,
        home: "cardan-host/src/hosts/",
        exceptions: &[],
    },
    Rule {
        name: "only platform/ asks for the operating system",
        words: &["target_os", "target_vendor", "cfg(unix", "cfg(windows"],
        crates: &[
            "cardan-host",
            "cardan-capi",
            "cardan-runtime",
            "cardan-debug",
            "cardan-abi",
            "cardan-cli",
            "cardan-import-library",
            "cardan-spec",
        ],
        home: "/platform/",
        exceptions: &[
            "cardan-debug/src/data.rs",
            "cardan-debug/src/faults.rs",
            "cardan-debug/src/lock.rs",
            "cardan-host/src/arguments.rs",
            "cardan-host/src/clock.rs",
            "cardan-host/src/polyfills/parsing.rs",
            "cardan-host/src/polyfills/variadic.rs",
            "cardan-host/src/process.rs",
            "cardan-host/src/symbols.rs",
            "cardan-runtime/src/functions.rs",
            "cardan-runtime/src/stand_ins.rs",
        ],
    },
];

/// Checks every rule.
///
/// # Errors
/// What breaks a rule, with the line, and exceptions that are not needed any more.
pub fn check() -> Result<()> {
    let crates = repository::path("crates");
    let mut found = Vec::new();
    for rule in &RULES {
        let mut broken = Vec::new();
        for name in rule.crates {
            for entry in walkdir::WalkDir::new(crates.join(name).join("src")).sort_by_file_name() {
                let entry = entry?;
                if entry.path().extension().is_some_and(|extension| extension == "rs") {
                    broken.extend(breaks(rule, &crates, entry.path())?);
                }
            }
        }
        let excepted = |file: &str| rule.exceptions.contains(&file);
        let lines = broken.iter().filter(|(file, _)| !excepted(file));
        found.extend(lines.map(|(file, line)| format!("crates/{file}: {line}: {}", rule.name)));
        for exception in rule.exceptions {
            if !broken.iter().any(|(file, _)| file == exception) {
                found.push(format!(
                    "crates/{exception} keeps the rule now; take it out of the exceptions: {}",
                    rule.name
                ));
            }
        }
        println!("{}: {} exceptions", rule.name, rule.exceptions.len());
    }
    if !found.is_empty() {
        bail!("{}", found.join("\n"));
    }
    Ok(())
}

/// The lines of a file that break a rule, each with the file's path below `crates/`.
fn breaks(rule: &Rule, crates: &Path, path: &Path) -> Result<Vec<(String, String)>> {
    let file = path.strip_prefix(crates).unwrap_or(path).display().to_string();
    if file.contains(rule.home) {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let breaks = |line: &&str| {
        let code = line.split("//").next().unwrap_or_default();
        rule.words.iter().any(|word| code.contains(word))
    };
    Ok(text.lines().filter(breaks).map(|line| (file.clone(), line.trim().to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_finds_words_in_code_and_not_in_comments() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.rs");
        fs::write(&path, "// Record::X\nlet a = 1;\nmatch Record::X {} // why\n").unwrap();
        let found = breaks(&RULES[0], folder.path(), &path).unwrap();
        assert_eq!(found, [("some.rs".to_owned(), "match Record::X {} // why".to_owned())]);
    }
}
