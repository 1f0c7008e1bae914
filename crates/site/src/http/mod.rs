//! Between HTTP and the handlers: who asks, what for, and what goes back.

mod body;
mod failure;
mod once;
mod query;
mod signed;

pub(crate) use body::{Body, NoBody, Write, digest, key, parse, read};
pub(crate) use failure::Failure;
pub(crate) use once::{Reply, Sent, given, keep, once};
pub(crate) use query::{Id, Part, Query};
pub(crate) use signed::{Door, Peer, Signed, device_digest};
