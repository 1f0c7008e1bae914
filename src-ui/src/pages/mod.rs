//! The pages of the two windows.

#[cfg(feature = "fake")]
pub(crate) mod access;
pub(crate) mod call;
#[cfg(feature = "fake")]
pub(crate) mod gallery;
pub(crate) mod history;
pub(crate) mod home;
#[cfg(feature = "fake")]
pub(crate) mod mobile;
#[cfg(feature = "fake")]
pub(crate) mod report;
pub(crate) mod settings;
#[cfg(feature = "fake")]
pub(crate) mod sign_in;
mod storage;
#[cfg(feature = "fake")]
pub(crate) mod visitors;

pub(crate) use storage::StorageNotice;
