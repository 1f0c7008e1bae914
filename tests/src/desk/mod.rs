//! A desk of its own for the app: bus, keychain, display, profile, and an intercom in software that rings it.

pub mod intercom;
pub mod screen;
pub mod session;
pub mod window;
