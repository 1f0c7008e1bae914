use rusqlite::{Connection, OptionalExtension, Row, params};
use vestibule_model::api::{Licence, Site, SiteId};

use crate::db::Word;
use crate::viewer::Viewer;

pub(crate) const CREATE: &str = "
CREATE TABLE site (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    zone TEXT NOT NULL,
    address TEXT NOT NULL,
    pin_length INTEGER NOT NULL,
    qr_codes INTEGER NOT NULL,
    tickets INTEGER NOT NULL DEFAULT 0
) STRICT;
";

const COLUMNS: &str = "site.id, site.name, kind, language, zone, address, pin_length, qr_codes";

/// Adds a site; its id is ignored.
pub(crate) fn add(connection: &Connection, new: &Site) -> rusqlite::Result<SiteId> {
    connection.execute(
        "INSERT INTO site (name, kind, language, zone, address, pin_length, qr_codes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            new.name,
            Word(new.kind),
            Word(new.language),
            new.zone,
            new.address,
            new.pin_length,
            new.qr_codes
        ],
    )?;
    Ok(SiteId(connection.last_insert_rowid()))
}

/// Changes everything but the id.
pub(crate) fn change(connection: &Connection, to: &Site) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE site SET name = ?2, kind = ?3, language = ?4, zone = ?5, address = ?6, pin_length = ?7, qr_codes = ?8
         WHERE id = ?1",
        params![
            to.id.0,
            to.name,
            Word(to.kind),
            Word(to.language),
            to.zone,
            to.address,
            to.pin_length,
            to.qr_codes
        ],
    )?;
    Ok(())
}

/// Removes a site; what is in it keeps it there.
pub(crate) fn delete(connection: &Connection, site: SiteId) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM site WHERE id = ?1", [site.0])?;
    Ok(())
}

/// Changes what visitors get from now on.
pub(crate) fn set_codes(
    connection: &Connection,
    site: SiteId,
    pin_length: u8,
    qr_codes: bool,
) -> rusqlite::Result<()> {
    let sql = "UPDATE site SET pin_length = ?2, qr_codes = ?3 WHERE id = ?1";
    connection.execute(sql, params![site.0, pin_length, qr_codes])?;
    Ok(())
}

/// One, whoever asks.
pub(crate) fn one(connection: &Connection, site: SiteId) -> rusqlite::Result<Option<Site>> {
    let sql = format!("SELECT {COLUMNS} FROM site WHERE id = ?1");
    connection.prepare_cached(&sql)?.query_row([site.0], from_row).optional()
}

/// By name, or the only one there is.
pub(crate) fn by_name(connection: &Connection, name: Option<&str>) -> rusqlite::Result<Vec<Site>> {
    let sql = format!("SELECT {COLUMNS} FROM site WHERE ?1 IS NULL OR name = ?1 ORDER BY id");
    connection.prepare(&sql)?.query_map([name], from_row)?.collect()
}

/// Those that the viewer may see: all of them for a company administrator, else the own one.
pub(crate) fn visible(connection: &Connection, viewer: &Viewer) -> rusqlite::Result<Vec<Site>> {
    let sql = format!(
        "WITH {} SELECT {COLUMNS} FROM site, viewer WHERE company OR site.id = viewer.site ORDER BY site.id",
        Viewer::WITH
    );
    connection.prepare_cached(&sql)?.query_map(viewer.params(), from_row)?.collect()
}

/// The number of a ticket that is being made.
pub(crate) fn next_ticket(connection: &Connection, site: SiteId) -> rusqlite::Result<i64> {
    let sql = "UPDATE site SET tickets = tickets + 1 WHERE id = ?1 RETURNING tickets";
    connection.query_row(sql, [site.0], |row| row.get(0))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Site> {
    Ok(Site {
        id: SiteId(row.get(0)?),
        name: row.get(1)?,
        kind: row.get::<_, Word<_>>(2)?.0,
        language: row.get::<_, Word<_>>(3)?.0,
        zone: row.get(4)?,
        address: row.get(5)?,
        pin_length: row.get(6)?,
        qr_codes: row.get(7)?,
        // Who asks decides what it is; `licensing` says it.
        licence: Licence::Ready,
    })
}
