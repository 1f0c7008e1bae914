//! What the SIP exchange (Kamailio) reads: accounts, ring groups, and who may call whom, in an SQLite file of its own, or
//! in PostgreSQL.
//!
//! It is a file of its own, and not views of the database, for three reasons: the exchange then cannot read residents
//! and visitors; digests that are as good as passwords are in no backup of the database; and a transaction over two
//! files that are attached to each other is not whole after a power cut when one of them has a write-ahead log. So it
//! is a copy that can be made anew at any time: [`Exchange::update`] compares which state of the database it is of.

mod postgres;
mod sqlite;

use std::path::Path;

use md5::{Digest as _, Md5};
use parking_lot::Mutex;
use rusqlite::Connection;
use sha2::Sha256;
use vestibule_model::Secret;
use vestibule_model::api::DeviceId;
use zeroize::Zeroizing;

use crate::config::Sip;
use crate::db::table::{ring, sip_account};
use crate::http::Failure;
use crate::keys::Keys;

/// What the exchange reads.
pub(crate) struct Exchange {
    copy: Mutex<Copy>,
    pub(crate) sip: Sip,
}

/// Where it is.
enum Copy {
    File(sqlite::File),
    Server(Box<postgres::Server>),
}

/// The state of the database that a copy is of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    epoch: i64,
    telephony: i64,
    domain: String,
}

/// All that is copied.
struct Tables {
    origin: Origin,
    accounts: Vec<Account>,
    rings: Vec<Ring>,
    /// Who may call whom.
    directory: Vec<(String, String)>,
}

/// A device that registers.
struct Account {
    device: i64,
    user: String,
    md5: Zeroizing<String>,
    sha256: Zeroizing<String>,
}

/// A step of what a button rings.
struct Ring {
    caller: String,
    target: String,
    place: i32,
    callee: String,
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
    /// Opens the file at `path`, or makes it; or the tables in PostgreSQL, if that is what the settings say.
    pub(crate) fn open(path: &Path, sip: Sip) -> Result<Self, Failure> {
        let copy = match &sip.postgres {
            Some(connection) => Copy::Server(Box::new(postgres::Server::open(connection.reveal())?)),
            None => Copy::File(sqlite::File::open(path)?),
        };
        Ok(Self { copy: Mutex::new(copy), sip })
    }

    /// Brings the copy to the state of the database, in one transaction, unless it has it. `db` is read in one
    /// transaction of its own.
    pub(crate) fn update(&self, db: &Connection, keys: &Keys) -> Result<(), Failure> {
        let mut copy = self.copy.lock();
        let (epoch, telephony) = ring::state(db)?;
        let origin = Origin { epoch, telephony, domain: self.sip.domain.clone() };
        let of = match &mut *copy {
            Copy::File(file) => file.origin()?,
            Copy::Server(server) => server.origin(),
        };
        if of.as_ref() == Some(&origin) {
            return Ok(());
        }
        let tables = Tables::read(origin, db, keys)?;
        match &mut *copy {
            Copy::File(file) => file.write(&tables),
            Copy::Server(server) => server.write(&tables),
        }
    }
}

impl Tables {
    fn read(origin: Origin, db: &Connection, keys: &Keys) -> Result<Self, Failure> {
        let accounts = sip_account::all(db)?.into_iter().map(|(device, sealed)| {
            let secret = keys.open_text(secret_place(device).as_bytes(), &sealed)?;
            let user = user(device);
            let (md5, sha256) = digests(&user, &origin.domain, &secret);
            Ok(Account { device: device.0, user, md5, sha256 })
        });
        let accounts = accounts.collect::<Result<_, Failure>>()?;
        let rings = ring::all(db)?.into_iter().map(|row| Ring {
            caller: user(row.caller),
            target: target(row.caller, row.number),
            place: row.place,
            callee: user(row.callee),
        });
        let calls = ring::calls(db)?.into_iter().map(|(caller, callee)| (user(caller), user(callee)));
        Ok(Self { rings: rings.collect(), directory: calls.collect(), accounts, origin })
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
