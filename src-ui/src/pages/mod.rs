//! The pages of the two windows.

pub(crate) mod call;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod settings;
mod storage;

pub(crate) use storage::StorageNotice;
