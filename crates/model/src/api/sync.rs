use serde::{Deserialize, Serialize};

use super::{
    Access, Apartment, CallRecord, CallRecordId, Contact, ContactId, Device, DeviceId, Site, SiteId, Ticket,
    TicketId, User, Visitor,
};
use crate::{AccessId, ApartmentId, VisitorId};

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// In the order of the list.
    pub items: Vec<T>,
    /// What to ask the next part with, as `cursor`; `None` after the last.
    pub next: Option<String>,
}

/// Everything that a user may see, but for the access log and the calls, at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Snapshot {
    /// What to ask for later changes with.
    pub cursor: String,
    /// Who asks.
    pub user: User,
    /// One, but for company administrators.
    pub sites: Vec<Site>,
    /// Apartments.
    pub apartments: Vec<Apartment>,
    /// Devices.
    pub devices: Vec<Device>,
    /// Contacts.
    pub contacts: Vec<Contact>,
    /// Visitors.
    pub visitors: Vec<Visitor>,
    /// The user's own reports.
    pub tickets: Vec<Ticket>,
}

/// What changed after a cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Changes {
    /// The oldest first. What changed more than once stands here once, as it is now.
    pub items: Vec<Change>,
    /// What to ask with next.
    pub cursor: String,
    /// Whether there is more already.
    pub more: bool,
}

/// Something that is there, as it is now, or that is gone: then there is no `now`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A site.
    Site {
        /// Which.
        id: SiteId,
        /// As it is now.
        now: Option<Site>,
    },
    /// An apartment.
    Apartment {
        /// Which.
        id: ApartmentId,
        /// As it is now.
        now: Option<Apartment>,
    },
    /// A device.
    Device {
        /// Which.
        id: DeviceId,
        /// As it is now.
        now: Option<Device>,
    },
    /// A contact.
    Contact {
        /// Which.
        id: ContactId,
        /// As it is now.
        now: Option<Contact>,
    },
    /// A visitor.
    Visitor {
        /// Which.
        id: VisitorId,
        /// As it is now.
        now: Option<Visitor>,
    },
    /// A line of the access log.
    Access {
        /// Which.
        id: AccessId,
        /// As it is now.
        now: Option<Access>,
    },
    /// One of the user's own reports.
    Ticket {
        /// Which.
        id: TicketId,
        /// As it is now.
        now: Option<Ticket>,
    },
    /// A call where the user lives.
    CallRecord {
        /// Which.
        id: CallRecordId,
        /// As it is now.
        now: Option<CallRecord>,
    },
    /// Something that is newer than this program.
    #[serde(other)]
    Unknown,
}
