//! One file per table: what it looks like, and everything that reads or writes it.

pub(crate) mod access;
pub(crate) mod action;
pub(crate) mod call;
pub(crate) mod intercom;
pub(crate) mod membership;
pub(crate) mod outbox;
pub(crate) mod phone;
pub(crate) mod picture;
pub(crate) mod place;
pub(crate) mod settings;
pub(crate) mod switch;
pub(crate) mod ticket;
pub(crate) mod visitor;

pub use action::ActionId;
pub use call::{CallEnd, NewCall};
pub use intercom::Known;
pub use membership::Membership;
pub use outbox::{ItemId, ItemKind, Sending};
pub use phone::Configuration;

use rusqlite::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;

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

/// A value as JSON.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Sqlite(rusqlite::Error::ToSqlConversionFailure(error.into())))
}

/// A value that was kept as JSON. The error names the column, and not what stands there.
pub(crate) fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let json: String = row.get(column)?;
    serde_json::from_str(&json).map_err(|_| {
        let why = "this version cannot read it".into();
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, why)
    })
}
