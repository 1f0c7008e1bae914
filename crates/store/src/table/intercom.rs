use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use vestibule_model::api::DeviceId;
use vestibule_model::{DoorSwitch, Intercom, IntercomId, SwitchId};

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

/// Which device of the building an intercom is, where the building put it there.
pub(crate) const OF_BUILDING: &str = "
ALTER TABLE intercom ADD COLUMN device INTEGER;
CREATE UNIQUE INDEX intercom_of_device ON intercom (device);
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

/// Makes these the intercoms of the building, each with its device. One that is there already, put there by the
/// building or by hand under the same address, keeps its id; with [`Known::Keep`] it keeps what it says as well.
pub(crate) fn put_building(
    connection: &Connection,
    intercoms: &[Intercom],
    known: Known,
) -> Result<(), StoreError> {
    let devices = intercoms.iter().filter_map(|intercom| intercom.device);
    let stay = serde_json::Value::from_iter(devices.map(|device| device.0)).to_string();
    connection.execute(
        "DELETE FROM intercom WHERE device IS NOT NULL AND device NOT IN (SELECT value FROM json_each(?1))",
        [stay],
    )?;
    for wanted in intercoms {
        let Some(device) = wanted.device else { continue };
        let here: Option<i64> = connection
            .query_row(
                "SELECT id FROM intercom WHERE device = ?1 OR (device IS NULL AND address = ?2)
                 ORDER BY device IS NULL LIMIT 1",
                params![device.0, Word(&wanted.address)],
                |row| row.get(0),
            )
            .optional()?;
        let Some(here) = here else {
            let id = write(connection, &Intercom { id: IntercomId(0), ..wanted.clone() })?;
            switch::replace(connection, id, &wanted.switches)?;
            continue;
        };
        connection.execute("UPDATE intercom SET device = ?2 WHERE id = ?1", params![here, device.0])?;
        if known == Known::Overwrite {
            let id = write(connection, &Intercom { id: IntercomId(here), ..wanted.clone() })?;
            let mut before = switch::all(connection)?.remove(&id).unwrap_or_default();
            // A switch of the same name is the same switch: a button that shows it still opens it.
            let switches: Vec<DoorSwitch> = wanted
                .switches
                .iter()
                .map(|switch| {
                    let same = before.iter().position(|known| known.name == switch.name);
                    let id = same.map_or(SwitchId(0), |at| before.swap_remove(at).id);
                    DoorSwitch { id, ..switch.clone() }
                })
                .collect();
            switch::replace(connection, id, &switches)?;
        }
    }
    Ok(())
}

/// What happens to intercoms of the building that are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// They become as the building says.
    Overwrite,
    /// What was changed here stays.
    Keep,
}

fn write(connection: &Connection, intercom: &Intercom) -> Result<IntercomId, StoreError> {
    let Intercom { id, name, address, direct, device, switches: _ } = intercom;
    if id.0 == 0 {
        connection.execute(
            "INSERT INTO intercom (name, address, direct, device) VALUES (?1, ?2, ?3, ?4)",
            params![name, Word(address), direct, device.map(|device| device.0)],
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
    let mut statement =
        connection.prepare_cached("SELECT id, name, address, direct, device FROM intercom")?;
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
        device: row.get::<_, Option<i64>>(4)?.map(DeviceId),
        switches: Vec::new(),
    })
}
