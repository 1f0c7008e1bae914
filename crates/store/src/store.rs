use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use vestibule_model::Timestamp;

use crate::error::{OpenError, StoreError};
use crate::key::Key;
use crate::{aside, connection};

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

impl Store {
    /// Opens the cache at `path`, which is created if it is not there, and brings its tables up to date.
    ///
    /// Settings and intercoms are read once, so that damage in what the program cannot do without is found here.
    pub fn open(path: &Path, key: &Key) -> Result<Self, OpenError> {
        let writer = connection::writer(path, key)?;
        let reader = connection::reader(path, key)?;
        let connections = Connections {
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
        };
        let store = Self {
            connections: Arc::new(connections),
        };
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
        self.connections
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn reader(&self) -> MutexGuard<'_, Connection> {
        self.connections
            .reader
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
