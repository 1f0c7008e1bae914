use rusqlite::{Connection, TransactionBehavior};

use crate::error::OpenError;
use crate::table::{action, call, intercom, picture, settings, switch};

/// What each version added, the first version first. A step that was released is never changed; a new one is
/// appended, and it only adds, so that rows written before it stay readable.
pub(crate) const STEPS: &[&[&str]] = &[&[
    settings::CREATE,
    intercom::CREATE,
    switch::CREATE,
    call::CREATE,
    action::CREATE,
    picture::CREATE,
]];

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
