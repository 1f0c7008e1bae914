use thiserror::Error;

/// Payload of a telephone-event packet (RFC 4733 section 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened: 0 to 15 are the keys `0-9`, `*`, `#`, `A-D`.
    pub code: u8,
    /// Whether it is over.
    pub end: bool,
    /// Power in −dBm0, 0 to 63.
    pub volume: u8,
    /// How long it has lasted, in ticks of the RTP clock.
    pub duration: u16,
}

/// Why a payload is no telephone-event.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a telephone-event has four octets, not {0}")]
pub struct EventError(usize);

impl Event {
    /// Reads a payload. Some devices put several events into one packet; the first is the newest.
    pub fn parse(payload: &[u8]) -> Result<Self, EventError> {
        let [code, flags, high, low, ..] = *payload else {
            return Err(EventError(payload.len()));
        };
        Ok(Self {
            code,
            end: flags & 0x80 != 0,
            volume: flags & 0x3f,
            duration: u16::from_be_bytes([high, low]),
        })
    }

    /// The payload.
    pub fn to_bytes(self) -> [u8; 4] {
        let [high, low] = self.duration.to_be_bytes();
        [self.code, u8::from(self.end) << 7 | self.volume & 0x3f, high, low]
    }
}

/// The key of an event code (RFC 4733 section 3.2).
pub fn digit(code: u8) -> Option<char> {
    match code {
        0..=9 => Some(char::from(b'0' + code)),
        10 => Some('*'),
        11 => Some('#'),
        12..=15 => Some(char::from(b'A' + code - 12)),
        _ => None,
    }
}

/// The event code of a key.
pub fn code(digit: char) -> Option<u8> {
    (0..=15).find(|code| self::digit(*code) == Some(digit.to_ascii_uppercase()))
}
