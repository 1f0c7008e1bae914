use std::collections::HashMap;

use rusqlite::{Connection, Row, params};
use vestibule_model::{DoorSwitch, IntercomId, SwitchId};

use crate::error::StoreError;
use crate::table::{must_change, readable};
use crate::word::Word;

pub(crate) const CREATE: &str = "
CREATE TABLE switch (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    intercom INTEGER NOT NULL REFERENCES intercom (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL
) STRICT;
CREATE INDEX switch_of_intercom ON switch (intercom, position);
";

/// All switches, those of each intercom in the order of their buttons.
pub(super) fn all(connection: &Connection) -> Result<HashMap<IntercomId, Vec<DoorSwitch>>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT id, name, kind, code, intercom FROM switch ORDER BY intercom, position")?;
    let mut rows = statement.query([])?;
    let mut switches: HashMap<_, Vec<_>> = HashMap::new();
    while let Some(row) = rows.next()? {
        if let Some(switch) = readable(from_row(row), "a switch", row.get(0)?)? {
            switches.entry(IntercomId(row.get(4)?)).or_default().push(switch);
        }
    }
    Ok(switches)
}

/// Makes `switches` the switches of an intercom. Those that stay keep their ids.
pub(super) fn replace(
    connection: &Connection,
    intercom: IntercomId,
    switches: &[DoorSwitch],
) -> Result<(), StoreError> {
    let kept = serde_json::Value::from_iter(switches.iter().map(|switch| switch.id.0));
    connection.execute(
        "DELETE FROM switch WHERE intercom = ?1 AND id NOT IN (SELECT value FROM json_each(?2))",
        params![intercom.0, kept.to_string()],
    )?;
    for (position, DoorSwitch { id, name, kind, code }) in (0_i64..).zip(switches) {
        if id.0 == 0 {
            connection.execute(
                "INSERT INTO switch (intercom, position, name, kind, code) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![intercom.0, position, name, Word(kind), Word(code)],
            )?;
        } else {
            must_change(connection.execute(
                "UPDATE switch SET position = ?3, name = ?4, kind = ?5, code = ?6 WHERE id = ?1 AND intercom = ?2",
                params![id.0, intercom.0, position, name, Word(kind), Word(code)],
            )?)?;
        }
    }
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<DoorSwitch> {
    Ok(DoorSwitch {
        id: SwitchId(row.get(0)?),
        name: row.get(1)?,
        kind: row.get::<_, Word<_>>(2)?.0,
        code: row.get::<_, Word<_>>(3)?.0,
    })
}
