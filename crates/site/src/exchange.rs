//! What the SIP exchange (Kamailio) reads: accounts, ring groups, and who may call whom, in an SQLite file of its own.
//!
//! It is a file of its own, and not views of the database, for three reasons: the exchange then cannot read residents
//! and visitors; digests that are as good as passwords are in no backup of the database; and a transaction over two
//! files that are attached to each other is not whole after a power cut when one of them has a write-ahead log. So it
//! is a copy that can be made anew at any time: [`Exchange::update`] compares which state of the database it is of.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use md5::{Digest as _, Md5};
use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use sha2::Sha256;
use vestibule_model::Secret;
use vestibule_model::api::DeviceId;
use zeroize::Zeroizing;

use crate::config::Sip;
use crate::db::table::{ring, sip_account};
use crate::http::Failure;
use crate::keys::Keys;

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

/// The file that the exchange reads.
pub(crate) struct Exchange {
    file: Mutex<Connection>,
    pub(crate) sip: Sip,
}

/// The user part of a device's address, which is its device ID.
pub(crate) fn user(device: DeviceId) -> String {
    format!("d{}", device.0)
}

/// The user part of what a button calls.
pub(crate) fn target(device: DeviceId, number: u16) -> String {
    format!("d{}-{number}", device.0)
}

impl Exchange {
    /// Opens the file, or makes it: others of its group may read it, for Kamailio is another user.
    pub(crate) fn open(path: &Path, sip: Sip) -> Result<Self, Failure> {
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
        Ok(Self { file: Mutex::new(file), sip })
    }

    /// Brings the file to the state of the database, in one transaction, unless it has it. `db` is read in one
    /// transaction of its own.
    pub(crate) fn update(&self, db: &Connection, keys: &Keys) -> Result<(), Failure> {
        let mut file = self.file.lock();
        let (epoch, telephony) = ring::state(db)?;
        let sql = "SELECT 1 FROM origin WHERE epoch = ?1 AND telephony = ?2 AND domain = ?3";
        let domain = &self.sip.domain;
        let same = file.query_row(sql, params![epoch, telephony, domain], |_| Ok(())).optional()?;
        if same.is_some() {
            return Ok(());
        }
        let file = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
        file.execute_batch("DELETE FROM subscriber; DELETE FROM ring; DELETE FROM directory;")?;
        self.write_accounts(&file, db, keys)?;
        let mut insert = file.prepare("INSERT INTO ring VALUES (?1, ?2, ?3, ?4)")?;
        for row in ring::all(db)? {
            let called = target(row.caller, row.number);
            insert.execute(params![user(row.caller), called, row.place, user(row.callee)])?;
        }
        drop(insert);
        let mut insert = file.prepare("INSERT INTO directory VALUES (?1, ?2)")?;
        for (caller, callee) in ring::calls(db)? {
            insert.execute(params![user(caller), user(callee)])?;
        }
        drop(insert);
        let sql = "INSERT OR REPLACE INTO origin VALUES (1, ?1, ?2, ?3)";
        file.execute(sql, params![epoch, telephony, domain])?;
        Ok(file.commit()?)
    }

    fn write_accounts(&self, file: &Transaction<'_>, db: &Connection, keys: &Keys) -> Result<(), Failure> {
        let sql =
            "INSERT INTO subscriber (id, username, domain, ha1, ha1_sha256) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = file.prepare(sql)?;
        for (device, sealed) in sip_account::all(db)? {
            let secret = keys.open_text(secret_place(device).as_bytes(), &sealed)?;
            let (user, domain) = (user(device), &self.sip.domain);
            let (md5, sha256) = digests(&user, domain, &secret);
            insert.execute(params![device.0, user, domain, md5.as_str(), sha256.as_str()])?;
        }
        Ok(())
    }
}

/// Where the password of a device stands, for the seal.
pub(crate) fn secret_place(device: DeviceId) -> String {
    format!("sip {}", device.0)
}

/// HA1 with MD5 and with SHA-256, in hexadecimal (RFC 7616 section 3.4.2).
fn digests(user: &str, realm: &str, password: &Secret) -> (Zeroizing<String>, Zeroizing<String>) {
    let text = Zeroizing::new(format!("{user}:{realm}:{}", password.reveal()));
    (hex(&Md5::digest(text.as_bytes())), hex(&Sha256::digest(text.as_bytes())))
}

fn hex(bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7616 section 3.9.1 ends in responses; these are its HA1, worked out with OpenSSL.
    #[test]
    fn digests_are_those_of_the_rfc() {
        let (md5, sha256) = digests("Mufasa", "http-auth@example.org", &Secret::new("Circle of Life"));
        assert_eq!(md5.as_str(), "3d78807defe7de2157e2b0b6573a855f");
        assert_eq!(sha256.as_str(), "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232");
    }
}
