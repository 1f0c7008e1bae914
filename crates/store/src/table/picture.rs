use rusqlite::{OptionalExtension, params};
use vestibule_model::{CallId, Timestamp};

use crate::Store;
use crate::error::StoreError;

pub(crate) const CREATE: &str = "
CREATE TABLE picture (
    call INTEGER PRIMARY KEY REFERENCES call (id) ON DELETE CASCADE,
    jpeg BLOB NOT NULL
) STRICT;
";

impl Store {
    /// Keeps a picture of the visitor, a JPEG file, in place of the one before.
    pub fn set_picture(&self, call: CallId, jpeg: &[u8]) -> Result<(), StoreError> {
        self.writer().execute(
            "INSERT INTO picture (call, jpeg) VALUES (?1, ?2) ON CONFLICT (call) DO UPDATE SET jpeg = excluded.jpeg",
            params![call.0, jpeg],
        )?;
        Ok(())
    }

    /// The picture of a call, a JPEG file.
    pub fn picture(&self, call: CallId) -> Result<Option<Vec<u8>>, StoreError> {
        let reader = self.reader();
        let mut statement = reader.prepare_cached("SELECT jpeg FROM picture WHERE call = ?1")?;
        Ok(statement.query_row([call.0], |row| row.get(0)).optional()?)
    }

    /// Removes pictures of calls that began before `older_than`, the oldest first, at most so many at once, so that
    /// a call that rings meanwhile does not wait. Returns how many were removed: fewer than `at_most` means all.
    pub fn prune_pictures(&self, older_than: Timestamp, at_most: u32) -> Result<u32, StoreError> {
        let writer = self.writer();
        let removed = writer.execute(
            "DELETE FROM picture WHERE call IN (
                 SELECT picture.call FROM picture JOIN call ON call.id = picture.call
                 WHERE call.started < ?1 ORDER BY picture.call LIMIT ?2)",
            params![older_than.0, at_most],
        )?;
        if removed > 0 {
            // It gives back one page a step, and steps for as long as somebody asks.
            let mut vacuum = writer.prepare_cached("PRAGMA incremental_vacuum")?;
            let mut pages = vacuum.query([])?;
            while pages.next()?.is_some() {}
        }
        Ok(u32::try_from(removed).unwrap_or(u32::MAX))
    }
}
