use rusqlite::Connection;
use vestibule_model::api::{DeviceId, UserId};

/// A row: this user may call this device.
pub(crate) const CREATE: &str = "
CREATE TABLE directory (
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    device INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    PRIMARY KEY (person, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX directory_by_device ON directory (device);
";

/// What a user was given.
pub(crate) fn of(connection: &Connection, user: UserId) -> rusqlite::Result<Vec<DeviceId>> {
    let mut statement =
        connection.prepare_cached("SELECT device FROM directory WHERE person = ?1 ORDER BY device")?;
    statement.query_map([user.0], |row| row.get(0).map(DeviceId))?.collect()
}

/// Gives a user these, and no others.
pub(crate) fn set(connection: &Connection, user: UserId, devices: &[DeviceId]) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM directory WHERE person = ?1", [user.0])?;
    for device in devices {
        let sql = "INSERT INTO directory (person, device) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        connection.execute(sql, [user.0, device.0])?;
    }
    Ok(())
}
