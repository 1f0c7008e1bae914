use rusqlite::{Connection, params};
use vestibule_model::api::UserId;

/// A row is a recovery code that nobody has used, as an HMAC: the codes are short.
pub(crate) const CREATE: &str = "
CREATE TABLE recovery (
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    code BLOB NOT NULL,
    PRIMARY KEY (person, code)
) STRICT, WITHOUT ROWID;
";

/// Gives somebody these codes in place of all others.
pub(crate) fn replace(connection: &Connection, user: UserId, codes: &[[u8; 32]]) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM recovery WHERE person = ?1", [user.0])?;
    for code in codes {
        connection.execute("INSERT INTO recovery (person, code) VALUES (?1, ?2)", params![user.0, code])?;
    }
    Ok(())
}

/// Uses a code, which is then gone; whether there was one.
pub(crate) fn take(connection: &Connection, user: UserId, code: [u8; 32]) -> rusqlite::Result<bool> {
    let sql = "DELETE FROM recovery WHERE person = ?1 AND code = ?2";
    Ok(connection.execute(sql, params![user.0, code])? > 0)
}
