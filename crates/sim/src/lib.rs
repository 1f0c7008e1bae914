//! An intercom in software: it rings, shows a door scene that is encoded live, hears, and opens its doors on their
//! codes. For the demo, the tests and the bench; what it did it says on its own output, which the app never reads.

pub mod burn;
pub mod canvas;
mod caption;
pub mod digits;
pub mod dtmf_relay;
pub mod relay;
pub mod scene;
