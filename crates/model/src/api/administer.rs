use serde::{Deserialize, Serialize};

use super::{Device, Hardware, Role, SiteId, SiteKind};
use crate::{ApartmentId, ContactPurpose, DeviceKind, Language, Secret};

/// A site, to be made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewSite {
    /// Its name, one of a kind on the server.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub kind: SiteKind,
    /// The language of mails.
    pub language: Language,
    /// IANA name of its time zone.
    pub zone: String,
    /// Its postal address in one line, or empty.
    #[serde(default)]
    pub address: String,
    /// Digits of a visitor's PIN, 4 to 12.
    pub pin_length: u8,
    /// Whether visitors made from now on get a QR code as well.
    #[serde(default)]
    pub qr_codes: bool,
}

/// An apartment, to be made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewApartment {
    /// Where. It stays when the apartment is changed.
    pub site: SiteId,
    /// Floor, as the site counts.
    pub floor: i16,
    /// Number, as it stands on the door.
    pub number: String,
    /// Name on the bell.
    pub name: String,
}

/// A user, to be made or changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewUser {
    /// Where. It stays when the user is changed.
    pub site: SiteId,
    /// Name.
    pub name: String,
    /// E-mail address, one of a kind on the server.
    pub email: String,
    /// What they may do: less than who says so.
    pub role: Role,
    /// The language of mails to them.
    pub language: Language,
    /// Where they live.
    #[serde(default)]
    pub apartments: Vec<ApartmentId>,
    /// A password of 8 to 256 characters; without one they sign in by a link. In a change: another one, which signs
    /// all devices out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
}

/// A device, to be made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewDevice {
    /// Where. It stays when the device is changed.
    pub site: SiteId,
    /// Its name, one of a kind in the site.
    pub name: String,
    /// What it is. It stays when the device is changed.
    pub kind: DeviceKind,
    /// Whose; `None` for one that serves the whole house.
    #[serde(default)]
    pub apartment: Option<ApartmentId>,
    /// Whether the access log has what happens at it.
    pub logging: bool,
    /// What is noted of it.
    #[serde(default)]
    pub hardware: Hardware,
}

/// A device that was made, with its token, which is shown this once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MadeDevice {
    /// As it is.
    pub device: Device,
    /// What it asks the server with.
    pub token: Secret,
}

/// A contact, to be made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewContact {
    /// Where. It stays when the contact is changed.
    pub site: SiteId,
    /// Name of a person or an office.
    pub name: String,
    /// What they do.
    #[serde(default)]
    pub role: String,
    /// What they are there for.
    pub purpose: ContactPurpose,
    /// Phone number, or empty.
    #[serde(default)]
    pub phone: String,
    /// E-mail address, or empty.
    #[serde(default)]
    pub email: String,
}
