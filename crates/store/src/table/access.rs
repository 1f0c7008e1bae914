use rusqlite::{Connection, OptionalExtension, Row, ToSql, params, params_from_iter};
use vestibule_model::api::Access;
use vestibule_model::{AccessEntry, AccessFilter, AccessId, AccessResult, Timestamp};

use crate::Store;
use crate::error::StoreError;
use crate::history::fold;
use crate::table::readable;
use crate::word::Word;

/// Lines name few doors and few people, again and again: `access_name` has each pair once, folded for the search,
/// which so looks at some hundreds of texts and not at a hundred thousand. `access_found` then has all that a filter
/// asks for, without the rows. `denial` is why the door stayed shut; none: it was released.
pub(crate) const CREATE: &str = "
CREATE TABLE access_name (
    id INTEGER PRIMARY KEY,
    door TEXT NOT NULL,
    person TEXT NOT NULL,
    folded TEXT NOT NULL,
    UNIQUE (door, person)
) STRICT;
CREATE TABLE access (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    name INTEGER NOT NULL REFERENCES access_name (id),
    method TEXT NOT NULL,
    denial TEXT
) STRICT;
CREATE INDEX access_found ON access (name, id, method, denial);
CREATE INDEX access_method ON access (method, id);
CREATE INDEX access_denied ON access (id) WHERE denial IS NOT NULL;
CREATE INDEX access_at ON access (at);
";

/// Whose visit a line is about; none for what is of the whole house. Lines that were read before have none, and are read
/// anew with everything else: the server knows no such cursor.
pub(crate) const ADD_APARTMENT: &str = "
ALTER TABLE access ADD COLUMN apartment INTEGER;
UPDATE membership SET cursor = '';
";

/// Rows of a page where the filter does not say.
const PAGE: u32 = 50;
/// The longest page, so that no filter asks for everything at once.
const LONGEST_PAGE: u32 = 500;

impl Store {
    /// A page of the access log, newest first, and whether older lines match as well.
    pub fn access(&self, filter: &AccessFilter) -> Result<(Vec<AccessEntry>, bool), StoreError> {
        let limit = match filter.limit {
            0 => PAGE,
            limit => limit.min(LONGEST_PAGE),
        };
        let reader = self.reader();
        let text = fold(filter.text.trim());
        let mut conditions = vec!["id < ?1"];
        let before = filter.before.map_or(i64::MAX, |id| id.0);
        let method = filter.method.map(Word);
        let mut values: Vec<&dyn ToSql> = vec![&before];
        // Each condition is part of the text where it is asked for, so that SQLite can use its index.
        if let Some(method) = &method {
            conditions.push("method = ?2");
            values.push(method);
        } else {
            conditions.push("?2");
            values.push(&true);
        }
        if filter.problems_only {
            conditions.push("denial IS NOT NULL");
        }
        if text.is_empty() {
            conditions.push("?3");
            values.push(&true);
        } else {
            conditions.push("name IN (SELECT id FROM access_name WHERE instr(folded, ?3))");
            values.push(&text);
        }
        let apartment = filter.apartment.map(|id| id.0);
        if apartment.is_some() {
            conditions.push("(apartment = ?4 OR apartment IS NULL)");
            values.push(&apartment);
        }
        // One row more than is asked for tells whether there are more.
        let sql = format!(
            "SELECT access.id, at, door, person, method, denial
             FROM access JOIN access_name ON access_name.id = access.name
             WHERE access.id IN (SELECT id FROM access WHERE {} ORDER BY id DESC LIMIT {})
             ORDER BY access.id DESC",
            conditions.join(" AND "),
            limit + 1
        );
        let mut statement = reader.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut entries = Vec::new();
        for _ in 0..limit {
            let Some(row) = rows.next()? else { return Ok((entries, false)) };
            entries.extend(readable(from_row(row), "a line of the access log", row.get(0)?)?);
        }
        Ok((entries, rows.next()?.is_some()))
    }

    /// Removes lines from before `older_than`, at most so many at once. Returns how many were removed.
    pub fn prune_access(&self, older_than: Timestamp, at_most: u32) -> Result<u32, StoreError> {
        let mut writer = self.writer();
        let transaction = writer.transaction()?;
        let removed = transaction.execute(
            "DELETE FROM access WHERE id IN (SELECT id FROM access WHERE at < ?1 ORDER BY at LIMIT ?2)",
            params![older_than.0, at_most],
        )?;
        if removed > 0 {
            transaction.execute(
                "DELETE FROM access_name
                 WHERE NOT EXISTS (SELECT 1 FROM access WHERE access.name = access_name.id)",
                [],
            )?;
        }
        transaction.commit()?;
        Ok(u32::try_from(removed).unwrap_or(u32::MAX))
    }
}

/// Keeps a line as it is now.
pub(crate) fn put(connection: &Connection, line: &Access) -> Result<(), StoreError> {
    let name = name(connection, &line.door, &line.person)?;
    let denial = match line.result {
        AccessResult::Allowed => None,
        AccessResult::Denied { why } => Some(Word(why)),
    };
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO access (id, at, name, method, denial, apartment) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            line.id.0,
            line.at.0.0,
            name,
            Word(line.method),
            denial,
            line.apartment.map(|id| id.0)
        ])?;
    Ok(())
}

pub(crate) fn delete(connection: &Connection, id: AccessId) -> Result<(), StoreError> {
    connection.execute("DELETE FROM access WHERE id = ?1", [id.0])?;
    Ok(())
}

pub(crate) fn clear(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch("DELETE FROM access; DELETE FROM access_name;")?;
    Ok(())
}

fn name(connection: &Connection, door: &str, person: &str) -> Result<i64, StoreError> {
    let mut find = connection.prepare_cached("SELECT id FROM access_name WHERE door = ?1 AND person = ?2")?;
    if let Some(found) = find.query_row([door, person], |row| row.get(0)).optional()? {
        return Ok(found);
    }
    // Nobody types a line feed, so nothing is found across the two.
    let folded = format!("{}\n{}", fold(door), fold(person));
    connection.execute(
        "INSERT INTO access_name (door, person, folded) VALUES (?1, ?2, ?3)",
        params![door, person, folded],
    )?;
    Ok(connection.last_insert_rowid())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<AccessEntry> {
    let denial: Option<Word<_>> = row.get(5)?;
    Ok(AccessEntry {
        id: AccessId(row.get(0)?),
        at: Timestamp(row.get(1)?),
        door: row.get(2)?,
        person: row.get(3)?,
        method: row.get::<_, Word<_>>(4)?.0,
        result: denial.map_or(AccessResult::Allowed, |why| AccessResult::Denied { why: why.0 }),
    })
}
