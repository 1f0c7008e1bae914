//! One suite for every keychain, and what each has of its own. The system's is a real gnome-keyring-daemon.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod files;
mod session;
mod suite;
mod system;
