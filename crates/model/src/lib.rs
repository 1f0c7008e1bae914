//! Ids, values and rules of the domain. No I/O, no clock, no randomness: it compiles for the browser as well.

mod access;
mod account;
pub mod api;
mod call;
mod device;
mod help;
mod history;
mod household;
mod language;
mod mobile;
mod phone;
mod quiet;
mod secret;
mod settings;
mod site;
mod switch;
mod time;
mod visitor;

pub use access::{AccessEntry, AccessFilter, AccessId, AccessMethod, AccessResult, Denial};
pub use account::{
    AccountProblem, AudioCodec, DtmfMode, Registration, RegistrationFailure, SipAccount, SipTransport,
};
pub use call::{CallId, CallStatus, Caller, Direction};
pub use device::{Intercom, IntercomId, SipAddress, SipAddressError};
pub use help::{Contact, ContactPurpose, Ticket};
pub use history::{DoorAction, HistoryEntry, HistoryFilter, Outcome};
pub use household::{Member, MemberId, MemberRole, SignInLink};
pub use language::Language;
pub use mobile::{AccessMode, AdapterState, CardState, DoorId, DoorState, MobileAccess, NearbyDoor};
pub use phone::{PhoneSetup, PhoneState, Unsupported};
pub use quiet::QuietHours;
pub use secret::Secret;
pub use settings::{AudioSettings, SecondCall, Settings, TextSize, TextSizeError, Theme};
pub use site::{Apartment, ApartmentId, Device, DeviceKind, DeviceStatus, Licence, Site};
pub use switch::{DoorSwitch, SwitchCode, SwitchCodeError, SwitchId, SwitchKind};
pub use time::Timestamp;
pub use visitor::{Delivery, Refusal, Uses, VisitingHours, Visitor, VisitorCodes, VisitorId, VisitorState};
