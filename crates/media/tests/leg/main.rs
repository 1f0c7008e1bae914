//! Legs over real sockets: against each other, and against ffmpeg.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise, also in what its functions share"
)]

mod digits;
mod ffmpeg;
mod hold;
mod keyframes;
mod loss;
mod nonsense;
mod pair;
mod streams;
