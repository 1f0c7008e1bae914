use rusqlite::{Connection, OptionalExtension, Row, params};
use vestibule_model::api::{DeviceId, LicenceUnit, SiteId};
use vestibule_model::{ApartmentId, Timestamp};

use crate::db::Word;

/// A row is a month that was used: one credit, for one apartment or one device. Where that is gone or was disabled,
/// the row has neither, and what remains of the month goes to the next that waits.
///
/// `site.fees` says whether anything is to be paid; the trial begins with the first time that it is. `licence_told` is
/// what the feed of changes last told of, null for "ready": how something stands is never read from it.
/// `server.licensing` counts what changes who needs a licence, whoever changes it, and `licensed` is the count that
/// was seen to.
pub(crate) const CREATE: &str = "
CREATE TABLE licence (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL REFERENCES site (id),
    unit TEXT NOT NULL,
    apartment INTEGER REFERENCES apartment (id) ON DELETE SET NULL,
    device INTEGER REFERENCES device (id) ON DELETE SET NULL,
    begins INTEGER NOT NULL,
    ends INTEGER NOT NULL
) STRICT;
CREATE INDEX licence_of_site ON licence (site, unit, ends);
CREATE INDEX licence_of_apartment ON licence (apartment, ends);
CREATE INDEX licence_of_device ON licence (device, ends);
ALTER TABLE site ADD COLUMN fees INTEGER NOT NULL DEFAULT 0;
ALTER TABLE site ADD COLUMN trial_since INTEGER;
ALTER TABLE site ADD COLUMN licence_told TEXT;
ALTER TABLE device ADD COLUMN licence_off INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN licence_told TEXT;
CREATE INDEX device_by_licence_told ON device (site) WHERE licence_told IS NOT NULL;
ALTER TABLE server ADD COLUMN licensing INTEGER NOT NULL DEFAULT 0;
ALTER TABLE server ADD COLUMN licensed INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER licensing_device_new AFTER INSERT ON device
    BEGIN UPDATE server SET licensing = licensing + 1; END;
CREATE TRIGGER licensing_device_changed AFTER UPDATE OF apartment, owner, licence_off ON device
    BEGIN UPDATE server SET licensing = licensing + 1; END;
CREATE TRIGGER licensing_device_gone AFTER DELETE ON device
    BEGIN UPDATE server SET licensing = licensing + 1; END;
CREATE TRIGGER licensing_resident_new AFTER INSERT ON resident
    BEGIN UPDATE server SET licensing = licensing + 1; END;
CREATE TRIGGER licensing_resident_gone AFTER DELETE ON resident
    BEGIN UPDATE server SET licensing = licensing + 1; END;
CREATE TRIGGER licensing_voucher_redeemed AFTER UPDATE OF site ON voucher
    BEGIN UPDATE server SET licensing = licensing + 1; END;
CREATE TRIGGER licensing_site_changed AFTER UPDATE OF fees ON site
    BEGIN UPDATE server SET licensing = licensing + 1; END;
";

/// Kinds of devices that are paid for.
pub(crate) const PAID: &str = "('phone', 'answering_unit', 'third_party_sip')";

/// What is to be paid in a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fees {
    pub(crate) on: bool,
    pub(crate) trial_since: Option<Timestamp>,
}

/// What covers a device, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cover {
    pub(crate) device: DeviceId,
    /// It needs no licence.
    pub(crate) free: bool,
    pub(crate) off: bool,
    /// An apartment's licence can cover it.
    pub(crate) home: bool,
    /// When the last licence of its own, or of an apartment that it belongs to, ends or ended.
    pub(crate) ends: Option<Timestamp>,
}

/// Who has a licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    Apartment(ApartmentId),
    Device(DeviceId),
}

impl Holder {
    pub(crate) fn unit(self) -> LicenceUnit {
        match self {
            Self::Apartment(_) => LicenceUnit::Apartment,
            Self::Device(_) => LicenceUnit::Device,
        }
    }

    fn ids(self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Apartment(id) => (Some(id.0), None),
            Self::Device(id) => (None, Some(id.0)),
        }
    }
}

