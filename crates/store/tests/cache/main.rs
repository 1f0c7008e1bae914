//! The cache through its public interface, on real files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod access;
mod building;
mod calls;
mod crash;
mod damage;
mod history;
mod intercoms;
mod newer;
mod outbox;
mod phone;
mod pictures;
mod recovery;
mod settings;
mod sharing;

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;
use vestibule_model::{CallId, CallStatus, Caller, Direction, HistoryEntry, HistoryFilter, Timestamp};
use vestibule_store::{CallEnd, Key, NewCall, Store};

/// An open cache in a directory of its own.
struct Fixture {
    store: Store,
    key: Key,
    path: PathBuf,
    _dir: TempDir,
}

impl Fixture {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        let key = Key::generate().unwrap();
        Self { store: Store::open(&path, &key).unwrap(), key, path, _dir: dir }
    }

    /// Closes the cache; the directory stays for as long as the last part of the pair.
    fn close(self) -> (PathBuf, Key, TempDir) {
        drop(self.store);
        (self.path, self.key, self._dir)
    }
}

/// The file as SQLite sees it, past the crate.
fn raw(path: &Path, key: &Key) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(&format!("PRAGMA key = \"x'{}'\"", key.to_hex().as_str())).unwrap();
    connection
}

fn caller(name: &str) -> Caller {
    Caller { intercom: None, name: name.to_owned(), address: "door@example.org".to_owned() }
}

fn ring(store: &Store, name: &str, started: i64) -> CallId {
    let call = NewCall { caller: &caller(name), direction: Direction::Incoming, started: Timestamp(started) };
    store.begin_call(call).unwrap()
}

fn end(store: &Store, call: CallId, status: CallStatus, ended: i64) {
    store.end_call(call, &CallEnd { status, ended: Timestamp(ended), failure: None }).unwrap();
}

fn all(store: &Store) -> Vec<HistoryEntry> {
    store.history(&HistoryFilter::default()).unwrap().0
}
