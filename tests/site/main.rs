//! Residents' apps and the site server that a building hosts, with a network between them that fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod apartments;
mod building;
mod command_line;
mod doors;
mod faults;
mod help;
mod household;
mod killed;
mod licence;
mod proxy;
mod restored;
mod sign_in;
mod sign_out;
mod together;
mod visitors;
mod wire;

mod resident;
