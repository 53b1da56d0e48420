//! A wheel as a list of files: read from a zip archive, written so that the same files give the same bytes.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::name::WheelName;
use crate::error::{Context, Error, Result};
use crate::{limits, platform};

/// One file of a wheel.
#[derive(Debug, Clone)]
pub struct File {
    /// Its path in the wheel, with slashes.
    pub path: String,
    /// What is in it.
    pub data: Vec<u8>,
    /// Its permission bits.
    pub mode: u32,
}

impl File {
    /// A file with the permissions of ordinary files.
    pub fn new(path: String, data: Vec<u8>) -> Self {
        Self { path, data, mode: 0o644 }
    }

    /// The last part of its path.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The folder that it lies in, with a slash at its end; empty at the top.
    pub fn folder(&self) -> &str {
        &self.path[..self.path.len() - self.file_name().len()]
    }
}

/// A wheel.
#[derive(Debug, Clone)]
pub struct Wheel {
    /// Its file name.
    pub name: WheelName,
    /// Its files in the order of the archive.
    pub files: Vec<File>,
}

impl Wheel {
    /// Reads the wheel at `path`.
    ///
    /// # Errors
    /// The file is missing, no wheel by its name, no zip archive, or has no `.dist-info` folder.
    pub fn read(path: &Path) -> Result<Self> {
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let data = limits::read_file(path)?;
        Self::from_bytes(&file_name, data)
    }

    /// Reads the wheel that has this file name and these bytes.
    ///
    /// # Errors
    /// As for [`Wheel::read`].
    pub fn from_bytes(file_name: &str, data: Vec<u8>) -> Result<Self> {
        let name = WheelName::parse(file_name)?;
        let mut archive = ZipArchive::new(Cursor::new(data)).map_err(|error| {
            Error::new(format!("{file_name} is not a wheel: expected a zip archive, found none ({error})"))
        })?;
        let mut files = Vec::new();
        let mut room = limits::LARGEST;
        for index in 0..archive.len() {
            let damaged = || format!("{file_name} is damaged");
            let mut entry = archive.by_index(index).context(damaged)?;
            if entry.is_dir() {
                continue;
            }
            let size = entry.size();
            let data = limits::read(&mut entry, size, room).context(damaged)?;
            let data = data.ok_or_else(|| limits::too_large(file_name))?;
            room -= data.len() as u64;
            let mode = entry.unix_mode().map_or(0o644, |mode| mode & 0o777);
            files.push(File { path: entry.name().to_string(), data, mode });
        }
        let wheel = Self { name, files };
        if wheel.dist_info().is_none() {
            return Err(Error::new(format!(
                "{file_name} is not a wheel: expected one .dist-info folder at its top, found none"
            )));
        }
        Ok(wheel)
    }

    /// The name of the folder with the metadata, with a slash at its end.
    pub fn dist_info(&self) -> Option<String> {
        let mut folders = self.files.iter().filter_map(|file| file.path.split_once('/')).map(|(folder, _)| folder);
        folders.find(|folder| folder.ends_with(".dist-info")).map(|folder| format!("{folder}/"))
    }

    /// What keeps installers from unpacking the wheel, or should, one sentence each; empty when all is well.
    pub fn obstacles(&self) -> Vec<String> {
        let mut obstacles = Vec::new();
        let mut folders: Vec<&str> = Vec::new();
        for file in &self.files {
            if let Some(reason) = unusable(&file.path) {
                obstacles.push(format!("{:?} is no path for a file of a wheel: {reason}", file.path));
            }
            if let Some((folder, _)) = file.path.split_once('/').filter(|(folder, _)| folder.ends_with(".dist-info"))
                && !folders.contains(&folder)
            {
                folders.push(folder);
            }
        }
        if folders.len() > 1 {
            obstacles.push(format!("the wheel has {} .dist-info folders: {}", folders.len(), folders.join(", ")));
        }
        obstacles
    }

    /// Refuses a wheel that has [`Wheel::obstacles`].
    ///
    /// # Errors
    /// The first of them.
    pub fn refuse_obstacles(&self) -> Result<()> {
        match self.obstacles().first() {
            Some(obstacle) => Err(Error::new(format!("{} cannot be installed: {obstacle}", self.name))),
            None => Ok(()),
        }
    }