/// What is to be paid in a site.
pub(crate) fn fees(connection: &Connection, site: SiteId) -> rusqlite::Result<Fees> {
    let sql = "SELECT fees, trial_since FROM site WHERE id = ?1";
    let read = |row: &Row<'_>| {
        Ok(Fees { on: row.get(0)?, trial_since: row.get::<_, Option<i64>>(1)?.map(Timestamp) })
    };
    let found = connection.prepare_cached(sql)?.query_row([site.0], read).optional()?;
    Ok(found.unwrap_or_default())
}

/// From now on there is something to be paid, or nothing. The trial begins once.
pub(crate) fn set_fees(
    connection: &Connection,
    site: SiteId,
    on: bool,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let sql = "UPDATE site SET fees = ?2, trial_since = CASE WHEN ?2 THEN coalesce(trial_since, ?3) ELSE trial_since END
               WHERE id = ?1";
    connection.execute(sql, params![site.0, on, now.0])?;
    Ok(())
}

/// A device uses licences from now on, or does not; then what it had is free for the next.
pub(crate) fn set_off(connection: &Connection, device: DeviceId, off: bool) -> rusqlite::Result<()> {
    connection.execute("UPDATE device SET licence_off = ?2 WHERE id = ?1", params![device.0, off])?;
    if off {
        connection.execute("UPDATE licence SET device = NULL WHERE device = ?1", [device.0])?;
    }
    Ok(())
}

/// What covers these devices; all of a site if none are named.
pub(crate) fn covers(
    connection: &Connection,
    site: SiteId,
    only: Option<&[DeviceId]>,
) -> rusqlite::Result<Vec<Cover>> {
    let sql = format!(
        "SELECT id, kind NOT IN {PAID}, licence_off,
             apartment IS NOT NULL OR EXISTS (SELECT 1 FROM resident WHERE person = owner), max(
             coalesce((SELECT max(ends) FROM licence WHERE licence.device = device.id), 0),
             coalesce((SELECT max(ends) FROM licence WHERE licence.apartment = device.apartment), 0),
             coalesce((SELECT max(ends) FROM resident JOIN licence ON licence.apartment = resident.apartment
                       WHERE resident.person = device.owner), 0))
         FROM device WHERE site = ?1 {} ORDER BY id",
        if only.is_some() { "AND id IN (SELECT value FROM json_each(?2))" } else { "AND ?2 IS NULL" }
    );
    let ids = only.map(|ids| {
        let ids: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
        format!("[{}]", ids.join(","))
    });
    connection.prepare_cached(&sql)?.query_map(params![site.0, ids], cover)?.collect()
}

/// The paid devices that a user has to do with: the own phones, or else those of the household.
pub(crate) fn covers_of(connection: &Connection, site: SiteId, user: i64) -> rusqlite::Result<Vec<Cover>> {
    let ids = |sql: &str| -> rusqlite::Result<Vec<DeviceId>> {
        connection.prepare_cached(sql)?.query_map([user], |row| row.get(0).map(DeviceId))?.collect()
    };
    let mut devices = ids("SELECT id FROM device WHERE owner = ?1")?;
    if devices.is_empty() {
        devices = ids(&format!(
            "SELECT id FROM device WHERE kind IN {PAID} AND (
                 apartment IN (SELECT apartment FROM resident WHERE person = ?1)
                 OR owner IN (SELECT theirs.person FROM resident AS theirs JOIN resident AS mine
                              ON mine.apartment = theirs.apartment WHERE mine.person = ?1))"
        ))?;
    }
    covers(connection, site, Some(&devices))
}

/// The apartments that a device belongs to: where it is, or where its owner lives.
pub(crate) fn homes(connection: &Connection, device: DeviceId) -> rusqlite::Result<Vec<ApartmentId>> {
    let sql = "SELECT apartment FROM device WHERE id = ?1 AND apartment IS NOT NULL
               UNION SELECT resident.apartment FROM device JOIN resident ON resident.person = device.owner
               WHERE device.id = ?1 ORDER BY 1";
    connection.prepare_cached(sql)?.query_map([device.0], |row| row.get(0).map(ApartmentId))?.collect()
}

