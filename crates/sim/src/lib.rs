//! An intercom in software: it rings, shows a door scene that is encoded live, hears, and opens its doors on their
//! codes. For the demo, the tests and the bench; what it did it says on its own output, which the app never reads.

pub mod burn;
mod call;
pub mod camera;
pub mod canvas;
mod caption;
pub mod digits;
pub mod dtmf_relay;
mod intercom;
pub mod offer;
pub mod panel;
pub mod relay;
pub mod report;
pub mod scene;
pub mod sound;
mod studio;

pub use call::Order;
pub use intercom::{CallWhen, Intercom, Setup, SimError};
