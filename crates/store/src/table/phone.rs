use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use vestibule_model::{Intercom, PhoneSetup, SipAccount};

use crate::Store;
use crate::error::StoreError;
use crate::table::intercom::{self, Known};
use crate::table::{settings, to_json};

/// One row, while somebody is signed in.
pub(crate) const CREATE: &str = "
CREATE TABLE phone (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    json TEXT NOT NULL
) STRICT;
";

/// How the building configures this phone. The password lies in the keychain.
#[derive(Clone, Copy, Debug)]
pub struct Configuration<'a> {
    /// How far it has come with this.
    pub setup: &'a PhoneSetup,
    /// The account, in place of the one of the settings; `None` leaves that.
    pub account: Option<&'a SipAccount>,
    /// The intercoms of the building, each with its device.
    pub intercoms: &'a [Intercom],
    /// What happens to those that are there already.
    pub known: Known,
}

impl Store {
    /// How the building configures this phone, as far as is known.
    pub fn phone(&self) -> Result<PhoneSetup, StoreError> {
        read(&self.reader())
    }

    /// Keeps how far the configuration has come.
    pub fn set_phone(&self, setup: &PhoneSetup) -> Result<(), StoreError> {
        write(&self.writer(), setup)
    }

    /// Takes over how the building configures this phone: account and intercoms in one transaction.
    pub fn take_configuration(&self, configuration: Configuration<'_>) -> Result<(), StoreError> {
        let Configuration { setup, account, intercoms, known } = configuration;
        let mut writer = self.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        intercom::put_building(&transaction, intercoms, known)?;
        if let Some(account) = account {
            settings::set_account(&transaction, account)?;
        }
        write(&transaction, setup)?;
        Ok(transaction.commit()?)
    }
}

pub(crate) fn read(connection: &Connection) -> Result<PhoneSetup, StoreError> {
    let json: Option<String> =
        connection.query_row("SELECT json FROM phone WHERE id = 1", [], |row| row.get(0)).optional()?;
    let Some(json) = json else { return Ok(PhoneSetup::default()) };
    Ok(serde_json::from_str(&json).unwrap_or_else(|_| {
        tracing::warn!("how the building configures this phone cannot be read, and is asked for anew");
        PhoneSetup::default()
    }))
}

fn write(connection: &Connection, setup: &PhoneSetup) -> Result<(), StoreError> {
    connection.execute("INSERT OR REPLACE INTO phone (id, json) VALUES (1, ?1)", params![to_json(setup)?])?;
    Ok(())
}
