use rusqlite::{Connection, OptionalExtension, params};
use vestibule_model::Timestamp;
use vestibule_model::api::{SiteId, UserId};

use crate::db::Word;
use crate::token::Digest;
use crate::viewer::Viewer;

/// A session is a family of refresh tokens on one device. It has one access token at a time. Tokens and what the
/// device calls itself are here as SHA-256 only.
pub(crate) const CREATE: &str = "
CREATE TABLE session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    device BLOB NOT NULL,
    access BLOB NOT NULL UNIQUE,
    access_until INTEGER NOT NULL,
    refresh_until INTEGER NOT NULL
) STRICT;
CREATE INDEX session_of_person ON session (person);
CREATE TABLE refresh (
    token BLOB PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    used INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_of_session ON refresh (session);
";

/// A pair of tokens for a session.
pub(crate) struct Pair {
    pub(crate) access: Digest,
    pub(crate) access_until: Timestamp,
    pub(crate) refresh: Digest,
    pub(crate) refresh_until: Timestamp,
}

/// A refresh token that was found.
pub(crate) struct Found {
    pub(crate) session: i64,
    pub(crate) user: UserId,
    pub(crate) site: SiteId,
    pub(crate) device: Digest,
    pub(crate) until: Timestamp,
    pub(crate) used: bool,
}

/// Begins a session. What the same device had before ends.
pub(crate) fn begin(
    connection: &Connection,
    user: UserId,
    device: Digest,
    pair: &Pair,
) -> rusqlite::Result<i64> {
    connection.execute("DELETE FROM session WHERE person = ?1 AND device = ?2", params![user.0, device.0])?;
    connection.execute(
        "INSERT INTO session (person, device, access, access_until, refresh_until) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![user.0, device.0, pair.access.0, pair.access_until.0, pair.refresh_until.0],
    )?;
    let session = connection.last_insert_rowid();
    add_refresh(connection, session, pair.refresh)?;
    Ok(session)
}

/// Gives a session its next pair; the refresh token before is used up.
pub(crate) fn rotate(
    connection: &Connection,
    session: i64,
    old: Digest,
    pair: &Pair,
) -> rusqlite::Result<()> {
    connection.execute("UPDATE refresh SET used = 1 WHERE token = ?1", [old.0])?;
    connection.execute(
        "UPDATE session SET access = ?2, access_until = ?3, refresh_until = ?4 WHERE id = ?1",
        params![session, pair.access.0, pair.access_until.0, pair.refresh_until.0],
    )?;
    add_refresh(connection, session, pair.refresh)
}

fn add_refresh(connection: &Connection, session: i64, token: Digest) -> rusqlite::Result<()> {
    connection.execute("INSERT INTO refresh (token, session) VALUES (?1, ?2)", params![token.0, session])?;
    Ok(())
}

/// Looks for a refresh token, used or not.
pub(crate) fn find_refresh(connection: &Connection, token: Digest) -> rusqlite::Result<Option<Found>> {
    let sql = "SELECT session.id, person.id, site, device, refresh_until, used FROM refresh
               JOIN session ON session.id = refresh.session JOIN person ON person.id = session.person
               WHERE token = ?1";
    connection
        .query_row(sql, [token.0], |row| {
            Ok(Found {
                session: row.get(0)?,
                user: UserId(row.get(1)?),
                site: SiteId(row.get(2)?),
                device: Digest(row.get(3)?),
                until: Timestamp(row.get(4)?),
                used: row.get(5)?,
            })
        })
        .optional()
}

/// Who has this access token, on this device, now, and until when.
pub(crate) fn viewer(
    connection: &Connection,
    access: Digest,
    device: Digest,
    now: Timestamp,
) -> rusqlite::Result<Option<(Viewer, Timestamp)>> {
    let sql = "SELECT session.id, person.id, person.site, role, access_until FROM session
               JOIN person ON person.id = session.person
               WHERE access = ?1 AND device = ?2 AND access_until > ?3";
    connection
        .prepare_cached(sql)?
        .query_row(params![access.0, device.0, now.0], |row| {
            let viewer = Viewer {
                session: row.get(0)?,
                user: UserId(row.get(1)?),
                site: SiteId(row.get(2)?),
                role: row.get::<_, Word<_>>(3)?.0,
            };
            Ok((viewer, Timestamp(row.get(4)?)))
        })
        .optional()
}

/// Ends a session with all its tokens.
pub(crate) fn end(connection: &Connection, session: i64) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM session WHERE id = ?1", [session])?;
    Ok(())
}

/// Ends all sessions of somebody, those on the pages too.
pub(crate) fn end_all(connection: &Connection, user: UserId) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM session WHERE person = ?1", [user.0])?;
    connection.execute("DELETE FROM page_session WHERE person = ?1", [user.0])?;
    Ok(())
}

/// Forgets sessions that nobody can refresh any more.
pub(crate) fn prune(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM session WHERE refresh_until <= ?1", [now.0])?;
    Ok(())
}
