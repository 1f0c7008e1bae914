//! RTP packets and what is counted about them (RFC 3550).

mod clock;
mod sender;
mod source;

#[cfg(test)]
mod tests;

pub use clock::TimestampUnwrapper;
pub(crate) use clock::{duration_to_ticks, ticks_to_duration};
pub use rtc_rtp::packet::Packet;
pub use sender::StreamSender;
pub use source::{Arrival, Source};

use bytes::Bytes;
use rtc_shared::marshal::Unmarshal;
use thiserror::Error;

/// Why a datagram is no RTP packet.
#[derive(Debug, Error)]
pub enum ParseError {
    /// It is shorter than the fixed header.
    #[error("shorter than an RTP header")]
    Short,
    /// It has another version than 2.
    #[error("RTP version is not 2")]
    Version,
    /// Its lists, extensions or padding go beyond its end.
    #[error("the header goes beyond the packet")]
    Header(#[source] rtc_shared::error::Error),
}

/// What a datagram on an RTP port is, by its first two bytes (RFC 5761 section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Media.
    Rtp,
    /// Control, from a peer that sends both to one port.
    Rtcp,
    /// STUN, keep-alives, noise.
    Other,
}

/// Tells what a datagram is.
pub fn kind(datagram: &[u8]) -> Kind {
    match datagram {
        [first, 192..=223, ..] if first >> 6 == 2 => Kind::Rtcp,
        [first, _, ..] if first >> 6 == 2 => Kind::Rtp,
        _ => Kind::Other,
    }
}

/// Reads an RTP packet (RFC 3550 section 5.1); padding is taken off.
pub fn parse(mut datagram: Bytes) -> Result<Packet, ParseError> {
    if datagram.len() < 12 {
        return Err(ParseError::Short);
    }
    if datagram.first().is_none_or(|first| first >> 6 != 2) {
        return Err(ParseError::Version);
    }
    Packet::unmarshal(&mut datagram).map_err(ParseError::Header)
}
