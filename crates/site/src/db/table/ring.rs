use rusqlite::{Connection, params};
use vestibule_model::api::DeviceId;

/// `server.telephony` counts what changes for the exchange, whoever changes it: a table that is written without a
/// thought of the exchange still moves it.
pub(crate) const CREATE: &str = "
ALTER TABLE server ADD COLUMN telephony INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER telephony_account_new AFTER INSERT ON sip_account
    BEGIN UPDATE server SET telephony = telephony + 1; END;
CREATE TRIGGER telephony_account_changed AFTER UPDATE ON sip_account
    BEGIN UPDATE server SET telephony = telephony + 1; END;
CREATE TRIGGER telephony_account_gone AFTER DELETE ON sip_account
    BEGIN UPDATE server SET telephony = telephony + 1; END;
CREATE TRIGGER telephony_member_new AFTER INSERT ON ring_member
    BEGIN UPDATE server SET telephony = telephony + 1; END;
CREATE TRIGGER telephony_member_gone AFTER DELETE ON ring_member
    BEGIN UPDATE server SET telephony = telephony + 1; END;
CREATE TRIGGER telephony_directory_new AFTER INSERT ON directory
    BEGIN UPDATE server SET telephony = telephony + 1; END;
CREATE TRIGGER telephony_directory_gone AFTER DELETE ON directory
    BEGIN UPDATE server SET telephony = telephony + 1; END;
CREATE TRIGGER telephony_resident_new AFTER INSERT ON resident
    BEGIN UPDATE server SET telephony = telephony + 1; END;
CREATE TRIGGER telephony_resident_gone AFTER DELETE ON resident
    BEGIN UPDATE server SET telephony = telephony + 1; END;
CREATE TRIGGER telephony_device_moved AFTER UPDATE OF apartment, kind, site ON device
    BEGIN UPDATE server SET telephony = telephony + 1; END;
";

/// What rings when a button is pressed. All of it is of one site. An apartment means the phones and answering units
/// in it and of those who live there, not its own door.
const RINGS: &str = "
    SELECT bell.id AS caller, ring_member.number AS number, ring_member.place AS place, target.id AS callee
    FROM ring_member JOIN device AS bell ON bell.id = ring_member.device
    JOIN device AS target ON target.id = ring_member.member_device AND target.site = bell.site
    JOIN sip_account ON sip_account.device = target.id
    UNION SELECT bell.id, ring_member.number, ring_member.place, target.id
    FROM ring_member JOIN device AS bell ON bell.id = ring_member.device
    JOIN device AS target ON target.apartment = ring_member.member_apartment AND target.site = bell.site
    JOIN sip_account ON sip_account.device = target.id
    WHERE target.kind IN ('phone', 'answering_unit', 'third_party_sip')
    UNION SELECT bell.id, ring_member.number, ring_member.place, target.id
    FROM ring_member JOIN device AS bell ON bell.id = ring_member.device
    JOIN resident ON resident.apartment = ring_member.member_apartment
    JOIN device AS target ON target.owner = resident.person AND target.site = bell.site
    JOIN sip_account ON sip_account.device = target.id";

/// A step of a ring group: a device that rings.
pub(crate) struct Ring {
    pub(crate) caller: DeviceId,
    pub(crate) number: u16,
    pub(crate) place: i32,
    pub(crate) callee: DeviceId,
}

/// Which state the exchange should have.
pub(crate) fn state(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let sql = "SELECT epoch, telephony FROM server";
    connection.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// All ring groups of the server.
pub(crate) fn all(connection: &Connection) -> rusqlite::Result<Vec<Ring>> {
    let sql = format!("SELECT caller, number, place, callee FROM ({RINGS}) WHERE caller <> callee");
    connection
        .prepare_cached(&sql)?
        .query_map([], |row| {
            Ok(Ring {
                caller: DeviceId(row.get(0)?),
                number: row.get(1)?,
                place: row.get(2)?,
                callee: DeviceId(row.get(3)?),
            })
        })?
        .collect()
}

/// Who may call whom, beside what the buttons do: what a user was given, for the user's phones; and whoever is rung
/// may ring back.
const CALLS: &str = "
    SELECT caller.id AS caller, callee.id AS callee FROM directory
    JOIN device AS caller ON caller.owner = directory.person
    JOIN device AS callee ON callee.id = directory.device AND callee.site = caller.site
    JOIN sip_account ON sip_account.device = callee.id";

/// All pairs of the server.
pub(crate) fn calls(connection: &Connection) -> rusqlite::Result<Vec<(DeviceId, DeviceId)>> {
    let sql = format!(
        "SELECT caller, callee FROM ({CALLS})
         UNION SELECT callee, caller FROM ({RINGS}) WHERE caller <> callee"
    );
    connection
        .prepare_cached(&sql)?
        .query_map([], |row| Ok((DeviceId(row.get(0)?), DeviceId(row.get(1)?))))?
        .collect()
}

/// Intercoms that ring this device.
pub(crate) fn intercoms_of(connection: &Connection, device: DeviceId) -> rusqlite::Result<Vec<DeviceId>> {
    let sql = format!(
        "SELECT DISTINCT caller FROM ({RINGS}) WHERE callee = ?1 AND caller <> callee ORDER BY caller"
    );
    connection.prepare_cached(&sql)?.query_map(params![device.0], |row| row.get(0).map(DeviceId))?.collect()
}

/// Whom this device may call by its directory.
pub(crate) fn directory_of(connection: &Connection, device: DeviceId) -> rusqlite::Result<Vec<DeviceId>> {
    let sql = format!("SELECT callee FROM ({CALLS}) WHERE caller = ?1 ORDER BY callee");
    connection.prepare_cached(&sql)?.query_map(params![device.0], |row| row.get(0).map(DeviceId))?.collect()
}
