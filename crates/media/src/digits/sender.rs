use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::event::{self, Event};
use super::tone::Tone;
use crate::audio::{BLOCK, Block};

/// A packet goes out so often (RFC 4733 section 2.5.1.2 leaves it to the sender; this is the audio's rhythm).
const TICK: Duration = Duration::from_millis(20);
/// A key is held for so many ticks: 100 ms.
const HELD: u32 = 5;
/// The last packet of an event is sent so often (RFC 4733 section 2.5.1.4).
const ENDS: u32 = 3;
/// The next key follows so many ticks after the press began: the last packets fill the gap of 60 ms.
const PERIOD: u32 = HELD + ENDS;
/// Power of the event, in −dBm0.
const VOLUME: u8 = 10;

/// What to send at a tick.
#[expect(clippy::large_enum_variant, reason = "it is handed over once every 20 ms, on the stack")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A telephone-event's packet.
    Event {
        /// The payload.
        event: Event,
        /// The marker: this packet is the press's first.
        first: bool,
    },
    /// 20 ms of sound.
    Sound(Block),
}

/// What to do next.
#[expect(clippy::large_enum_variant, reason = "it is handed over once every 20 ms, on the stack")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send this and ask again.
    Send(Frame),
    /// Ask again at this time.
    Wait(Instant),
    /// All is sent.
    Done,
}

/// Sends keys one after the other, each 100 ms long with gaps of 60 ms; the first packet is due at once.
#[derive(Debug)]
pub struct DigitSender {
    keys: VecDeque<u8>,
    tone: Option<Tone>,
    tones: bool,
    tick: u32,
    next_at: Instant,
}

impl DigitSender {
    /// `digits` are sent as telephone-events, from now on. A character that no key has is given back as the error.
    pub fn events(now: Instant, digits: &str) -> Result<Self, char> {
        Self::new(now, digits, false)
    }

    /// `digits` are sent as tones, from now on. A character that no key has is given back as the error.
    pub fn tones(now: Instant, digits: &str) -> Result<Self, char> {
        Self::new(now, digits, true)
    }

    /// What is due. Called late, it catches up, for the times are absolute.
    pub fn poll(&mut self, now: Instant) -> Step {
        let Some(code) = self.keys.front().copied() else {
            return Step::Done;
        };
        if now < self.next_at {
            return Step::Wait(self.next_at);
        }
        let tick = self.tick;
        self.next_at += TICK;
        self.tick += 1;
        if self.tick == PERIOD {
            self.tick = 0;
            self.keys.pop_front();
        }
        Step::Send(self.frame(code, tick))
    }

    fn new(now: Instant, digits: &str, tones: bool) -> Result<Self, char> {
        let keys = digits.chars().map(|digit| event::code(digit).ok_or(digit)).collect::<Result<_, _>>()?;
        Ok(Self { keys, tone: None, tones, tick: 0, next_at: now })
    }

    fn frame(&mut self, code: u8, tick: u32) -> Frame {
        if self.tones {
            if tick == 0 {
                self.tone = Tone::new(code);
            }
            let tone = self.tone.as_mut().filter(|_| tick < HELD);
            return Frame::Sound(tone.map_or([0; BLOCK], Tone::block));
        }
        // Each packet tells of the time up to the next one; a duration of 0 would mean something else.
        let duration = (tick + 1).min(HELD) as u16 * BLOCK as u16;
        Frame::Event { event: Event { code, end: tick >= HELD, volume: VOLUME, duration }, first: tick == 0 }
    }
}
