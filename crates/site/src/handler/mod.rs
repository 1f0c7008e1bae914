//! One module per resource: what is asked, who may, and what it does.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod call_record;
pub(crate) mod calls;
pub(crate) mod door;
pub(crate) mod events;
pub(crate) mod group;
pub(crate) mod licence;
pub(crate) mod link;
pub(crate) mod manage;
pub(crate) mod people;
pub(crate) mod phone;
pub(crate) mod place;
pub(crate) mod presence;
pub(crate) mod sync;
pub(crate) mod ticket;
pub(crate) mod totp;
pub(crate) mod visitor;
