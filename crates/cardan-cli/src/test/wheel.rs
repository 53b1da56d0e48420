//! What a test needs to know of a wheel before it is installed.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use object::{Object, ObjectSegment};
use pep440_rs::{Version, VersionSpecifiers};

use crate::error::{Context, Error, Result};
use crate::pythons::python::Facts;

/// A wheel: its tags, what it requires, and the promise that its modules are whole.
#[derive(Debug)]
pub struct Wheel {
    /// The file, as an absolute path.
    pub path: PathBuf,
    /// The name of the file.
    pub file_name: String,
    /// The platform tags.
    pub platforms: Vec<String>,
    /// `Requires-Python`, as written and parsed.
    pub requires_python: Option<(String, VersionSpecifiers)>,
    /// The `Requires-Dist` entries, those of extras among them.
    pub requires: Vec<String>,
}

impl Wheel {
    /// Reads the wheel at `path`. An error names what keeps the file from being one.
    pub fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let not_a_wheel = |what: &str| {
            Error::new(format!("{shown} is not a wheel: {what}"))
                .help("a wheel is a file named NAME-VERSION-py3-none-PLATFORM.whl, such as `cardan build` writes")
        };
        let file_name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let file = std::fs::File::open(path).context(|| format!("cannot read the wheel {shown}"))?;
        let parts: Vec<_> = file_name.strip_suffix(".whl").unwrap_or_default().split('-').collect();
        if !(5..=6).contains(&parts.len()) {
            return Err(not_a_wheel("its name has not the form NAME-VERSION-PYTHON-ABI-PLATFORM.whl"));
        }
        let mut archive = zip::ZipArchive::new(file)
            .map_err(|error| not_a_wheel(&format!("it is not a whole zip archive ({error})")))?;
        let names: Vec<_> = archive.file_names().map(str::to_owned).collect();
        let metadata = names
            .iter()
            .find(|name| name.strip_suffix(".dist-info/METADATA").is_some_and(|folder| !folder.contains('/')));
        let metadata = metadata.ok_or_else(|| not_a_wheel("it has no *.dist-info/METADATA"))?;
        let metadata = String::from_utf8_lossy(&member(&mut archive, metadata, path)?).into_owned();
        for name in names.iter().filter(|name| name.ends_with(".so")) {
            whole_module(&member(&mut archive, name, path)?).map_err(|what| {
                Error::new(format!("{file_name}: {name} is not a whole module file: {what}"))
                    .help("build the wheel again")
            })?;
        }
        let requires_python = match fields(&metadata, "Requires-Python").next() {
            None => None,
            Some(text) => {
                let specifiers = VersionSpecifiers::from_str(text).map_err(|error| {
                    Error::new(format!("{file_name}: Requires-Python {text:?} cannot be read: {error}"))
                })?;
                Some((text.to_owned(), specifiers))
            }
        };
        Ok(Self {
            path: std::path::absolute(path).context(|| format!("cannot find {shown}"))?,
            platforms: parts[parts.len() - 1].split('.').map(str::to_owned).collect(),
            requires: fields(&metadata, "Requires-Dist").map(str::to_owned).collect(),
            file_name,
            requires_python,
        })
    }

    /// Why the wheel's own `Requires-Python` leaves this Python out, if it does.
    pub fn exclusion(&self, facts: &Facts) -> Option<String> {
        let (text, specifiers) = self.requires_python.as_ref()?;
        let version = Version::from_str(&facts.version.release()).ok()?;
        (!specifiers.contains(&version)).then(|| format!("the package requires Python {text}"))
    }

    /// Why the wheel's platform tags leave this Python out, if they do.
    pub fn platform_mismatch(&self, facts: &Facts) -> Option<String> {
        let fits = self.platforms.iter().any(|tag| tag_fits(tag, facts));
        (!fits)
            .then(|| format!("the wheel is for {}, this Python runs on {}", self.platforms.join(", "), facts.platform))
    }
}

/// Whether a platform tag names this Python's operating system, processor and C library. The version of the C library
/// is left to the installer.
fn tag_fits(tag: &str, facts: &Facts) -> bool {
    let host = facts.platform.replace(['-', '.'], "_");
    if tag == "any" || tag == host {
        return true;
    }
    let libc = facts.libc.as_ref().map(|(name, _)| name.as_str());
    if let Some(processor) = host.strip_prefix("linux_") {
        let family = if libc == Some("musl") { "musllinux" } else { "manylinux" };
        return tag.starts_with(family) && tag.ends_with(&format!("_{processor}"));
    }
    match host.strip_prefix("macosx_").and_then(|rest| rest.splitn(3, '_').nth(2)) {
        Some(processor) if tag.starts_with("macosx_") => {
            tag.ends_with(&format!("_{processor}")) || tag.ends_with("_universal2")
        }
        _ => false,
    }
}

fn member(archive: &mut zip::ZipArchive<std::fs::File>, name: &str, path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut file = archive.by_name(name).context(|| format!("{}: cannot read {name}", path.display()))?;
    file.read_to_end(&mut bytes).context(|| format!("{}: cannot read {name}", path.display()))?;
    Ok(bytes)
}

