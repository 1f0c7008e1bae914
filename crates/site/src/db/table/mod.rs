//! One file per table: what it looks like, and everything that reads or writes it.

pub(crate) mod access;
pub(crate) mod access_group;
pub(crate) mod apartment;
pub(crate) mod call_settings;
pub(crate) mod card;
pub(crate) mod change;
pub(crate) mod contact;
pub(crate) mod device;
pub(crate) mod directory;
pub(crate) mod idempotency;
pub(crate) mod licence;
pub(crate) mod link;
pub(crate) mod mail;
pub(crate) mod page_session;
pub(crate) mod person;
pub(crate) mod recovery;
pub(crate) mod ring;
pub(crate) mod server;
pub(crate) mod session;
pub(crate) mod sip_account;
pub(crate) mod site;
pub(crate) mod template;
pub(crate) mod ticket;
pub(crate) mod upload;
pub(crate) mod visitor;
pub(crate) mod voucher;
