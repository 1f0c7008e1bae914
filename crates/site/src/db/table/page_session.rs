use rusqlite::{Connection, OptionalExtension, params};
use vestibule_model::Timestamp;
use vestibule_model::api::{SiteId, UserId};

use crate::db::Word;
use crate::token::Digest;
use crate::viewer::Viewer;

/// Somebody who is signed in on the pages; `token` is the digest of what the cookie holds.
pub(crate) const CREATE: &str = "
CREATE TABLE page_session (
    token BLOB PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX page_session_of_person ON page_session (person);
";

/// Begins a session.
pub(crate) fn begin(
    connection: &Connection,
    token: Digest,
    user: UserId,
    until: Timestamp,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO page_session (token, person, until) VALUES (?1, ?2, ?3)";
    connection.execute(sql, params![token.0, user.0, until.0])?;
    Ok(())
}

/// Who it is now, and until when.
pub(crate) fn viewer(
    connection: &Connection,
    token: Digest,
    now: Timestamp,
) -> rusqlite::Result<Option<(Viewer, Timestamp)>> {
    let sql = "SELECT person.id, person.site, role, until FROM page_session
               JOIN person ON person.id = page_session.person WHERE token = ?1 AND until > ?2";
    connection
        .prepare_cached(sql)?
        .query_row(params![token.0, now.0], |row| {
            let viewer = Viewer {
                // No session of the API has this number.
                session: 0,
                user: UserId(row.get(0)?),
                site: SiteId(row.get(1)?),
                role: row.get::<_, Word<_>>(2)?.0,
            };
            Ok((viewer, Timestamp(row.get(3)?)))
        })
        .optional()
}

/// Ends a session.
pub(crate) fn end(connection: &Connection, token: Digest) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM page_session WHERE token = ?1", [token.0])?;
    Ok(())
}

/// Forgets sessions that are over.
pub(crate) fn prune(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM page_session WHERE until <= ?1", [now.0])?;
    Ok(())
}
