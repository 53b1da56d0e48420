//! The readers of what others have made, as functions of bytes that anybody may have sent. None of them may panic, whatever
//! the bytes are. `cargo xtask fuzz` searches for bytes on which one does.

use std::hint::black_box;
use std::path::Path;
use std::str::FromStr;

use pep440_rs::VersionSpecifiers;

use crate::build::project::Project;
use crate::build::source;
use crate::check::report::Report;
use crate::check::text;
use crate::requirement::distribution;
use crate::test::wheel::WheelUnderTest;
use crate::wheel::name::WheelName;
use crate::wheel::{File, Wheel, make_universal, metadata, record};

/// A function of bytes, with the name by which it is asked for.
pub type Reader = (&'static str, fn(&[u8]));

/// All readers. `seeds` in the folder of this crate has a folder for each.
pub const READERS: [Reader; 6] =
    [("elf", elf), ("metadata", metadata), ("record", record), ("tar", tar), ("wheel", wheel), ("zip", zip)];

/// A file name that wheels are read by.
const NAME: &str = "a-1-py3-none-manylinux_2_17_x86_64.whl";

/// A wheel: checked, tested and made universal.
fn wheel(data: &[u8]) {
    let Ok(wheel) = Wheel::from_bytes(NAME, data.to_vec()) else { return };
    if let Ok(report) = Report::of_wheel(NAME.into(), &wheel) {
        black_box(text::text(&report));
        black_box(serde_json::to_string(&report).is_ok());
    }
    black_box(WheelUnderTest::of(Path::new(NAME), &wheel).is_ok());
    black_box(make_universal(wheel, "").is_ok());
}

/// An extension module, or an object that is going to be linked.
fn elf(data: &[u8]) {
    if let Ok(report) = Report::of_module("a.so".into(), data.to_vec()) {
        black_box(text::text(&report));
    }
    black_box(cardan_import_library::rename_entry(data).is_ok());
    black_box(cardan_import_library::imports(data).is_ok());
    black_box(cardan_import_library::handles(data).is_ok());
    black_box(cardan_import_library::taken_by_object(data));
    black_box(cardan_import_library::Target::from_elf(data).is_ok());
}

/// An sdist, unpacked. Nothing may appear beside the folder that it is unpacked into.
fn tar(data: &[u8]) {
    unpacked(|folder| drop(source::unpack_tar(Path::new("a-1.tar.gz"), data, folder)));
}

/// An sdist that is a zip archive, likewise.
fn zip(data: &[u8]) {
    unpacked(|folder| drop(source::unpack_zip(Path::new("a-1.zip"), data.to_vec(), folder)));
}

fn unpacked(unpack: impl FnOnce(&Path)) {
    let around = tempfile::tempdir().expect("a folder for temporary files");
    let folder = around.path().join("project");
    std::fs::create_dir(&folder).expect("a new folder");
    unpack(&folder);
    let beside = std::fs::read_dir(around.path()).expect("the folder").count();
    assert_eq!(beside, 1, "a file was written outside of the folder");
}

/// What wheels and projects say of themselves: `METADATA` and `WHEEL`, requirements, versions, `pyproject.toml`.
fn metadata(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    black_box(metadata::universal(&text, &["py3-none-any".into()]));
    for line in text.lines() {
        black_box(distribution(line).is_ok());
        black_box(VersionSpecifiers::from_str(line).is_ok());
        black_box(WheelName::parse(line).map(|name| name.tags()).is_ok());
    }
    let file = File::new("a-1.dist-info/METADATA".into(), data.to_vec());
    let wheel = Wheel { name: WheelName::parse(NAME).expect("a wheel's name"), files: vec![file] };
    black_box(WheelUnderTest::of(Path::new(NAME), &wheel).is_ok());
    black_box(Project::of(Some(&text), Some(&text), true, Path::new("a")).is_ok());
}

/// A `RECORD`.
fn record(data: &[u8]) {
    let files = [("a.py", &b"x"[..]), ("a-1.dist-info/METADATA", b""), ("a-1.dist-info/RECORD", data)];
    let files = files.into_iter().map(|(path, data)| File::new(path.into(), data.to_vec())).collect();
    black_box(record::problems(&Wheel { name: WheelName::parse(NAME).expect("a wheel's name"), files }));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Changes bytes as a fuzzer does, by numbers that are the same each time.
    struct Changes(u64);

    impl Changes {
        fn next(&mut self, below: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % below.max(1) as u64) as usize
        }

        fn change(&mut self, data: &mut Vec<u8>) {
            const VALUES: [u8; 8] = [0, 1, 0x7f, 0x80, 0xff, b'/', b'.', b'\n'];
            for _ in 0..=self.next(6) {
                let place = self.next(data.len());
                match self.next(5) {
                    0 => data.truncate(place),
                    1 => data.insert(place.min(data.len()), VALUES[self.next(8)]),
                    2 => {
                        let end = (place + self.next(64)).min(data.len());
                        data.drain(place.min(end)..end);
                    }
                    _ => {
                        for place in place..(place + self.next(9)).min(data.len()) {
                            data[place] = VALUES[self.next(8)];
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn no_reader_panics_on_changed_seeds() {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
        let mut changes = Changes(0x9e37_79b9_7f4a_7c15);
        for (name, reader) in READERS {
            let mut count = 0;
            for entry in std::fs::read_dir(seeds.join(name)).expect("seeds") {
                let original = std::fs::read(entry.expect("a seed").path()).expect("a seed");
                reader(&original);
                count += 1;
                for _ in 0..200 {
                    let mut data = original.clone();
                    changes.change(&mut data);
                    reader(&data);
                }
            }
            assert!(count > 0, "no seeds for {name}");
        }
    }
}
