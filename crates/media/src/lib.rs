//! Media of a call: SDP offers and answers, RTP and RTCP, jitter buffers, codecs, sound devices, pictures.
//!
//! What speaks a protocol is a state machine without I/O that takes bytes and `now`; sockets and clocks are in
//! [`Leg`] only.

pub mod audio;
pub mod digits;
pub mod g711;
pub mod h264;
pub mod jitter;
pub mod leg;
pub mod picture;
pub mod rtcp;
pub mod rtp;
pub mod sdp;

pub use leg::{AccessUnit, DigitMode, DigitsError, DigitsSent, Leg, LegEvent, Sending, Stats, StreamStats};
