use rusqlite::{Connection, Row, params};
use vestibule_model::api::{CallOutcome, CallRecord, CallRecordId, Device, DeviceId, NewCallRecord, Utc};
use vestibule_model::{ApartmentId, Timestamp};

use crate::db::Word;
use crate::db::table::access::KEPT;
use crate::viewer::Viewer;

/// `folded` is what the calls are searched in: who called and who answered. With the apartment its calls are gone, for
/// nobody else may see them.
pub(crate) const CREATE: &str = "
CREATE TABLE call_record (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    apartment INTEGER NOT NULL REFERENCES apartment (id) ON DELETE CASCADE,
    device INTEGER REFERENCES device (id) ON DELETE SET NULL,
    caller TEXT NOT NULL,
    started INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    status TEXT NOT NULL,
    answered_by INTEGER REFERENCES device (id) ON DELETE SET NULL,
    answered TEXT NOT NULL,
    folded TEXT NOT NULL
) STRICT;
CREATE INDEX call_record_of_apartment ON call_record (apartment, id);
CREATE INDEX call_record_by_time ON call_record (started);
CREATE INDEX call_record_of_device ON call_record (device);
CREATE INDEX call_record_answered_by ON call_record (answered_by);
";

/// What of the calls is asked for.
pub(crate) struct Filter<'a> {
    /// Only this one.
    pub(crate) only: Option<CallRecordId>,
    /// Only those that were reported before this one.
    pub(crate) before: Option<CallRecordId>,
    /// Part of the name of who called or answered, in any case; empty for all.
    pub(crate) text: &'a str,
    /// Only these.
    pub(crate) status: Option<CallOutcome>,
    /// At most so many.
    pub(crate) limit: i64,
}

/// Keeps a call of a device.
pub(crate) fn add(
    connection: &Connection,
    caller: &Device,
    new: &NewCallRecord,
    answered: &str,
) -> rusqlite::Result<CallRecordId> {
    connection
        .prepare_cached(
            "INSERT INTO call_record (apartment, device, caller, started, seconds, status, answered_by, answered,
                 folded)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            new.apartment.0,
            caller.id.0,
            caller.name,
            new.started.0.0,
            new.seconds,
            Word(new.status),
            new.answered_by.map(|id| id.0),
            answered,
            format!("{}\n{answered}", caller.name).to_lowercase(),
        ])?;
    Ok(CallRecordId(connection.last_insert_rowid()))
}

/// Those of the viewer's own apartments, newest first. No role opens what belongs to a household.
pub(crate) fn visible(
    connection: &Connection,
    viewer: &Viewer,
    filter: &Filter<'_>,
    now: Timestamp,
) -> rusqlite::Result<Vec<CallRecord>> {
    let sql = format!(
        "WITH {with} SELECT call_record.id, device, caller, call_record.apartment, started, seconds, status,
             answered_by, answered
         FROM call_record, viewer
         WHERE call_record.apartment IN ({own})
           AND +started > ?5
           AND (?6 IS NULL OR call_record.id = ?6)
           AND (?7 IS NULL OR call_record.id < ?7)
           AND instr(folded, ?8) > 0
           AND (?9 IS NULL OR status = ?9)
         ORDER BY call_record.id DESC LIMIT ?10",
        with = Viewer::WITH,
        own = Viewer::OWN_APARTMENTS
    );
    let [user, site, administers, company] = viewer.params();
    connection
        .prepare_cached(&sql)?
        .query_map(
            params![
                user,
                site,
                administers,
                company,
                now.0.saturating_sub(KEPT),
                filter.only.map(|id| id.0),
                filter.before.map(|id| id.0),
                filter.text.to_lowercase(),
                filter.status.map(Word),
                filter.limit,
            ],
            from_row,
        )?
        .collect()
}

/// Forgets what is older than the access log goes back.
pub(crate) fn prune(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM call_record WHERE started <= ?1", [now.0.saturating_sub(KEPT)])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<CallRecord> {
    Ok(CallRecord {
        id: CallRecordId(row.get(0)?),
        device: row.get::<_, Option<i64>>(1)?.map(DeviceId),
        caller: row.get(2)?,
        apartment: ApartmentId(row.get(3)?),
        started: Utc(Timestamp(row.get(4)?)),
        seconds: row.get(5)?,
        status: row.get::<_, Word<_>>(6)?.0,
        answered_by: row.get::<_, Option<i64>>(7)?.map(DeviceId),
        answered: row.get(8)?,
    })
}
