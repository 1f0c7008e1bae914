use rusqlite::{Connection, params};
use vestibule_model::{HistoryEntry, HistoryFilter};

use crate::Store;
use crate::error::StoreError;
use crate::table::{action, call, readable};

/// Rows of a page where the filter does not say.
const PAGE: u32 = 50;
/// The longest page, so that no filter asks for everything at once.
const LONGEST_PAGE: u32 = 500;

impl Store {
    /// A page of the history, newest first, and whether older rows match as well.
    pub fn history(&self, filter: &HistoryFilter) -> Result<(Vec<HistoryEntry>, bool), StoreError> {
        let limit = match filter.limit {
            0 => PAGE,
            limit => limit.min(LONGEST_PAGE),
        };
        let mut reader = self.reader();
        // One transaction, so that rows and actions are of the same moment.
        let transaction = reader.transaction()?;
        let (mut entries, more) = calls(&transaction, filter, limit)?;
        let mut actions = action::of_calls(&transaction, entries.iter().map(|entry| entry.id))?;
        for entry in &mut entries {
            entry.actions = actions.remove(&entry.id).unwrap_or_default();
        }
        Ok((entries, more))
    }
}

fn calls(
    connection: &Connection,
    filter: &HistoryFilter,
    limit: u32,
) -> Result<(Vec<HistoryEntry>, bool), StoreError> {
    // The condition is part of the text where it is asked for, so that SQLite can use the index of missed calls.
    let missed = if filter.missed_only { "AND call.status = 'missed'" } else { "" };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {} FROM call LEFT JOIN picture ON picture.call = call.id
         WHERE call.id < ?1 AND (?2 = '' OR instr(call.folded, ?2)) {missed} ORDER BY call.id DESC LIMIT ?3",
        call::COLUMNS
    ))?;
    let before = filter.before.map_or(i64::MAX, |call| call.0);
    // One row more than is asked for tells whether there are more.
    let mut rows = statement.query(params![before, fold(filter.text.trim()), limit + 1])?;
    let mut entries = Vec::new();
    for _ in 0..limit {
        let Some(row) = rows.next()? else {
            return Ok((entries, false));
        };
        entries.extend(readable(call::from_row(row), "a call", row.get(0)?)?);
    }
    Ok((entries, rows.next()?.is_some()))
}

/// A text without regard to case. Letter by letter and by way of the upper case, so that a part of a word folds like
/// the same part within it: ß like ss, ς like σ.
pub(crate) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}
