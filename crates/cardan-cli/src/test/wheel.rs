//! What a test needs to know of a wheel before it is installed.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};

use crate::error::{Context, Error, Result};
use crate::pythons::python::Facts;
use crate::requirement::distribution;
use crate::wheel::{Wheel, elf_files};

/// A wheel: its tags, what it requires, and the promise that its modules are whole.
#[derive(Debug)]
pub struct WheelUnderTest {
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
    /// The full names of its extension modules, sorted.
    pub modules: Vec<String>,
    /// The file names of the scripts that it brings as they are.
    pub scripts: Vec<String>,
}

impl WheelUnderTest {
    /// Reads the wheel at `path`.
    ///
    /// # Errors
    /// The file is no wheel, one of its modules is damaged, or its metadata cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        Self::of(path, &Wheel::read(path)?)
    }

    /// What a wheel says that was read from `path`.
    ///
    /// # Errors
    /// As for [`WheelUnderTest::read`].
    pub fn of(path: &Path, wheel: &Wheel) -> Result<Self> {
        wheel.refuse_obstacles()?;
        let file_name = wheel.name.to_string();
        let modules = check_binaries(wheel)?;
        let metadata = wheel.dist_info().and_then(|folder| wheel.file(&format!("{folder}METADATA")));
        let metadata = metadata.ok_or_else(|| {
            Error::new(format!("{file_name} is not a wheel: expected METADATA in its .dist-info folder, found none"))
        })?;
        let metadata = String::from_utf8_lossy(&metadata.data);
        let requires_python = match fields(&metadata, "Requires-Python").next() {
            None => None,
            Some(text) => {
                let specifiers = VersionSpecifiers::from_str(text)
                    .context(|| format!("{file_name}: Requires-Python {text:?} cannot be read"))?;
                Some((text.to_owned(), specifiers))
            }
        };
        let requires: Vec<String> = fields(&metadata, "Requires-Dist").map(str::to_owned).collect();
        for requirement in &requires {
            distribution(requirement).map_err(|reason| {
                Error::new(format!("{file_name}: Requires-Dist {requirement:?} is not a requirement: {reason}"))
                    .help("mend it in the project, and build the wheel again")
            })?;
        }
        Ok(Self {
            path: std::path::absolute(path).context(|| format!("cannot find {}", path.display()))?,
            platforms: wheel.name.platform.split('.').map(str::to_owned).collect(),
            requires,
            file_name,
            requires_python,
            modules,
            scripts: scripts(wheel),
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

/// The full names of the extension modules. Refuses binary files that are not whole, or not for the processor that the
/// wheel says it is for: an interpreter would die of them, or say something far from the cause.
fn check_binaries(wheel: &Wheel) -> Result<Vec<String>> {
    let refused = |what: &str| Error::new(format!("{}: {what}", wheel.name)).help("build the wheel again");
    let binaries = elf_files::binaries(wheel).map_err(|error| refused(error.message()))?;
    for binary in &binaries {
        let (path, processor) = (&binary.file.path, &binary.object.processor);
        if !wheel.name.platform.split('.').any(|tag| tag == "any" || tag.ends_with(&format!("_{processor}"))) {
            return Err(refused(&format!(
                "{path} is for {processor}, but the wheel's name says {}",
                wheel.name.platform
            )));
        }
    }
    let mut modules: Vec<_> = binaries.iter().filter_map(full_name).collect();
    modules.sort();
    Ok(modules)
}

/// A module's name as `import` takes it.
fn full_name(binary: &elf_files::Binary<'_>) -> Option<String> {
    let module = binary.module()?;
    // Files for one of the two library folders may lie in a folder of their own in the archive.
    let folder = binary.file.folder();
    let folder = match folder.split_once(".data/") {
        Some((_, rest)) => rest.strip_prefix("platlib/").or_else(|| rest.strip_prefix("purelib/"))?,
        None => folder,
    };
    let package = folder.trim_end_matches('/').replace('/', ".");
    match (package.is_empty(), binary.file.file_name().starts_with("__init__.")) {
        (true, _) => Some(module.to_owned()),
        (false, true) => Some(package),
        (false, false) => Some(format!("{package}.{module}")),
    }
}

/// The file names of the scripts that installers put beside the Python: those of the wheel's folder for scripts, and what its
/// folder for all other data has in `bin`.
fn scripts(wheel: &Wheel) -> Vec<String> {
    let script = |path: &str| {
        let (_, rest) = path.split_once(".data/")?;
        let name = rest.strip_prefix("scripts/").or_else(|| rest.strip_prefix("data/bin/"))?;
        (!name.contains('/')).then(|| name.to_owned())
    };
    wheel.files.iter().filter_map(|file| script(&file.path)).collect()
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
    use crate::wheel::File;
    use crate::wheel::name::WheelName;

    fn wheel(folder: &Path, name: &str, files: &[(&str, &[u8])]) -> PathBuf {
        let files = files.iter().map(|(path, data)| File::new((*path).into(), data.to_vec())).collect();
        let wheel = Wheel { name: WheelName::parse(name).expect("a wheel's name"), files };
        wheel.write(folder, 0).expect("a wheel")
    }

    const METADATA: &[u8] =
        b"Metadata-Version: 2.1\nName: a\nRequires-Python: >=3.10\nRequires-Dist: b>1\n\nRequires-Dist: no\n";

    #[test]
    fn what_a_wheel_says_of_itself_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let name = "a-1-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
        let path = wheel(folder.path(), name, &[("a-1.dist-info/METADATA", METADATA)]);
        let wheel = WheelUnderTest::read(&path).expect("a wheel");
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
    fn a_wheel_without_metadata_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = wheel(folder.path(), "b-1-py3-none-any.whl", &[("b-1.dist-info/WHEEL", b"")]);
        assert_eq!(
            WheelUnderTest::read(&path).expect_err("no metadata").to_string(),
            "error: b-1-py3-none-any.whl is not a wheel: expected METADATA in its .dist-info folder, found none"
        );
    }

    #[test]
    fn a_module_that_was_cut_off_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let files: [(&str, &[u8]); 2] = [("a-1.dist-info/METADATA", METADATA), ("a.so", b"\x7fELF\x02\x01\x01")];
        let path = wheel(folder.path(), "a-1-py3-none-linux_x86_64.whl", &files);
        let refused = WheelUnderTest::read(&path).expect_err("cut off").to_string();
        assert!(refused.starts_with("error: a-1-py3-none-linux_x86_64.whl: a.so is "), "{refused}");
        assert!(refused.ends_with("\n  help: build the wheel again"), "{refused}");
    }
}
