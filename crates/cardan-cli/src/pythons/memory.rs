//! Answers of interpreters that have not changed since they were asked: asking all of them again takes seconds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::probe::{SCRIPT, probe};
use super::python::Facts;
use crate::error::Result;
use crate::folders;
use crate::text::{decode, encode};

/// After this time an interpreter is asked again, whatever its file says: a library behind it may have changed.
const LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// One answer, and what must still hold for it to count.
#[derive(Clone, Serialize, Deserialize)]
struct Answer {
    /// The size of the executable's file, in bytes.
    size: u64,
    /// When that file was changed, since the epoch.
    changed: Duration,
    /// When the interpreter was asked, since the epoch.
    asked: Duration,
    facts: Facts,
}

/// The answers by the path that was asked.
#[derive(Default, Serialize, Deserialize)]
struct File {
    /// The question; answers to another one are of no use.
    script: String,
    /// By the path as text.
    answers: BTreeMap<String, Answer>,
}

/// What is remembered, read from the cache folder once.
pub struct Memory {
    path: Option<PathBuf>,
    old: File,
}

impl Memory {
    /// Reads what is remembered. What cannot be read counts as nothing: it is a convenience.
    pub fn load() -> Self {
        let path = folders::cache().ok().map(|folder| folder.join("pythons.json"));
        let text = path.as_ref().and_then(|path| std::fs::read(path).ok());
        let file: Option<File> = text.and_then(|text| serde_json::from_slice(&text).ok());
        Self { path, old: file.filter(|file| file.script == SCRIPT).unwrap_or_default() }
    }

    /// What the interpreter says of itself: remembered, or asked now.
    pub fn ask(&self, executable: &Path) -> Result<Facts> {
        match self.old.answers.get(&encode(executable.as_os_str())) {
            Some(answer) if answer.holds(executable) => Ok(answer.facts.clone()),
            _ => probe(executable),
        }
    }

    /// Remembers these answers beside those that still hold, whole or not at all.
    pub fn keep<'a>(self, new: impl Iterator<Item = (&'a PathBuf, &'a Facts)>) {
        let mut answers = self.old.answers;
        answers.retain(|path, answer| answer.holds(Path::new(&decode(path))));
        for (path, facts) in new {
            let name = encode(path.as_os_str());
            if !answers.contains_key(&name)
                && let Some(answer) = Answer::new(path, facts)
            {
                answers.insert(name, answer);
            }
        }
        let file = File { script: SCRIPT.to_owned(), answers };
        // If it cannot be kept, the next time takes longer, and that is all.
        let _ = self.path.and_then(|path| write(&path, &file).ok());
    }
}

impl Answer {
    /// The answer for a file as it is now; none for a script that may start one interpreter today and another tomorrow.
    fn new(executable: &Path, facts: &Facts) -> Option<Self> {
        let itself = facts.executable.canonicalize().ok()? == executable.canonicalize().ok()?;
        let (size, changed) = state(executable)?;
        itself.then(|| Self { size, changed, asked: now(), facts: facts.clone() })
    }

    fn holds(&self, executable: &Path) -> bool {
        let age = now().checked_sub(self.asked);
        state(executable) == Some((self.size, self.changed)) && age.is_some_and(|age| age < LIFETIME)
    }
}

fn state(executable: &Path) -> Option<(u64, Duration)> {
    let metadata = std::fs::metadata(executable).ok()?;
    Some((metadata.len(), metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?))
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn write(path: &Path, file: &File) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let temporary = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&temporary, file)?;
    temporary.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::python::tests::python;
    use super::*;

    #[test]
    fn an_answer_holds_as_long_as_the_file_is_the_same_and_the_answer_is_recent() {
        let folder = tempfile::tempdir().expect("a folder");
        let executable = folder.path().join("python");
        std::fs::write(&executable, "one").expect("a file");
        let facts = Facts { executable: executable.clone(), ..python("cpython", [3, 12, 1], None, false).facts };
        let answer = Answer::new(&executable, &facts).expect("an answer");
        assert!(answer.holds(&executable));
        let old = Answer { asked: now() - LIFETIME, ..answer.clone() };
        assert!(!old.holds(&executable));
        std::fs::write(&executable, "another").expect("a file");
        assert!(!answer.holds(&executable));
    }

    #[test]
    fn what_a_script_chose_is_not_remembered() {
        let folder = tempfile::tempdir().expect("a folder");
        let [script, executable] = ["script", "python"].map(|name| folder.path().join(name));
        std::fs::write(&script, "").and_then(|()| std::fs::write(&executable, "")).expect("two files");
        let facts = Facts { executable, ..python("cpython", [3, 12, 1], None, false).facts };
        assert!(Answer::new(&script, &facts).is_none());
    }
}
