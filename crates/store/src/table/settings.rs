use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};
use vestibule_model::{Settings, SipAccount};

use crate::Store;
use crate::error::StoreError;

/// One row with one JSON object: a setting that is added needs no migration.
pub(crate) const CREATE: &str = "
CREATE TABLE settings (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    json TEXT NOT NULL
) STRICT;
";

impl Store {
    /// The settings; the defaults where nothing was ever saved.
    ///
    /// A value that this version cannot read counts as not set and is logged; the others keep theirs.
    pub fn settings(&self) -> Result<Settings, StoreError> {
        Ok(lenient(Value::Object(read(&self.writer())?)))
    }

    /// Saves the settings. What another version keeps beside them stays.
    pub fn save_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        write(&transaction, settings)?;
        transaction.commit()?;
        Ok(())
    }
}

/// Puts another account into the settings.
pub(crate) fn set_account(connection: &Connection, account: &SipAccount) -> Result<(), StoreError> {
    let settings = lenient(Value::Object(read(connection)?));
    write(connection, &Settings { account: Some(account.clone()), ..settings })
}

fn write(connection: &Connection, settings: &Settings) -> Result<(), StoreError> {
    let wanted = serde_json::to_value(settings)
        .map_err(|error| StoreError::Sqlite(rusqlite::Error::ToSqlConversionFailure(error.into())))?;
    let mut kept = Value::Object(read(connection)?);
    overlay(&mut kept, wanted);
    connection.execute(
        "INSERT INTO settings (id, json) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET json = excluded.json",
        params![kept.to_string()],
    )?;
    Ok(())
}

fn read(connection: &Connection) -> Result<Map<String, Value>, StoreError> {
    let json: Option<String> =
        connection.query_row("SELECT json FROM settings WHERE id = 1", [], |row| row.get(0)).optional()?;
    let Some(json) = json else {
        return Ok(Map::new());
    };
    Ok(serde_json::from_str(&json).unwrap_or_else(|error| {
        tracing::warn!(%error, "the settings are no JSON object; the defaults are used");
        Map::new()
    }))
}

/// Lays `new` over `old`, object by object.
fn overlay(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in new {
                overlay(old.entry(name).or_insert(Value::Null), value);
            }
        }
        (old, new) => *old = new,
    }
}

/// Reads the settings, leaving out one unreadable value after the other. Each round removes a value, so it ends.
fn lenient(mut json: Value) -> Settings {
    loop {
        let error = match serde_path_to_error::deserialize::<_, Settings>(&json) {
            Ok(settings) => return settings,
            Err(error) => error,
        };
        // The message may quote the value, which is nobody's business in a log.
        tracing::warn!(at = %error.path(), "a setting cannot be read and counts as not set");
        if !remove(&mut json, error.path()) {
            return Settings::default();
        }
    }
}

/// Removes the value at `path`, or the deepest one on the way to it that can be named.
fn remove(json: &mut Value, path: &Path) -> bool {
    let mut segments: Vec<&Segment> = path.iter().collect();
    while let Some(last) = segments.pop() {
        let parent = segments.iter().try_fold(&mut *json, |value, segment| child(value, segment));
        let removed = match (parent, last) {
            (Some(Value::Object(fields)), Segment::Map { key }) => fields.remove(key),
            (Some(Value::Array(items)), Segment::Seq { index }) if *index < items.len() => {
                Some(items.remove(*index))
            }
            _ => None,
        };
        if removed.is_some() {
            return true;
        }
    }
    false
}

fn child<'a>(value: &'a mut Value, segment: &Segment) -> Option<&'a mut Value> {
    match segment {
        Segment::Map { key } => value.get_mut(key),
        Segment::Seq { index } => value.get_mut(index),
        _ => None,
    }
}
