use serde::{Deserialize, Serialize};

use super::{DeviceId, Utc};
use crate::ApartmentId;

/// A call of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct CallRecordId(pub i64);

/// What became of a call, as the side that called saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// Somebody answered.
    Answered,
    /// Nobody did.
    Missed,
    /// Somebody declined.
    Declined,
    /// It could not be set up, or it broke.
    Failed,
}

/// A call that is over, as the device reports it that called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewCallRecord {
    /// The apartment that was rung.
    pub apartment: ApartmentId,
    /// When it began to ring.
    pub started: Utc,
    /// Seconds from the answer to the end, at most a day; 0 where nobody answered.
    #[serde(default)]
    pub seconds: u32,
    /// What became of it.
    pub status: CallOutcome,
    /// Which phone or answering unit answered, where that is known.
    #[serde(default)]
    pub answered_by: Option<DeviceId>,
}

/// A call, for those who live where it rang.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CallRecord {
    /// Which; one that was reported later is greater.
    pub id: CallRecordId,
    /// The device that called, while it is known to the site.
    pub device: Option<DeviceId>,
    /// Its name at that time.
    pub caller: String,
    /// As in [`NewCallRecord`].
    pub apartment: ApartmentId,
    /// As in [`NewCallRecord`].
    pub started: Utc,
    /// As in [`NewCallRecord`].
    pub seconds: u32,
    /// As in [`NewCallRecord`].
    pub status: CallOutcome,
    /// As in [`NewCallRecord`], while it is known to the site.
    pub answered_by: Option<DeviceId>,
    /// The name of what answered at that time, or empty.
    pub answered: String,
}
