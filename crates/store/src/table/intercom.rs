use std::collections::HashMap;

use rusqlite::{Connection, Row, TransactionBehavior, params};
use vestibule_model::{DoorSwitch, Intercom, IntercomId};

use crate::Store;
use crate::error::StoreError;
use crate::table::{must_change, readable, switch};
use crate::word::Word;

/// An id is never given out twice: a button that shows an intercom of yesterday must not reach another one.
pub(crate) const CREATE: &str = "
CREATE TABLE intercom (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    direct INTEGER NOT NULL
) STRICT;
";

impl Store {
    /// The intercoms with their switches, in the order of their names.
    ///
    /// One that this version cannot read is left out and logged.
    pub fn intercoms(&self) -> Result<Vec<Intercom>, StoreError> {
        let mut writer = self.writer();
        // One transaction, so that no switch is without its intercom.
        let transaction = writer.transaction()?;
        let mut switches = switch::all(&transaction)?;
        let mut intercoms = all(&transaction, &mut switches)?;
        intercoms.sort_by_cached_key(|intercom| (crate::history::fold(&intercom.name), intercom.id));
        Ok(intercoms)
    }

    /// Adds an intercom (id 0) or changes one, with its switches, of which those with id 0 are new and those that
    /// are missing are removed. Fails with [`StoreError::NotFound`] when an id is not there.
    pub fn save_intercom(&self, intercom: &Intercom) -> Result<IntercomId, StoreError> {
        let mut writer = self.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let id = write(&transaction, intercom)?;
        switch::replace(&transaction, id, &intercom.switches)?;
        transaction.commit()?;
        Ok(id)
    }

    /// Removes an intercom with its switches. Its calls stay in the history.
    pub fn delete_intercom(&self, id: IntercomId) -> Result<(), StoreError> {
        must_change(self.writer().execute("DELETE FROM intercom WHERE id = ?1", [id.0])?)
    }
}

fn write(connection: &Connection, intercom: &Intercom) -> Result<IntercomId, StoreError> {
    let Intercom { id, name, address, direct, switches: _ } = intercom;
    if id.0 == 0 {
        connection.execute(
            "INSERT INTO intercom (name, address, direct) VALUES (?1, ?2, ?3)",
            params![name, Word(address), direct],
        )?;
        return Ok(IntercomId(connection.last_insert_rowid()));
    }
    must_change(connection.execute(
        "UPDATE intercom SET name = ?2, address = ?3, direct = ?4 WHERE id = ?1",
        params![id.0, name, Word(address), direct],
    )?)?;
    Ok(*id)
}

fn all(
    connection: &Connection,
    switches: &mut HashMap<IntercomId, Vec<DoorSwitch>>,
) -> Result<Vec<Intercom>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id, name, address, direct FROM intercom")?;
    let mut rows = statement.query([])?;
    let mut intercoms = Vec::new();
    while let Some(row) = rows.next()? {
        let id = IntercomId(row.get(0)?);
        if let Some(mut intercom) = readable(from_row(row), "an intercom", id.0)? {
            intercom.switches = switches.remove(&id).unwrap_or_default();
            intercoms.push(intercom);
        }
    }
    Ok(intercoms)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Intercom> {
    Ok(Intercom {
        id: IntercomId(row.get(0)?),
        name: row.get(1)?,
        address: row.get::<_, Word<_>>(2)?.0,
        direct: row.get(3)?,
        switches: Vec::new(),
    })
}
