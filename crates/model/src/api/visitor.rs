use serde::{Deserialize, Serialize};

use super::Utc;
use crate::{ApartmentId, Delivery, Uses, VisitingHours, VisitorCodes, VisitorId, VisitorState};

/// A visitor to be made. The server makes the codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewVisitor {
    /// Name, 1 to 100 characters.
    pub name: String,
    /// Whose visitor.
    pub apartment: ApartmentId,
    /// The codes do nothing before this time; none: they work at once.
    #[serde(default)]
    pub from: Option<Utc>,
    /// The codes do nothing from this time on; none: they work until they are revoked.
    #[serde(default)]
    pub until: Option<Utc>,
    /// The hours of the week in which the codes work, in the site's zone; empty for all, at most 21.
    #[serde(default)]
    pub schedule: Vec<VisitingHours>,
    /// How many times the codes work, 1 to 1000; none for any number.
    #[serde(default)]
    pub uses: Option<u32>,
    /// Whether the apartment's own door opens as well, which needs an access unit there.
    #[serde(default)]
    pub apartment_door: bool,
}

/// A visitor as it shall be from now on: whatever is left out is taken away. Apartment and codes stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VisitorChange {
    /// The revision that was read; when another device changed the visitor since, the change is refused.
    pub revision: i64,
    /// As in [`NewVisitor`].
    pub name: String,
    /// As in [`NewVisitor`].
    #[serde(default)]
    pub from: Option<Utc>,
    /// As in [`NewVisitor`].
    #[serde(default)]
    pub until: Option<Utc>,
    /// As in [`NewVisitor`].
    #[serde(default)]
    pub schedule: Vec<VisitingHours>,
    /// As in [`NewVisitor`]; those that were used count.
    #[serde(default)]
    pub uses: Option<u32>,
    /// As in [`NewVisitor`].
    #[serde(default)]
    pub apartment_door: bool,
}

/// A visitor, as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Visitor {
    /// Which. No other visitor ever has it.
    pub id: VisitorId,
    /// Grows with every change by a user.
    pub revision: i64,
    /// Name.
    pub name: String,
    /// Whose visitor.
    pub apartment: ApartmentId,
    /// As in [`NewVisitor`].
    pub from: Option<Utc>,
    /// As in [`NewVisitor`].
    pub until: Option<Utc>,
    /// As in [`NewVisitor`].
    pub schedule: Vec<VisitingHours>,
    /// How many times the codes work and did.
    pub uses: Option<Uses>,
    /// As in [`NewVisitor`].
    pub apartment_door: bool,
    /// PIN, and QR code if the site gave them when the visitor was made.
    pub codes: VisitorCodes,
    /// Whether somebody took the codes back.
    pub revoked: bool,
    /// How it stood at the time of the answer.
    pub state: VisitorState,
    /// IANA name of the zone in which the schedule is meant.
    pub zone: String,
}

impl From<Visitor> for crate::Visitor {
    fn from(visitor: Visitor) -> Self {
        let Visitor {
            id, name, apartment, from, until, schedule, uses, apartment_door, codes, revoked, ..
        } = visitor;
        Self {
            id,
            name,
            apartment,
            from: from.map(|from| from.0),
            until: until.map(|until| until.0),
            schedule,
            uses,
            apartment_door,
            codes: Some(codes),
            revoked,
            delivery: Delivery::Sent,
        }
    }
}
