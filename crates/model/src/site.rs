use serde::{Deserialize, Serialize};

use crate::{IntercomId, PhoneSetup, Timestamp};

/// An apartment of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct ApartmentId(pub i64);

/// A flat, with what its residents may do there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apartment {
    /// Which.
    pub id: ApartmentId,
    /// Its name on the bell, such as "Flat 12".
    pub name: String,
    /// Whether its own door has an access unit, which visitors may be let through.
    pub has_access_unit: bool,
}

/// A building, as one of its residents sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// Its postal address in one line.
    pub address: String,
    /// IANA name of its time zone; schedules are meant in it.
    pub zone: String,
    /// Digits of a visitor's PIN.
    pub pin_length: u8,
    /// Whether visitors get a QR code as well.
    pub qr_codes: bool,
    /// The apartments of this resident, at least one.
    pub apartments: Vec<Apartment>,
    /// Intercoms and other devices that this resident may see.
    pub devices: Vec<Device>,
    /// Whether this resident administers the users of the own apartments.
    pub household: bool,
    /// Whether the site pays for this app.
    pub licence: Licence,
    /// How the building configures this phone.
    pub phone: PhoneSetup,
    /// When all this was last read from the site server.
    pub read_at: Timestamp,
    /// Whether the site server can be reached now.
    pub online: bool,
    /// Whether this device is signed in; else what is waiting stays here until the resident signs in again.
    pub signed_in: bool,
}

/// A device of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its name, one of a kind in the site.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// How it stands.
    pub status: DeviceStatus,
    /// Whose; `None` for one that serves the whole house.
    pub apartment: Option<ApartmentId>,
    /// The intercom of the local list that it is, when it can be called from here.
    pub intercom: Option<IntercomId>,
}

impl Site {
    /// The apartment of a choice that was made before: `None` for all, where there is nothing to choose, and where the
    /// one that was chosen is the resident's no more.
    pub fn chosen(&self, apartment: Option<ApartmentId>) -> Option<ApartmentId> {
        let is_own = |id: &ApartmentId| self.apartments.iter().any(|own| own.id == *id);
        apartment.filter(is_own).filter(|_| self.apartments.len() > 1)
    }
}

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// At a door, with a button.
    Intercom,
    /// Inside a flat.
    AnsweringUnit,
    /// A reader at a door.
    AccessUnit,
    /// A resident's phone or computer, with the app.
    Phone,
    /// A telephone that speaks SIP, of any make.
    ThirdPartySip,
}

impl DeviceKind {
    /// Whether a licence is wanted for it, where anything is to be paid: it rings.
    pub fn is_paid(self) -> bool {
        matches!(self, Self::AnsweringUnit | Self::Phone | Self::ThirdPartySip)
    }
}

/// How a device stands with the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceStatus {
    /// In use, in the foreground.
    Registered,
    /// Registered, in the background.
    Ready,
    /// On the server, but not usable yet.
    Online,
    /// Known, but calls do not reach it.
    NotRegistered,
    /// Not heard of.
    Offline,
    /// Nobody has said whom it rings.
    MissingCallSettings,
    /// Not set up.
    NeedsConfiguration,
    /// Asked, and silent so far.
    WaitingForResponse,
}

/// Whether the site pays for this app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Licence {
    /// It does, or nothing is to be paid.
    Ready,
    /// Nothing is paid yet.
    Trial {
        /// When it will have to be.
        until: Timestamp,
    },
    /// Switched off by the site.
    Disabled,
    /// Not paid, though there is credit.
    UnlicensedCreditAvailable,
    /// Not paid.
    UnlicensedToPurchase,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(apartments: &[i64]) -> Site {
        let apartment =
            |id: &i64| Apartment { id: ApartmentId(*id), name: String::new(), has_access_unit: false };
        Site {
            name: String::new(),
            address: String::new(),
            zone: "UTC".to_owned(),
            pin_length: 5,
            qr_codes: false,
            apartments: apartments.iter().map(apartment).collect(),
            devices: Vec::new(),
            household: false,
            licence: Licence::Ready,
            phone: PhoneSetup::default(),
            read_at: Timestamp(0),
            online: true,
            signed_in: true,
        }
    }

    #[test]
    fn a_choice_holds_as_long_as_there_is_one_and_the_apartment_is_there() {
        for (own, chosen, looked_at) in [
            (&[1, 2][..], None, None),
            (&[1, 2], Some(2), Some(2)),
            (&[1, 2], Some(9), None),
            (&[1], Some(1), None),
            (&[], Some(1), None),
        ] {
            let found = site(own).chosen(chosen.map(ApartmentId));
            assert_eq!(found, looked_at.map(ApartmentId), "{own:?} {chosen:?}");
        }
    }
}
