//! A user agent against another that is its registrar, on loopback.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, also in the functions that tests share"
)]

mod bad_input;
mod calls;
mod hang_up;
mod harness;
mod registers;
mod sipp;
mod strangers;
