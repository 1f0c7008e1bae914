//! The parts of every page. Each has its own folder with its types and its styles.

pub(crate) mod apartment;
pub(crate) mod badge;
pub(crate) mod banner;
pub(crate) mod choice;
pub(crate) mod days;
pub(crate) mod dialog;
pub(crate) mod empty;
pub(crate) mod export;
pub(crate) mod field;
pub(crate) mod icon;
pub(crate) mod key_map;
pub(crate) mod navigation;
pub(crate) mod picture;
pub(crate) mod pin;
pub(crate) mod qr;
pub(crate) mod search;
pub(crate) mod toast;
pub(crate) mod toggle;
pub(crate) mod window_list;
