use rusqlite::{Connection, OptionalExtension, params};
use vestibule_model::Timestamp;
use vestibule_model::api::UserId;

use crate::token::Digest;

/// A row is a link that nobody has used: using it removes it.
pub(crate) const CREATE: &str = "
CREATE TABLE link (
    token BLOB PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

/// Makes a link.
pub(crate) fn add(
    connection: &Connection,
    token: Digest,
    user: UserId,
    until: Timestamp,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO link (token, person, until) VALUES (?1, ?2, ?3)";
    connection.execute(sql, params![token.0, user.0, until.0])?;
    Ok(())
}

/// Uses a link, which is then gone. `None` when it is not there, or its time is over.
pub(crate) fn take(
    connection: &Connection,
    token: Digest,
    now: Timestamp,
) -> rusqlite::Result<Option<UserId>> {
    let sql = "DELETE FROM link WHERE token = ?1 AND until > ?2 RETURNING person";
    connection.query_row(sql, params![token.0, now.0], |row| row.get(0).map(UserId)).optional()
}

/// Forgets links whose time is over.
pub(crate) fn prune(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM link WHERE until <= ?1", [now.0])?;
    Ok(())
}
