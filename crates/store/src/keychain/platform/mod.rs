//! The platform's keychain, chosen once.

#[cfg(target_os = "macos")]
mod apple;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
#[cfg(target_os = "windows")]
mod windows;

#[cfg(target_os = "macos")]
pub(super) use apple::{classify, is_locked, store, unlock};
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) use secret_service::{classify, is_locked, store, unlock};
#[cfg(target_os = "windows")]
pub(super) use windows::{classify, is_locked, store, unlock};
