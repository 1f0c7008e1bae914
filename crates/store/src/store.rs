use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use vestibule_model::Timestamp;

use crate::error::{OpenError, StoreError};
use crate::key::Key;
use crate::{aside, connection, private};

/// The open cache. Clones share its two connections.
///
/// One connection writes, and does the short reads that a ringing call waits for; the other serves the history and
/// its pictures, however long that takes.
#[derive(Clone)]
pub struct Store {
    connections: Arc<Connections>,
}

struct Connections {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
}

/// Held by whoever opens a cache; released when it is dropped.
///
/// SQLite itself lets two programs begin the same new file, and then fails for one of them.
pub(crate) struct Lock {
    _file: File,
}

/// Waits until nobody else is opening the cache at `path`. The lock is a file beside it.
pub(crate) fn lock(path: &Path) -> io::Result<Lock> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    private::restrict(&mut options);
    let file = options.open(path.with_extension("lock"))?;
    file.lock()?;
    Ok(Lock { _file: file })
}

impl Store {
    /// Opens the cache at `path`, which is created if it is not there, and brings its tables up to date.
    ///
    /// Settings and intercoms are read once, so that damage in what the program cannot do without is found here.
    pub fn open(path: &Path, key: &Key) -> Result<Self, OpenError> {
        let lock = lock(path).map_err(OpenError::Io)?;
        Self::open_locked(path, key, &lock)
    }

    /// The same, for whoever holds the [`lock`] already.
    pub(crate) fn open_locked(path: &Path, key: &Key, _: &Lock) -> Result<Self, OpenError> {
        let writer = connection::writer(path, key)?;
        let reader = connection::reader(path, key)?;
        let connections = Connections { writer: Mutex::new(writer), reader: Mutex::new(reader) };
        let store = Self { connections: Arc::new(connections) };
        for result in [store.settings().map(drop), store.intercoms().map(drop)] {
            match result {
                Err(StoreError::Damaged(error)) => return Err(OpenError::Unreadable(error)),
                Err(StoreError::Full(error) | StoreError::Busy(error) | StoreError::Sqlite(error)) => {
                    return Err(OpenError::Sqlite(error));
                }
                Err(StoreError::NotFound) | Ok(()) => {}
            }
        }
        Ok(store)
    }

    /// Moves the cache at `path`, which must not be open, with its journals to a name that holds the date, in the
    /// same directory. Nothing is ever overwritten. Returns the new path.
    pub fn set_aside(path: &Path, now: Timestamp) -> io::Result<PathBuf> {
        aside::set_aside(path, now)
    }

    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere rolled its transaction back; the connection is as good as before.
        self.connections.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn reader(&self) -> MutexGuard<'_, Connection> {
        self.connections.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use vestibule_model::{Caller, Direction};

    use super::*;
    use crate::NewCall;

    #[test]
    fn a_call_rings_while_the_history_is_being_read() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("cache.db"), &Key::generate().unwrap()).unwrap();
        let caller =
            Caller { intercom: None, name: "Guest".to_owned(), address: "guest@example.org".to_owned() };
        let ring = || {
            let (direction, started) = (Direction::Incoming, Timestamp(1));
            store.begin_call(NewCall { caller: &caller, direction, started }).unwrap()
        };
        ring();

        // In the middle of a page of the history; a ring that needed this connection would wait for ever.
        let reader = store.reader();
        let mut statement = reader.prepare("SELECT id FROM call").unwrap();
        let mut rows = statement.query([]).unwrap();
        rows.next().unwrap().unwrap();

        store.settings().unwrap();
        store.intercoms().unwrap();
        store.call_answered(ring(), Timestamp(2)).unwrap();
        assert_eq!(store.unseen().unwrap(), 0);
    }

    #[test]
    fn the_connection_that_reads_does_not_write() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("cache.db"), &Key::generate().unwrap()).unwrap();
        store.reader().execute("DELETE FROM call", []).unwrap_err();
    }

    #[test]
    fn nothing_is_written_without_being_on_the_disk() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("cache.db"), &Key::generate().unwrap()).unwrap();
        let get = |name| store.writer().pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        let mode: String = store.writer().pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        // 2 is FULL; 2 is INCREMENTAL.
        assert_eq!(
            (mode.as_str(), get("synchronous"), get("foreign_keys"), get("auto_vacuum")),
            ("wal", 2, 1, 2)
        );
    }
}
