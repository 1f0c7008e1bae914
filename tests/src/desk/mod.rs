//! A desk of its own for the app: bus, keychain, display, profile, an intercom in software that rings it, and a site server.

pub mod building;
pub mod exchange;
pub mod intercom;
pub mod screen;
pub mod session;
pub mod window;
