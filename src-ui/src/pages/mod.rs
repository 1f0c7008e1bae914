//! The pages of the two windows.

mod access;
pub(crate) mod call;
#[cfg(feature = "fake")]
mod gallery;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod later;
#[cfg(feature = "fake")]
pub(crate) mod mobile;
mod report;
mod settings;
mod sign_in;
mod storage;
mod visitors;

pub(crate) use storage::StorageNotice;
