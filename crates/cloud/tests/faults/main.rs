//! What the client makes of servers that fail in every way, on real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod answers;
mod refresh;
mod server;

use vestibule_cloud::{Client, Session};
use vestibule_model::Secret;

use server::{Bad, Keeps};

/// A client of a server that is bad in this way.
fn client(bad: &Bad) -> Client {
    Client::new(bad.address.parse().unwrap()).unwrap()
}

/// Somebody who is signed in there.
fn session(bad: &Bad) -> Session<Keeps> {
    Session::resume(client(bad), Keeps::default(), server::kept("access-0", "refresh-0"))
}

fn secret(text: &str) -> Secret {
    Secret::new(text)
}
