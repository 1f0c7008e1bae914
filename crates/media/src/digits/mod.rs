//! Keys of a telephone in an audio stream: as telephone-events (RFC 4733) or as tones (ITU-T Q.23).

mod event;
mod receiver;
mod sender;
mod tone;

#[cfg(test)]
mod tests;

pub use event::{Event, EventError, code, digit};
pub use receiver::EventReceiver;
pub use sender::{DigitSender, Frame, Step};
pub use tone::Tone;
