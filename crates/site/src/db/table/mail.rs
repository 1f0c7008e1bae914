use rusqlite::{Connection, params};
use vestibule_model::Timestamp;
use vestibule_model::api::{SiteId, TicketId};

use crate::db::Word;
use vestibule_model::Language;

/// A row is a mail about a report that is not sent yet. `due` is when it is tried next.
pub(crate) const CREATE: &str = "
CREATE TABLE mail (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket INTEGER NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_of_ticket ON mail (ticket);
CREATE INDEX mail_by_time ON mail (due);
";

/// A mail to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) id: i64,
    pub(crate) recipient: String,
    pub(crate) attempts: u32,
    /// The site, and its language, which mails are in.
    pub(crate) site: SiteId,
    pub(crate) house: String,
    pub(crate) language: Language,
    pub(crate) number: i64,
    pub(crate) description: String,
    /// Where the answer goes.
    pub(crate) email: String,
    pub(crate) diagnostics: String,
}

/// A mail about a report is to be sent to those of the facility management who have an address: the technical ones,
/// or all, if none of them has.
pub(crate) fn add(
    connection: &Connection,
    site: SiteId,
    ticket: TicketId,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO mail (ticket, recipient, due)
               SELECT DISTINCT ?2, email, ?3 FROM contact AS who WHERE site = ?1 AND email <> '' AND (
                   purpose = 'technical' OR NOT EXISTS (
                       SELECT 1 FROM contact WHERE site = ?1 AND email <> '' AND purpose = 'technical'))";
    connection.execute(sql, params![site.0, ticket.0, now.0])?;
    Ok(())
}

/// Those that are to be tried now, at most `limit`.
pub(crate) fn due(connection: &Connection, now: Timestamp, limit: i64) -> rusqlite::Result<Vec<Mail>> {
    let sql = "SELECT mail.id, recipient, attempts, site.id, site.name, language, number, description, ticket.email,
                   diagnostics
               FROM mail JOIN ticket ON ticket.id = mail.ticket JOIN site ON site.id = ticket.site
               WHERE due <= ?1 ORDER BY due, mail.id LIMIT ?2";
    connection
        .prepare_cached(sql)?
        .query_map([now.0, limit], |row| {
            Ok(Mail {
                id: row.get(0)?,
                recipient: row.get(1)?,
                attempts: row.get(2)?,
                site: SiteId(row.get(3)?),
                house: row.get(4)?,
                language: row.get::<_, Word<_>>(5)?.0,
                number: row.get(6)?,
                description: row.get(7)?,
                email: row.get(8)?,
                diagnostics: row.get(9)?,
            })
        })?
        .collect()
}

/// It was sent, or will never be.
pub(crate) fn done(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM mail WHERE id = ?1", [id])?;
    Ok(())
}

/// It is tried again at this time.
pub(crate) fn again(connection: &Connection, id: i64, due: Timestamp) -> rusqlite::Result<()> {
    connection
        .execute("UPDATE mail SET attempts = attempts + 1, due = ?2 WHERE id = ?1", params![id, due.0])?;
    Ok(())
}
