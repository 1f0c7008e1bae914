use rusqlite::{Connection, OptionalExtension, params};

use crate::keys::Keys;

/// One row. `epoch` is another after each backup; `pruned` is the last change that is forgotten; `keys` tells whether
/// the keys are those that the rest was sealed with.
pub(crate) const CREATE: &str = "
CREATE TABLE server (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL,
    pruned INTEGER NOT NULL,
    keys BLOB NOT NULL
) STRICT;
";

/// Begins the row.
pub(crate) fn begin(connection: &Connection, keys: &Keys) -> rusqlite::Result<()> {
    connection
        .execute("INSERT INTO server (id, epoch, pruned, keys) VALUES (1, 0, 0, ?1)", [fingerprint(keys)])?;
    Ok(())
}

/// Whether these are the keys of this database; `None` when `init` did not end.
pub(crate) fn has_keys(connection: &Connection, keys: &Keys) -> rusqlite::Result<Option<bool>> {
    connection
        .query_row("SELECT keys = ?1 FROM server", params![fingerprint(keys)], |row| row.get(0))
        .optional()
}

/// Another epoch; a random one, because two copies may be made of one database.
pub(crate) fn begin_epoch(connection: &Connection) -> Result<(), crate::db::BackupError> {
    // Positive and short of 2^53, so that it can be read by anything.
    let epoch = getrandom::u64()? >> 11;
    connection.execute("UPDATE server SET epoch = ?1", [i64::try_from(epoch).unwrap_or(1)])?;
    Ok(())
}

/// Epoch and last forgotten change.
pub(crate) fn epoch(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    connection.query_row("SELECT epoch, pruned FROM server", [], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Changes up to this one are forgotten.
pub(crate) fn set_pruned(connection: &Connection, seq: i64) -> rusqlite::Result<()> {
    connection.execute("UPDATE server SET pruned = ?1", [seq])?;
    Ok(())
}

fn fingerprint(keys: &Keys) -> [u8; 32] {
    keys.mac("keys", b"")
}
