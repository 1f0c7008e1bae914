use rusqlite::{Connection, OptionalExtension, params};
use vestibule_model::Timestamp;
use vestibule_model::api::{SiteId, UserId};

/// A file between preview and confirmation. `content` is sealed: names and addresses of people who are not even users.
pub(crate) const CREATE: &str = "
CREATE TABLE upload (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    site INTEGER NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    until INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT;
CREATE INDEX upload_of_person ON upload (person);
CREATE INDEX upload_of_site ON upload (site);
";

/// Keeps a file of somebody, in the place of the one before.
pub(crate) fn keep(
    connection: &Connection,
    user: UserId,
    site: SiteId,
    until: Timestamp,
    content: &[u8],
) -> rusqlite::Result<i64> {
    connection.execute("DELETE FROM upload WHERE person = ?1", [user.0])?;
    let sql = "INSERT INTO upload (person, site, until, content) VALUES (?1, ?2, ?3, ?4)";
    connection.execute(sql, params![user.0, site.0, until.0, content])?;
    Ok(connection.last_insert_rowid())
}

/// Takes a file of somebody, which is then gone.
pub(crate) fn take(
    connection: &Connection,
    user: UserId,
    id: i64,
    now: Timestamp,
) -> rusqlite::Result<Option<(SiteId, Vec<u8>)>> {
    let sql = "DELETE FROM upload WHERE id = ?1 AND person = ?2 AND until > ?3 RETURNING site, content";
    connection
        .query_row(sql, params![id, user.0, now.0], |row| Ok((SiteId(row.get(0)?), row.get(1)?)))
        .optional()
}

/// Forgets files that nobody confirmed.
pub(crate) fn prune(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM upload WHERE until <= ?1", [now.0])?;
    Ok(())
}
