use serde::{Deserialize, Serialize};

use super::{Hardware, Licence};
use crate::{ApartmentId, DeviceKind, DeviceStatus, Language};

/// A site of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct SiteId(pub i64);

/// A device of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct DeviceId(pub i64);

/// What a site is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// People live there.
    #[default]
    Residential,
    /// People work there.
    Commercial,
}

/// A building.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Site {
    /// Which.
    pub id: SiteId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: SiteKind,
    /// The language of mails.
    pub language: Language,
    /// IANA name of its time zone; schedules are meant in it.
    pub zone: String,
    /// Its postal address in one line.
    pub address: String,
    /// Digits of a visitor's PIN.
    pub pin_length: u8,
    /// Whether visitors made from now on get a QR code as well.
    pub qr_codes: bool,
    /// Whether it pays for who asks: for residents, for their own phones and apartments; for administrators, for all
    /// of it.
    #[serde(default)]
    pub licence: Licence,
}

/// A flat. Floor and number are one of a kind in the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Apartment {
    /// Which.
    pub id: ApartmentId,
    /// Where.
    pub site: SiteId,
    /// Floor, as the site counts.
    pub floor: i16,
    /// Number, as it stands on the door.
    pub number: String,
    /// Name on the bell, such as "Flat 12".
    pub name: String,
    /// Whether its own door has an access unit, which visitors may be let through.
    pub has_access_unit: bool,
}

/// A device of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// Where.
    pub site: SiteId,
    /// Its name, one of a kind in the site.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// How it stands.
    pub status: DeviceStatus,
    /// Whose; `None` for one that serves the whole house.
    pub apartment: Option<ApartmentId>,
    /// Whether the access log has what happens at it.
    pub logging: bool,
    /// What administrators note of it.
    #[serde(default)]
    pub hardware: Hardware,
    /// Whether the site pays for it. Doors and intercoms need no licence.
    #[serde(default)]
    pub licence: Licence,
}
