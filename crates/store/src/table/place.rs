use rusqlite::{Connection, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::table::readable;

/// Sites, apartments, devices, contacts and users, each as the server said it, in JSON: they are few and read whole, and a
/// field that is added needs no migration.
pub(crate) const CREATE: &str = "
CREATE TABLE place (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
";

/// What stands in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Site,
    Apartment,
    Device,
    Contact,
    /// Oneself, and whom one administers.
    User,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Apartment => "apartment",
            Self::Device => "device",
            Self::Contact => "contact",
            Self::User => "user",
        }
    }
}

/// Keeps what is there now, or forgets what is not.
pub(crate) fn put(
    connection: &Connection,
    kind: Kind,
    id: i64,
    now: Option<&impl Serialize>,
) -> Result<(), StoreError> {
    match now {
        None => {
            connection.execute("DELETE FROM place WHERE kind = ?1 AND id = ?2", params![kind.word(), id])?
        }
        Some(now) => connection.execute(
            "INSERT OR REPLACE INTO place (kind, id, json) VALUES (?1, ?2, ?3)",
            params![kind.word(), id, super::to_json(now)?],
        )?,
    };
    Ok(())
}

/// Everything of a kind, in the order of the ids. What cannot be read is left out and logged.
pub(crate) fn all<T: DeserializeOwned>(connection: &Connection, kind: Kind) -> Result<Vec<T>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id, json FROM place WHERE kind = ?1 ORDER BY id")?;
    let mut rows = statement.query([kind.word()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.extend(readable(super::from_json(row, 1), "a part of the building", row.get(0)?)?);
    }
    Ok(found)
}

/// Forgets everything of these kinds.
pub(crate) fn clear(connection: &Connection, kinds: &[Kind]) -> Result<(), StoreError> {
    for kind in kinds {
        connection.execute("DELETE FROM place WHERE kind = ?1", [kind.word()])?;
    }
    Ok(())
}
