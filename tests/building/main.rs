//! A whole building: site server, exchange as `deploy/kamailio` sets it up, residents' phones, and an intercom.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a fixture may stop at the first surprise, as the tests that use it do"
)]

mod directory;
mod house;
mod mail;
mod phones;
mod program;
mod rings;
