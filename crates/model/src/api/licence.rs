use serde::{Deserialize, Serialize};

use super::{SiteId, Utc};
use crate::Secret;

/// A voucher of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct VoucherId(pub i64);

/// Whether something is paid for, at the time of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Licence {
    /// It is, or nothing is to be paid.
    #[default]
    Ready,
    /// Nothing is to be paid yet.
    Trial {
        /// When it will have to be.
        until: Utc,
    },
    /// What was paid has ended, and nothing changes for a few days.
    Grace {
        /// When they end.
        until: Utc,
    },
    /// The site switched it off.
    Disabled,
    /// It is not, though there is credit.
    UnlicensedCreditAvailable,
    /// It is not.
    UnlicensedToPurchase,
    /// A state that is newer than this program.
    #[serde(other)]
    Unknown,
}

impl Licence {
    /// As the app shows it. Days of grace are as good as paid, and what an older app does not know is no reason to
    /// alarm anybody.
    pub fn shown(self) -> crate::Licence {
        match self {
            Self::Ready | Self::Grace { .. } | Self::Unknown => crate::Licence::Ready,
            Self::Trial { until } => crate::Licence::Trial { until: until.0 },
            Self::Disabled => crate::Licence::Disabled,
            Self::UnlicensedCreditAvailable => crate::Licence::UnlicensedCreditAvailable,
            Self::UnlicensedToPurchase => crate::Licence::UnlicensedToPurchase,
        }
    }
}

/// What a licence is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LicenceUnit {
    /// An apartment, with all paid devices in it and of those who live there.
    Apartment,
    /// One paid device: a phone, an answering unit, a SIP telephone of another make.
    Device,
}

/// A voucher is redeemed for a site.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Redeem {
    /// What stands on it, in any case, with or without hyphens.
    pub code: Secret,
}

/// A voucher. Its code is not told again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Voucher {
    /// Which.
    pub id: VoucherId,
    /// What it is for.
    pub unit: LicenceUnit,
    /// For how many of them, 1 to 10,000.
    pub units: u32,
    /// For how many years, 1 to 10.
    pub years: u32,
    /// When it was made.
    pub made: Utc,
    /// Until when it can be redeemed: three years from then.
    pub until: Utc,
    /// Where it was redeemed, and when; `None` while it was not.
    pub redeemed: Option<Redeemed>,
}

/// Where a voucher went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Redeemed {
    /// Whose credit it became.
    pub site: SiteId,
    /// When.
    pub at: Utc,
}

/// How a site stands with its licences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Licensing {
    /// Whether anything is to be paid at all.
    pub fees: bool,
    /// When the trial ends or ended; `None` where it never began.
    pub trial_until: Option<Utc>,
    /// By apartment.
    pub apartments: Credit,
    /// By device.
    pub devices: Credit,
    /// Paid devices that no licence covers, and that would use one.
    pub waiting: u32,
}

/// Licences of one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Credit {
    /// Months of one unit that were not used yet.
    pub months: u32,
    /// Licences that run now.
    pub running: u32,
}

/// Whether a device uses licences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LicenceUse {
    /// `false`: it is disabled, and what it had goes to the next that waits.
    pub on: bool,
}
