use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};

use super::{Origin, Tables};
use crate::http::Failure;

/// How long to wait while the exchange reads.
const BUSY: Duration = Duration::from_secs(5);

/// `version` and `subscriber` are Kamailio's own (auth_db, table version 7); the rest is read by our kamailio.cfg.
const CREATE: &str = "
CREATE TABLE IF NOT EXISTS version (table_name TEXT PRIMARY KEY, table_version INTEGER NOT NULL) STRICT;
INSERT OR REPLACE INTO version VALUES ('subscriber', 7);
CREATE TABLE IF NOT EXISTS subscriber (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    domain TEXT NOT NULL,
    password TEXT NOT NULL DEFAULT '',
    ha1 TEXT NOT NULL,
    ha1b TEXT NOT NULL DEFAULT '',
    ha1_sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS ring (
    caller TEXT NOT NULL,
    target TEXT NOT NULL,
    place INTEGER NOT NULL,
    callee TEXT NOT NULL,
    PRIMARY KEY (caller, target, place, callee)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS directory (
    caller TEXT NOT NULL,
    callee TEXT NOT NULL,
    PRIMARY KEY (caller, callee)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS origin (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL,
    telephony INTEGER NOT NULL,
    domain TEXT NOT NULL
) STRICT;
";

/// The file.
pub(super) struct File(Connection);

impl File {
    /// Opens it, or makes it: others of its group may read it, for Kamailio is another user.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        if !path.exists() {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            {
                use std::os::unix::fs::OpenOptionsExt;
                options.mode(0o640);
            }
            options.open(path).map_err(|error| Failure::Internal(error.into()))?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let file = Connection::open_with_flags(path, flags)?;
        file.busy_timeout(BUSY)?;
        // With a write-ahead log, readers would have to write beside the file.
        file.pragma_update(None, "journal_mode", "DELETE")?;
        file.execute_batch(CREATE)?;
        Ok(Self(file))
    }

    /// Which state it is of.
    pub(super) fn origin(&self) -> Result<Option<Origin>, Failure> {
        let sql = "SELECT epoch, telephony, domain FROM origin";
        let origin = self.0.query_row(sql, [], |row| {
            Ok(Origin { epoch: row.get(0)?, telephony: row.get(1)?, domain: row.get(2)? })
        });
        Ok(origin.optional()?)
    }

    /// Puts these in place of what is there, in one transaction.
    pub(super) fn write(&mut self, tables: &Tables) -> Result<(), Failure> {
        let file = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        file.execute_batch("DELETE FROM subscriber; DELETE FROM ring; DELETE FROM directory;")?;
        let sql =
            "INSERT INTO subscriber (id, username, domain, ha1, ha1_sha256) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = file.prepare(sql)?;
        let Origin { epoch, telephony, domain } = &tables.origin;
        for account in &tables.accounts {
            let (md5, sha256) = (account.md5.as_str(), account.sha256.as_str());
            insert.execute(params![account.device, account.user, domain, md5, sha256])?;
        }
        drop(insert);
        let mut insert = file.prepare("INSERT INTO ring VALUES (?1, ?2, ?3, ?4)")?;
        for ring in &tables.rings {
            insert.execute(params![ring.caller, ring.target, ring.place, ring.callee])?;
        }
        drop(insert);
        let mut insert = file.prepare("INSERT INTO directory VALUES (?1, ?2)")?;
        for (caller, callee) in &tables.directory {
            insert.execute(params![caller, callee])?;
        }
        drop(insert);
        let sql = "INSERT OR REPLACE INTO origin VALUES (1, ?1, ?2, ?3)";
        file.execute(sql, params![epoch, telephony, domain])?;
        Ok(file.commit()?)
    }
}
