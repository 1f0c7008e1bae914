//! A SIP user agent (RFC 3261) for an intercom's app: it registers, takes calls, makes calls, and carries session
//! descriptions as bytes that it does not look into.
//!
//! The decisions are functions and small machines without I/O: who may ring (`trust`), when to register again
//! (`retry`), what a CANCEL means ([`Cancelled`]), what a dialog looks like (`dialog`), what is a message at all
//! ([`wire`]). Around them are tasks, one for the registration and one for each call. Transactions and timers are
//! those of the `rsipstack` crate, whose types do not show.

mod agent;
mod call;
mod client;
mod config;
mod core;
mod counters;
mod dialog;
mod digest;
mod error;
mod flow;
mod incoming;
mod inspect;
mod message;
mod outgoing;
mod reason;
mod registrar;
mod registration;
mod resolve;
mod retry;
mod session;
mod stream;
mod trust;
mod uas;
mod udp;
mod warning;
pub mod wire;

pub use agent::UserAgent;
pub use call::{Call, CallControl, CallEvent, HangUp, ReOffer};
pub use config::{Account, Config, DigestAlgorithm, RegistrarConfig};
pub use counters::Counters;
pub use error::{CallError, StartError};
pub use incoming::{Arrival, IncomingCall, Peer};
pub use outgoing::{OutgoingCall, Progress};
pub use reason::Cancelled;
pub use warning::warning;
