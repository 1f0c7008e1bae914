use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// The phone as a key: how it stands, and what is near.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MobileAccess {
    /// The site's access card.
    pub card: CardState,
    /// The Bluetooth adapter of this device.
    pub adapter: AdapterState,
    /// Ways to open that this device has, press first.
    pub modes: Vec<AccessMode>,
    /// Which of them are on.
    pub enabled: Vec<AccessMode>,
    /// Doors near this device, the nearest first.
    pub doors: Vec<NearbyDoor>,
    /// Whether it looks for doors now.
    pub searching: bool,
}

/// How it stands with the access card of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// The site does not let phones open doors.
    NotAllowed,
    /// It may be activated here.
    Off,
    /// It is on this device.
    Active {
        /// Since when.
        since: Timestamp,
    },
    /// It is on another device of this resident.
    Elsewhere {
        /// The name of that device.
        device: String,
    },
    /// It is being moved here.
    Moving,
}

/// Whether Bluetooth can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdapterState {
    /// Yes.
    Ready,
    /// It is switched off.
    Off,
    /// There is none.
    Missing,
    /// The system does not let the app use it.
    NoPermission,
}

/// A way to open a door with this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessMode {
    /// A press in the app.
    Press,
    /// A touch of the reader while the device is near.
    Touch,
    /// The device held to the reader, by NFC.
    Card,
    /// A camera sees somebody come, and the device near it answers.
    Motion,
}

/// A reader in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DoorId(pub i64);

/// A door near this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearbyDoor {
    /// Which.
    pub id: DoorId,
    /// Its name.
    pub name: String,
    /// How near: 0 far to 4 at the reader.
    pub strength: u8,
    /// What is known of opening it.
    pub state: DoorState,
}

/// What is known of opening a door by Bluetooth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoorState {
    /// It can be opened.
    Ready,
    /// The reader is being talked to.
    Opening,
    /// The reader reports granted.
    Granted {
        /// When.
        at: Timestamp,
    },
    /// The reader reports denied.
    Denied {
        /// When.
        at: Timestamp,
    },
    /// It went out of range.
    OutOfRange,
    /// It did not answer in time.
    TimedOut,
    /// It could not prove that it belongs to the site.
    NotTrusted,
}