    /// The file at a path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Writes the wheel into `folder` under its name, whole or not at all. `time` is the time of all files, in seconds
    /// since 1970.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write(&self, folder: &Path, time: i64) -> Result<PathBuf> {
        let path = folder.join(self.name.to_string());
        let what = || format!("cannot write {}", path.display());
        let mut file = tempfile::Builder::new().prefix(".cardan-").tempfile_in(folder).context(what)?;
        let mut archive = ZipWriter::new(&mut file);
        let time = zip_time(time);
        for file in &self.files {
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .last_modified_time(time)
                .unix_permissions(file.mode);
            archive.start_file(&*file.path, options).context(what)?;
            archive.write_all(&file.data).context(what)?;
        }
        archive.finish().context(what)?;
        file.as_file().sync_all().context(what)?;
        // A temporary file is private: a wheel is readable for all, as the user's own mask allows.
        platform::make_readable(file.as_file()).context(what)?;
        file.persist(&path).context(what)?;
        Ok(path)
    }
}

/// Why a path in an archive must not be unpacked, if it must not: it leads out of the folder that it is unpacked into, or
/// does so on another system than this one.
pub fn unusable(path: &str) -> Option<&'static str> {
    if path.starts_with('/') {
        return Some("it begins at the root of the file system");
    }
    if path.contains('\\') || path.get(1..2) == Some(":") {
        return Some("it is spelled as on Windows");
    }
    if path.contains(char::is_control) {
        return Some("it has a control character");
    }
    path.split('/').find_map(|part| match part {
        ".." => Some("it leads out of its folder"),
        "" | "." => Some("a part of it is empty"),
        _ => None,
    })
}

/// A time as zip archives keep it: from 1980 on, in steps of two seconds.
fn zip_time(seconds: i64) -> DateTime {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days to date by the civil calendar's 400-year cycle, with years that begin in March.
    let shifted = days + 719_468;
    let (cycle, day_of_cycle) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_cycle = (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_cycle + cycle * 400 + i64::from(month <= 2);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    let part = |value: i64| u8::try_from(value).unwrap_or_default();
    let year = u16::try_from(year).unwrap_or_default();
    // Before 1980: the archive format's first moment.
    DateTime::from_date_and_time(year, part(month), part(day), part(hour), part(minute), part(second % 60))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, (1980, 1, 1, 0, 0)),
            (315_532_800, (1980, 1, 1, 0, 0)),
            (1_709_210_096, (2024, 2, 29, 12, 34)),
            (1_735_689_599, (2024, 12, 31, 23, 59)),
        ] {
            let time = zip_time(seconds);
            assert_eq!((time.year(), time.month(), time.day(), time.hour(), time.minute()), expected, "{seconds}");
        }
    }

    #[test]
    fn a_wheel_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let name = WheelName::parse("a-1-py3-none-any.whl").unwrap();
        let script = File { path: "a-1.data/scripts/a".into(), data: b"#!python".to_vec(), mode: 0o755 };
        let files = vec![script, File::new("a-1.dist-info/WHEEL".into(), b"Wheel-Version: 1.0\n".to_vec())];
        let wheel = Wheel { name, files };
        let path = wheel.write(folder.path(), 0).unwrap();
        let first = std::fs::read(&path).unwrap();
        let read = Wheel::read(&path).unwrap();
        assert_eq!(read.files[0].mode, 0o755);
        assert_eq!(read.files[1].data, b"Wheel-Version: 1.0\n");
        wheel.write(folder.path(), 0).unwrap();
        assert_eq!(first, std::fs::read(&path).unwrap());
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1);
    }

    #[test]
    fn paths_that_lead_out_are_unusable() {
        for path in ["../x", "a/../../x", "/x", "a//x", "./x", "a\\x", "C:x", "a\nb", "a/..", ""] {
            assert!(unusable(path).is_some(), "{path:?}");
        }
        for path in ["x", "a/b.c", "..a/b..", "a b", "\u{e9}"] {
            assert_eq!(unusable(path), None, "{path:?}");
        }
    }

    #[test]
    fn what_is_no_wheel_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a-1-py3-none-any.whl");
        std::fs::write(&path, "text").unwrap();
        let error = Wheel::read(&path).unwrap_err().to_string();
        assert!(
            error.starts_with("error: a-1-py3-none-any.whl is not a wheel: expected a zip archive, found none ("),
            "{error}"
        );
    }
}
