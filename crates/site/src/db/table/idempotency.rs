use rusqlite::{Connection, OptionalExtension, params};
use vestibule_model::Timestamp;

/// How long an answer can be had again: an app that was offline for a week still makes nothing twice.
const KEPT: i64 = 14 * 86_400_000;

/// `owner` is who sent the key: a user, a device at a door, or a session that is refreshed. `request` is an
/// HMAC of what was asked; `answer` is sealed, for there are PINs and tokens in it.
pub(crate) const CREATE: &str = "
CREATE TABLE idempotency (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    request BLOB NOT NULL,
    status INTEGER NOT NULL,
    answer BLOB NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_time ON idempotency (at);
";

/// An answer that was given.
pub(crate) struct Given {
    pub(crate) request: [u8; 32],
    pub(crate) status: u16,
    pub(crate) answer: Vec<u8>,
}

/// The answer that this key was given.
pub(crate) fn find(connection: &Connection, owner: &str, key: &str) -> rusqlite::Result<Option<Given>> {
    let sql = "SELECT request, status, answer FROM idempotency WHERE owner = ?1 AND key = ?2";
    connection
        .prepare_cached(sql)?
        .query_row([owner, key], |row| {
            Ok(Given { request: row.get(0)?, status: row.get(1)?, answer: row.get(2)? })
        })
        .optional()
}

/// Keeps an answer.
pub(crate) fn keep(
    connection: &Connection,
    owner: &str,
    key: &str,
    at: Timestamp,
    given: &Given,
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO idempotency (owner, key, at, request, status, answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![owner, key, at.0, given.request, given.status, given.answer],
    )?;
    Ok(())
}

/// Forgets answers that nobody asks for any more.
pub(crate) fn prune(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM idempotency WHERE at <= ?1", [now.0.saturating_sub(KEPT)])?;
    Ok(())
}
