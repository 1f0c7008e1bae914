use rusqlite::{Connection, TransactionBehavior};

use crate::error::OpenError;
use crate::table::{
    access, action, call, intercom, membership, outbox, phone, picture, place, settings, switch, ticket,
    visitor,
};

/// What each version added, the first version first. A step that was released is never changed; a new one is
/// appended, and it only adds, so that rows written before it stay readable.
pub(crate) const STEPS: &[&[&str]] = &[
    &[settings::CREATE, intercom::CREATE, switch::CREATE, call::CREATE, action::CREATE, picture::CREATE],
    &[membership::CREATE, place::CREATE, visitor::CREATE, access::CREATE, ticket::CREATE, outbox::CREATE],
    &[phone::CREATE, intercom::OF_BUILDING, access::ADD_APARTMENT],
];

/// Version of the tables in the file; 0 for a file with none.
pub(crate) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings the tables to the newest version in `steps`, in one transaction.
///
/// The version is read inside the transaction: another program may be opening the same new file.
pub(crate) fn migrate(connection: &mut Connection, steps: &[&[&str]]) -> Result<(), OpenError> {
    let known = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    if found == known {
        return Ok(());
    }
    for step in steps.iter().skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        for sql in *step {
            transaction.execute_batch(sql)?;
        }
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(connection: &Connection) -> Vec<String> {
        let mut statement =
            connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_later_version_only_adds_what_is_missing() {
        let mut connection = Connection::open_in_memory().unwrap();
        let first: &[&str] = &["CREATE TABLE a (x INTEGER) STRICT", "INSERT INTO a VALUES (1)"];
        let second: &[&str] = &["ALTER TABLE a ADD COLUMN y TEXT", "CREATE TABLE b (x INTEGER) STRICT"];
        migrate(&mut connection, &[first]).unwrap();
        migrate(&mut connection, &[first]).unwrap();
        assert_eq!((version(&connection).unwrap(), tables(&connection)), (1, vec!["a".to_owned()]));
        migrate(&mut connection, &[first, second]).unwrap();
        assert_eq!(version(&connection).unwrap(), 2);
        assert_eq!(tables(&connection), ["a", "b"]);
        let row: (i64, Option<String>) =
            connection.query_row("SELECT x, y FROM a", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(row, (1, None));
        assert!(matches!(migrate(&mut connection, &[first]), Err(OpenError::Newer { found: 2, known: 1 })));
    }

    #[test]
    fn a_step_that_fails_leaves_nothing_behind() {
        let mut connection = Connection::open_in_memory().unwrap();
        let broken: &[&str] = &["CREATE TABLE a (x INTEGER) STRICT", "CREATE TABLE a (x INTEGER) STRICT"];
        migrate(&mut connection, &[broken]).unwrap_err();
        assert_eq!((version(&connection).unwrap(), tables(&connection)), (0, vec![]));
    }

    #[test]
    fn lines_without_their_apartment_are_read_anew() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &STEPS[..2]).unwrap();
        let before = "INSERT INTO membership (id, server, user, site, apartments, signed_in, cursor, read_at)
                          VALUES (1, '', 1, 1, '[]', 1, '3.14', 0);
                      INSERT INTO access_name (id, door, person, folded) VALUES (1, 'door', '', 'door');
                      INSERT INTO access (id, at, name, method) VALUES (7, 0, 1, 'pin');";
        connection.execute_batch(before).unwrap();
        migrate(&mut connection, STEPS).unwrap();
        let cursor: String =
            connection.query_row("SELECT cursor FROM membership", [], |row| row.get(0)).unwrap();
        let lines: i64 = connection.query_row("SELECT count(*) FROM access", [], |row| row.get(0)).unwrap();
        assert_eq!((cursor.as_str(), lines), ("", 1));
    }

    #[test]
    fn every_table_is_strict() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, STEPS).unwrap();
        let lax: i64 = connection
            .query_row(
                "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite_%'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(lax, 0);
    }
}
