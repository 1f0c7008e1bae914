use serde::{Deserialize, Serialize};

use super::{SiteId, Utc};
use crate::{ApartmentId, Language, Secret};

/// A user of the site server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct UserId(pub i64);

/// What a user may do, beside living in apartments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// All sites.
    CompanyAdministrator,
    /// One site, and what it costs.
    SiteAdministratorWithPayment,
    /// One site.
    SiteAdministrator,
    /// The users of the own apartments, besides what a site user may do.
    ApartmentAdministrator,
    /// The own apartments.
    SiteUser,
    /// Has rights at doors, and cannot sign in.
    WithoutLogin,
}

impl Role {
    /// Whether the role is about the whole site.
    pub fn administers_site(self) -> bool {
        match self {
            Self::CompanyAdministrator | Self::SiteAdministratorWithPayment | Self::SiteAdministrator => true,
            Self::ApartmentAdministrator | Self::SiteUser | Self::WithoutLogin => false,
        }
    }

    /// Whether the role is about what the site costs.
    pub fn pays(self) -> bool {
        matches!(self, Self::CompanyAdministrator | Self::SiteAdministratorWithPayment)
    }
}

/// Somebody known to the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct User {
    /// Which.
    pub id: UserId,
    /// Where.
    pub site: SiteId,
    /// Name.
    pub name: String,
    /// E-mail address, one of a kind on the server.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// The language that mails to them are in.
    pub language: Language,
    /// Where they live, as far as the reader may know.
    pub apartments: Vec<ApartmentId>,
}

/// Sign-in by account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// E-mail address, in any case.
    pub email: String,
    /// Password.
    pub password: Secret,
    /// Six digits of the authenticator, or a recovery code, for users that have switched it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp: Option<Secret>,
    /// What this device calls itself, from the first time to the last: 16 to 64 characters, letters, digits and
    /// hyphens, random. Every later request carries it in the header `Vestibule-Device`.
    pub device: Secret,
}

/// What a device gets when it is signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// For the header `Authorization: Bearer …`.
    pub access_token: Secret,
    /// When that ends.
    pub access_until: Utc,
    /// For the next pair, once.
    pub refresh_token: Secret,
    /// When that ends.
    pub refresh_until: Utc,
}

/// A new pair of tokens for the last one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Refresh {
    /// The last one that this device was given.
    pub refresh_token: Secret,
    /// As at sign-in.
    pub device: Secret,
}

/// Asks for a link that signs one device in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewLink {
    /// For whom.
    pub user: UserId,
}

/// A link that signs one device in, once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Link {
    /// `vestibule://provision?server=…&token=…`.
    pub link: Secret,
    /// When it ends, if nobody uses it.
    pub until: Utc,
}

/// Sign-in by a link.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Claim {
    /// What stood in the link.
    pub token: Secret,
    /// As at sign-in. What the link gives is good for this device alone.
    pub device: Secret,
}

/// What an authenticator is set up with. It counts from the first code that comes back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TotpSecret {
    /// The address of a QR code: `otpauth://totp/…`, SHA-1, six digits, 30 seconds (RFC 6238).
    pub otpauth: Secret,
}

/// A code of the authenticator.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TotpCode {
    /// Six digits.
    pub code: Secret,
}

/// Codes for the day when the authenticator is lost, each good once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// They are shown this once.
    pub codes: Vec<Secret>,
}
