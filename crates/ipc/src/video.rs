//! Video on its way from the core to a call's window: one binary message a frame, on one channel.
//!
//! | bytes | meaning |
//! |---|---|
//! | 0 | kind: 0 = H.264 access unit (Annex B), 1 = I420 picture |
//! | 1 | flags: bit 0 = key frame |
//! | 2–3 | width in pixels, u16 big endian; 0 where only the bit stream knows it |
//! | 4–5 | height likewise |
//! | 6–7 | zero |
//! | 8–15 | call, i64 big endian |
//! | 16–23 | presentation time in microseconds since the stream began, u64 big endian |
//! | 24– | payload |

use vestibule_model::CallId;

/// Bytes before the payload.
pub const HEADER_LEN: usize = 24;

/// What the payload holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// One H.264 access unit with start codes; parameter sets come before each key frame.
    H264,
    /// Planes Y, U, V of 8 bits without padding; U and V have half the size, rounded up.
    I420,
}

/// The header of a frame, with its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Whose picture it is.
    pub call: CallId,
    /// What the payload holds.
    pub kind: FrameKind,
    /// Whether a decoder can start here.
    pub key: bool,
    /// In pixels; 0 where only the bit stream knows it.
    pub width: u16,
    /// In pixels; 0 where only the bit stream knows it.
    pub height: u16,
    /// Microseconds since the stream began.
    pub timestamp: u64,
    /// What `kind` says.
    pub payload: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Header and payload in one message.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER_LEN + self.payload.len());
        out.push(match self.kind {
            FrameKind::H264 => 0,
            FrameKind::I420 => 1,
        });
        out.push(u8::from(self.key));
        out.extend_from_slice(&self.width.to_be_bytes());
        out.extend_from_slice(&self.height.to_be_bytes());
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&self.call.0.to_be_bytes());
        out.extend_from_slice(&self.timestamp.to_be_bytes());
        out.extend_from_slice(self.payload);
        out
    }

    /// Reads a message; `None` when it is too short or of an unknown kind.
    pub fn decode(message: &'a [u8]) -> Option<Self> {
        let (header, payload) = message.split_first_chunk::<HEADER_LEN>()?;
        let [kind, flags, w0, w1, h0, h1, _, _, rest @ ..] = *header;
        let kind = match kind {
            0 => FrameKind::H264,
            1 => FrameKind::I420,
            _ => return None,
        };
        let (call, timestamp) = rest.split_first_chunk::<8>()?;
        Some(Self {
            call: CallId(i64::from_be_bytes(*call)),
            kind,
            key: flags & 1 == 1,
            width: u16::from_be_bytes([w0, w1]),
            height: u16::from_be_bytes([h0, h1]),
            timestamp: u64::from_be_bytes(timestamp.try_into().ok()?),
            payload,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_survives_the_way() {
        let frame = Frame {
            call: CallId(7),
            kind: FrameKind::I420,
            key: true,
            width: 1280,
            height: 720,
            timestamp: 40_000,
            payload: &[1, 2, 3],
        };
        assert_eq!(Frame::decode(&frame.encode()), Some(frame));
    }

    #[test]
    fn a_message_that_is_no_frame_is_refused() {
        assert_eq!(Frame::decode(&[0; HEADER_LEN - 1]), None);
        let mut unknown = [0; HEADER_LEN];
        unknown[0] = 9;
        assert_eq!(Frame::decode(&unknown), None);
    }
}
