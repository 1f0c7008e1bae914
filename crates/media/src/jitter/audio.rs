use std::collections::VecDeque;
use std::time::{Duration, Instant};

use vestibule_model::AudioCodec;

use crate::audio::{BLOCK, Block};
use crate::g711;
use crate::rtp::{Arrival, Packet, Source, TimestampUnwrapper};

/// Sample rate in Hz, which is also the RTP clock's.
const RATE: u32 = 8_000;
/// Least delay that is aimed at, in samples: 40 ms.
const MIN_DEPTH: i64 = 320;
/// Greatest delay that is aimed at, in samples: 120 ms.
const MAX_DEPTH: i64 = 960;
/// So much more than is aimed at is left out in one go: 80 ms.
const SURPLUS: i64 = 640;
/// But only after so many blocks of it, for it may be the player that was late and now catches up.
const PATIENCE: u32 = 5;
/// More than this is never kept: 600 ms.
const MAX_KEPT: i64 = 4_800;
/// Over so many blocks the least depth is watched: half a second.
const WINDOW: u32 = 25;
/// A packet with more samples than this is cut: 200 ms.
const MAX_SAMPLES: usize = 1_600;
/// A timestamp so far from the stream is a new one's: 2 s.
const MAX_JUMP: i64 = 16_000;
/// A repeated block is so much quieter than the one before, as a fraction of 16.
const FADE: i32 = 10;
/// After so many repeated blocks there is silence.
const REPEATS: u32 = 4;

/// Turns packets of G.711, as they come, into a steady sequence of 20 ms blocks.
///
/// The delay aimed at is 40 ms plus what the jitter calls for, up to 120 ms. When nothing is there in time the last
/// block is repeated, ever quieter, and the delay has grown; what is more than needed over half a second is left out
/// again, block by block, so that the delay never stays grown.
#[derive(Debug)]
pub struct Playout {
    codec: AudioCodec,
    source: Source,
    clock: TimestampUnwrapper,
    /// Samples from `start` on; `None` where nothing has come yet.
    samples: VecDeque<Option<i16>>,
    /// Place of the first sample of `samples`, which is the next to be played.
    start: i64,
    playing: bool,
    last: Block,
    repeats: u32,
    window: u32,
    least: i64,
    /// Blocks since there has been a surplus.
    surplus: u32,
    late: u64,
    duplicates: u64,
    concealed: u64,
    skipped: u64,
}

impl Playout {
    /// For packets of this codec.
    pub fn new(codec: AudioCodec) -> Self {
        Self {
            codec,
            source: Source::new(RATE),
            clock: TimestampUnwrapper::default(),
            samples: VecDeque::new(),
            start: 0,
            playing: false,
            last: [0; BLOCK],
            repeats: REPEATS,
            window: 0,
            least: i64::MAX,
            surplus: 0,
            late: 0,
            duplicates: 0,
            concealed: 0,
            skipped: 0,
        }
    }

    /// Changes the codec of packets to come.
    pub fn set_codec(&mut self, codec: AudioCodec) {
        self.codec = codec;
    }

    /// Counts a packet that is part of the stream but holds no sound, as a telephone-event does.
    pub fn pass(&mut self, now: Instant, packet: &Packet) -> Arrival {
        let header = &packet.header;
        let length = packet.payload.len();
        let arrival = self.source.arrived(now, header.ssrc, header.sequence_number, header.timestamp, length);
        if matches!(arrival, Arrival::Began(_)) {
            self.restart();
        }
        arrival
    }

    /// Takes a packet of the negotiated payload type.
    pub fn push(&mut self, now: Instant, packet: &Packet) {
        if matches!(self.pass(now, packet), Arrival::Unconfirmed | Arrival::Former) {
            self.late += 1;
            return;
        }
        let mut place = self.clock.unwrap(packet.header.timestamp);
        let end = self.start + self.samples.len() as i64;
        if self.samples.is_empty() && !self.playing {
            self.start = place;
        } else if place - end > MAX_JUMP || self.start - place > MAX_JUMP {
            self.restart();
            place = self.clock.unwrap(packet.header.timestamp);
            self.start = place;
        } else if self.samples.is_empty() && place > self.start + BLOCK as i64 {
            // The peer was silent, or much was lost: nothing lies between, so there is nothing to wait for.
            self.start = place;
            self.playing = false;
        }
        self.insert(place, &packet.payload);
        if self.depth() > MAX_KEPT {
            self.leave_out(self.depth() - self.target());
        }
    }

