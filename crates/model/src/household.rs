use serde::{Deserialize, Serialize};

use crate::{ApartmentId, Secret, Timestamp};

/// Somebody of the household, by the number that the site server gave them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MemberId(pub i64);

/// Somebody who lives in one of the resident's apartments, as who administers those sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Which; 0 for one that is not made yet.
    pub id: MemberId,
    /// Name.
    pub name: String,
    /// E-mail address, one of a kind on the server.
    pub email: String,
    /// What they may do.
    pub role: MemberRole,
    /// Where they live, of the resident's own apartments.
    pub apartments: Vec<ApartmentId>,
    /// Whether it is the resident who looks.
    pub is_self: bool,
    /// Whether the resident who looks may change and remove them, and sign a phone of theirs in.
    pub may_change: bool,
}

/// What somebody of the household may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberRole {
    /// The building, beside living in it.
    BuildingAdministrator,
    /// The household.
    Administrator,
    /// What every resident may.
    Resident,
    /// Has rights at doors, and cannot sign in.
    WithoutLogin,
}

impl MemberRole {
    /// Whether who administers a household may give this role, and change whoever has it.
    pub fn can_be_given(self) -> bool {
        match self {
            Self::Resident | Self::WithoutLogin => true,
            Self::BuildingAdministrator | Self::Administrator => false,
        }
    }
}

/// A link that signs one phone in, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInLink {
    /// `vestibule://provision?server=…&token=…`.
    pub link: Secret,
    /// When it ends, if nobody uses it.
    pub until: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_never_prints() {
        let link = SignInLink { link: Secret::new("vestibule://hush"), until: Timestamp(0) };
        assert!(!format!("{link:?}").contains("hush"));
    }
}
