use rusqlite::{Connection, OptionalExtension, params};
use vestibule_model::ApartmentId;
use vestibule_model::api::{Button, DeviceId, IntercomMake, RingMember, RingOrder};

use crate::db::Word;

/// `code` is sealed. Of a member, either device or apartment is not null.
pub(crate) const CREATE: &str = "
CREATE TABLE call_settings (
    device INTEGER PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
    make TEXT NOT NULL
) STRICT;
CREATE TABLE button (
    device INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    ring_order TEXT NOT NULL,
    PRIMARY KEY (device, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE ring_member (
    id INTEGER PRIMARY KEY,
    device INTEGER NOT NULL,
    number INTEGER NOT NULL,
    place INTEGER NOT NULL,
    member_device INTEGER REFERENCES device (id) ON DELETE CASCADE,
    member_apartment INTEGER REFERENCES apartment (id) ON DELETE CASCADE,
    FOREIGN KEY (device, number) REFERENCES button (device, number) ON DELETE CASCADE,
    CHECK ((member_device IS NULL) <> (member_apartment IS NULL))
) STRICT;
CREATE INDEX ring_member_of_button ON ring_member (device, number);
CREATE INDEX ring_member_by_device ON ring_member (member_device);
CREATE INDEX ring_member_by_apartment ON ring_member (member_apartment);
CREATE TABLE switch (
    device INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    code BLOB NOT NULL,
    PRIMARY KEY (device, place)
) STRICT, WITHOUT ROWID;
";

/// A switch as it is kept.
pub(crate) struct Switch {
    pub(crate) name: String,
    pub(crate) kind: vestibule_model::SwitchKind,
    /// Sealed.
    pub(crate) code: Vec<u8>,
}

/// Whose rules the codes follow.
pub(crate) fn make(connection: &Connection, device: DeviceId) -> rusqlite::Result<IntercomMake> {
    let sql = "SELECT make FROM call_settings WHERE device = ?1";
    let found: Option<Word<IntercomMake>> =
        connection.query_row(sql, [device.0], |row| row.get(0)).optional()?;
    Ok(found.map_or_else(Default::default, |word| word.0))
}

/// The buttons with their ring groups, in the order of their numbers.
pub(crate) fn buttons(connection: &Connection, device: DeviceId) -> rusqlite::Result<Vec<Button>> {
    let sql = "SELECT number, name, ring_order FROM button WHERE device = ?1 ORDER BY number";
    let mut buttons: Vec<Button> = connection
        .prepare_cached(sql)?
        .query_map([device.0], |row| {
            let order: Word<RingOrder> = row.get(2)?;
            Ok(Button { number: row.get(0)?, name: row.get(1)?, order: order.0, members: Vec::new() })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let sql = "SELECT member_device, member_apartment FROM ring_member
               WHERE device = ?1 AND number = ?2 ORDER BY place, id";
    let mut statement = connection.prepare_cached(sql)?;
    for button in &mut buttons {
        let members = statement.query_map([device.0, button.number.into()], |row| {
            let (device, apartment): (Option<i64>, Option<i64>) = (row.get(0)?, row.get(1)?);
            let device = device.map(|id| RingMember::Device(DeviceId(id)));
            Ok(device.or(apartment.map(|id| RingMember::Apartment(ApartmentId(id)))))
        })?;
        button.members = members.filter_map(Result::transpose).collect::<rusqlite::Result<_>>()?;
    }
    Ok(buttons)
}

/// The switches, in the order of their buttons.
pub(crate) fn switches(connection: &Connection, device: DeviceId) -> rusqlite::Result<Vec<Switch>> {
    let sql = "SELECT name, kind, code FROM switch WHERE device = ?1 ORDER BY place";
    connection
        .prepare_cached(sql)?
        .query_map([device.0], |row| {
            Ok(Switch { name: row.get(0)?, kind: row.get::<_, Word<_>>(1)?.0, code: row.get(2)? })
        })?
        .collect()
}

/// Sets all of it; what was there before is gone.
pub(crate) fn set(
    connection: &Connection,
    device: DeviceId,
    make: IntercomMake,
    buttons: &[Button],
    switches: &[Switch],
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO call_settings (device, make) VALUES (?1, ?2)
               ON CONFLICT (device) DO UPDATE SET make = excluded.make";
    connection.execute(sql, params![device.0, Word(make)])?;
    connection.execute("DELETE FROM button WHERE device = ?1", [device.0])?;
    connection.execute("DELETE FROM switch WHERE device = ?1", [device.0])?;
    for button in buttons {
        let sql = "INSERT INTO button (device, number, name, ring_order) VALUES (?1, ?2, ?3, ?4)";
        connection.execute(sql, params![device.0, button.number, button.name, Word(button.order)])?;
        for (place, member) in (0_i64..).zip(&button.members) {
            let place = match button.order {
                RingOrder::AtOnce => 0,
                RingOrder::InOrder => place,
            };
            let (member, apartment) = match member {
                RingMember::Device(id) => (Some(id.0), None),
                RingMember::Apartment(id) => (None, Some(id.0)),
            };
            let sql = "INSERT INTO ring_member (device, number, place, member_device, member_apartment)
                       VALUES (?1, ?2, ?3, ?4, ?5)";
            connection.execute(sql, params![device.0, button.number, place, member, apartment])?;
        }
    }
    for (place, switch) in (0_i64..).zip(switches) {
        let sql = "INSERT INTO switch (device, place, name, kind, code) VALUES (?1, ?2, ?3, ?4, ?5)";
        connection.execute(sql, params![device.0, place, switch.name, Word(switch.kind), switch.code])?;
    }
    Ok(())
}

/// Whether anybody rings when a button of it is pressed.
pub(crate) fn rings_anybody(connection: &Connection, device: DeviceId) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM ring_member WHERE device = ?1)";
    connection.prepare_cached(sql)?.query_row([device.0], |row| row.get(0))
}
