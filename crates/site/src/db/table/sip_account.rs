use rusqlite::{Connection, params};
use vestibule_model::api::DeviceId;

/// `secret` is sealed: the password, of which the exchange is given digests.
pub(crate) const CREATE: &str = "
CREATE TABLE sip_account (
    device INTEGER PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
    secret BLOB NOT NULL
) STRICT;
";

/// Gives a device an account, or another password.
pub(crate) fn set(connection: &Connection, device: DeviceId, secret: &[u8]) -> rusqlite::Result<()> {
    let sql = "INSERT INTO sip_account (device, secret) VALUES (?1, ?2)
               ON CONFLICT (device) DO UPDATE SET secret = excluded.secret";
    connection.execute(sql, params![device.0, secret])?;
    Ok(())
}

/// All accounts of the server, with their sealed passwords.
pub(crate) fn all(connection: &Connection) -> rusqlite::Result<Vec<(DeviceId, Vec<u8>)>> {
    let mut statement =
        connection.prepare_cached("SELECT device, secret FROM sip_account ORDER BY device")?;
    statement.query_map([], |row| Ok((DeviceId(row.get(0)?), row.get(1)?)))?.collect()
}
