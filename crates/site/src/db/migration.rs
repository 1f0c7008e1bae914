use rusqlite::{Connection, TransactionBehavior};

use crate::db::OpenError;
use crate::db::table::{
    access, access_group, apartment, call_record, call_settings, card, change, contact, device, directory,
    idempotency, licence, link, mail, page_session, person, recovery, ring, server, session, sip_account,
    site, template, ticket, upload, visitor, voucher,
};

/// What each version added, the first version first. A step that was released is never changed; a new one is
/// appended, and it only adds, so that rows written before it stay readable.
pub(crate) const STEPS: &[&[&str]] = &[
    FIRST,
    &[device::ADD_PRESENCE],
    TELEPHONY,
    &[page_session::CREATE],
    &[person::ADD_COMMENT, upload::CREATE],
    &[access_group::CREATE, card::CREATE],
    &[mail::CREATE],
    &[voucher::CREATE, licence::CREATE],
    &[device::ADD_HARDWARE],
    &[access::ADD_NAMES],
    &[call_record::CREATE],
];

const TELEPHONY: &[&str] =
    &[sip_account::CREATE, call_settings::CREATE, directory::CREATE, template::CREATE, ring::CREATE];

const FIRST: &[&str] = &[
    server::CREATE,
    site::CREATE,
    apartment::CREATE,
    person::CREATE,
    session::CREATE,
    link::CREATE,
    recovery::CREATE,
    device::CREATE,
    contact::CREATE,
    visitor::CREATE,
    access::CREATE,
    ticket::CREATE,
    change::CREATE,
    idempotency::CREATE,
];

/// Version of the tables in the file, unless it is newer than `steps`.
pub(crate) fn refuse_newer(connection: &Connection, steps: &[&[&str]]) -> Result<u32, OpenError> {
    let known = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known { Err(OpenError::Newer { found, known }) } else { Ok(found) }
}

/// Brings the tables to the newest version in `steps`, in one transaction. The version is read inside it: another
/// program may be opening the same file.
pub(crate) fn migrate(connection: &mut Connection, steps: &[&[&str]]) -> Result<(), OpenError> {
    let known = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = refuse_newer(&transaction, steps)?;
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

    #[test]
    fn a_later_version_only_adds_what_is_missing() {
        let mut connection = Connection::open_in_memory().unwrap();
        let first: &[&str] = &["CREATE TABLE a (x INTEGER) STRICT", "INSERT INTO a VALUES (1)"];
        let second: &[&str] = &["ALTER TABLE a ADD COLUMN y TEXT"];
        migrate(&mut connection, &[first]).unwrap();
        migrate(&mut connection, &[first, second]).unwrap();
        migrate(&mut connection, &[first, second]).unwrap();
        let row: (i64, Option<String>) =
            connection.query_row("SELECT x, y FROM a", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(row, (1, None));
        assert!(matches!(migrate(&mut connection, &[first]), Err(OpenError::Newer { found: 2, known: 1 })));
    }

    #[test]
    fn every_table_is_strict() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, STEPS).unwrap();
        let lax: i64 = connection
            .query_row(
                "SELECT count(*) FROM pragma_table_list
                 WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite_%'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(lax, 0);
    }
}
