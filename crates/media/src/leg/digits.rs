use std::io;
use std::time::Instant;

use thiserror::Error;

use super::audio::AudioLeg;
use crate::audio::BLOCK;
use crate::digits::{DigitSender, Frame, Step};

/// How digits travel in the audio stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DigitMode {
    /// As telephone-events (RFC 4733).
    Event,
    /// As tones in the sound itself.
    Tones,
    /// As telephone-events where they were negotiated, else as tones.
    #[default]
    Auto,
}

/// Digits that went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigitsSent {
    /// When the first packet of the first digit was handed to the network.
    pub first_packet: Instant,
}

/// Why digits did not go out.
#[derive(Debug, Error)]
pub enum DigitsError {
    /// No key of a telephone sends one of the characters.
    #[error("a character is no digit")]
    BadDigit,
    /// There is nothing to send.
    #[error("no digits")]
    Empty,
    /// There is no audio stream, it is on hold, or the call is not answered.
    #[error("sound is not being sent")]
    NotSending,
    /// The peer takes no telephone-events.
    #[error("telephone-events were not negotiated")]
    NotNegotiated,
    /// The network did not take the packet.
    #[error("the packet could not be sent")]
    Io(#[from] io::Error),
}

/// Sound is sent again when this goes, also when the sender of digits was dropped half-way.
struct Interruption<'a>(&'a AudioLeg);

impl Drop for Interruption<'_> {
    fn drop(&mut self) {
        self.0.end_digits();
    }
}

pub(super) async fn send(leg: &AudioLeg, digits: &str, mode: DigitMode) -> Result<DigitsSent, DigitsError> {
    let start = Instant::now();
    if digits.is_empty() {
        return Err(DigitsError::Empty);
    }
    let mut events = DigitSender::events(start, digits).map_err(|_| DigitsError::BadDigit)?;
    let way = leg.begin_digits().ok_or(DigitsError::NotSending)?;
    let _interruption = Interruption(leg);
    let tones = match mode {
        DigitMode::Event => way
            .telephone_event
            .map(|_| false)
            .ok_or(DigitsError::NotNegotiated)?,
        DigitMode::Tones => true,
        DigitMode::Auto => way.telephone_event.is_none(),
    };
    if tones {
        events = DigitSender::tones(start, digits).map_err(|_| DigitsError::BadDigit)?;
    }
    let mut timestamp = leg.timestamp(start);
    let mut first_packet = None;
    loop {
        let now = Instant::now();
        let sent = match events.poll(now) {
            Step::Done => break,
            Step::Wait(until) => {
                tokio::time::sleep_until(until.into()).await;
                continue;
            }
            Step::Send(Frame::Event { event, first }) => leg.send_event(now, event, first),
            Step::Send(Frame::Sound(block)) => {
                let sent = leg.send_tone(timestamp, first_packet.is_none(), &block);
                timestamp = timestamp.wrapping_add(BLOCK as u32);
                sent
            }
        };
        sent.ok_or(DigitsError::NotSending)??;
        first_packet.get_or_insert_with(Instant::now);
    }
    first_packet
        .map(|first_packet| DigitsSent { first_packet })
        .ok_or(DigitsError::Empty)
}
