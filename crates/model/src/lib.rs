//! Ids, values and rules of the domain. No I/O, no clock, no randomness: it compiles for the browser as well.

mod account;
mod call;
mod device;
mod history;
mod secret;
mod settings;
mod switch;
mod time;

pub use account::{
    AccountProblem, AudioCodec, DtmfMode, Registration, RegistrationFailure, SipAccount, SipTransport,
};
pub use call::{CallId, CallStatus, Caller, Direction};
pub use device::{Intercom, IntercomId, SipAddress, SipAddressError};
pub use history::{DoorAction, HistoryEntry, HistoryFilter, Outcome};
pub use secret::Secret;
pub use settings::{AudioSettings, SecondCall, Settings, Theme};
pub use switch::{DoorSwitch, SwitchCode, SwitchCodeError, SwitchId, SwitchKind};
pub use time::Timestamp;
