use serde::{Deserialize, Serialize};

use crate::{ApartmentId, Timestamp};

/// One try at a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct AccessId(pub i64);

/// Who tried to open which door, how, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessEntry {
    /// Which.
    pub id: AccessId,
    /// When.
    pub at: Timestamp,
    /// The door, by the name the site gave it.
    pub door: String,
    /// Who; empty when nobody knows.
    pub person: String,
    /// By what.
    pub method: AccessMethod,
    /// What became of it.
    pub result: AccessResult,
}

/// By what a door was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccessMethod {
    /// Digits.
    Pin,
    /// A QR code.
    Qr,
    /// A card.
    Card,
    /// A phone.
    Mobile,
}

/// What became of a try at a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccessResult {
    /// The door was released.
    Allowed,
    /// It was not.
    Denied {
        /// Why.
        why: Denial,
    },
}

/// Why a door was not released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// Nobody has this code, card or phone.
    Unknown,
    /// Its time is over, or has not begun.
    OutsideTime,
    /// It is not for this door.
    NoRight,
    /// It was taken back.
    Revoked,
    /// It was good so many times, and no more.
    UsedUp,
}

/// What the access list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccessFilter {
    /// Part of a door's or a person's name, in any case; empty for all.
    pub text: String,
    /// Only what was denied.
    pub problems_only: bool,
    /// Only this method.
    pub method: Option<AccessMethod>,
    /// Only this apartment, and what is of no apartment.
    pub apartment: Option<ApartmentId>,
    /// Only rows older than this one.
    pub before: Option<AccessId>,
    /// At most so many rows; 0 means the store's own page size.
    pub limit: u32,
}
