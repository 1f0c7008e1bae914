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
    if rows == 0 {
        Err(StoreError::NotFound)
    } else {
        Ok(())
    }
}
