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

/// Lines name few doors and few people, again and again: `access_name` has each name of a site once, folded for the
/// search, which so looks at some thousands of texts and not at a million. `lines` is how many lines have it.
pub(crate) const ADD_NAMES: &str = "
CREATE TABLE access_name (
    id INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES site (id),
    folded TEXT NOT NULL,
    lines INTEGER NOT NULL DEFAULT 0,
    UNIQUE (site, folded)
) STRICT;
ALTER TABLE access ADD COLUMN door_name INTEGER REFERENCES access_name (id);
ALTER TABLE access ADD COLUMN person_name INTEGER REFERENCES access_name (id);
INSERT INTO access_name (site, folded)
    SELECT site, substr(folded, 1, instr(folded, char(10)) - 1) FROM access
    UNION SELECT site, substr(folded, instr(folded, char(10)) + 1) FROM access;
UPDATE access SET
    door_name = (SELECT id FROM access_name WHERE access_name.site = access.site
        AND access_name.folded = substr(access.folded, 1, instr(access.folded, char(10)) - 1)),
    person_name = (SELECT id FROM access_name WHERE access_name.site = access.site
        AND access_name.folded = substr(access.folded, instr(access.folded, char(10)) + 1));
CREATE INDEX access_by_door_name ON access (door_name, id);
CREATE INDEX access_by_person_name ON access (person_name, id);
CREATE INDEX access_by_method ON access (site, method, id);
CREATE INDEX access_denied ON access (site, id) WHERE denial IS NOT NULL;
UPDATE access_name SET lines = (SELECT count(*) FROM access WHERE door_name = access_name.id)
    + (SELECT count(*) FROM access WHERE person_name = access_name.id AND door_name <> person_name);
CREATE TRIGGER access_name_used AFTER INSERT ON access
    BEGIN UPDATE access_name SET lines = lines + 1 WHERE id IN (new.door_name, new.person_name); END;
CREATE TRIGGER access_name_forgotten AFTER DELETE ON access
    BEGIN
        UPDATE access_name SET lines = lines - 1 WHERE id IN (old.door_name, old.person_name);
        DELETE FROM access_name WHERE id IN (old.door_name, old.person_name) AND lines < 1;
    END;
";

/// So many lines are gathered by the names in them and put into their order; where there are more, going back through
/// the log finds a page of them soon.
const FEW: i64 = 5_000;

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
    let name = |text: &str| -> rusqlite::Result<i64> {
        let sql = "INSERT INTO access_name (site, folded) VALUES (?1, ?2)
                   ON CONFLICT (site, folded) DO UPDATE SET folded = folded RETURNING id";
        connection.prepare_cached(sql)?.query_row(params![device.site.0, fold(text)], |row| row.get(0))
    };
    let (door_name, person_name) = (name(&device.name)?, name(person)?);
    connection
        .prepare_cached(
            "INSERT INTO access (site, at, device, door, apartment, person, folded, method, denial, door_name,
                 person_name)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
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
            door_name,
            person_name,
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
    let text = fold(filter.text);
    let [user, site, administers, company] = viewer.params();
    // Each condition is part of the text where it is asked for, so that SQLite can use its index; a plus keeps it from
    // one that would read far more.
    let mut conditions = vec!["+at > ?5"];
    let found =
        if text.is_empty() || administers == 0 { None } else { Some(lines(connection, viewer, &text)?) };
    match found {
        _ if administers == 0 => conditions.extend([OWN, "instr(folded, ?8) > 0"]),
        // A name is of one site.
        Some(found) if found <= FEW => conditions.push(
            "access.id IN (SELECT id FROM access WHERE door_name IN names
                           UNION SELECT id FROM access WHERE person_name IN names)",
        ),
        _ => {
            if company == 0 {
                // An administrator lives, if at all, in the own site.
                conditions.push("access.site = ?2");
            }
            if found.is_some() {
                conditions.push("(+door_name IN names OR +person_name IN names)");
            }
        }
    }
    if filter.only.is_some() {
        conditions.push("access.id = ?6");
    }
    if filter.before.is_some() {
        conditions.push("access.id < ?7");
    }
    if filter.method.is_some() {
        conditions.push("method = ?9");
    }
    if filter.problems_only {
        conditions.push("denial IS NOT NULL");
    }
    let sql = format!(
        "WITH names AS (SELECT id FROM access_name WHERE (?4 OR site = ?2) AND instr(folded, ?8) > 0)
         SELECT access.id, at, device, door, access.apartment, access.person, method, denial
         FROM access WHERE {} ORDER BY access.id DESC LIMIT ?10",
        conditions.join(" AND ")
    );
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
                text,
                filter.method.map(Word),
                filter.limit,
            ],
            from_row,
        )?
        .collect()
}

