use std::io;
use std::time::Instant;

use thiserror::Error;

use super::Sending;
use super::audio::AudioLeg;
use crate::audio::{BLOCK, Block};
use crate::digits::{DigitSender, Event, Frame, Step};

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

/// What digits can be sent as, at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct DigitWay {
    telephone_event: Option<u8>,
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
        DigitMode::Event => way.telephone_event.map(|_| false).ok_or(DigitsError::NotNegotiated)?,
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
    first_packet.map(|first_packet| DigitsSent { first_packet }).ok_or(DigitsError::Empty)
}

impl AudioLeg {
    /// Begins to send digits instead of sound.
    fn begin_digits(&self) -> Option<DigitWay> {
        let mut state = self.state();
        state.destination()?;
        if state.sending == Sending::Nothing {
            return None;
        }
        state.digits = true;
        let telephone_event = state.stream.as_ref().and_then(|stream| stream.telephone_event);
        Some(DigitWay { telephone_event })
    }

    /// Sends one packet of a telephone-event; all packets of one press have the timestamp of its beginning. An error
    /// when the network does not take it, `None` when there is no way to send it any more.
    fn send_event(&self, now: Instant, event: Event, first: bool) -> Option<io::Result<()>> {
        let mut state = self.state();
        let to = state.destination()?;
        let payload_type = state.stream.as_ref()?.telephone_event?;
        let timestamp = match state.open_event {
            Some((timestamp, _)) if !first => timestamp,
            _ => state.clock.now(now),
        };
        state.open_event = Some((timestamp, event));
        let packet = state.sender.packet(payload_type, first, timestamp, &event.to_bytes());
        drop(state);
        Some(self.try_transmit(&packet, to))
    }

    /// Sends 20 ms of a tone, counted on from the first by `ticks`.
    fn send_tone(&self, timestamp: u32, first: bool, block: &Block) -> Option<io::Result<()>> {
        let mut state = self.state();
        let (packet, to) = state.sound(block, timestamp, first)?;
        drop(state);
        Some(self.try_transmit(&packet, to))
    }

    fn timestamp(&self, now: Instant) -> u32 {
        self.state().clock.now(now)
    }

    /// Goes on with sound. A press that was broken off is ended, lest the peer hold the key for ever.
    fn end_digits(&self) {
        let mut state = self.state();
        state.digits = false;
        state.marker = true;
        let open = state.open_event.take().filter(|(_, event)| !event.end);
        let (Some((timestamp, event)), Some(to)) = (open, state.destination()) else {
            return;
        };
        let Some(payload_type) = state.stream.as_ref().and_then(|stream| stream.telephone_event) else {
            return;
        };
        for _ in 0..3 {
            let payload = Event { end: true, ..event }.to_bytes();
            let packet = state.sender.packet(payload_type, false, timestamp, &payload);
            self.transmit(&packet, to);
        }
    }
}
