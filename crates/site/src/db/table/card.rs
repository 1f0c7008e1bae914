use rusqlite::{Connection, OptionalExtension, Row, params};
use vestibule_model::Timestamp;
use vestibule_model::api::{Card, CardId, SiteId, UserId, Utc};

/// `uid` is the HMAC of what a reader reads: nobody needs to see that again, so it is not there at all.
pub(crate) const CREATE: &str = "
CREATE TABLE card (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL REFERENCES site (id),
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    uid BLOB NOT NULL,
    label TEXT NOT NULL,
    since INTEGER NOT NULL,
    UNIQUE (site, uid)
) STRICT;
CREATE INDEX card_of_person ON card (person);
";

const COLUMNS: &str = "id, person, label, since";

/// Gives somebody a card.
pub(crate) fn add(
    connection: &Connection,
    (user, site): (UserId, SiteId),
    uid: [u8; 32],
    label: &str,
    now: Timestamp,
) -> rusqlite::Result<CardId> {
    let sql = "INSERT INTO card (site, person, uid, label, since) VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.execute(sql, params![site.0, user.0, uid, label, now.0])?;
    Ok(CardId(connection.last_insert_rowid()))
}

/// The cards of somebody.
pub(crate) fn of(connection: &Connection, user: UserId) -> rusqlite::Result<Vec<Card>> {
    let sql = format!("SELECT {COLUMNS} FROM card WHERE person = ?1 ORDER BY id");
    connection.prepare_cached(&sql)?.query_map([user.0], from_row)?.collect()
}

/// One, whoever asks.
pub(crate) fn one(connection: &Connection, card: CardId) -> rusqlite::Result<Option<Card>> {
    let sql = format!("SELECT {COLUMNS} FROM card WHERE id = ?1");
    connection.query_row(&sql, [card.0], from_row).optional()
}

/// Who has this card, with their name.
pub(crate) fn holder(
    connection: &Connection,
    site: SiteId,
    uid: [u8; 32],
) -> rusqlite::Result<Option<(UserId, String)>> {
    let sql = "SELECT person.id, person.name FROM card JOIN person ON person.id = card.person
               WHERE card.site = ?1 AND uid = ?2";
    connection
        .prepare_cached(sql)?
        .query_row(params![site.0, uid], |row| Ok((UserId(row.get(0)?), row.get(1)?)))
        .optional()
}

/// Takes a card back.
pub(crate) fn delete(connection: &Connection, card: CardId) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM card WHERE id = ?1", [card.0])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Card> {
    Ok(Card {
        id: CardId(row.get(0)?),
        user: UserId(row.get(1)?),
        label: row.get(2)?,
        since: Utc(Timestamp(row.get(3)?)),
    })
}
