use serde::{Deserialize, Serialize};

use super::{DeviceId, Utc};
use crate::{AccessId, AccessMethod, AccessResult, ApartmentId, Secret};

/// A door asks whether it may open. Exactly one of them is there.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DoorCheck {
    /// The digits that were typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<Secret>,
    /// What stood in the QR code that was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qr: Option<Secret>,
    /// What the reader read of the card that was held to it, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Secret>,
}

/// The answer to a door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DoorDecision {
    /// Whether to open, and if not, why.
    pub result: AccessResult,
    /// When it was decided.
    pub at: Utc,
}

/// A line of the access log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Access {
    /// Which; a later one is greater.
    pub id: AccessId,
    /// When.
    pub at: Utc,
    /// The door, while it is known to the site.
    pub device: Option<DeviceId>,
    /// The door's name at that time.
    pub door: String,
    /// Whose visitor or whose door; `None` when nobody knows.
    pub apartment: Option<ApartmentId>,
    /// Who; empty when nobody knows.
    pub person: String,
    /// By what.
    pub method: AccessMethod,
    /// What became of it.
    pub result: AccessResult,
}
