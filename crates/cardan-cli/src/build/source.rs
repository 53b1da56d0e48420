//! The source: a project folder or an sdist becomes a copy that the build may write to. Nothing in the copy leads out of it,
//! since what a build writes through a link is written to where that leads.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Component, Path, PathBuf};

use flate2::read::GzDecoder;
use zip::ZipArchive;

use crate::error::{Context, Error, Result};
use crate::limits;
use crate::platform::{self, link};
use crate::wheel::unusable;

/// Folders that are no part of a project, by name.
const LEFT_OUT: [&str; 4] = ["__pycache__", ".tox", ".nox", ".mypy_cache"];

/// Copies or unpacks `source` below `folder` and returns the root of the copy. `output` is not copied.
///
/// # Errors
/// The source is neither a folder nor an sdist, or cannot be read, or an sdist has a path or a link that leads out of it.
pub fn copy(source: &Path, folder: &Path, output: &Path) -> Result<PathBuf> {
    let name = source.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if source.is_dir() {
        let root = folder.join("source");
        let real = source.canonicalize().context(|| format!("cannot read {}", source.display()))?;
        let output = std::path::absolute(output).unwrap_or_else(|_| output.to_path_buf());
        Copier { source, real: &real, root: &root, output: &output }.copy(source, &root, &mut vec![real.clone()])?;
        return Ok(root);
    }
    if !source.exists() {
        return Err(Error::new(format!("{} does not exist: expected a project folder or an sdist", source.display())));
    }
    let unreadable = || format!("cannot unpack {}", source.display());
    if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
        unpack_tar(source, GzDecoder::new(File::open(source).context(unreadable)?), folder)?;
    } else if name.ends_with(".zip") {
        unpack_zip(source, limits::read_file(source)?, folder)?;
    } else {
        let error =
            Error::new(format!("{} is not a source: expected a project folder, a .tar.gz or a .zip", source.display()));
        return Err(if name.ends_with(".whl") {
            error.help("a wheel is built already: look at it with `cardan check`")
        } else {
            error
        });
    }
    let root = only_folder(folder)?.ok_or_else(|| {
        Error::new(format!("{} is not an sdist: expected one folder at its top", source.display()))
            .help("an sdist is what `python -m build --sdist` makes")
    })?;
    refuse_links_out(source, &root)?;
    if root.to_str().is_some_and(platform::is_plain) {
        return Ok(root);
    }
    // Some build systems stumble over a folder's name with a space or a quote in it.
    let plain = folder.join("source");
    std::fs::rename(&root, &plain).context(unreadable)?;
    Ok(plain)
}

/// Unpacks a tar archive. `source` is what errors call it.
///
/// # Errors
/// It is damaged or too large, or has a path that leads out of it.
pub fn unpack_tar(source: &Path, reader: impl Read, folder: &Path) -> Result<()> {
    let unreadable = || format!("cannot unpack {}", source.display());
    // Beyond the limit the archive ends in the middle of a file.
    let mut archive = tar::Archive::new(reader.take(limits::LARGEST));
    archive.set_preserve_mtime(true);
    for entry in archive.entries().context(unreadable)? {
        let mut entry = entry.context(unreadable)?;
        let kind = entry.header().entry_type();
        if !(kind.is_file() || kind.is_dir() || kind.is_symlink() || kind.is_hard_link() || kind.is_contiguous()) {
            // Pipes and devices are no source, and what describes the archive is no file.
            continue;
        }
        let is_inside = entry.unpack_in(folder).context(unreadable)?;
        if !is_inside {
            return Err(leads_out(source, &entry.path().context(unreadable)?));
        }
    }
    Ok(())
}

