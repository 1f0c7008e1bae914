use std::io;

use rusqlite::ErrorCode;
use thiserror::Error;

/// Why the cache could not be read or written.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A page of the file is not what was written: the disk or another program changed it.
    #[error("the cache is damaged")]
    Damaged(#[source] rusqlite::Error),
    /// The row that was to be changed, or that the new row belongs to, is not there.
    #[error("there is no such row in the cache")]
    NotFound,
    /// The disk is full.
    #[error("there is no room left for the cache")]
    Full(#[source] rusqlite::Error),
    /// Another program has kept the cache locked for longer than a write waits.
    #[error("the cache is locked by another program")]
    Busy(#[source] rusqlite::Error),
    /// Anything else that SQLite says.
    #[error("the cache could not be used")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match &error {
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged(error),
                ErrorCode::DiskFull => Self::Full(error),
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy(error),
                _ if failure.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Self::NotFound,
                _ => Self::Sqlite(error),
            },
            _ => Self::Sqlite(error),
        }
    }
}

/// Why a cache could not be opened. The file is left as it is.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The file is damaged, or it was encrypted with another key. SQLCipher cannot tell the one from the other.
    #[error("the cache is damaged or has another key")]
    Unreadable(#[source] rusqlite::Error),
    /// A newer version of the program wrote the file.
    #[error("the cache has version {found}; this program knows versions up to {known}")]
    Newer {
        /// Version of the tables in the file.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// The file could not be created or locked.
    #[error("the cache could not be opened")]
    Io(#[source] io::Error),
    /// Anything else that SQLite says.
    #[error("the cache could not be opened")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        match StoreError::from(error) {
            StoreError::Damaged(error) => Self::Unreadable(error),
            StoreError::Full(error) | StoreError::Busy(error) | StoreError::Sqlite(error) => {
                Self::Sqlite(error)
            }
            StoreError::NotFound => Self::Sqlite(rusqlite::Error::QueryReturnedNoRows),
        }
    }
}