    /// The next 20 ms to be played.
    pub fn pull(&mut self) -> Block {
        if !self.playing && self.depth() < self.target().min(MAX_DEPTH) {
            return self.conceal();
        }
        self.playing = true;
        self.trim();
        if self.samples.is_empty() {
            // Nothing at all is there: play later rather than lose what is on its way.
            return self.conceal();
        }
        let mut missing = 0;
        let mut block = [0; BLOCK];
        for out in &mut block {
            match self.samples.pop_front().flatten() {
                Some(sample) => *out = sample,
                None => missing += 1,
            }
            self.start += 1;
        }
        if missing > BLOCK / 2 {
            return self.conceal();
        }
        self.last = block;
        self.repeats = 0;
        block
    }

    /// What is counted about the stream.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// How much sound waits to be played.
    pub fn delay(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.depth()).unwrap_or(0) * 125)
    }

    pub(crate) fn source_mut(&mut self) -> &mut Source {
        &mut self.source
    }

    pub(crate) fn late(&self) -> u64 {
        self.late
    }

    pub(crate) fn duplicates(&self) -> u64 {
        self.duplicates
    }

    pub(crate) fn concealed(&self) -> u64 {
        self.concealed
    }

    pub(crate) fn skipped(&self) -> u64 {
        self.skipped
    }

    fn restart(&mut self) {
        self.clock = TimestampUnwrapper::default();
        self.samples.clear();
        self.playing = false;
        self.window = 0;
        self.least = i64::MAX;
        self.surplus = 0;
    }

    fn depth(&self) -> i64 {
        self.samples.len() as i64
    }

    /// 40 ms, or three times the jitter: nearly all packets come within that (they scatter about their mean).
    fn target(&self) -> i64 {
        let jitter = self.source.jitter().as_secs_f64() * f64::from(RATE);
        ((jitter * 3.0) as i64 + BLOCK as i64).clamp(MIN_DEPTH, MAX_DEPTH)
    }

    fn insert(&mut self, place: i64, payload: &[u8]) {
        let payload = payload.get(..MAX_SAMPLES).unwrap_or(payload);
        let offset = place - self.start;
        let Ok(skip) = usize::try_from(-offset.min(0)) else {
            return;
        };
        if skip >= payload.len() {
            self.late += u64::from(!payload.is_empty());
            return;
        }
        let from = usize::try_from(offset.max(0)).unwrap_or(0);
        let end = from + payload.len() - skip;
        if end > self.samples.len() {
            self.samples.resize(end, None);
        }
        let places = self.samples.range_mut(from..end);
        let mut fresh = false;
        for (place, byte) in places.zip(payload.iter().skip(skip)) {
            fresh |= place.is_none();
            *place = Some(g711::decode(self.codec, *byte));
        }
        self.duplicates += u64::from(!fresh);
    }

    /// Leaves a lasting surplus out, and a block when even the least depth of the last half second had more than a block to spare.
    fn trim(&mut self) {
        self.surplus = if self.depth() - self.target() > SURPLUS { self.surplus + 1 } else { 0 };
        if self.surplus == PATIENCE {
            self.surplus = 0;
            self.leave_out(self.depth() - self.target());
        }
        self.least = self.least.min(self.depth() - BLOCK as i64);
        self.window += 1;
        if self.window < WINDOW {
            return;
        }
        let spare = self.least - (self.target() - BLOCK as i64).max(0);
        self.window = 0;
        self.least = i64::MAX;
        if spare >= BLOCK as i64 {
            self.leave_out(BLOCK as i64);
        }
    }

    fn leave_out(&mut self, samples: i64) {
        let samples = usize::try_from(samples).unwrap_or(0).min(self.samples.len());
        self.samples.drain(..samples);
        self.start += samples as i64;
        self.skipped += (samples as u64).div_ceil(BLOCK as u64);
    }

    fn conceal(&mut self) -> Block {
        if self.repeats >= REPEATS {
            return [0; BLOCK];
        }
        self.repeats += 1;
        self.concealed += 1;
        for sample in &mut self.last {
            *sample = (i32::from(*sample) * FADE / 16) as i16;
        }
        self.last
    }
}
