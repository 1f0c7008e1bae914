use rusqlite::{Connection, OptionalExtension, Row, ffi, params};
use vestibule_model::api::{NewVisitor, SiteId, Utc, VisitorChange};
use vestibule_model::{ApartmentId, Timestamp, Uses, VisitingHours, VisitorId};

use crate::viewer::Viewer;

/// PIN and QR token are sealed; `pin_mac` and `qr_mac` are what they are looked for by, and what keeps a PIN one of a
/// kind in the site. `schedule` is JSON, as on the wire.
pub(crate) const CREATE: &str = "
CREATE TABLE visitor (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL REFERENCES site (id),
    apartment INTEGER NOT NULL REFERENCES apartment (id),
    revision INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL,
    begins INTEGER,
    ends INTEGER,
    schedule TEXT NOT NULL,
    uses_allowed INTEGER,
    uses_used INTEGER NOT NULL DEFAULT 0,
    apartment_door INTEGER NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0,
    pin BLOB NOT NULL,
    pin_mac BLOB NOT NULL,
    qr BLOB,
    qr_mac BLOB,
    UNIQUE (site, pin_mac),
    UNIQUE (site, qr_mac)
) STRICT;
CREATE INDEX visitor_of_apartment ON visitor (apartment);
";

const COLUMNS: &str =
    "visitor.id, visitor.site, visitor.apartment, revision, visitor.name, begins, ends, schedule,
    uses_allowed, uses_used, apartment_door, revoked, pin, pin_mac, qr, qr_mac";

/// A code as it is kept: sealed, and the HMAC that it is found by.
#[derive(Clone)]
pub(crate) struct Sealed {
    pub(crate) text: Vec<u8>,
    pub(crate) mac: [u8; 32],
}

/// A visitor as it is kept.
pub(crate) struct Kept {
    pub(crate) id: VisitorId,
    pub(crate) site: SiteId,
    pub(crate) apartment: ApartmentId,
    pub(crate) revision: i64,
    pub(crate) name: String,
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    pub(crate) schedule: Vec<VisitingHours>,
    pub(crate) uses: Option<Uses>,
    pub(crate) apartment_door: bool,
    pub(crate) revoked: bool,
    pub(crate) pin: Sealed,
    pub(crate) qr: Option<Sealed>,
}

/// By which of its codes a visitor is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CodeMac {
    Pin([u8; 32]),
    Qr([u8; 32]),
}

/// Adds a visitor. `None` when another one of the site has the PIN.
pub(crate) fn add(
    connection: &Connection,
    site: SiteId,
    new: &NewVisitor,
    pin: &Sealed,
    qr: Option<&Sealed>,
) -> rusqlite::Result<Option<VisitorId>> {
    let added = connection
        .prepare_cached(
            "INSERT INTO visitor (site, apartment, name, begins, ends, schedule, uses_allowed, apartment_door,
                 pin, pin_mac, qr, qr_mac)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            site.0,
            new.apartment.0,
            new.name,
            millis(new.from),
            millis(new.until),
            json(&new.schedule)?,
            new.uses,
            new.apartment_door,
            pin.text,
            pin.mac,
            qr.map(|qr| &qr.text),
            qr.map(|qr| &qr.mac),
        ]);
    Ok(unless_taken(added)?.map(|_| VisitorId(connection.last_insert_rowid())))
}

/// Changes a visitor; whether it was there in this revision.
pub(crate) fn change(
    connection: &Connection,
    id: VisitorId,
    change: &VisitorChange,
) -> rusqlite::Result<bool> {
    let changed = connection.execute(
        "UPDATE visitor SET revision = revision + 1, name = ?3, begins = ?4, ends = ?5, schedule = ?6,
             uses_allowed = ?7, apartment_door = ?8
         WHERE id = ?1 AND revision = ?2",
        params![
            id.0,
            change.revision,
            change.name,
            millis(change.from),
            millis(change.until),
            json(&change.schedule)?,
            change.uses,
            change.apartment_door,
        ],
    )?;
    Ok(changed > 0)
}

/// Gives a visitor another PIN; `false` when another one of the site has it.
pub(crate) fn set_pin(connection: &Connection, id: VisitorId, pin: &Sealed) -> rusqlite::Result<bool> {
    let sql = "UPDATE visitor SET revision = revision + 1, pin = ?2, pin_mac = ?3 WHERE id = ?1";
    Ok(unless_taken(connection.execute(sql, params![id.0, pin.text, pin.mac]))?.is_some())
}

