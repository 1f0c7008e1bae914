//! Client of the site server: its calls over HTTP, a session that renews itself, and when to try again.
//!
//! Nothing here keeps anything: tokens are handed to a [`Keeper`], and what was read to whoever asked for it.

mod address;
mod answer;
mod client;
mod error;
mod events;
mod link;
mod people;
mod retry;
mod session;
mod writes;

pub use address::{AddressError, ServerAddress};
pub use client::{Client, Granted};
pub use error::CloudError;
pub use events::{EventLines, Events, Heard};
pub use link::{LinkError, ProvisioningLink};
pub use retry::Backoff;
pub use session::{KeepError, Keeper, Kept, Session};
pub use writes::{Write, Written};
