//! The intercom against a phone made of the same crates, over the loopback interface.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise; clippy.toml exempts only the bodies of test functions"
)]

mod door;
mod hold;
mod phone;
mod picture;
mod resident_calls;
mod ring;
mod sound;
