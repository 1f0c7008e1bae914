use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use vestibule_model::Timestamp;

use crate::private;

/// The main file last: where the move is cut short, the journals are still told apart by their date, and SQLite
/// deletes a journal that it finds beside a new, empty file.
const SUFFIXES: [&str; 3] = ["-wal", "-shm", ""];

/// How many names of one second are tried.
const ATTEMPTS: u32 = 1000;

/// See [`crate::Store::set_aside`].
pub(crate) fn set_aside(path: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let stamp = stamp(now)?;
    for attempt in 1..=ATTEMPTS {
        let target = dated(path, &stamp, attempt);
        if !reserve(&target)? {
            continue;
        }
        for suffix in SUFFIXES {
            match fs::rename(with_suffix(path, suffix), with_suffix(&target, suffix)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && !suffix.is_empty() => {
                    fs::remove_file(with_suffix(&target, suffix))?;
                }
                result => result?,
            }
        }
        if let Some(parent) = path.parent() {
            private::sync_dir(parent)?;
        }
        return Ok(target);
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "every name to set the cache aside to is taken"))
}

/// Takes the three names with empty files, so that the renames replace nothing but these.
fn reserve(target: &Path) -> io::Result<bool> {
    for (taken, suffix) in SUFFIXES.iter().enumerate() {
        match OpenOptions::new().write(true).create_new(true).open(with_suffix(target, suffix)) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                for mine in SUFFIXES.iter().take(taken) {
                    fs::remove_file(with_suffix(target, mine))?;
                }
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// `cache.db` becomes `cache.2026-11-22T061500Z.db`, or `cache.2026-11-22T061500Z-2.db` where that is taken.
fn dated(path: &Path, stamp: &str, attempt: u32) -> PathBuf {
    let mut name = path.file_stem().map(OsString::from).unwrap_or_default();
    name.push(format!(".{stamp}"));
    if attempt > 1 {
        name.push(format!("-{attempt}"));
    }
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

/// In UTC, without the colons that Windows forbids in names.
fn stamp(now: Timestamp) -> io::Result<String> {
    let date = OffsetDateTime::from_unix_timestamp(now.0.div_euclid(1000)).map_err(io::Error::other)?;
    let (hour, minute, second) = date.to_hms();
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    Ok(format!("{year:04}-{month:02}-{day:02}T{hour:02}{minute:02}{second:02}Z"))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
