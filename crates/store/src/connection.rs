use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, ffi};
use zeroize::Zeroizing;

use crate::error::OpenError;
use crate::key::Key;
use crate::{migration, private};

/// How long a write waits for another program that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// SQLCipher's page size in bytes; no cache is shorter.
const PAGE: u64 = 4096;

/// Opens the connection that writes, creating the file and bringing its tables up to date.
pub(crate) fn writer(path: &Path, key: &Key) -> Result<Connection, OpenError> {
    create_private(path).map_err(OpenError::Io)?;
    refuse_stump(path)?;
    let mut connection = unlocked(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    refuse_newer(&connection)?;
    // Must come before the first table, else it needs a rewrite of the whole file.
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    migration::migrate(&mut connection, migration::STEPS)?;
    Ok(connection)
}

/// Opens a connection that only reads. WAL lets it read while the other one writes.
pub(crate) fn reader(path: &Path, key: &Key) -> Result<Connection, OpenError> {
    let connection = unlocked(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// SQLite would give a new file to everybody whom the umask allows; its journals take over the file's own mode.
fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private::restrict(&mut options);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// SQLite takes a file that is shorter than its header for an empty one, and would write over it.
fn refuse_stump(path: &Path) -> Result<(), OpenError> {
    match path.metadata().map_err(OpenError::Io)?.len() {
        0 | PAGE.. => Ok(()),
        _ => Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_NOTADB), None).into()),
    }
}

fn unlocked(path: &Path, key: &Key, flags: OpenFlags) -> Result<Connection, OpenError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // It would print to the standard error stream what is said by errors anyway.
    connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
    let hex = key.to_hex();
    let pragma = Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", hex.as_str()));
    connection.execute_batch(&pragma)?;
    Ok(connection)
}

/// Closing a connection writes the journal back into the file. A file from a newer version must stay as it is,
/// so that is off until the version is known.
fn refuse_newer(connection: &Connection) -> Result<(), OpenError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    let found = migration::version(connection)?;
    let known = u32::try_from(migration::STEPS.len()).unwrap_or(u32::MAX);
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}
