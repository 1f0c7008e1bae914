use rusqlite::{Connection, OptionalExtension, Row, params};
use vestibule_model::ApartmentId;
use vestibule_model::api::{Apartment, SiteId, UserId};

use crate::db::table::licence::PAID;
use crate::viewer::Viewer;

pub(crate) const CREATE: &str = "
CREATE TABLE apartment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL REFERENCES site (id),
    floor INTEGER NOT NULL,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (site, floor, number)
) STRICT;
";

/// Whether an access unit is assigned to it decides whether visitors can be let through its own door.
const COLUMNS: &str = "apartment.id, apartment.site, floor, number, name,
    EXISTS (SELECT 1 FROM device WHERE device.apartment = apartment.id AND device.kind = 'access_unit')";

/// Adds an apartment; its id and its access unit are ignored.
pub(crate) fn add(connection: &Connection, new: &Apartment) -> rusqlite::Result<ApartmentId> {
    connection.execute(
        "INSERT INTO apartment (site, floor, number, name) VALUES (?1, ?2, ?3, ?4)",
        params![new.site.0, new.floor, new.number, new.name],
    )?;
    Ok(ApartmentId(connection.last_insert_rowid()))
}

/// Changes floor, number and name.
pub(crate) fn change(connection: &Connection, to: &Apartment) -> rusqlite::Result<()> {
    let sql = "UPDATE apartment SET floor = ?2, number = ?3, name = ?4 WHERE id = ?1";
    connection.execute(sql, params![to.id.0, to.floor, to.number, to.name])?;
    Ok(())
}

/// Removes an apartment; its devices and visitors keep it there.
pub(crate) fn delete(connection: &Connection, apartment: ApartmentId) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM apartment WHERE id = ?1", [apartment.0])?;
    Ok(())
}

/// Who lives there.
pub(crate) fn residents(connection: &Connection, apartment: ApartmentId) -> rusqlite::Result<Vec<UserId>> {
    let mut statement = connection.prepare_cached("SELECT person FROM resident WHERE apartment = ?1")?;
    statement.query_map([apartment.0], |row| row.get(0).map(UserId))?.collect()
}

/// One, whoever asks.
pub(crate) fn one(connection: &Connection, apartment: ApartmentId) -> rusqlite::Result<Option<Apartment>> {
    let sql = format!("SELECT {COLUMNS} FROM apartment WHERE id = ?1");
    connection.prepare_cached(&sql)?.query_row([apartment.0], from_row).optional()
}

/// Devices in it, or of those who live there, that count as paid.
pub(crate) fn paid_devices(connection: &Connection, apartment: ApartmentId) -> rusqlite::Result<i64> {
    let sql = format!(
        "SELECT count(*) FROM device WHERE kind IN {PAID}
         AND (apartment = ?1 OR owner IN (SELECT person FROM resident WHERE apartment = ?1))"
    );
    connection.prepare_cached(&sql)?.query_row([apartment.0], |row| row.get(0))
}

/// By floor and number, which are one of a kind in a site.
pub(crate) fn at(
    connection: &Connection,
    site: SiteId,
    floor: i16,
    number: &str,
) -> rusqlite::Result<Option<Apartment>> {
    let sql = format!("SELECT {COLUMNS} FROM apartment WHERE site = ?1 AND floor = ?2 AND number = ?3");
    connection.query_row(&sql, params![site.0, floor, number], from_row).optional()
}

/// Those that the viewer may see, or this one of them.
pub(crate) fn visible(
    connection: &Connection,
    viewer: &Viewer,
    only: Option<ApartmentId>,
) -> rusqlite::Result<Vec<Apartment>> {
    let sql = format!(
        "WITH {with} SELECT {COLUMNS} FROM apartment, viewer
         WHERE (apartment.id IN ({own}) OR administers AND (company OR apartment.site = viewer.site))
           AND (?5 IS NULL OR apartment.id = ?5)
         ORDER BY apartment.id",
        with = Viewer::WITH,
        own = Viewer::OWN_APARTMENTS
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let [user, site, administers, company] = viewer.params();
    statement.query_map(params![user, site, administers, company, only.map(|id| id.0)], from_row)?.collect()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Apartment> {
    Ok(Apartment {
        id: ApartmentId(row.get(0)?),
        site: SiteId(row.get(1)?),
        floor: row.get(2)?,
        number: row.get(3)?,
        name: row.get(4)?,
        has_access_unit: row.get(5)?,
    })
}
