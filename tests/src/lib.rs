//! Peers and fixtures of the whole-system tests: real programs, each in a folder of its own, on loopback ports that
//! were free a moment ago.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a fixture may stop at the first surprise, as the tests that use it do"
)]

pub mod desk;
mod lossy;
mod peers;
mod phone;
mod process;
mod tap;
pub mod timing;
mod wav;

pub use desk::session::program;
pub use lossy::{Loss, LossyPath};
pub use peers::baresip::{Baresip, BaresipOptions};
pub use peers::dnsmasq::Dnsmasq;
pub use peers::kamailio::{Kamailio, KamailioOptions};
pub use peers::postgres::Postgres;
pub use peers::smtp::Smtp;
pub use phone::{Phone, PhoneOptions, intercom};
pub use process::{free_port, http, wait_until};
pub use tap::Tap;
pub use wav::{seconds, tone_level, write_tone};

/// How long a test waits for something that has to happen. It only bounds a failure: it is never slept through.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
