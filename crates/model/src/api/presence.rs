use serde::{Deserialize, Serialize};

use crate::DeviceStatus;

/// What a device says of itself, once a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Heartbeat {
    /// How it stands.
    pub presence: Presence,
}

/// How a device sees itself. Whether it is heard of at all, the server knows better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Calls reach it, and it is in the foreground.
    Registered,
    /// Calls reach it, and it is in the background.
    Ready,
    /// It runs, and is not usable yet.
    Online,
    /// It runs, and calls do not reach it.
    NotRegistered,
    /// It lacks its configuration.
    NeedsConfiguration,
}

impl Presence {
    /// What others are shown of it.
    pub fn status(self) -> DeviceStatus {
        match self {
            Self::Registered => DeviceStatus::Registered,
            Self::Ready => DeviceStatus::Ready,
            Self::Online => DeviceStatus::Online,
            Self::NotRegistered => DeviceStatus::NotRegistered,
            Self::NeedsConfiguration => DeviceStatus::NeedsConfiguration,
        }
    }
}
