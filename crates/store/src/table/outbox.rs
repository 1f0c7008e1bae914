use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use vestibule_model::api::{NewVisitor, VisitorChange};
use vestibule_model::{Refusal, VisitorId};

use crate::error::StoreError;
use crate::table::readable;
use crate::word::Word;

/// What the resident did and the site server does not have yet, in order.
///
/// `body` is what is wanted; `sent` is what went out at the first try, byte by byte, for a second try has to be the
/// same; `revision` is what the resident saw when they edited, none for an edit upon one that was still on its way.
/// `why`: the server does not take it, and it waits for the resident.
pub(crate) const CREATE: &str = "
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    visitor INTEGER REFERENCES visitor (id) ON DELETE CASCADE,
    ticket INTEGER REFERENCES ticket (id) ON DELETE CASCADE,
    revision INTEGER,
    body TEXT NOT NULL,
    sent TEXT,
    why TEXT
) STRICT;
CREATE INDEX outbox_of_visitor ON outbox (visitor, id);
CREATE INDEX outbox_of_ticket ON outbox (ticket);
";

/// Identifies something that waits to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ItemId(pub i64);

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A visitor was made.
    Create,
    /// One was changed.
    Change,
    /// One was given another PIN.
    RenewPin,
    /// Its codes were taken back.
    Revoke,
    /// One was removed.
    Delete,
    /// A problem was reported.
    Ticket,
}

/// Something on its way to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// Which.
    pub id: ItemId,
    /// What it is.
    pub kind: ItemKind,
    /// The server's id of the visitor, for everything that is done to one.
    pub server: Option<VisitorId>,
    /// The body, JSON or nothing at all; the same at every try.
    pub body: String,
    /// The `Idempotency-Key`; the same at every try.
    pub key: String,
    /// Whether it was sent before, so that the answer may be that to the first try.
    pub tried: bool,
}

/// A row.
pub(crate) struct Item {
    pub(crate) id: ItemId,
    pub(crate) kind: ItemKind,
    pub(crate) visitor: Option<VisitorId>,
    pub(crate) ticket: Option<i64>,
    pub(crate) key: String,
    pub(crate) revision: Option<i64>,
    pub(crate) body: String,
    pub(crate) sent: Option<String>,
    pub(crate) why: Option<Refusal>,
}

impl Item {
    /// Whether it can still be changed: it waits, and nobody has seen it.
    pub(crate) fn is_untried(&self) -> bool {
        self.sent.is_none() && self.why.is_none()
    }

    pub(crate) fn waits(&self) -> bool {
        self.why.is_none()
    }

    /// The visitor that is wanted.
    pub(crate) fn wanted(&self) -> Option<NewVisitor> {
        serde_json::from_str(&self.body).ok()
    }
}

/// What is new of an item.
pub(crate) struct NewItem<'a> {
    pub(crate) kind: ItemKind,
    pub(crate) visitor: Option<VisitorId>,
    pub(crate) ticket: Option<i64>,
    pub(crate) key: &'a str,
    pub(crate) revision: Option<i64>,
    pub(crate) body: &'a str,
}

pub(crate) fn add(connection: &Connection, new: &NewItem<'_>) -> Result<(), StoreError> {
    let NewItem { kind, visitor, ticket, key, revision, body } = new;
    connection.execute(
        "INSERT INTO outbox (key, kind, visitor, ticket, revision, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![key, kind, visitor.map(|id| id.0), ticket, revision, body],
    )?;
    Ok(())
}

const COLUMNS: &str = "id, kind, visitor, ticket, key, revision, body, sent, why";

/// All of them, in their order.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Item>, StoreError> {
    find(connection, "?1 IS NULL", None)
}

/// What was done to a visitor, in its order.
pub(crate) fn of_visitor(connection: &Connection, visitor: VisitorId) -> Result<Vec<Item>, StoreError> {
    find(connection, "visitor = ?1", Some(visitor.0))
}

fn find(connection: &Connection, condition: &str, value: Option<i64>) -> Result<Vec<Item>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE {condition} ORDER BY id");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([value])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.extend(readable(from_row(row), "something to be sent", row.get(0)?)?);
    }
    Ok(found)
}

pub(crate) fn one(connection: &Connection, id: ItemId) -> Result<Option<Item>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE id = ?1"))?;
    Ok(statement.query_row([id.0], from_row).optional()?)
}

