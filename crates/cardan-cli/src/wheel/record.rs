//! `RECORD`: the list of a wheel's files with their hashes and sizes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::{File, Wheel};
use crate::error::{Context, Result};

fn hash(data: &[u8]) -> String {
    format!("sha256={}", URL_SAFE_NO_PAD.encode(Sha256::digest(data)))
}

/// Files that are not recorded with a hash: the record itself and its signatures.
fn is_without_hash(path: &str) -> bool {
    ["/RECORD", "/RECORD.jws", "/RECORD.p7s"].iter().any(|name| path.ends_with(name))
}

/// The text of the record for these files. `path` is the record's own.
///
/// # Errors
/// None in practice: writing to memory.
pub fn write(files: &[File], path: &str) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let what = || "cannot write RECORD".to_string();
    for file in files.iter().filter(|file| !is_without_hash(&file.path)) {
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
    let mut recorded = Vec::new();
    let rows =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(record.data.as_slice()).into_records();
    for row in rows {
        let Ok(row) = row else { return vec![format!("{path} is not a list of files")] };
        let (Some(name), expected, size) = (row.get(0), row.get(1).unwrap_or(""), row.get(2).unwrap_or("")) else {
            continue;
        };
        recorded.push(name.to_string());
        match wheel.file(name) {
            None => problems.push(format!("{name} is in RECORD and not in the wheel")),
            Some(_) if is_without_hash(name) => {}
            Some(file) if !size.is_empty() && size != file.data.len().to_string() => {
                problems.push(format!("{name} has {} bytes, RECORD says {size}", file.data.len()));
            }
            Some(file) if expected.starts_with("sha256=") && expected != hash(&file.data) => {
                problems.push(format!("{name} has another hash than RECORD says"));
            }
            Some(_) if expected.is_empty() => problems.push(format!("{name} has no hash in RECORD")),
            Some(_) => {}
        }
    }
    let missing = wheel.files.iter().filter(|file| !recorded.contains(&file.path) && !is_without_hash(&file.path));
    problems.extend(missing.map(|file| format!("{} is in the wheel and not in RECORD", file.path)));
    problems
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
        changed.files.remove(0);
        changed.files.push(File::new("c.py".into(), Vec::new()));
        assert_eq!(
            problems(&changed),
            ["a,b.py is in RECORD and not in the wheel", "c.py is in the wheel and not in RECORD"]
        );
    }
}
