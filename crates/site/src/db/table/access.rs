use rusqlite::{Connection, Row, params};
use vestibule_model::api::{Access, Device, DeviceId, Utc};
use vestibule_model::{AccessId, AccessMethod, AccessResult, ApartmentId, Denial, Timestamp};

use crate::db::Word;
use crate::viewer::Viewer;

/// How long the log goes back (mission: 90 days), in milliseconds.
pub(crate) const KEPT: i64 = 90 * 86_400_000;

/// `denial` is null where the door was released. `folded` is what the log is searched in.
pub(crate) const CREATE: &str = "
CREATE TABLE access (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL REFERENCES site (id),
    at INTEGER NOT NULL,
    device INTEGER REFERENCES device (id) ON DELETE SET NULL,
    door TEXT NOT NULL,
    apartment INTEGER REFERENCES apartment (id) ON DELETE SET NULL,
    person TEXT NOT NULL,
    folded TEXT NOT NULL,
    method TEXT NOT NULL,
    denial TEXT
) STRICT;
CREATE INDEX access_of_apartment ON access (apartment, id);
CREATE INDEX access_of_site ON access (site, id);
CREATE INDEX access_by_time ON access (at);
";

/// A try at a door.
pub(crate) struct NewAccess<'a> {
    pub(crate) at: Timestamp,
    pub(crate) device: &'a Device,
    pub(crate) apartment: Option<ApartmentId>,
    pub(crate) person: &'a str,
    pub(crate) method: AccessMethod,
    pub(crate) result: AccessResult,
}

/// What of the log is asked for.
pub(crate) struct Filter<'a> {
    /// Only this line.
    pub(crate) only: Option<AccessId>,
    /// Only lines older than this one.
    pub(crate) before: Option<AccessId>,
    /// Part of a door's or a person's name, in any case; empty for all.
    pub(crate) text: &'a str,
    /// Only this method.
    pub(crate) method: Option<AccessMethod>,
    /// Only what was denied.
    pub(crate) problems_only: bool,
    /// At most so many.
    pub(crate) limit: i64,
}

/// Writes a line.
pub(crate) fn add(connection: &Connection, new: &NewAccess<'_>) -> rusqlite::Result<AccessId> {
    let denial = match new.result {
        AccessResult::Allowed => None,
        AccessResult::Denied { why } => Some(why),
    };
    let NewAccess { device, person, .. } = new;
    connection
        .prepare_cached(
            "INSERT INTO access (site, at, device, door, apartment, person, folded, method, denial)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            device.site.0,
            new.at.0,
            device.id.0,
            device.name,
            new.apartment.map(|id| id.0),
            person,
            fold(&format!("{}\n{person}", device.name)),
            Word(new.method),
            denial.map(Word),
        ])?;
    Ok(AccessId(connection.last_insert_rowid()))
}

/// Lines that the viewer may see, newest first: of the own apartments; all of the site for an administrator.
pub(crate) fn visible(
    connection: &Connection,
    viewer: &Viewer,
    filter: &Filter<'_>,
    now: Timestamp,
) -> rusqlite::Result<Vec<Access>> {
    let sql = format!(
        "WITH {with} SELECT access.id, at, device, door, access.apartment, access.person, method, denial
         FROM access, viewer
         WHERE (access.apartment IN ({own}) OR administers AND (company OR access.site = viewer.site))
           AND at > ?5
           AND (?6 IS NULL OR access.id = ?6)
           AND (?7 IS NULL OR access.id < ?7)
           AND instr(folded, ?8) > 0
           AND (?9 IS NULL OR method = ?9)
           AND (NOT ?10 OR denial IS NOT NULL)
         ORDER BY access.id DESC LIMIT ?11",
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
                fold(filter.text),
                filter.method.map(Word),
                filter.problems_only,
                filter.limit,
            ],
            from_row,
        )?
        .collect()
}

/// Forgets what is older than the log goes back.
pub(crate) fn prune(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM access WHERE at <= ?1", [now.0.saturating_sub(KEPT)])?;
    Ok(())
}

/// Texts are compared in lower case, of whatever alphabet; SQLite knows only the Latin one.
fn fold(text: &str) -> String {
    text.to_lowercase()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Access> {
    let denial: Option<Word<Denial>> = row.get(7)?;
    Ok(Access {
        id: AccessId(row.get(0)?),
        at: Utc(Timestamp(row.get(1)?)),
        device: row.get::<_, Option<i64>>(2)?.map(DeviceId),
        door: row.get(3)?,
        apartment: row.get::<_, Option<i64>>(4)?.map(ApartmentId),
        person: row.get(5)?,
        method: row.get::<_, Word<_>>(6)?.0,
        result: denial.map_or(AccessResult::Allowed, |why| AccessResult::Denied { why: why.0 }),
    })
}
