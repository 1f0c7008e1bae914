use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;
use tempfile::NamedTempFile;
use thiserror::Error;

use crate::db::{connect, table::server};

/// Pages that are copied before a writer may come in between.
const PAGES: i32 = 1_000;

/// Why there is no backup.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The file is there already, or cannot be written.
    #[error("the backup could not be written to {path}")]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Anything that SQLite says.
    #[error("the database could not be copied")]
    Sqlite(#[from] rusqlite::Error),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
}

/// Copies the database at `from`, which may be in use, to a new file `to`, mode 0600. The keys are not in it.
///
/// The copy begins a new epoch: a server that is restored from it answers 410 to every cursor from before, so that
/// no app goes on from changes that never were.
pub fn backup(from: &Path, to: &Path) -> Result<(), BackupError> {
    let io = |source| BackupError::Io { path: to.to_owned(), source };
    let dir = to.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // It gets its name when it is whole.
    let file = NamedTempFile::new_in(dir).map_err(io)?;
    let source = connect(from)?;
    let mut copy = Connection::open(file.path())?;
    Backup::new(&source, &mut copy)?.run_to_completion(PAGES, Duration::ZERO, None)?;
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    server::begin_epoch(&copy)?;
    copy.close().map_err(|(_, error)| error)?;
    file.as_file().sync_all().map_err(io)?;
    file.persist_noclobber(to).map_err(|error| io(error.error))?;
    Ok(())
}
