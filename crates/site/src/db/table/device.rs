use rusqlite::{Connection, OptionalExtension, Row, params};
use vestibule_model::api::{Device, DeviceId, Hardware, Licence, SiteId, UserId};
use vestibule_model::{ApartmentId, DeviceStatus, Timestamp};

use crate::db::Word;
use crate::db::table::change::Audience;
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

/// `heard` is when the device last said how it stands. A phone has an `owner`, and `handle` is the digest of what it
/// calls itself at sign-in; both are null for a device that belongs to the house.
pub(crate) const ADD_PRESENCE: &str = "
ALTER TABLE device ADD COLUMN heard INTEGER;
ALTER TABLE device ADD COLUMN owner INTEGER REFERENCES person (id) ON DELETE CASCADE;
ALTER TABLE device ADD COLUMN handle BLOB;
CREATE UNIQUE INDEX device_of_owner ON device (owner, handle);
CREATE INDEX device_by_hearing ON device (heard);
";

/// `serial` is empty and `mac` null where nobody noted them; `mode` is null for that of the kind.
pub(crate) const ADD_HARDWARE: &str = "
ALTER TABLE device ADD COLUMN serial TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN mac TEXT;
ALTER TABLE device ADD COLUMN connection TEXT NOT NULL DEFAULT 'cloud';
ALTER TABLE device ADD COLUMN mode TEXT;
CREATE UNIQUE INDEX device_by_serial ON device (site, serial) WHERE serial <> '';
CREATE UNIQUE INDEX device_by_mac ON device (site, mac);
";

/// Milliseconds of silence after which a device is offline: three heartbeats.
const SILENCE: i64 = 180_000;

const COLUMNS: &str =
    "device.id, device.site, name, kind, status, apartment, logging, serial, mac, connection, mode";

/// Adds a device; its id is ignored.
pub(crate) fn add(
    connection: &Connection,
    new: &Device,
    token: Option<Digest>,
) -> rusqlite::Result<DeviceId> {
    connection.execute(
        "INSERT INTO device (site, name, kind, status, apartment, logging, token, serial, mac, connection, mode)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            new.site.0,
            new.name,
            Word(new.kind),
            Word(new.status),
            new.apartment.map(|id| id.0),
            new.logging,
            token.map(|token| token.0),
            new.hardware.serial,
            new.hardware.mac.map(String::from),
            Word(new.hardware.connection),
            new.hardware.mode.map(Word),
        ],
    )?;
    Ok(DeviceId(connection.last_insert_rowid()))
}

/// One, whoever asks.
pub(crate) fn one(connection: &Connection, device: DeviceId) -> rusqlite::Result<Option<Device>> {
    let sql = format!("SELECT {COLUMNS} FROM device WHERE id = ?1");
    connection.prepare_cached(&sql)?.query_row([device.0], from_row).optional()
}

/// All of a site, whoever asks.
pub(crate) fn of_site(connection: &Connection, site: SiteId) -> rusqlite::Result<Vec<Device>> {
    let sql = format!("SELECT {COLUMNS} FROM device WHERE site = ?1 ORDER BY id");
    connection.prepare_cached(&sql)?.query_map([site.0], from_row)?.collect()
}

/// The phone of a user that calls itself so.
pub(crate) fn of_owner(
    connection: &Connection,
    owner: UserId,
    handle: Digest,
) -> rusqlite::Result<Option<Device>> {
    let sql = format!("SELECT {COLUMNS} FROM device WHERE owner = ?1 AND handle = ?2");
    connection.prepare_cached(&sql)?.query_row(params![owner.0, handle.0], from_row).optional()
}

/// All phones of a user.
pub(crate) fn all_of_owner(connection: &Connection, owner: UserId) -> rusqlite::Result<Vec<Device>> {
    let sql = format!("SELECT {COLUMNS} FROM device WHERE owner = ?1");
    connection.prepare_cached(&sql)?.query_map([owner.0], from_row)?.collect()
}

/// A device becomes the phone of a user.
pub(crate) fn set_owner(
    connection: &Connection,
    device: DeviceId,
    owner: UserId,
    handle: Digest,
) -> rusqlite::Result<()> {
    let sql = "UPDATE device SET owner = ?2, handle = ?3 WHERE id = ?1";
    connection.execute(sql, params![device.0, owner.0, handle.0])?;
    Ok(())
}

/// This name, or the first of "name 2", "name 3" and so on that no device of the site has.
pub(crate) fn free_name(connection: &Connection, site: SiteId, name: &str) -> rusqlite::Result<String> {
    let sql = "SELECT EXISTS (SELECT 1 FROM device WHERE site = ?1 AND name = ?2)";
    let mut taken = connection.prepare_cached(sql)?;
    let mut wanted = name.to_owned();
    let mut number = 1;
    while taken.query_row(params![site.0, wanted], |row| row.get(0))? {
        number += 1;
        wanted = format!("{name} {number}");
    }
    Ok(wanted)
}

