//! One file per table: what it looks like, and everything that reads or writes it.

pub(crate) mod action;
pub(crate) mod call;
pub(crate) mod intercom;
pub(crate) mod picture;
pub(crate) mod settings;
pub(crate) mod switch;

pub use action::ActionId;
pub use call::{CallEnd, NewCall};

use crate::error::StoreError;

/// A statement that had to change a row, and found none.
pub(crate) fn must_change(rows: usize) -> Result<(), StoreError> {
    if rows == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Turns a value that does not fit the model into `None`; one bad row shall not take all the others along.
pub(crate) fn readable<T>(row: rusqlite::Result<T>, what: &str, id: i64) -> Result<Option<T>, StoreError> {
    match row {
        Ok(value) => Ok(Some(value)),
        Err(rusqlite::Error::FromSqlConversionFailure(column, ..)) => {
            tracing::warn!(id, column, "{what} cannot be read and is left out");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
