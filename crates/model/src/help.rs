use serde::{Deserialize, Serialize};

use crate::{Delivery, Timestamp};

/// Somebody of the facility management.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Name of a person or an office.
    pub name: String,
    /// What they do, in the site's words.
    pub role: String,
    /// What they are there for.
    pub purpose: ContactPurpose,
    /// Phone number, or empty.
    pub phone: String,
    /// E-mail address, or empty.
    pub email: String,
}

/// What a contact is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContactPurpose {
    /// Bills.
    Billing,
    /// What is broken.
    Technical,
    /// Everything else of the house.
    Operations,
}

/// A report to technical support.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// When it was written.
    pub at: Timestamp,
    /// What is wrong, in the resident's words.
    pub description: String,
    /// Where the answer goes.
    pub email: String,
    /// Lines of the diagnostics that go with it, as they were shown; empty when there are none.
    pub diagnostics: Vec<String>,
    /// Its number, once the server has it.
    pub number: Option<String>,
    /// How far it has come.
    pub delivery: Delivery,
}