/// Unpacks a zip archive, likewise.
///
/// # Errors
/// As for [`unpack_tar`].
pub fn unpack_zip(source: &Path, data: Vec<u8>, folder: &Path) -> Result<()> {
    let unreadable = || format!("cannot unpack {}", source.display());
    let mut archive = ZipArchive::new(Cursor::new(data)).context(unreadable)?;
    let mut room = limits::LARGEST;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).context(unreadable)?;
        let name = entry.name().trim_end_matches('/').to_owned();
        if unusable(&name).is_some() {
            return Err(leads_out(source, Path::new(&name)));
        }
        let path = folder.join(&name);
        if entry.is_dir() {
            std::fs::create_dir_all(&path).context(unreadable)?;
            continue;
        }
        let size = entry.size();
        let data = limits::read(&mut entry, size, room).context(unreadable)?;
        let data = data.ok_or_else(|| limits::too_large(&source.display().to_string()))?;
        room -= data.len() as u64;
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).context(unreadable)?;
        }
        // Links are no part of a zip archive's format: one is the file with the path that it leads to.
        std::fs::write(&path, data).context(unreadable)?;
        if entry.unix_mode().is_some_and(|mode| mode & 0o111 != 0) {
            platform::make_executable(&path).context(unreadable)?;
        }
    }
    Ok(())
}

fn leads_out(source: &Path, path: &Path) -> Error {
    Error::new(format!("{} is not an sdist: {path:?} in it leads out of it", source.display()))
        .help("an sdist is what `python -m build --sdist` makes")
}

/// Refuses a tree with a link that leads out of it.
fn refuse_links_out(source: &Path, root: &Path) -> Result<()> {
    let real = root.canonicalize().context(|| format!("cannot read {}", root.display()))?;
    for entry in walkdir::WalkDir::new(root) {
        let entry = entry.context(|| format!("cannot read {}", root.display()))?;
        if entry.path_is_symlink() && !leads_inside(entry.path(), &real) {
            return Err(leads_out(source, entry.path().strip_prefix(root).unwrap_or(entry.path())));
        }
    }
    Ok(())
}

/// Whether a link leads into a tree, whose real path this is, or to what may come to be in it.
fn leads_inside(path: &Path, tree: &Path) -> bool {
    match path.canonicalize() {
        Ok(target) => target.starts_with(tree),
        Err(_) => future_target(path).is_some_and(|target| target.starts_with(tree)),
    }
}

/// Where a link that leads nowhere yet would lead to, if files were made there; none where that cannot be told.
fn future_target(path: &Path) -> Option<PathBuf> {
    let mut target = path.parent()?.canonicalize().ok()?;
    for part in std::fs::read_link(path).ok()?.components() {
        match part {
            Component::Normal(name) => {
                target.push(name);
                // A link on the way is followed, so that what comes after it begins at its end.
                target = target.canonicalize().unwrap_or(target);
            }
            Component::ParentDir => drop(target.pop()),
            Component::CurDir => {}
            // An absolute path: the root replaces what was there.
            Component::RootDir | Component::Prefix(_) => target.push(part),
        }
    }
    Some(target)
}

/// The folder in `folder`, if that is all there is.
fn only_folder(folder: &Path) -> Result<Option<PathBuf>> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder).context(|| format!("cannot read {}", folder.display()))? {
        folders.push(entry.context(|| format!("cannot read {}", folder.display()))?.path());
    }
    Ok(match folders.as_slice() {
        [only] if only.is_dir() && !only.is_symlink() => Some(only.clone()),
        _ => None,
    })
}

/// Copies a project's folder.
struct Copier<'a> {
    /// The folder as it was named, and its real path.
    source: &'a Path,
    real: &'a Path,
    root: &'a Path,
    output: &'a Path,
}

