//! What the app and the command line make of a profile: a damaged cache, one of a newer version, secrets in files.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a fixture may stop at the first surprise, as the tests that use it do"
)]

mod caches;
mod command_line;
mod diagnostics;
mod names;
