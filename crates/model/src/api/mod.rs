//! What the app and the site server say to each other over HTTP.
//!
//! Both sides use these types. The app ignores fields that it does not know; the server refuses them, which it finds
//! out while it reads, so that no type here has to say so. Times are RFC 3339 in UTC; the site's zone stands in
//! [`Site`].

mod access;
mod account;
mod help;
mod place;
mod problem;
mod sync;
mod utc;
mod visitor;

pub use access::{Access, DoorCheck, DoorDecision};
pub use account::{
    Claim, Link, NewLink, RecoveryCodes, Refresh, Role, SignIn, Tokens, TotpCode, TotpSecret, User, UserId,
};
pub use help::{Contact, ContactId, NewTicket, Ticket, TicketId};
pub use place::{Apartment, Device, DeviceId, Site, SiteId, SiteKind};
pub use problem::{Problem, ProblemCode};
pub use sync::{Change, Changes, Page, Snapshot};
pub use utc::{Utc, UtcError};
pub use visitor::{NewVisitor, Visitor, VisitorChange};
