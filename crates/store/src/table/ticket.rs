use rusqlite::{Connection, Row, params};
use vestibule_model::{Delivery, Ticket, Timestamp, api};

use crate::error::StoreError;
use crate::table::readable;

/// Reports to technical support. `server` is the server's id, once it has one.
pub(crate) const CREATE: &str = "
CREATE TABLE ticket (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    server INTEGER UNIQUE,
    at INTEGER NOT NULL,
    description TEXT NOT NULL,
    email TEXT NOT NULL,
    diagnostics TEXT NOT NULL,
    number TEXT
) STRICT;
";

/// Adds a report that the server does not have yet, and returns its local id.
pub(crate) fn add(connection: &Connection, ticket: &Ticket) -> Result<i64, StoreError> {
    connection.execute(
        "INSERT INTO ticket (at, description, email, diagnostics) VALUES (?1, ?2, ?3, ?4)",
        params![ticket.at.0, ticket.description, ticket.email, super::to_json(&ticket.diagnostics)?],
    )?;
    Ok(connection.last_insert_rowid())
}

/// The server has it, as this.
pub(crate) fn took(connection: &Connection, local: i64, ticket: &api::Ticket) -> Result<(), StoreError> {
    // The feed may have told of it before the answer came.
    connection.execute("DELETE FROM ticket WHERE server = ?1 AND id <> ?2", params![ticket.id.0, local])?;
    connection.execute(
        "UPDATE ticket SET server = ?2, number = ?3 WHERE id = ?1",
        params![local, ticket.id.0, ticket.number],
    )?;
    Ok(())
}

/// Keeps a report as the server has it.
pub(crate) fn put(connection: &Connection, ticket: &api::Ticket) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO ticket (server, at, description, email, diagnostics, number) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (server) DO UPDATE SET number = excluded.number",
        params![
            ticket.id.0,
            ticket.at.0.0,
            ticket.description,
            ticket.email,
            super::to_json(&ticket.diagnostics)?,
            ticket.number
        ],
    )?;
    Ok(())
}

/// All of them with their local ids, the newest first.
pub(crate) fn all(connection: &Connection) -> Result<Vec<(i64, Ticket)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, at, description, email, diagnostics, number FROM ticket ORDER BY at DESC, id DESC",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        let ticket = readable(from_row(row), "a report", id)?;
        found.extend(ticket.map(|ticket| (id, ticket)));
    }
    Ok(found)
}

pub(crate) fn delete(connection: &Connection, server: api::TicketId) -> Result<(), StoreError> {
    connection.execute("DELETE FROM ticket WHERE server = ?1", [server.0])?;
    Ok(())
}

/// Removes those that the server has no more.
pub(crate) fn retain(connection: &Connection, there: &[api::Ticket]) -> Result<(), StoreError> {
    let there = serde_json::Value::from_iter(there.iter().map(|ticket| ticket.id.0));
    let sql = "DELETE FROM ticket WHERE server NOT IN (SELECT value FROM json_each(?1))";
    connection.execute(sql, [there.to_string()])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Ticket> {
    Ok(Ticket {
        at: Timestamp(row.get(1)?),
        description: row.get(2)?,
        email: row.get(3)?,
        diagnostics: super::from_json(row, 4)?,
        number: row.get(5)?,
        delivery: Delivery::Sent,
    })
}