/// Lines of residents: those of the own apartments.
const OWN: &str = "access.apartment IN (SELECT resident.apartment FROM resident WHERE resident.person = ?1)";

/// Lines, at most, that an administrator finds by a text.
fn lines(connection: &Connection, viewer: &Viewer, text: &str) -> rusqlite::Result<i64> {
    let [_, site, _, company] = viewer.params();
    let sql =
        "SELECT coalesce(sum(lines), 0) FROM access_name WHERE (?2 OR site = ?1) AND instr(folded, ?3) > 0";
    connection.prepare_cached(sql)?.query_row(params![site, company, text], |row| row.get(0))
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

#[cfg(test)]
mod tests {
    use vestibule_model::api::{Role, SiteId, UserId};

    use super::*;

    /// An administrator finds the same, whether lines are gathered by their names or the log is gone back through.
    #[test]
    fn what_many_lines_have_is_found_like_what_few_have() {
        let db = crate::db::in_memory();
        db.execute_batch(
            "INSERT INTO site VALUES (1, 'Sample house', 'residential', 'en', 'UTC', '', 5, 0, 0, 0, NULL, NULL);
             INSERT INTO device (id, site, name, kind, status, logging) VALUES (1, 1, 'Gate', 'access_unit', 'ready', 1)",
        )
        .unwrap();
        let device = crate::db::table::device::one(&db, DeviceId(1)).unwrap().unwrap();
        let count = FEW + 1_000;
        for number in 0..count {
            let person =
                if number % 1_000 == 7 { "Postman".to_owned() } else { format!("Guest {}", number % 50) };
            let denied = AccessResult::Denied { why: Denial::Unknown };
            let result = if number % 10 == 0 { denied } else { AccessResult::Allowed };
            let (method, at) = (AccessMethod::Pin, Timestamp(number + 1));
            let (device, person, apartment) = (&device, person.as_str(), None);
            add(&db, &NewAccess { at, device, apartment, person, method, result }).unwrap();
        }
        let viewer = Viewer { user: UserId(1), site: SiteId(1), role: Role::SiteAdministrator, session: 0 };
        let found = |text: &str, problems_only: bool, before: Option<i64>| -> Vec<i64> {
            let before = before.map(AccessId);
            let filter = Filter { only: None, before, text, method: None, problems_only, limit: count };
            let lines = visible(&db, &viewer, &filter, Timestamp(KEPT)).unwrap();
            lines.into_iter().map(|line| line.id.0).collect()
        };
        for text in ["gate", "guest", "GUEST 1", "postman", "post", "nobody", "gate\nguest", ""] {
            for (problems, before) in [(false, None), (true, None), (false, Some(3_000)), (true, Some(3_000))]
            {
                let sql = "SELECT id FROM access WHERE (instr(substr(folded, 1, instr(folded, char(10)) - 1), ?1) > 0
                               OR instr(substr(folded, instr(folded, char(10)) + 1), ?1) > 0)
                           AND (NOT ?2 OR denial IS NOT NULL) AND id < ?3 ORDER BY id DESC";
                let mut plain = db.prepare(sql).unwrap();
                let last = before.unwrap_or(i64::MAX);
                let plain = plain.query_map(params![fold(text), problems, last], |row| row.get(0)).unwrap();
                let plain: Vec<i64> = plain.map(Result::unwrap).collect();
                assert_eq!(found(text, problems, before), plain, "{text:?} {problems} {before:?}");
            }
        }
        // With its lines a name is forgotten.
        prune(&db, Timestamp(KEPT + count)).unwrap();
        let left: i64 = db.query_row("SELECT count(*) FROM access_name", [], |row| row.get(0)).unwrap();
        assert_eq!(left, 0);
    }
}
