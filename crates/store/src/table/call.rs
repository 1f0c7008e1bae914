use rusqlite::{Row, params};
use vestibule_model::{CallId, CallStatus, Caller, Direction, HistoryEntry, IntercomId, Timestamp};

use crate::Store;
use crate::error::StoreError;
use crate::history::fold;
use crate::table::must_change;
use crate::word::Word;

/// `folded` is what the history is searched in. `seen` matters for missed calls only.
pub(crate) const CREATE: &str = "
CREATE TABLE call (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    intercom INTEGER REFERENCES intercom (id) ON DELETE SET NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    folded TEXT NOT NULL,
    direction TEXT NOT NULL,
    status TEXT NOT NULL,
    started INTEGER NOT NULL,
    answered INTEGER,
    ended INTEGER,
    failure TEXT,
    seen INTEGER NOT NULL
) STRICT;
CREATE INDEX call_of_intercom ON call (intercom);
CREATE INDEX call_missed ON call (id) WHERE status = 'missed';
CREATE INDEX call_unseen ON call (id) WHERE status = 'missed' AND seen = 0;
CREATE INDEX call_open ON call (id) WHERE ended IS NULL;
";

/// A call that begins.
#[derive(Clone, Copy, Debug)]
pub struct NewCall<'a> {
    /// The other side.
    pub caller: &'a Caller,
    /// Who calls whom.
    pub direction: Direction,
    /// When it began to ring.
    pub started: Timestamp,
}

/// How a call ended.
#[derive(Clone, Debug)]
pub struct CallEnd {
    /// What became of it.
    pub status: CallStatus,
    /// When it ended.
    pub ended: Timestamp,
    /// In plain words for a log, why it failed.
    pub failure: Option<String>,
}

impl Store {
    /// Writes a call that begins to ring, and returns its id, which no other call ever has.
    pub fn begin_call(&self, call: NewCall<'_>) -> Result<CallId, StoreError> {
        let NewCall { caller: Caller { intercom, name, address }, direction, started } = call;
        let writer = self.writer();
        writer
            .prepare_cached(
                "INSERT INTO call (intercom, name, address, folded, direction, status, started, seen)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)",
            )?
            .execute(params![
                intercom.map(|id| id.0),
                name,
                address,
                fold(&format!("{name}\n{address}")),
                Word(direction),
                Word(CallStatus::Ringing),
                started.0,
            ])?;
        Ok(CallId(writer.last_insert_rowid()))
    }

    /// The call was answered here.
    pub fn call_answered(&self, call: CallId, at: Timestamp) -> Result<(), StoreError> {
        must_change(self.writer().execute(
            "UPDATE call SET status = ?2, answered = ?3 WHERE id = ?1",
            params![call.0, Word(CallStatus::Answered), at.0],
        )?)
    }

    /// The call is over. One that was missed counts as unseen from now on.
    pub fn end_call(&self, call: CallId, end: &CallEnd) -> Result<(), StoreError> {
        must_change(self.writer().execute(
            "UPDATE call SET status = ?2, ended = ?3, failure = ?4, seen = ?5 WHERE id = ?1",
            params![call.0, Word(end.status), end.ended.0, end.failure, end.status != CallStatus::Missed],
        )?)
    }

    /// Ends the calls that a crash left open, and returns how many they were: an incoming one that was ringing was
    /// missed, an outgoing one failed, an answered one stays answered. They end when they are last known to have
    /// been up. Codes that were on their way count as sent: nobody knows what they did.
    pub fn close_unfinished(&self) -> Result<u32, StoreError> {
        let mut writer = self.writer();
        let transaction = writer.transaction()?;
        transaction.execute(
            "UPDATE door_action SET outcome = ?2 WHERE outcome = ?1",
            params![Word(vestibule_model::Outcome::Sending), Word(vestibule_model::Outcome::Sent)],
        )?;
        let closed = transaction.execute(
            "UPDATE call SET
                 seen = NOT (status = ?1 AND direction = ?2),
                 failure = CASE WHEN status = ?1 AND direction <> ?2 THEN 'the program ended during the call' ELSE failure END,
                 status = CASE WHEN status <> ?1 THEN status WHEN direction = ?2 THEN ?3 ELSE ?4 END,
                 ended = coalesce(answered, started)
             WHERE ended IS NULL",
            params![
                Word(CallStatus::Ringing),
                Word(Direction::Incoming),
                Word(CallStatus::Missed),
                Word(CallStatus::Failed)
            ],
        )?;
        transaction.commit()?;
        Ok(u32::try_from(closed).unwrap_or(u32::MAX))
    }

    /// How many missed calls have not been seen.
    pub fn unseen(&self) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM call WHERE status = 'missed' AND seen = 0";
        Ok(self.writer().prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// Marks missed calls up to and with this one as seen.
    pub fn mark_seen(&self, up_to: CallId) -> Result<(), StoreError> {
        let sql = "UPDATE call SET seen = 1 WHERE id <= ?1 AND status = 'missed' AND seen = 0";
        self.writer().execute(sql, [up_to.0])?;
        Ok(())
    }

    /// Removes all calls with their actions and pictures.
    pub fn forget_calls(&self) -> Result<(), StoreError> {
        let writer = self.writer();
        writer.execute("DELETE FROM call", [])?;
        let mut vacuum = writer.prepare_cached("PRAGMA incremental_vacuum")?;
        let mut pages = vacuum.query([])?;
        while pages.next()?.is_some() {}
        Ok(())
    }

    /// Removes a call with its actions and its picture.
    pub fn delete_call(&self, call: CallId) -> Result<(), StoreError> {
        must_change(self.writer().execute("DELETE FROM call WHERE id = ?1", [call.0])?)
    }
}

/// The columns that [`from_row`] reads, of `call` joined with `picture`.
pub(crate) const COLUMNS: &str =
    "call.id, call.intercom, call.name, call.address, call.direction, call.status,
    call.started, call.answered, call.ended, call.failure, picture.call IS NOT NULL, call.seen";

pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<HistoryEntry> {
    Ok(HistoryEntry {
        id: CallId(row.get(0)?),
        caller: Caller {
            intercom: row.get::<_, Option<i64>>(1)?.map(IntercomId),
            name: row.get(2)?,
            address: row.get(3)?,
        },
        direction: row.get::<_, Word<_>>(4)?.0,
        status: row.get::<_, Word<_>>(5)?.0,
        started: Timestamp(row.get(6)?),
        answered: row.get::<_, Option<i64>>(7)?.map(Timestamp),
        ended: row.get::<_, Option<i64>>(8)?.map(Timestamp),
        failure: row.get(9)?,
        has_picture: row.get(10)?,
        seen: row.get(11)?,
        actions: Vec::new(),
    })
}
