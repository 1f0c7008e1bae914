use rusqlite::{Connection, Row, params};
use vestibule_model::api::{CallRecordId, ContactId, DeviceId, SiteId, TicketId, UserId};
use vestibule_model::{AccessId, ApartmentId, Timestamp, VisitorId};

use crate::db::table::{access, server};
use crate::viewer::Viewer;

/// A row says that something changed, not what it became: that is read when it is asked for. `audience` says who is
/// told; `apartment` and `person` are null where the audience has none.
pub(crate) const CREATE: &str = "
CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    site INTEGER NOT NULL,
    audience TEXT NOT NULL,
    apartment INTEGER,
    person INTEGER,
    kind TEXT NOT NULL,
    item INTEGER NOT NULL
) STRICT;
CREATE INDEX change_by_time ON change (at);
";

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Item {
    Site(SiteId),
    Apartment(ApartmentId),
    Device(DeviceId),
    Contact(ContactId),
    Visitor(VisitorId),
    Access(AccessId),
    Ticket(TicketId),
    CallRecord(CallRecordId),
    /// What a user may see at all: whoever is told begins anew.
    Rights(UserId),
    /// Somebody's session ended.
    Session(i64),
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Everybody in the site.
    Site,
    /// Those who live there, and the administrators of the site.
    Apartment(ApartmentId),
    /// Those who live there, and nobody else.
    Household(ApartmentId),
    /// The administrators of the site.
    Administrators,
    /// One user.
    User(UserId),
}

/// A change that the viewer is told of.
pub(crate) struct Change {
    pub(crate) seq: i64,
    /// `None` for a kind that a newer version wrote.
    pub(crate) item: Option<Item>,
}

/// Writes that something changed, in the transaction that changes it.
pub(crate) fn record(
    connection: &Connection,
    at: Timestamp,
    site: SiteId,
    audience: Audience,
    item: Item,
) -> rusqlite::Result<()> {
    let (word, apartment, person) = match audience {
        Audience::Site => ("site", None, None),
        Audience::Apartment(apartment) => ("apartment", Some(apartment.0), None),
        Audience::Household(apartment) => ("household", Some(apartment.0), None),
        Audience::Administrators => ("administrators", None, None),
        Audience::User(user) => ("user", None, Some(user.0)),
    };
    let (kind, id) = match item {
        Item::Site(id) => ("site", id.0),
        Item::Apartment(id) => ("apartment", id.0),
        Item::Device(id) => ("device", id.0),
        Item::Contact(id) => ("contact", id.0),
        Item::Visitor(id) => ("visitor", id.0),
        Item::Access(id) => ("access", id.0),
        Item::Ticket(id) => ("ticket", id.0),
        Item::CallRecord(id) => ("call_record", id.0),
        Item::Rights(id) => ("rights", id.0),
        Item::Session(id) => ("session", id),
    };
    connection
        .prepare_cached(
            "INSERT INTO change (at, site, audience, apartment, person, kind, item)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![at.0, site.0, word, apartment, person, kind, id])?;
    Ok(())
}

/// The last change there ever was; 0 before the first.
pub(crate) fn newest(connection: &Connection) -> rusqlite::Result<i64> {
    let sql = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'change'";
    connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
}

/// What the viewer is told of after a change, the oldest first, at most `limit`.
pub(crate) fn visible(
    connection: &Connection,
    viewer: &Viewer,
    after: i64,
    limit: i64,
) -> rusqlite::Result<Vec<Change>> {
    let sql = format!(
        "WITH {with} SELECT seq, kind, item FROM change, viewer
         WHERE seq > ?5 AND (
               audience = 'user' AND change.person = viewer.person
            OR audience IN ('apartment', 'household') AND change.apartment IN ({own})
            OR audience = 'site' AND (company OR change.site = viewer.site)
            OR audience IN ('apartment', 'administrators') AND administers
               AND (company OR change.site = viewer.site))
         ORDER BY seq LIMIT ?6",
        with = Viewer::WITH,
        own = Viewer::OWN_APARTMENTS
    );
    let [user, site, administers, company] = viewer.params();
    connection
        .prepare_cached(&sql)?
        .query_map(params![user, site, administers, company, after, limit], from_row)?
        .collect()
}

/// Forgets changes that are older than the access log goes back; cursors from before them are lost.
pub(crate) fn prune(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let before = now.0.saturating_sub(access::KEPT);
    let sql = "SELECT max(seq) FROM change WHERE at <= ?1";
    let last: Option<i64> = connection.query_row(sql, [before], |row| row.get(0))?;
    let Some(last) = last else { return Ok(()) };
    connection.execute("DELETE FROM change WHERE seq <= ?1", [last])?;
    server::set_pruned(connection, last)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Change> {
    let (kind, id): (String, i64) = (row.get(1)?, row.get(2)?);
    let item = match kind.as_str() {
        "site" => Some(Item::Site(SiteId(id))),
        "apartment" => Some(Item::Apartment(ApartmentId(id))),
        "device" => Some(Item::Device(DeviceId(id))),
        "contact" => Some(Item::Contact(ContactId(id))),
        "visitor" => Some(Item::Visitor(VisitorId(id))),
        "access" => Some(Item::Access(AccessId(id))),
        "ticket" => Some(Item::Ticket(TicketId(id))),
        "call_record" => Some(Item::CallRecord(CallRecordId(id))),
        "rights" => Some(Item::Rights(UserId(id))),
        "session" => Some(Item::Session(id)),
        _ => None,
    };
    Ok(Change { seq: row.get(0)?, item })
}