/// The first that waits and can go: what is done to a visitor waits until the server knows it.
pub(crate) fn next(connection: &Connection) -> Result<Option<Item>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM outbox
         WHERE why IS NULL AND (kind IN ('create', 'ticket')
             OR (SELECT server FROM visitor WHERE visitor.id = outbox.visitor) IS NOT NULL)
         ORDER BY id LIMIT 1"
    ))?;
    Ok(statement.query_row([], from_row).optional()?)
}

/// How many wait.
pub(crate) fn waiting(connection: &Connection) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM outbox WHERE why IS NULL";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// Whether one is on its way that will make a visitor, and whose answer is not known.
pub(crate) fn has_tried_create(connection: &Connection) -> Result<bool, StoreError> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE kind = 'create' AND sent IS NOT NULL AND why IS NULL)";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// What goes out of a change: what is wanted, upon what the resident saw.
pub(crate) fn change(wanted: NewVisitor, revision: i64) -> VisitorChange {
    let NewVisitor { name, apartment: _, from, until, schedule, uses, apartment_door } = wanted;
    VisitorChange { revision, name, from, until, schedule, uses, apartment_door }
}

pub(crate) fn set_sent(connection: &Connection, id: ItemId, sent: &str) -> Result<(), StoreError> {
    connection.execute("UPDATE outbox SET sent = ?2 WHERE id = ?1", params![id.0, sent])?;
    Ok(())
}

pub(crate) fn set_body(connection: &Connection, id: ItemId, body: &str) -> Result<(), StoreError> {
    connection.execute("UPDATE outbox SET body = ?2 WHERE id = ?1", params![id.0, body])?;
    Ok(())
}

/// Edits of a visitor that nobody has seen are upon this revision.
pub(crate) fn set_revision(connection: &Connection, visitor: VisitorId, to: i64) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE outbox SET revision = ?2 WHERE visitor = ?1 AND kind = 'change' AND sent IS NULL AND why IS NULL",
        params![visitor.0, to],
    )?;
    Ok(())
}

pub(crate) fn refuse(connection: &Connection, id: ItemId, why: Refusal) -> Result<(), StoreError> {
    connection.execute("UPDATE outbox SET why = ?2 WHERE id = ?1", params![id.0, Word(why)])?;
    Ok(())
}

/// Makes of a change the wish for a new visitor, which the server does not take yet.
pub(crate) fn turn_into_refused_create(
    connection: &Connection,
    id: ItemId,
    why: Refusal,
) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE outbox SET kind = 'create', revision = NULL, why = ?2 WHERE id = ?1",
        params![id.0, Word(why)],
    )?;
    Ok(())
}

/// Makes of a later edit what another one was that is refused.
pub(crate) fn put_in_place_of(connection: &Connection, id: ItemId, refused: &Item) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE outbox SET kind = ?2, revision = ?3 WHERE id = ?1",
        params![id.0, refused.kind, refused.revision],
    )?;
    Ok(())
}

pub(crate) fn delete(connection: &Connection, id: ItemId) -> Result<(), StoreError> {
    connection.execute("DELETE FROM outbox WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Forgets what the server did not take of a visitor: the resident did something else instead.
pub(crate) fn delete_refused(connection: &Connection, visitor: VisitorId) -> Result<(), StoreError> {
    connection.execute("DELETE FROM outbox WHERE visitor = ?1 AND why IS NOT NULL", [visitor.0])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        id: ItemId(row.get(0)?),
        kind: row.get(1)?,
        visitor: row.get::<_, Option<i64>>(2)?.map(VisitorId),
        ticket: row.get(3)?,
        key: row.get(4)?,
        revision: row.get(5)?,
        body: row.get(6)?,
        sent: row.get(7)?,
        why: row.get::<_, Option<Word<_>>>(8)?.map(|why| why.0),
    })
}

const WORDS: [(ItemKind, &str); 6] = [
    (ItemKind::Create, "create"),
    (ItemKind::Change, "change"),
    (ItemKind::RenewPin, "renew_pin"),
    (ItemKind::Revoke, "revoke"),
    (ItemKind::Delete, "delete"),
    (ItemKind::Ticket, "ticket"),
];

impl ToSql for ItemKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let word = WORDS.iter().find(|(kind, _)| kind == self).map_or("", |(_, word)| word);
        Ok(ToSqlOutput::from(word))
    }
}

impl FromSql for ItemKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let found = WORDS.iter().find(|(_, word)| *word == text);
        found.map(|(kind, _)| *kind).ok_or_else(|| FromSqlError::InvalidType)
    }
}
