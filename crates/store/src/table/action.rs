use std::collections::HashMap;

use rusqlite::{Connection, Row, params};
use vestibule_model::{CallId, DoorAction, Outcome, Timestamp};

use crate::Store;
use crate::error::StoreError;
use crate::table::{must_change, readable};
use crate::word::Word;

/// The name of the switch is kept as it was: the log must not change when a switch is renamed or removed.
pub(crate) const CREATE: &str = "
CREATE TABLE door_action (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    call INTEGER NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    switch_name TEXT NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL
) STRICT;
CREATE INDEX door_action_of_call ON door_action (call, id);
";

/// Identifies a code that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ActionId(pub i64);

impl Store {
    /// Writes that a door's button was pressed during a call.
    pub fn add_action(
        &self,
        call: CallId,
        switch_name: &str,
        at: Timestamp,
        outcome: Outcome,
    ) -> Result<ActionId, StoreError> {
        let writer = self.writer();
        writer.execute(
            "INSERT INTO door_action (call, switch_name, at, outcome) VALUES (?1, ?2, ?3, ?4)",
            params![call.0, switch_name, at.0, Word(outcome)],
        )?;
        Ok(ActionId(writer.last_insert_rowid()))
    }

    /// Writes what is now known of a code.
    pub fn set_outcome(&self, action: ActionId, outcome: Outcome) -> Result<(), StoreError> {
        let sql = "UPDATE door_action SET outcome = ?2 WHERE id = ?1";
        must_change(self.writer().execute(sql, params![action.0, Word(outcome)])?)
    }
}

/// The actions of many calls in one query, those of each call in their order.
pub(crate) fn of_calls(
    connection: &Connection,
    calls: impl Iterator<Item = CallId>,
) -> Result<HashMap<CallId, Vec<DoorAction>>, StoreError> {
    let calls = serde_json::Value::from_iter(calls.map(|call| call.0));
    let mut statement = connection.prepare_cached(
        "SELECT call, switch_name, at, outcome FROM door_action
         WHERE call IN (SELECT value FROM json_each(?1)) ORDER BY call, id",
    )?;
    let mut rows = statement.query([calls.to_string()])?;
    let mut actions: HashMap<_, Vec<_>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let call = row.get(0)?;
        actions.entry(CallId(call)).or_default().extend(readable(from_row(row), "an action of call", call)?);
    }
    Ok(actions)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<DoorAction> {
    Ok(DoorAction {
        switch_name: row.get(1)?,
        at: Timestamp(row.get(2)?),
        outcome: row.get::<_, Word<_>>(3)?.0,
    })
}
