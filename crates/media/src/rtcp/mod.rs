//! RTCP: reports about what was received and sent, and requests for key frames (RFC 3550 section 6, RFC 4585,
//! RFC 5104).

mod keyframe;
mod parse;
mod reporter;

#[cfg(test)]
mod tests;

pub use keyframe::{KeyframeRequester, Request};
pub use parse::{Control, ParseError, parse};
pub use reporter::{Reporter, Sent};
