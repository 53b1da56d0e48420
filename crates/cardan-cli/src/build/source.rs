//! The source: a project folder or an sdist becomes a copy that the build may write to.

use std::fs::File;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use crate::error::{Context, Error, Result};
use crate::platform::link;

/// Folders that are no part of a project, by name.
const LEFT_OUT: [&str; 4] = ["__pycache__", ".tox", ".nox", ".mypy_cache"];

/// Copies or unpacks `source` below `folder` and returns the root of the copy. `output` is not copied.
///
/// # Errors
/// The source is neither a folder nor an sdist, or cannot be read.
pub fn copy(source: &Path, folder: &Path, output: &Path) -> Result<PathBuf> {
    let name = source.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if source.is_dir() {
        let root = folder.join("source");
        copy_folder(source, &root, output)?;
        return Ok(root);
    }
    if !source.exists() {
        return Err(Error::new(format!("{} does not exist: expected a project folder or an sdist", source.display())));
    }
    let unreadable = || format!("cannot unpack {}", source.display());
    let file = File::open(source).context(unreadable)?;
    if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
        tar::Archive::new(GzDecoder::new(file)).unpack(folder).context(unreadable)?;
    } else if name.ends_with(".zip") {
        zip::ZipArchive::new(file).and_then(|mut archive| archive.extract(folder)).context(unreadable)?;
    } else {
        let error =
            Error::new(format!("{} is not a source: expected a project folder, a .tar.gz or a .zip", source.display()));
        return Err(if name.ends_with(".whl") {
            error.help("a wheel is built already: look at it with `cardan check`")
        } else {
            error
        });
    }
    only_folder(folder)?.ok_or_else(|| {
        Error::new(format!("{} is not an sdist: expected one folder at its top", source.display()))
            .help("an sdist is what `python -m build --sdist` makes")
    })
}

/// The folder in `folder`, if that is all there is.
fn only_folder(folder: &Path) -> Result<Option<PathBuf>> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder).context(|| format!("cannot read {}", folder.display()))? {
        folders.push(entry.context(|| format!("cannot read {}", folder.display()))?.path());
    }
    Ok(match folders.as_slice() {
        [only] if only.is_dir() => Some(only.clone()),
        _ => None,
    })
}

fn copy_folder(source: &Path, root: &Path, output: &Path) -> Result<()> {
    let output = std::path::absolute(output).unwrap_or_else(|_| output.to_path_buf());
    let entries = walkdir::WalkDir::new(source).into_iter().filter_entry(|entry| {
        let left_out = entry.file_name().to_str().is_some_and(|name| LEFT_OUT.contains(&name))
            || entry.path().join("pyvenv.cfg").exists()
            || std::path::absolute(entry.path()).is_ok_and(|path| path == output);
        entry.depth() == 0 || !left_out
    });
    for entry in entries {
        let entry = entry.context(|| format!("cannot read {}", source.display()))?;
        let relative = entry.path().strip_prefix(source).unwrap_or(entry.path());
        let target = root.join(relative);
        let what = || format!("cannot copy {}", entry.path().display());
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(&target).context(what)?;
        } else if entry.file_type().is_file() {
            std::fs::copy(entry.path(), &target).context(what)?;
        } else if entry.file_type().is_symlink() {
            link(&std::fs::read_link(entry.path()).context(what)?, &target).context(what)?;
        }
        // Sockets, pipes and devices are no source.
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_copied_without_environments_and_output() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("project");
        for (path, text) in [
            ("setup.py", ""),
            ("src/a.c", "x"),
            ("venv/pyvenv.cfg", ""),
            ("dist/old.whl", ""),
            ("__pycache__/a.pyc", ""),
        ] {
            let path = source.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let root = copy(&source, folder.path(), &source.join("dist")).unwrap();
        assert!(root.join("setup.py").exists() && root.join("src/a.c").exists());
        for left_out in ["venv", "dist", "__pycache__"] {
            assert!(!root.join(left_out).exists(), "{left_out}");
        }
    }

    #[test]
    fn what_is_no_source_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let wheel = folder.path().join("a-1-py3-none-any.whl");
        std::fs::write(&wheel, "").unwrap();
        let error = copy(&wheel, folder.path(), Path::new("dist")).unwrap_err().to_string();
        assert_eq!(
            error.replace(&format!("{}/", folder.path().display()), ""),
            "error: a-1-py3-none-any.whl is not a source: expected a project folder, a .tar.gz or a .zip\n  help: a wheel \
             is built already: look at it with `cardan check`"
        );
        let error = copy(Path::new("/nonexistent/a.tar.gz"), folder.path(), Path::new("dist")).unwrap_err().to_string();
        assert_eq!(error, "error: /nonexistent/a.tar.gz does not exist: expected a project folder or an sdist");
    }
}