/// Gives somebody what remains of a month that nobody has, the one that lasts longest. Whether there was one.
pub(crate) fn take_free(
    connection: &Connection,
    site: SiteId,
    to: Holder,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let (apartment, device) = to.ids();
    let sql = "UPDATE licence SET apartment = ?4, device = ?5 WHERE id = (
                   SELECT id FROM licence WHERE site = ?1 AND unit = ?2 AND ends > ?3
                   AND apartment IS NULL AND device IS NULL ORDER BY ends DESC LIMIT 1)";
    let taken = connection.prepare_cached(sql)?.execute(params![
        site.0,
        Word(to.unit()),
        now.0,
        apartment,
        device
    ])?;
    Ok(taken > 0)
}

/// Uses a credit.
pub(crate) fn add(
    connection: &Connection,
    site: SiteId,
    to: Holder,
    begins: Timestamp,
    ends: Timestamp,
) -> rusqlite::Result<()> {
    let (apartment, device) = to.ids();
    connection
        .prepare_cached(
            "INSERT INTO licence (site, unit, apartment, device, begins, ends) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![site.0, Word(to.unit()), apartment, device, begins.0, ends.0])?;
    Ok(())
}

/// Months that a site has used, and licences that run now.
pub(crate) fn used(
    connection: &Connection,
    site: SiteId,
    unit: LicenceUnit,
    now: Timestamp,
) -> rusqlite::Result<(i64, u32)> {
    let sql = "SELECT count(*), count(*) FILTER (WHERE ends > ?3) FROM licence WHERE site = ?1 AND unit = ?2";
    connection
        .prepare_cached(sql)?
        .query_row(params![site.0, Word(unit), now.0], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Sites in which a licence is needed, or was when the feed last told of one.
pub(crate) fn concerned(connection: &Connection) -> rusqlite::Result<Vec<SiteId>> {
    let sql = "SELECT id FROM site WHERE fees OR licence_told IS NOT NULL
               OR id IN (SELECT site FROM device WHERE licence_told IS NOT NULL) ORDER BY id";
    connection.prepare_cached(sql)?.query_map([], |row| row.get(0).map(SiteId))?.collect()
}

/// Whether something changed since this was last asked, of who needs a licence.
pub(crate) fn is_due(connection: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT licensing <> licensed FROM server";
    connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
}

/// All that changed was seen to.
pub(crate) fn set_done(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("UPDATE server SET licensed = licensing", [])?;
    Ok(())
}

/// What the feed of changes last told of a site.
pub(crate) fn told_of_site(connection: &Connection, site: SiteId) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT licence_told FROM site WHERE id = ?1")?
        .query_row([site.0], |row| row.get(0))
}

/// The feed told this of a site.
pub(crate) fn tell_site(connection: &Connection, site: SiteId, told: Option<&str>) -> rusqlite::Result<()> {
    connection.execute("UPDATE site SET licence_told = ?2 WHERE id = ?1", params![site.0, told])?;
    Ok(())
}

/// What the feed last told of the devices of a site.
pub(crate) fn told_of_devices(
    connection: &Connection,
    site: SiteId,
) -> rusqlite::Result<Vec<(DeviceId, Option<String>)>> {
    let sql = "SELECT id, licence_told FROM device WHERE site = ?1 ORDER BY id";
    connection
        .prepare_cached(sql)?
        .query_map([site.0], |row| Ok((DeviceId(row.get(0)?), row.get(1)?)))?
        .collect()
}

/// The feed told this of a device.
pub(crate) fn tell_device(
    connection: &Connection,
    device: DeviceId,
    told: Option<&str>,
) -> rusqlite::Result<()> {
    let sql = "UPDATE device SET licence_told = ?2 WHERE id = ?1";
    connection.prepare_cached(sql)?.execute(params![device.0, told])?;
    Ok(())
}

fn cover(row: &Row<'_>) -> rusqlite::Result<Cover> {
    let ends: i64 = row.get(4)?;
    Ok(Cover {
        device: DeviceId(row.get(0)?),
        free: row.get(1)?,
        off: row.get(2)?,
        home: row.get(3)?,
        ends: (ends > 0).then_some(Timestamp(ends)),
    })
}
