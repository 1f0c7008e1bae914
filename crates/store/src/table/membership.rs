use rusqlite::{Connection, OptionalExtension, params};
use vestibule_model::Timestamp;
use vestibule_model::api::{SiteId, UserId};

use crate::Store;
use crate::error::StoreError;

/// One row, for a resident who is signed in. What is secret about it lies in the keychain.
pub(crate) const CREATE: &str = "
CREATE TABLE membership (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    server TEXT NOT NULL,
    user INTEGER NOT NULL,
    site INTEGER NOT NULL,
    apartments TEXT NOT NULL,
    signed_in INTEGER NOT NULL,
    cursor TEXT NOT NULL,
    read_at INTEGER NOT NULL,
    access_cursor TEXT
) STRICT;
";

/// Where this resident is signed in, and how far the cache has come there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Address of the site server.
    pub server: String,
    /// Who.
    pub user: UserId,
    /// Where they live.
    pub site: SiteId,
    /// Their apartments.
    pub apartments: Vec<vestibule_model::ApartmentId>,
    /// Whether the server still knows this device.
    pub signed_in: bool,
    /// What to ask for later changes with.
    pub cursor: String,
    /// When the cache was last as the server said.
    pub read_at: Timestamp,
    /// From where on older lines of the access log are still to be read; `None`: there are none.
    pub access_cursor: Option<String>,
}

impl Store {
    /// Where this resident is signed in, if anywhere.
    pub fn membership(&self) -> Result<Option<Membership>, StoreError> {
        read(&self.reader())
    }

    /// The cache was still as the server said at this time.
    pub fn set_read_at(&self, at: Timestamp) -> Result<(), StoreError> {
        self.writer().execute("UPDATE membership SET read_at = max(read_at, ?1)", [at.0])?;
        Ok(())
    }

    /// Whether the server still knows this device.
    pub fn set_signed_in(&self, signed_in: bool) -> Result<(), StoreError> {
        self.writer().execute("UPDATE membership SET signed_in = ?1", [signed_in])?;
        Ok(())
    }
}

pub(crate) fn read(connection: &Connection) -> Result<Option<Membership>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT server, user, site, apartments, signed_in, cursor, read_at, access_cursor FROM membership",
    )?;
    let found = statement.query_row([], |row| {
        let apartments: String = row.get(3)?;
        Ok(Membership {
            server: row.get(0)?,
            user: UserId(row.get(1)?),
            site: SiteId(row.get(2)?),
            apartments: serde_json::from_str(&apartments).unwrap_or_default(),
            signed_in: row.get(4)?,
            cursor: row.get(5)?,
            read_at: Timestamp(row.get(6)?),
            access_cursor: row.get(7)?,
        })
    });
    Ok(found.optional()?)
}

pub(crate) fn write(connection: &Connection, membership: &Membership) -> Result<(), StoreError> {
    let Membership { server, user, site, apartments, signed_in, cursor, read_at, access_cursor } = membership;
    let apartments = serde_json::Value::from_iter(apartments.iter().map(|id| id.0));
    connection.execute(
        "INSERT OR REPLACE INTO membership
             (id, server, user, site, apartments, signed_in, cursor, read_at, access_cursor)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![server, user.0, site.0, apartments.to_string(), signed_in, cursor, read_at.0, access_cursor],
    )?;
    Ok(())
}

/// The cache is now as the server said at this time.
pub(crate) fn set_cursor(connection: &Connection, cursor: &str, at: Timestamp) -> Result<(), StoreError> {
    connection.execute("UPDATE membership SET cursor = ?1, read_at = ?2", params![cursor, at.0])?;
    Ok(())
}

/// Older lines of the access log are to be read from here on.
pub(crate) fn set_access_cursor(connection: &Connection, cursor: Option<&str>) -> Result<(), StoreError> {
    connection.execute("UPDATE membership SET access_cursor = ?1", [cursor])?;
    Ok(())
}
