use serde::{Deserialize, Serialize};

use super::{DeviceId, SiteId, UserId, Utc};
use crate::{ApartmentId, Secret};

/// A group of people with a right to doors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct AccessGroupId(pub i64);

/// A card of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct CardId(pub i64);

/// Who has a right to which doors. The rights of all groups add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AccessGroup {
    /// Which.
    pub id: AccessGroupId,
    /// As it was said.
    #[serde(flatten)]
    pub group: NewAccessGroup,
}

/// A group, to be made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewAccessGroup {
    /// Where. It stays when the group is changed.
    pub site: SiteId,
    /// Its name, one of a kind in the site.
    pub name: String,
    /// What it is for, or empty.
    #[serde(default)]
    pub description: String,
    /// Users who are in it by themselves.
    #[serde(default)]
    pub users: Vec<UserId>,
    /// Apartments: whoever lives there is in it. A residential site wants one at least.
    #[serde(default)]
    pub apartments: Vec<ApartmentId>,
    /// The doors.
    #[serde(default)]
    pub devices: Vec<DeviceId>,
}

/// A card, to be given to somebody.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewCard {
    /// What the reader reads of it: 4 to 32 hexadecimal digits.
    pub uid: Secret,
    /// What it is told from others by, such as a number printed on it.
    #[serde(default)]
    pub label: String,
}

/// A card of somebody. What a reader reads of it is not told again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Card {
    /// Which.
    pub id: CardId,
    /// Whose.
    pub user: UserId,
    /// As in [`NewCard`].
    pub label: String,
    /// Since when.
    pub since: Utc,
}