impl Copier<'_> {
    /// Copies what is at `from` to `to`. `above` are the real paths of the folders that are being copied.
    fn copy(&self, from: &Path, to: &Path, above: &mut Vec<PathBuf>) -> Result<()> {
        let what = || format!("cannot copy {}", from.display());
        let kind = from.symlink_metadata().context(what)?.file_type();
        // The source itself may be named by a link.
        if kind.is_symlink() && from != self.source {
            return self.copy_link(from, to, above);
        }
        if kind.is_file() {
            std::fs::copy(from, to).context(what)?;
        } else if from.is_dir() {
            std::fs::create_dir_all(to).context(what)?;
            for entry in std::fs::read_dir(from).context(what)? {
                let entry = entry.context(what)?;
                if !self.is_left_out(&entry.path()) {
                    self.copy(&entry.path(), &to.join(entry.file_name()), above)?;
                }
            }
        }
        // Sockets, pipes and devices are no source.
        Ok(())
    }

    fn is_left_out(&self, path: &Path) -> bool {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| LEFT_OUT.contains(&name))
            || path.join("pyvenv.cfg").exists()
            || std::path::absolute(path).is_ok_and(|path| path == self.output)
    }

    /// A link to a place inside of the source leads to the same place of the copy. What another one leads to is copied.
    fn copy_link(&self, from: &Path, to: &Path, above: &mut Vec<PathBuf>) -> Result<()> {
        let what = || format!("cannot copy {}", from.display());
        let Ok(target) = from.canonicalize() else {
            // A link that leads nowhere is of use only where the build makes what it leads to.
            return match future_target(from) {
                Some(target) if target.starts_with(self.real) => self.link(&target, to).context(what),
                _ => Ok(()),
            };
        };
        if target.starts_with(self.real) {
            return self.link(&target, to).context(what);
        }
        if above.iter().any(|folder| folder.starts_with(&target)) {
            return Err(Error::new(format!(
                "cannot copy {}: it leads to {}, a folder that it is in itself",
                from.display(),
                target.display()
            ))
            .help("take the link out of the source"));
        }
        above.push(target.clone());
        self.copy(&target, to, above)?;
        above.pop();
        Ok(())
    }

    /// Makes a link in the copy to the place that stands for one of the source. It goes by as few folders as the copy has, so
    /// that it stays right if the copy is moved.
    fn link(&self, target: &Path, to: &Path) -> std::io::Result<()> {
        let inside = target.strip_prefix(self.real).unwrap_or(target);
        let depth = to.strip_prefix(self.root).map_or(0, |path| path.components().count().saturating_sub(1));
        let up: PathBuf = std::iter::repeat_n(Component::ParentDir, depth).collect();
        let path = up.join(inside);
        link(if path.as_os_str().is_empty() { Path::new(".") } else { &path }, to)
    }
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

    fn tree(folder: &Path, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }

    #[test]
    fn no_link_of_the_copy_leads_out_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().canonicalize().unwrap();
        let source = place.join("project");
        tree(&place, &[("project/src/a.c", "inside"), ("common/b.c", "outside"), ("common/more/c.c", "too")]);
        for (at, to) in [
            ("b.c", "../common/b.c"),
            ("common", "../common"),
            ("absolute.c", source.join("src/a.c").to_str().unwrap()),
            ("src/relative.c", "a.c"),
            ("src/root", ".."),
            ("src/later.c", "../made/later.c"),
            ("nowhere", "/nonexistent/x"),
        ] {
            link(Path::new(to), &source.join(at)).unwrap();
        }
        link(Path::new("b.c"), &place.join("common/same.c")).unwrap();
        let root = copy(&source, &place.join("build"), Path::new("dist")).unwrap();
        for (path, text) in [
            ("b.c", "outside"),
            ("common/b.c", "outside"),
            ("common/same.c", "outside"),
            ("common/more/c.c", "too"),
            ("absolute.c", "inside"),
            ("src/relative.c", "inside"),
            ("src/root/src/a.c", "inside"),
        ] {
            assert_eq!(std::fs::read_to_string(root.join(path)).unwrap(), text, "{path}");
            std::fs::write(root.join(path), "changed").unwrap();
            std::fs::write(root.join(path), text).unwrap();
        }
        assert!(refuse_links_out(&source, &root).is_ok());
        assert!(root.join("src/later.c").is_symlink() && !root.join("nowhere").is_symlink());
        assert!(refuse_links_out(&source, &source).is_err());
    }

    #[test]
    fn a_link_to_a_folder_around_the_source_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().canonicalize().unwrap();
        tree(&place, &[("project/setup.py", "")]);
        link(Path::new("../.."), &place.join("project/all")).unwrap();
        assert_eq!(
            copy(&place.join("project"), &place.join("build"), Path::new("dist")).unwrap_err().to_string(),
            format!(
                "error: cannot copy {0}/project/all: it leads to {1}, a folder that it is in itself\n  help: take the link out of \
                 the source",
                place.display(),
                place.parent().unwrap().display()
            )
        );
    }

    type Entry<'a> = (tar::EntryType, &'a str, &'a str);

    /// A tar archive, compressed, with a folder `a-1` that has these entries: kind, path, content or target of a link.
    fn sdist(folder: &Path, entries: &[Entry]) -> PathBuf {
        let path = folder.join("a-1.tar.gz");
        let file = File::create(&path).unwrap();
        let mut builder = tar::Builder::new(flate2::write::GzEncoder::new(file, flate2::Compression::fast()));
        for (kind, path, text) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(*kind);
            header.set_mode(0o644);
            let is_link = kind.is_symlink() || kind.is_hard_link();
            header.set_size(if is_link { 0 } else { text.len() as u64 });
            // Written as it is: the crate's own functions refuse what a hostile archive has.
            header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
            if is_link {
                header.as_gnu_mut().unwrap().linkname[..text.len()].copy_from_slice(text.as_bytes());
            }
            header.set_cksum();
            builder.append(&header, if is_link { &b""[..] } else { text.as_bytes() }).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap();
        path
    }

    #[test]
    fn an_sdist_that_leads_out_of_itself_is_refused() {
        use tar::EntryType::{Link, Regular, Symlink};
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().canonicalize().unwrap();
        std::fs::write(place.join("victim"), "whole").unwrap();
        let victim = place.join("victim").display().to_string();
        let cases: [(&[Entry], &str); 5] = [
            (&[(Regular, "../victim", "x")], "../victim"),
            (&[(Symlink, "a-1/x", &victim)], "x"),
            (&[(Symlink, "a-1/x", "../../victim")], "x"),
            (&[(Symlink, "a-1/b/y", ".."), (Symlink, "a-1/x", "b/y/../../victim")], "x"),
            (&[(Regular, "a-1/b", ""), (Symlink, "a-1/x", "/nonexistent/y")], "x"),
        ];
        for (index, (entries, named)) in cases.into_iter().enumerate() {
            let archive = sdist(&place, entries);
            let into = place.join(format!("build-{index}/project"));
            std::fs::create_dir_all(&into).unwrap();
            let error = copy(&archive, &into, Path::new("dist")).unwrap_err().to_string();
            assert_eq!(
                error.replace(&format!("{}/", place.display()), ""),
                format!(
                    "error: a-1.tar.gz is not an sdist: {named:?} in it leads out of it\n  help: an sdist is what `python -m \
                     build --sdist` makes"
                ),
            );
        }
        // What is written through a link, and what another file is the same as.
        for entries in [
            &[(Symlink, "a-1/x", place.to_str().unwrap()), (Regular, "a-1/x/victim", "x")][..],
            &[(Link, "a-1/x", victim.as_str()), (Regular, "a-1/x", "x")][..],
        ] {
            let archive = sdist(&place, entries);
            let into = tempfile::tempdir().unwrap();
            assert!(copy(&archive, into.path(), Path::new("dist")).is_err());
        }
        assert_eq!(std::fs::read_to_string(place.join("victim")).unwrap(), "whole");
        assert_eq!(std::fs::read_dir(&place).unwrap().count(), 7);
    }
}
