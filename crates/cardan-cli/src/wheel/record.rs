//! `RECORD`: the list of a wheel's files with their hashes and sizes.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::{File, Wheel};
use crate::error::{Context, Result};

fn hash(data: &[u8]) -> String {
    format!("sha256={}", URL_SAFE_NO_PAD.encode(Sha256::digest(data)))
}

/// Files that are not recorded with a hash: the record, whose path this is, and its signatures.
fn is_without_hash(path: &str, record: &str) -> bool {
    path.strip_prefix(record).is_some_and(|rest| ["", ".jws", ".p7s"].contains(&rest))
}

/// What is wrong with the hash that a record has for a file, if anything is.
fn hash_problem(recorded: &str, data: &[u8]) -> Option<String> {
    let (algorithm, digest) = recorded.split_once('=').unwrap_or((recorded, ""));
    let own = match algorithm {
        "" => return Some("has no hash in RECORD".into()),
        "sha256" => URL_SAFE_NO_PAD.encode(Sha256::digest(data)),
        "sha384" => URL_SAFE_NO_PAD.encode(Sha384::digest(data)),
        "sha512" => URL_SAFE_NO_PAD.encode(Sha512::digest(data)),
        _ => return Some(format!("has a hash of the kind {algorithm:?} in RECORD: expected sha256, sha384 or sha512")),
    };
    (digest != own).then(|| "has another hash than RECORD says".into())
}

/// The text of the record for these files. `path` is the record's own.
///
/// # Errors
/// None in practice: writing to memory.
pub fn write(files: &[File], path: &str) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let what = || "cannot write RECORD".to_string();
    for file in files.iter().filter(|file| !is_without_hash(&file.path, path)) {
        writer.write_record([&file.path, &hash(&file.data), &file.data.len().to_string()]).context(what)?;
    }
    writer.write_record([path, "", ""]).context(what)?;
    writer.into_inner().context(what)
}

/// What is wrong with a wheel's record, one sentence each; empty when it is right.
pub fn problems(wheel: &Wheel) -> Vec<String> {
    let path = format!("{}RECORD", wheel.dist_info().unwrap_or_default());
    let Some(record) = wheel.file(&path) else { return vec![format!("{path} is missing")] };
    let mut problems = Vec::new();
    let mut recorded = HashSet::new();
    let files: HashMap<&str, &File> = wheel.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let rows =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(record.data.as_slice()).into_records();
    for row in rows {
        let Ok(row) = row else { return vec![format!("{path} is not a list of files")] };
        let (Some(name), expected, size) = (row.get(0), row.get(1).unwrap_or(""), row.get(2).unwrap_or("")) else {
            continue;
        };
        if !recorded.insert(name.to_string()) {
            problems.push(format!("{} is in RECORD more than once", shown(name)));
            continue;
        }
        match files.get(name) {
            None => problems.push(format!("{} is in RECORD and not in the wheel", shown(name))),
            Some(_) if is_without_hash(name, &path) => {}
            Some(file) if !size.is_empty() && size != file.data.len().to_string() => {
                problems.push(format!("{} has {} bytes, RECORD says {}", shown(name), file.data.len(), shown(size)));
            }
            Some(file) => {
                problems.extend(hash_problem(expected, &file.data).map(|problem| format!("{} {problem}", shown(name))));
            }
        }
    }
    let missing =
        wheel.files.iter().filter(|file| !recorded.contains(&file.path) && !is_without_hash(&file.path, &path));
    problems.extend(missing.map(|file| format!("{} is in the wheel and not in RECORD", shown(&file.path))));
    problems
}

/// A name as it is printed: one that would disturb the terminal is spelled out.
fn shown(name: &str) -> Cow<'_, str> {
    if name.contains(char::is_control) { Cow::Owned(format!("{name:?}")) } else { Cow::Borrowed(name) }
}

#[cfg(test)]
mod tests {
    use super::super::name::WheelName;
    use super::*;

    fn wheel() -> Wheel {
        let path = "a-1.dist-info/RECORD";
        let mut files = vec![File::new("a,b.py".into(), b"x".to_vec())];
        let record = write(&files, path).unwrap();
        files.push(File::new(path.into(), record));
        Wheel { name: WheelName::parse("a-1-py3-none-any.whl").unwrap(), files }
    }

    #[test]
    fn the_record_is_what_installers_read() {
        let wheel = wheel();
        assert_eq!(
            String::from_utf8_lossy(&wheel.files[1].data),
            "\"a,b.py\",sha256=LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE,1\na-1.dist-info/RECORD,,\n"
        );
        assert!(problems(&wheel).is_empty());
    }

    #[test]
    fn each_difference_is_named() {
        let mut changed = wheel();
        changed.files[0].data = b"y".to_vec();
        assert_eq!(problems(&changed), ["a,b.py has another hash than RECORD says"]);
        changed.files[0].data = b"xy".to_vec();
        assert_eq!(problems(&changed), ["a,b.py has 2 bytes, RECORD says 1"]);
        for (recorded, problem) in [
            (
                "md5=1B2M2Y8AsgTpgAmY7PhCfg",
                "has a hash of the kind \"md5\" in RECORD: expected sha256, sha384 or sha512",
            ),
            ("sha256", "has another hash than RECORD says"),
            ("whatever", "has a hash of the kind \"whatever\" in RECORD: expected sha256, sha384 or sha512"),
            ("", "has no hash in RECORD"),
            ("sha512=x", "has another hash than RECORD says"),
        ] {
            assert_eq!(hash_problem(recorded, b"").as_deref(), Some(problem));
        }
        let empty = "sha384=OLBgp1GsljhM2TJ-sbHjaiH9txEUvgdDTAzHv2P24donTt6_529l-9Ua0vFImLlb";
        assert_eq!(hash_problem(empty, b""), None);
        changed.files.remove(0);
        changed.files.push(File::new("c.py".into(), Vec::new()));
        assert_eq!(
            problems(&changed),
            ["a,b.py is in RECORD and not in the wheel", "c.py is in the wheel and not in RECORD"]
        );
    }
}