/// Takes the codes back, for good.
pub(crate) fn revoke(connection: &Connection, id: VisitorId) -> rusqlite::Result<()> {
    let sql = "UPDATE visitor SET revision = revision + 1, revoked = 1 WHERE id = ?1 AND NOT revoked";
    connection.execute(sql, [id.0])?;
    Ok(())
}

/// Removes a visitor. What it did stays in the access log.
pub(crate) fn delete(connection: &Connection, id: VisitorId) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM visitor WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Counts one use of the codes. The revision stays: who edits the visitor meanwhile is not in the way of a door.
pub(crate) fn count_use(connection: &Connection, id: VisitorId) -> rusqlite::Result<()> {
    connection.execute("UPDATE visitor SET uses_used = uses_used + 1 WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Who in the site has this code.
pub(crate) fn by_code(
    connection: &Connection,
    site: SiteId,
    code: CodeMac,
) -> rusqlite::Result<Option<Kept>> {
    let (column, mac) = match code {
        CodeMac::Pin(mac) => ("pin_mac", mac),
        CodeMac::Qr(mac) => ("qr_mac", mac),
    };
    let sql = format!("SELECT {COLUMNS} FROM visitor WHERE site = ?1 AND {column} = ?2");
    connection.prepare_cached(&sql)?.query_row(params![site.0, mac], from_row).optional()
}

/// Those of the viewer's own apartments, or this one of them; only those after `after`, at most `limit`.
pub(crate) fn visible(
    connection: &Connection,
    viewer: &Viewer,
    only: Option<VisitorId>,
    after: VisitorId,
    limit: i64,
) -> rusqlite::Result<Vec<Kept>> {
    // No role opens what belongs to a household, so none is asked for.
    let sql = format!(
        "WITH {with} SELECT {COLUMNS} FROM visitor, viewer
         WHERE visitor.apartment IN ({own}) AND (?5 IS NULL OR visitor.id = ?5) AND visitor.id > ?6
         ORDER BY visitor.id LIMIT ?7",
        with = Viewer::WITH,
        own = Viewer::OWN_APARTMENTS
    );
    let [user, site, administers, company] = viewer.params();
    connection
        .prepare_cached(&sql)?
        .query_map(params![user, site, administers, company, only.map(|id| id.0), after.0, limit], from_row)?
        .collect()
}

/// `None` for a row that was refused because its code is taken.
fn unless_taken(done: rusqlite::Result<usize>) -> rusqlite::Result<Option<usize>> {
    match done {
        Err(rusqlite::Error::SqliteFailure(error, _))
            if error.extended_code == ffi::SQLITE_CONSTRAINT_UNIQUE =>
        {
            Ok(None)
        }
        other => other.map(Some),
    }
}

fn millis(time: Option<Utc>) -> Option<i64> {
    time.map(|time| time.0.0)
}

fn json(schedule: &[VisitingHours]) -> rusqlite::Result<String> {
    serde_json::to_string(schedule).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let schedule: String = row.get(7)?;
    let schedule = serde_json::from_str(&schedule).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(7, rusqlite::types::Type::Text, error.into())
    })?;
    let used = row.get(9)?;
    let qr: Option<Vec<u8>> = row.get(14)?;
    let qr_mac: Option<[u8; 32]> = row.get(15)?;
    Ok(Kept {
        id: VisitorId(row.get(0)?),
        site: SiteId(row.get(1)?),
        apartment: ApartmentId(row.get(2)?),
        revision: row.get(3)?,
        name: row.get(4)?,
        from: row.get::<_, Option<i64>>(5)?.map(Timestamp),
        until: row.get::<_, Option<i64>>(6)?.map(Timestamp),
        schedule,
        uses: row.get::<_, Option<u32>>(8)?.map(|allowed| Uses { allowed, used }),
        apartment_door: row.get(10)?,
        revoked: row.get(11)?,
        pin: Sealed { text: row.get(12)?, mac: row.get(13)? },
        qr: qr.zip(qr_mac).map(|(text, mac)| Sealed { text, mac }),
    })
}