/// Whether all that the file's header promises is there.
fn whole_module(bytes: &[u8]) -> std::result::Result<(), String> {
    let file = object::File::parse(bytes).map_err(|error| error.to_string())?;
    for segment in file.segments() {
        segment.data().map_err(|_| format!("a segment goes beyond the end of the file ({} bytes)", bytes.len()))?;
    }
    Ok(())
}

/// The values of a field in the header of a metadata file.
fn fields<'a>(metadata: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let header = metadata.lines().take_while(|line| !line.is_empty());
    header.filter_map(move |line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pythons::python::tests::python;
    use std::io::Write;

    fn wheel(folder: &Path, name: &str, members: &[(&str, &[u8])]) -> PathBuf {
        let path = folder.join(name);
        let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).expect("a file"));
        // Not compressed: a debug build takes its time over that.
        let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for (name, bytes) in members {
            archive.start_file(*name, stored).expect("a member");
            archive.write_all(bytes).expect("its bytes");
        }
        archive.finish().expect("an archive");
        path
    }

    const METADATA: &[u8] =
        b"Metadata-Version: 2.1\nName: a\nRequires-Python: >=3.10\nRequires-Dist: b>1\n\nRequires-Dist: no\n";

    #[test]
    fn what_a_wheel_says_of_itself_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let name = "a-1-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
        let path = wheel(folder.path(), name, &[("a-1.dist-info/METADATA", METADATA)]);
        let wheel = Wheel::read(&path).expect("a wheel");
        assert_eq!(wheel.platforms, ["manylinux_2_17_x86_64", "manylinux2014_x86_64"]);
        assert_eq!(wheel.requires, ["b>1"]);
        let old = python("cpython", [3, 9, 18], None, false).facts;
        assert_eq!(wheel.exclusion(&old).as_deref(), Some("the package requires Python >=3.10"));
        assert_eq!(wheel.exclusion(&python("cpython", [3, 10, 0], None, false).facts), None);
        assert_eq!(wheel.platform_mismatch(&old), None);
    }

    #[test]
    fn a_platform_tag_fits_its_system_its_processor_and_its_c_library() {
        let mut facts = python("cpython", [3, 12, 1], None, false).facts;
        let fits = |tag: &str, facts: &Facts| tag_fits(tag, facts);
        assert!(fits("any", &facts) && fits("linux_x86_64", &facts) && fits("manylinux_2_17_x86_64", &facts));
        assert!(!fits("manylinux_2_17_aarch64", &facts) && !fits("musllinux_1_1_x86_64", &facts));
        assert!(!fits("win_amd64", &facts) && !fits("macosx_11_0_x86_64", &facts));
        facts.libc = Some(("musl".into(), String::new()));
        assert!(fits("musllinux_1_1_x86_64", &facts) && !fits("manylinux_2_17_x86_64", &facts));
        facts.platform = "macosx-14.0-arm64".into();
        assert!(fits("macosx_11_0_arm64", &facts) && fits("macosx_11_0_universal2", &facts));
        assert!(!fits("macosx_11_0_x86_64", &facts));
    }

    #[test]
    fn what_is_not_a_wheel_is_refused_with_the_reason() {
        let folder = tempfile::tempdir().expect("a folder");
        let help =
            "\n  help: a wheel is a file named NAME-VERSION-py3-none-PLATFORM.whl, such as `cardan build` writes";
        let refusal = |path: &Path| Wheel::read(path).expect_err("not a wheel").to_string();

        let path = wheel(folder.path(), "a.zip", &[]);
        let shown = path.display();
        let what = "its name has not the form NAME-VERSION-PYTHON-ABI-PLATFORM.whl";
        assert_eq!(refusal(&path), format!("error: {shown} is not a wheel: {what}{help}"));

        let path = folder.path().join("a-1-py3-none-any.whl");
        std::fs::write(&path, "text").expect("a file");
        let refused = refusal(&path);
        assert!(refused.contains("is not a wheel: it is not a whole zip archive ("), "{refused}");

        let path = wheel(folder.path(), "b-1-py3-none-any.whl", &[("b.py", b"")]);
        let shown = path.display();
        assert_eq!(refusal(&path), format!("error: {shown} is not a wheel: it has no *.dist-info/METADATA{help}"));

        let path = folder.path().join("c-1-py3-none-any.whl");
        assert_eq!(
            refusal(&path),
            format!("error: cannot read the wheel {}: No such file or directory (os error 2)", path.display())
        );
    }

    #[test]
    fn a_module_that_was_cut_off_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = std::fs::read(std::env::current_exe().expect("this program")).expect("its bytes");
        let name = "a-1-py3-none-linux_x86_64.whl";
        let path = wheel(folder.path(), name, &[("a-1.dist-info/METADATA", METADATA), ("a.so", &own[..own.len() / 2])]);
        let refused = Wheel::read(&path).expect_err("cut off").to_string();
        assert!(refused.starts_with(&format!("error: {name}: a.so is not a whole module file: ")), "{refused}");
        let path = wheel(folder.path(), name, &[("a-1.dist-info/METADATA", METADATA), ("a.so", &own)]);
        Wheel::read(&path).expect("a whole module");
    }
}
