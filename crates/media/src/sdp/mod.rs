//! Session descriptions: which streams two sides agree on (RFC 8866, offer/answer of RFC 3264).
//!
//! Bytes in, bytes and a [`Session`] out; nothing here opens a socket. A text is read leniently, because the
//! SDP of door stations is: see [`parse`].

mod accept;
mod answer;
mod audio;
mod offer;
mod parse;
mod video;

#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use thiserror::Error;
use vestibule_model::AudioCodec;

pub use accept::accept;
pub use answer::answer;
pub use offer::offer;
pub use parse::{Connection, Description, Media, ParseError, parse};

/// Our own end, as it is written into a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// Where media is received.
    pub address: IpAddr,
    /// RTP port of the audio stream; its RTCP is on the next one.
    pub audio_port: u16,
    /// RTP port of the video stream; its RTCP is on the next one.
    pub video_port: u16,
    /// `sess-id` of the `o=` line, the same for the life of a call.
    pub session_id: u64,
    /// `sess-version` of the `o=` line; it grows with each description (RFC 3264 section 8).
    pub version: u64,
}

/// What our side is willing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// Audio codecs, the most wanted first.
    pub audio: Vec<AudioCodec>,
    /// What we do with video, `None` for nothing at all. A resident's phone has no camera: `RecvOnly`.
    pub video: Option<Direction>,
}

impl Default for Preferences {
    /// A-law before µ-law, and video to look at.
    fn default() -> Self {
        Self { audio: vec![AudioCodec::Pcma, AudioCodec::Pcmu], video: Some(Direction::RecvOnly) }
    }
}

/// Which ways media flows, seen from our side (RFC 3264 section 5.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Both ways.
    #[default]
    SendRecv,
    /// We send and do not receive.
    SendOnly,
    /// We receive and do not send.
    RecvOnly,
    /// Neither: on hold from both sides.
    Inactive,
}

impl Direction {
    /// The direction that is left when both of these have to allow it.
    pub fn and(self, other: Self) -> Self {
        Self::from_flags(self.sends() && other.sends(), self.receives() && other.receives())
    }

    /// The same flow seen from the other end.
    pub fn reversed(self) -> Self {
        Self::from_flags(self.receives(), self.sends())
    }

    /// Whether we send.
    pub fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    /// Whether we receive.
    pub fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }

    fn from_flags(sends: bool, receives: bool) -> Self {
        match (sends, receives) {
            (true, true) => Self::SendRecv,
            (true, false) => Self::SendOnly,
            (false, true) => Self::RecvOnly,
            (false, false) => Self::Inactive,
        }
    }

    fn from_attribute(name: &str) -> Option<Self> {
        match name {
            "sendrecv" => Some(Self::SendRecv),
            "sendonly" => Some(Self::SendOnly),
            "recvonly" => Some(Self::RecvOnly),
            "inactive" => Some(Self::Inactive),
            _ => None,
        }
    }

    fn attribute(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }
}

/// An answer, and what it means for our side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Negotiated {
    /// The answer's text.
    pub sdp: Bytes,
    /// The streams to run.
    pub session: Session,
}

/// Why a description was not taken: what to reject the request with.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{status}: {warning}")]
pub struct Refusal {
    /// 488 when it was understood but offers nothing that we can do, 400 when it is no SDP.
    pub status: u16,
    /// Value of the Warning header (RFC 3261 section 20.43), as in `305 vestibule "Incompatible media format"`.
    pub warning: String,
}

impl Refusal {
    fn malformed(error: &ParseError) -> Self {
        Self { status: 400, warning: format!("399 vestibule \"Malformed SDP: {error}\"") }
    }

    fn not_acceptable(why: Unusable) -> Self {
        let (code, text) = match why {
            Unusable::Media => (304, "Media type not available"),
            Unusable::Transport => (302, "Incompatible transport protocol"),
            Unusable::Address => (301, "Incompatible network address formats"),
            Unusable::Multicast => (330, "Multicast not available"),
            Unusable::Format => (305, "Incompatible media format"),
        };
        Self { status: 488, warning: format!("{code} vestibule \"{text}\"") }
    }
}

/// Why one m-line cannot be taken, from the most general reason to the nearest miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unusable {
    /// It is no audio and no video, it is switched off, or it is the second of its kind.
    Media,
    /// It is no plain RTP.
    Transport,
    /// Its address is of the other family, or a host name.
    Address,
    /// Its address is a group's.
    Multicast,
    /// It has no codec that we have.
    Format,
}

/// The streams that both sides agreed on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Sound, unless it was left out.
    pub audio: Option<AudioStream>,
    /// Video, unless it was left out.
    pub video: Option<VideoStream>,
}

/// An agreed audio stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioStream {
    /// Where RTP is sent to. Unspecified (`0.0.0.0`) when the peer holds in the old way.
    pub remote: SocketAddr,
    /// Where RTCP is sent to.
    pub rtcp: SocketAddr,
    /// The codec in use.
    pub codec: AudioCodec,
    /// Its payload type, 0 to 127.
    pub payload_type: u8,
    /// Payload type of `telephone-event/8000`, when both sides have it.
    pub telephone_event: Option<u8>,
    /// What we do.
    pub direction: Direction,
}

/// An agreed H.264 stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoStream {
    /// Where RTP is sent to. Unspecified (`0.0.0.0`) when the peer holds in the old way.
    pub remote: SocketAddr,
    /// Where RTCP is sent to.
    pub rtcp: SocketAddr,
    /// The payload type, 0 to 127.
    pub payload_type: u8,
    /// 0: each packet is one NAL unit; 1: aggregates and fragments too (RFC 6184 section 6).
    pub packetization_mode: u8,
    /// Profile, constraints and level as six hexadecimal digits; `42000A` when it was not said.
    pub profile_level_id: String,
    /// SPS and PPS that came in the description, as NAL units without start codes.
    pub parameter_sets: Vec<Bytes>,
    /// How a key frame may be asked for.
    pub feedback: Feedback,
    /// What we do.
    pub direction: Direction,
}

/// RTCP feedback that both sides have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Feedback {
    /// Picture loss indication, `nack pli` (RFC 4585 section 6.3.1).
    pub pli: bool,
    /// Full intra request, `ccm fir` (RFC 5104 section 4.3.1).
    pub fir: bool,
}
