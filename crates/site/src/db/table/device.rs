use rusqlite::{Connection, OptionalExtension, Row, params};
use vestibule_model::ApartmentId;
use vestibule_model::api::{Device, DeviceId, SiteId};

use crate::db::Word;
use crate::token::Digest;
use crate::viewer::Viewer;

/// `token` is the SHA-256 of what the device signs in with, for those that ask whether a door may open.
pub(crate) const CREATE: &str = "
CREATE TABLE device (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL REFERENCES site (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    apartment INTEGER REFERENCES apartment (id),
    logging INTEGER NOT NULL,
    token BLOB UNIQUE,
    UNIQUE (site, name)
) STRICT;
CREATE INDEX device_of_apartment ON device (apartment);
";

const COLUMNS: &str = "device.id, device.site, name, kind, status, apartment, logging";

/// Adds a device; its id is ignored.
pub(crate) fn add(
    connection: &Connection,
    new: &Device,
    token: Option<Digest>,
) -> rusqlite::Result<DeviceId> {
    connection.execute(
        "INSERT INTO device (site, name, kind, status, apartment, logging, token)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            new.site.0,
            new.name,
            Word(new.kind),
            Word(new.status),
            new.apartment.map(|id| id.0),
            new.logging,
            token.map(|token| token.0),
        ],
    )?;
    Ok(DeviceId(connection.last_insert_rowid()))
}

/// Which device has this token.
pub(crate) fn by_token(connection: &Connection, token: Digest) -> rusqlite::Result<Option<Device>> {
    let sql = format!("SELECT {COLUMNS} FROM device WHERE token = ?1");
    connection.prepare_cached(&sql)?.query_row([token.0], from_row).optional()
}

/// Those that the viewer may see, or this one of them: of the house, of the own apartments; all of the site for an
/// administrator.
pub(crate) fn visible(
    connection: &Connection,
    viewer: &Viewer,
    only: Option<DeviceId>,
) -> rusqlite::Result<Vec<Device>> {
    let sql = format!(
        "WITH {with} SELECT {COLUMNS} FROM device, viewer
         WHERE (device.apartment IN ({own})
            OR (device.apartment IS NULL OR administers) AND (company OR device.site = viewer.site))
           AND (?5 IS NULL OR device.id = ?5)
         ORDER BY device.id",
        with = Viewer::WITH,
        own = Viewer::OWN_APARTMENTS
    );
    let [user, site, administers, company] = viewer.params();
    connection
        .prepare_cached(&sql)?
        .query_map(params![user, site, administers, company, only.map(|id| id.0)], from_row)?
        .collect()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Device> {
    Ok(Device {
        id: DeviceId(row.get(0)?),
        site: SiteId(row.get(1)?),
        name: row.get(2)?,
        kind: row.get::<_, Word<_>>(3)?.0,
        status: row.get::<_, Word<_>>(4)?.0,
        apartment: row.get::<_, Option<i64>>(5)?.map(ApartmentId),
        logging: row.get(6)?,
    })
}
