use rusqlite::{Connection, OptionalExtension, Row, params};
use vestibule_model::VisitorId;
use vestibule_model::api;

use crate::error::StoreError;
use crate::table::readable;

/// `id` is this device's own, and stays the same from the first moment on; `server` is the server's, once it has one;
/// `json` is what the server last said. What the resident wants beside that stands in the outbox.
pub(crate) const CREATE: &str = "
CREATE TABLE visitor (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    server INTEGER UNIQUE,
    json TEXT
) STRICT;
";

/// A visitor, as the server last said.
pub(crate) struct Known {
    pub(crate) id: VisitorId,
    pub(crate) server: Option<VisitorId>,
    pub(crate) now: Option<api::Visitor>,
}

/// Makes one that the server does not know yet.
pub(crate) fn add(connection: &Connection) -> Result<VisitorId, StoreError> {
    connection.execute("INSERT INTO visitor DEFAULT VALUES", [])?;
    Ok(VisitorId(connection.last_insert_rowid()))
}

/// Keeps what the server says, for the visitor with its id, which is added if it is not there.
pub(crate) fn put(connection: &Connection, now: &api::Visitor) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO visitor (server, json) VALUES (?1, ?2) ON CONFLICT (server) DO UPDATE SET json = excluded.json",
        params![now.id.0, super::to_json(now)?],
    )?;
    Ok(())
}

/// The same, for a visitor that was made here: it gets the server's id.
pub(crate) fn put_as(connection: &Connection, id: VisitorId, now: &api::Visitor) -> Result<(), StoreError> {
    if let Some(double) = by_server(connection, now.id)?.filter(|double| *double != id) {
        // The feed told of it before the answer came. Whatever was done to the double, was done to this.
        connection.execute("UPDATE outbox SET visitor = ?1 WHERE visitor = ?2", params![id.0, double.0])?;
        delete(connection, double)?;
    }
    connection.execute(
        "UPDATE visitor SET server = ?2, json = ?3 WHERE id = ?1",
        params![id.0, now.id.0, super::to_json(now)?],
    )?;
    Ok(())
}

/// The server does not have it any more; it stays here.
pub(crate) fn unknown(connection: &Connection, id: VisitorId) -> Result<(), StoreError> {
    connection.execute("UPDATE visitor SET server = NULL, json = NULL WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Removes it, with what is in the outbox for it.
pub(crate) fn delete(connection: &Connection, id: VisitorId) -> Result<(), StoreError> {
    connection.execute("DELETE FROM visitor WHERE id = ?1", [id.0])?;
    Ok(())
}

pub(crate) fn by_server(connection: &Connection, server: VisitorId) -> Result<Option<VisitorId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id FROM visitor WHERE server = ?1")?;
    Ok(statement.query_row([server.0], |row| row.get(0).map(VisitorId)).optional()?)
}

pub(crate) fn one(connection: &Connection, id: VisitorId) -> Result<Option<Known>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id, server, json FROM visitor WHERE id = ?1")?;
    Ok(statement.query_row([id.0], from_row).optional()?)
}

/// All of them, in the order in which they became known. What cannot be read is left out and logged.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Known>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id, server, json FROM visitor ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.extend(readable(from_row(row), "a visitor", row.get(0)?)?);
    }
    Ok(found)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Known> {
    let json: Option<String> = row.get(2)?;
    Ok(Known {
        id: VisitorId(row.get(0)?),
        server: row.get::<_, Option<i64>>(1)?.map(VisitorId),
        now: if json.is_some() { Some(super::from_json(row, 2)?) } else { None },
    })
}
