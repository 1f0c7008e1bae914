//! The server over real HTTP, on a free port of loopback, with a clock that the test sets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod access;
mod calls;
mod commands;
mod document;
mod doors;
mod events;
mod groups;
mod house;
mod imports;
mod licences;
mod links;
mod manage;
mod pages;
mod patience;
mod phones;
mod places;
mod presence;
mod problems;
mod rights;
mod sessions;
mod summer_time;
mod sync;
mod tickets;
mod totp;
mod visitors;
mod writes;

pub(crate) use house::{Answer, Client, DEVICE, House, PASSWORD, body};
