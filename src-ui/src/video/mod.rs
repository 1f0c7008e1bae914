//! The picture of a call: from the core's messages to a canvas.

mod codec;
mod picture;
mod player;
mod webcodecs;

pub(crate) use player::{Player, choose};
