use serde::{Deserialize, Serialize};

use super::{SiteId, Utc};
use crate::ContactPurpose;

/// A contact of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct ContactId(pub i64);

/// A report to technical support.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct TicketId(pub i64);

/// Somebody of the facility management.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Contact {
    /// Which.
    pub id: ContactId,
    /// Where.
    pub site: SiteId,
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

/// A report to technical support, to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewTicket {
    /// What is wrong, 1 to 4000 characters.
    pub description: String,
    /// Where the answer goes.
    pub email: String,
    /// Lines of the diagnostics that the user saw and sends along; at most 500, of 500 characters each.
    #[serde(default)]
    pub diagnostics: Vec<String>,
}

/// A report to technical support, as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// Which.
    pub id: TicketId,
    /// What to name it by, such as `1-000042`: the site, and a number that counts up there.
    pub number: String,
    /// When the server took it.
    pub at: Utc,
    /// As in [`NewTicket`].
    pub description: String,
    /// As in [`NewTicket`].
    pub email: String,
    /// As in [`NewTicket`].
    pub diagnostics: Vec<String>,
}
