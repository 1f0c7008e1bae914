//! H.264 over RTP (RFC 6184): packets to access units and back.

mod assembler;
mod depacketizer;
mod nal;
mod packetizer;
mod parameter_sets;

#[cfg(test)]
mod tests;

pub use assembler::{Assembler, Picture};
pub use depacketizer::{Depacketizer, PayloadError};
pub use nal::split_annex_b;
pub use packetizer::{MAX_PAYLOAD, Packetizer};
pub use parameter_sets::ParameterSets;

/// Clock rate of H.264 in RTP, in Hz (RFC 6184 section 8.2.1).
pub const RATE: u32 = 90_000;