/// Changes name, apartment, logging and what is noted.
pub(crate) fn change(connection: &Connection, to: &Device) -> rusqlite::Result<()> {
    let sql =
        "UPDATE device SET name = ?2, apartment = ?3, logging = ?4, serial = ?5, mac = ?6, connection = ?7,
                   mode = ?8 WHERE id = ?1";
    connection.execute(
        sql,
        params![
            to.id.0,
            to.name,
            to.apartment.map(|id| id.0),
            to.logging,
            to.hardware.serial,
            to.hardware.mac.map(String::from),
            Word(to.hardware.connection),
            to.hardware.mode.map(Word),
        ],
    )?;
    Ok(())
}

/// Gives a device another token.
pub(crate) fn set_token(connection: &Connection, device: DeviceId, token: Digest) -> rusqlite::Result<()> {
    connection.execute("UPDATE device SET token = ?2 WHERE id = ?1", params![device.0, token.0])?;
    Ok(())
}

/// Removes a device. What happened at it stays in the access log.
pub(crate) fn delete(connection: &Connection, device: DeviceId) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM device WHERE id = ?1", [device.0])?;
    Ok(())
}

/// A device was heard of.
pub(crate) fn hear(
    connection: &Connection,
    device: DeviceId,
    status: DeviceStatus,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let sql = "UPDATE device SET status = ?2, heard = ?3 WHERE id = ?1";
    connection.prepare_cached(sql)?.execute(params![device.0, Word(status), now.0])?;
    Ok(())
}

/// Changes how a device is shown.
pub(crate) fn set_status(
    connection: &Connection,
    device: DeviceId,
    status: DeviceStatus,
) -> rusqlite::Result<()> {
    connection.execute("UPDATE device SET status = ?2 WHERE id = ?1", params![device.0, Word(status)])?;
    Ok(())
}

/// Those that were heard of once, then no more, and are not shown as offline yet.
pub(crate) fn silent(connection: &Connection, now: Timestamp) -> rusqlite::Result<Vec<Device>> {
    let sql = format!("SELECT {COLUMNS} FROM device WHERE heard <= ?1 AND status <> ?2");
    connection
        .prepare_cached(&sql)?
        .query_map(params![now.0 - SILENCE, Word(DeviceStatus::Offline)], from_row)?
        .collect()
}

/// Who is told of what happens to a device: those who may see it, see [`visible`].
pub(crate) fn audiences(connection: &Connection, device: &Device) -> rusqlite::Result<Vec<Audience>> {
    if let Some(apartment) = device.apartment {
        return Ok(vec![Audience::Apartment(apartment)]);
    }
    let sql = "SELECT owner FROM device WHERE id = ?1";
    let owner: Option<i64> = connection.query_row(sql, [device.id.0], |row| row.get(0))?;
    let Some(owner) = owner else { return Ok(vec![Audience::Site]) };
    let mut told = vec![Audience::User(UserId(owner)), Audience::Administrators];
    let mut homes = connection.prepare_cached("SELECT apartment FROM resident WHERE person = ?1")?;
    let homes = homes.query_map([owner], |row| row.get(0).map(ApartmentId).map(Audience::Household))?;
    for home in homes {
        told.push(home?);
    }
    Ok(told)
}

/// Which device has this token.
pub(crate) fn by_token(connection: &Connection, token: Digest) -> rusqlite::Result<Option<Device>> {
    let sql = format!("SELECT {COLUMNS} FROM device WHERE token = ?1");
    connection.prepare_cached(&sql)?.query_row([token.0], from_row).optional()
}

/// Those that the viewer may see, or this one of them: of the house, of the own apartments and of those who live
/// there; all of the site for an administrator.
pub(crate) fn visible(
    connection: &Connection,
    viewer: &Viewer,
    only: Option<DeviceId>,
) -> rusqlite::Result<Vec<Device>> {
    let sql = format!(
        "WITH {with} SELECT {COLUMNS} FROM device, viewer
         WHERE (device.apartment IN ({own})
            OR device.owner = viewer.person
            OR device.owner IN (SELECT theirs.person FROM resident AS theirs WHERE theirs.apartment IN ({own}))
            OR (device.apartment IS NULL AND device.owner IS NULL OR administers)
               AND (company OR device.site = viewer.site))
           AND (?5 IS NULL OR device.id = ?5)
         ORDER BY device.id",
        with = Viewer::WITH,
        own = Viewer::OWN_APARTMENTS
    );
    let [user, site, administers, company] = viewer.params();
    let mut found: Vec<Device> = connection
        .prepare_cached(&sql)?
        .query_map(params![user, site, administers, company, only.map(|id| id.0)], from_row)?
        .collect::<rusqlite::Result<_>>()?;
    if !viewer.role.administers_site() {
        for device in &mut found {
            device.hardware.serial.clear();
            device.hardware.mac = None;
        }
    }
    Ok(found)
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
        hardware: Hardware {
            serial: row.get(7)?,
            mac: row.get::<_, Option<Word<_>>>(8)?.map(|mac| mac.0),
            connection: row.get::<_, Word<_>>(9)?.0,
            mode: row.get::<_, Option<Word<_>>>(10)?.map(|mode| mode.0),
        },
        // The clock decides what it is; `licensing` says it.
        licence: Licence::Ready,
    })
}
