use rusqlite::{Connection, Row, params};
use vestibule_model::Timestamp;
use vestibule_model::api::{NewTicket, SiteId, Ticket, TicketId, Utc};

use crate::viewer::Viewer;

pub(crate) const CREATE: &str = "
CREATE TABLE ticket (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL REFERENCES site (id),
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    description TEXT NOT NULL,
    email TEXT NOT NULL,
    diagnostics TEXT NOT NULL,
    UNIQUE (site, number)
) STRICT;
CREATE INDEX ticket_of_person ON ticket (person);
";

/// Adds a report of the viewer's.
pub(crate) fn add(
    connection: &Connection,
    viewer: &Viewer,
    number: i64,
    new: &NewTicket,
    at: Timestamp,
) -> rusqlite::Result<TicketId> {
    connection.execute(
        "INSERT INTO ticket (site, person, number, at, description, email, diagnostics)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            viewer.site.0,
            viewer.user.0,
            number,
            at.0,
            new.description,
            new.email,
            // The server takes no line with a line feed in it.
            new.diagnostics.join("\n"),
        ],
    )?;
    Ok(TicketId(connection.last_insert_rowid()))
}

/// The viewer's own, or this one of them.
pub(crate) fn own(
    connection: &Connection,
    viewer: &Viewer,
    only: Option<TicketId>,
) -> rusqlite::Result<Vec<Ticket>> {
    let sql = "SELECT id, site, number, at, description, email, diagnostics FROM ticket
               WHERE person = ?1 AND (?2 IS NULL OR id = ?2) ORDER BY id";
    connection
        .prepare_cached(sql)?
        .query_map(params![viewer.user.0, only.map(|id| id.0)], from_row)?
        .collect()
}

/// Those of a site, the newest first, only those before `before`, at most `limit`.
pub(crate) fn of_site(
    connection: &Connection,
    site: SiteId,
    before: Option<TicketId>,
    limit: i64,
) -> rusqlite::Result<Vec<Ticket>> {
    let sql = "SELECT id, site, number, at, description, email, diagnostics FROM ticket
               WHERE site = ?1 AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3";
    connection
        .prepare_cached(sql)?
        .query_map(params![site.0, before.map(|id| id.0), limit], from_row)?
        .collect()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Ticket> {
    let (site, number) = (SiteId(row.get(1)?), row.get::<_, i64>(2)?);
    let diagnostics: String = row.get(6)?;
    Ok(Ticket {
        id: TicketId(row.get(0)?),
        number: format!("{}-{number:06}", site.0),
        at: Utc(Timestamp(row.get(3)?)),
        description: row.get(4)?,
        email: row.get(5)?,
        diagnostics: diagnostics.lines().map(str::to_owned).collect(),
    })
}
