use serde::{Deserialize, Serialize};

use crate::{ApartmentId, Secret, Timestamp};

/// A visitor of one of the resident's apartments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct VisitorId(pub i64);

/// Somebody who may come in for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// Which; 0 for one that is not made yet.
    pub id: VisitorId,
    /// Name, as the resident wrote it.
    pub name: String,
    /// Whose visitor.
    pub apartment: ApartmentId,
    /// The codes do nothing before this time; `None`: they work at once.
    pub from: Option<Timestamp>,
    /// The codes do nothing from this time on; `None`: they work until they are revoked.
    pub until: Option<Timestamp>,
    /// The hours of the week in which the codes work, in the site's zone; empty for all.
    pub schedule: Vec<VisitingHours>,
    /// How many times the codes work; `None` for any number.
    pub uses: Option<Uses>,
    /// Whether the apartment's own door opens as well.
    pub apartment_door: bool,
    /// The codes, once the site server has made them.
    pub codes: Option<VisitorCodes>,
    /// Whether the resident has taken the codes back.
    pub revoked: bool,
    /// Whether the site server knows all this.
    pub delivery: Delivery,
}

/// Hours of some days of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VisitingHours {
    /// Days, Monday 1 to Sunday 7 (ISO 8601).
    pub days: Vec<u8>,
    /// Begin, in minutes from midnight.
    pub from: u16,
    /// End, in minutes from midnight, after the begin.
    pub until: u16,
}

/// How many times codes work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Uses {
    /// So many times in all, at least 1.
    pub allowed: u32,
    /// So many times they did.
    pub used: u32,
}

/// What a visitor shows or types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VisitorCodes {
    /// Digits.
    pub pin: Secret,
    /// What stands in the QR code, where the site gives one.
    pub qr: Option<Secret>,
}

/// How far something that the resident made has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// The site server has it.
    #[default]
    Sent,
    /// It waits for the site server to be reached.
    Waiting,
    /// The site server does not take it.
    Refused {
        /// Why.
        why: Refusal,
    },
}

/// Why the site server does not take something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The resident no longer has the right.
    NotAllowed,
    /// A value is outside what the site allows.
    BadValue,
    /// Too many were made in a short time.
    TooMany,
    /// Another device changed or removed it meanwhile. What that one did stands.
    ChangedElsewhere,
}

/// How it stands with a visitor's codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VisitorState {
    /// They work now, apart from the hours of the week.
    Active,
    /// They will work.
    Upcoming,
    /// They wait to be made.
    Waiting,
    /// The site server did not make them.
    Refused,
    /// Their time is over.
    Expired,
    /// They were used as often as they could be.
    UsedUp,
    /// The resident took them back.
    Revoked,
}

impl Visitor {
    /// How it stands at this time.
    pub fn state(&self, now: Timestamp) -> VisitorState {
        if self.revoked {
            return VisitorState::Revoked;
        }
        match self.delivery {
            Delivery::Refused { .. } if self.codes.is_none() => return VisitorState::Refused,
            Delivery::Waiting if self.codes.is_none() => return VisitorState::Waiting,
            _ => (),
        }
        if self.uses.is_some_and(|uses| uses.used >= uses.allowed) {
            return VisitorState::UsedUp;
        }
        if self.until.is_some_and(|until| now >= until) {
            return VisitorState::Expired;
        }
        if self.from.is_some_and(|from| now < from) {
            return VisitorState::Upcoming;
        }
        VisitorState::Active
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor() -> Visitor {
        Visitor {
            id: VisitorId(1),
            name: "Guest".to_owned(),
            apartment: ApartmentId(1),
            from: Some(Timestamp(1_000)),
            until: Some(Timestamp(2_000)),
            schedule: Vec::new(),
            uses: None,
            apartment_door: false,
            codes: Some(VisitorCodes { pin: Secret::new("12345"), qr: None }),
            revoked: false,
            delivery: Delivery::Sent,
        }
    }

    #[test]
    fn codes_work_from_their_begin_up_to_their_end() {
        for (now, state) in [
            (999, VisitorState::Upcoming),
            (1_000, VisitorState::Active),
            (1_999, VisitorState::Active),
            (2_000, VisitorState::Expired),
        ] {
            assert_eq!(visitor().state(Timestamp(now)), state, "{now}");
        }
        let always = Visitor { from: None, until: None, ..visitor() };
        assert_eq!(always.state(Timestamp(i64::MAX)), VisitorState::Active);
    }

    #[test]
    fn what_stops_them_is_said_before_their_time() {
        let now = Timestamp(1_500);
        let used = Visitor { uses: Some(Uses { allowed: 1, used: 1 }), ..visitor() };
        assert_eq!(used.state(now), VisitorState::UsedUp);
        assert_eq!(Visitor { revoked: true, ..used }.state(now), VisitorState::Revoked);
        let queued = Visitor { delivery: Delivery::Waiting, codes: None, ..visitor() };
        assert_eq!(queued.state(now), VisitorState::Waiting);
        let delivery = Delivery::Refused { why: Refusal::TooMany };
        let refused = Visitor { delivery, codes: None, ..visitor() };
        assert_eq!(refused.state(now), VisitorState::Refused);
        assert_eq!(Visitor { delivery, ..visitor() }.state(now), VisitorState::Active);
        // A change that waits or was refused leaves the codes that were made as they are.
        let changed = Visitor { delivery: Delivery::Waiting, ..visitor() };
        assert_eq!(changed.state(now), VisitorState::Active);
    }
}
