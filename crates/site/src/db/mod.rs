//! The database: one SQLite file. What is here blocks; the handlers go through [`crate::app::App`], which calls it on
//! a thread for blocking work.

mod backup;
mod migration;
pub(crate) mod table;
mod together;
mod word;

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use thiserror::Error;

pub use backup::{BackupError, backup};
use together::Queue;
pub(crate) use word::Word;

use crate::private;

/// How long a write waits for another program that is writing, such as a command beside the server.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The open database: one connection that writes, one that reads meanwhile.
pub(crate) struct Db {
    writer: Mutex<Connection>,
    waiting: Queue,
    reader: Mutex<Connection>,
}

/// Why the database could not be opened. The file is left as it is.
#[derive(Debug, Error)]
pub enum OpenError {
    /// A newer version of the program wrote the file.
    #[error("the database has version {found}; this program knows versions up to {known}")]
    Newer {
        /// Version of the tables in the file.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// The file could not be created or found.
    #[error("the database file could not be used")]
    Io(#[from] io::Error),
    /// Anything that SQLite says.
    #[error("the database could not be opened")]
    Sqlite(#[from] rusqlite::Error),
}

impl Db {
    /// Makes a file that must not be there yet, for this user alone, with all tables.
    pub(crate) fn create(path: &Path) -> Result<Self, OpenError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // The journals take over the file's own mode.
        private::restrict(&mut options);
        options.open(path)?;
        Self::open(path)
    }

    /// Opens a file that is there, and brings its tables up to date.
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        let mut writer = connect(path)?;
        // A file of a newer version is left as it is, its journal too.
        migration::refuse_newer(&writer, migration::STEPS)?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        writer.pragma_update(None, "synchronous", "FULL")?;
        writer.pragma_update(None, "foreign_keys", true)?;
        migration::migrate(&mut writer, migration::STEPS)?;
        let reader = connect(path)?;
        reader.pragma_update(None, "query_only", true)?;
        Ok(Self { writer: Mutex::new(writer), waiting: Queue::default(), reader: Mutex::new(reader) })
    }

    /// Runs one transaction that writes. What `work` refuses is undone.
    pub(crate) fn write<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = self.writer.lock();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    /// The same, in a commit that others may share: what each of them refuses is undone alone. It returns once all is
    /// on the disk.
    pub(crate) fn write_together<T: Send + 'static, E: From<rusqlite::Error> + Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        self.waiting.write(&self.writer, work)
    }

    /// Runs one transaction that reads: all that it sees is of one moment.
    pub(crate) fn read<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut reader = self.reader.lock();
        let transaction = reader.transaction()?;
        work(&transaction)
    }
}

/// All tables, in memory.
#[cfg(test)]
pub(crate) fn in_memory() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.pragma_update(None, "foreign_keys", true).unwrap();
    migration::migrate(&mut connection, migration::STEPS).unwrap();
    connection
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}
