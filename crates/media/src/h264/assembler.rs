use std::time::{Duration, Instant};

use bytes::{BufMut, Bytes, BytesMut};

use super::depacketizer::{Depacketizer, PayloadError};
use super::nal::{self, START_CODE};
use super::parameter_sets::ParameterSets;
use crate::rtp::Packet;

/// An access unit larger than this is given up.
const MAX_BYTES: usize = 8 << 20;
/// Pictures from an IDR on are kept so long for parameter sets that come after it.
const HELD: usize = 100;
/// The picture stands still so long after a loss: a key frame that was asked for comes within it on a good path, and
/// on a bad one a picture with flaws that moves says more than a clean one that does not.
const FREEZE: Duration = Duration::from_millis(200);

/// A whole access unit, as [`crate::AccessUnit`] but with the timestamp still in ticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Annex B; SPS and PPS come first in a key frame.
    pub data: Bytes,
    /// Whether it holds an IDR slice.
    pub key: bool,
    /// Whether pictures that it builds on were lost: it can be shown, with flaws, by decoders that conceal them.
    pub flawed: bool,
    /// RTP timestamp in ticks of 90 kHz.
    pub timestamp: u32,
    /// When its last packet came in.
    pub last_packet_at: Instant,
}

/// Puts access units together from packets in order. Whole ones go through from a key frame on. After a loss the
/// next key frame is waited for, but not for long: then those go on that are whole themselves, though what they build
/// on has flaws.
#[derive(Debug)]
pub struct Assembler {
    depacketizer: Depacketizer,
    sets: ParameterSets,
    current: Option<Unit>,
    units: Vec<Bytes>,
    base: Base,
    /// Whole pictures from a key frame on, whose parameter sets have not come yet.
    held: Vec<Picture>,
    lost: bool,
    broken: u64,
    malformed: u64,
}

/// What the next picture builds on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    /// Nothing that the decoder has: only a key frame helps.
    Nothing,
    /// All pictures since the last key frame.
    Whole,
    /// The same, but some of them were lost, the first one at this time.
    Flawed(Instant),
}

#[derive(Debug)]
struct Unit {
    timestamp: u32,
    /// Its own parameter sets, Annex B.
    sets: BytesMut,
    /// The rest of it, Annex B.
    data: BytesMut,
    key: bool,
    slices: bool,
    broken: bool,
    last_packet_at: Instant,
}

impl Assembler {
    /// `known` are parameter sets from SDP.
    pub fn new(known: &[Bytes]) -> Self {
        let mut new = Self {
            depacketizer: Depacketizer::default(),
            sets: ParameterSets::default(),
            current: None,
            units: Vec::new(),
            base: Base::Nothing,
            held: Vec::new(),
            lost: false,
            broken: 0,
            malformed: 0,
        };
        new.learn(known);
        new
    }

    /// Takes in parameter sets that came beside the stream.
    pub fn learn(&mut self, known: &[Bytes]) {
        for set in known {
            self.sets.keep(set);
        }
    }

    /// Takes the next packet in order; appends the pictures that it completes to `out`, mostly none or one.
    pub fn push(&mut self, arrived: Instant, packet: &Packet, out: &mut Vec<Picture>) {
        // A packet of padding only probes the path.
        if packet.payload.is_empty() {
            return;
        }
        let timestamp = packet.header.timestamp;
        // The marker is a hint that some encoders never give: a new timestamp ends a picture too (RFC 6184 section 5.1).
        if self.current.as_ref().is_some_and(|unit| unit.timestamp != timestamp) {
            self.finish(out);
        }
        let after_loss = std::mem::take(&mut self.lost);
        let unit = self.current.get_or_insert_with(|| Unit {
            timestamp,
            sets: BytesMut::new(),
            data: BytesMut::new(),
            key: false,
            slices: false,
            broken: false,
            last_packet_at: arrived,
        });
        unit.last_packet_at = unit.last_packet_at.max(arrived);
        if let Err(error) = self.depacketizer.push(&packet.payload, &mut self.units) {
            // The rest of a unit whose beginning was lost is no fault of the peer's.
            self.malformed += u64::from(!after_loss && !unit.broken);
            // Reserved types are to be ignored (RFC 6184 section 5.2); anything else is a hole in the picture.
            unit.broken |= !matches!(error, PayloadError::Type(_));
        }
        for nal in self.units.drain(..) {
            let is_set = self.sets.keep(&nal);
            unit.append(&nal, is_set);
        }
        if packet.header.marker {
            self.finish(out);
        }
    }

    /// Tells that packets before the next one are missing: the picture at hand and all that build on it are spoilt.
    pub fn lost(&mut self, now: Instant) {
        self.depacketizer.lost();
        self.lost = true;
        if let Some(unit) = &mut self.current {
            unit.broken = true;
        }
        self.flaw(now);
    }

    /// Starts waiting for a key frame, as when nobody took a picture.
    pub fn spoil(&mut self) {
        self.base = Base::Nothing;
        self.held.clear();
    }

    fn flaw(&mut self, now: Instant) {
        if !self.held.is_empty() {
            // The decoder has nothing yet.
            self.spoil();
        } else if self.base == Base::Whole {
            self.base = Base::Flawed(now);
        }
    }

    /// Forgets everything but the counts: another stream begins. `known` are parameter sets from SDP.
    pub fn restart(&mut self, known: &[Bytes]) {
        let (broken, malformed) = (self.broken, self.malformed);
        *self = Self { broken, malformed, ..Self::new(known) };
    }

    /// Whether a key frame is needed for whole pictures.
    pub fn needs_key(&self) -> bool {
        self.base != Base::Whole || !self.held.is_empty()
    }

    /// Pictures that were given up.
    pub fn broken(&self) -> u64 {
        self.broken
    }

    /// Payloads that were damaged.
    pub fn malformed(&self) -> u64 {
        self.malformed
    }

    fn finish(&mut self, out: &mut Vec<Picture>) {
        let Some(unit) = self.current.take() else {
            return;
        };
        if !unit.slices && !unit.broken {
            // Parameter sets on their own: they may be what held pictures wait for.
            self.release(out);
            return;
        }
        if unit.broken {
            self.broken += 1;
            self.flaw(unit.last_packet_at);
            return;
        }
        let usable = unit.key
            || match self.base {
                Base::Nothing => false,
                Base::Whole => true,
                Base::Flawed(since) => unit.last_packet_at.saturating_duration_since(since) >= FREEZE,
            };
        if !usable {
            self.broken += 1;
            return;
        }
        if unit.key {
            self.base = Base::Whole;
        }
        let mut data = unit.sets;
        if unit.key {
            // All known sets are put there when the picture goes out.
            data.clear();
        }
        data.put_slice(&unit.data);
        let picture = Picture {
            data: data.freeze(),
            key: unit.key,
            flawed: self.base != Base::Whole,
            timestamp: unit.timestamp,
            last_packet_at: unit.last_packet_at,
        };
        if picture.key {
            self.held.clear();
        }
        if self.held.len() == HELD {
            self.spoil();
            return;
        }
        if !self.sets.complete() {
            self.held.push(picture);
            return;
        }
        self.release(out);
        out.push(self.with_sets(picture));
    }

    fn release(&mut self, out: &mut Vec<Picture>) {
        if self.sets.complete() {
            for picture in std::mem::take(&mut self.held) {
                out.push(self.with_sets(picture));
            }
        }
    }

    /// Puts all parameter sets before a key frame.
    fn with_sets(&self, picture: Picture) -> Picture {
        if !picture.key {
            return picture;
        }
        let mut data = self.sets.annex_b();
        data.put_slice(&picture.data);
        Picture { data: data.freeze(), ..picture }
    }
}

impl Unit {
    fn append(&mut self, nal: &Bytes, is_set: bool) {
        let kind = nal::kind(nal);
        if nal::is_slice(nal) {
            // A picture that does not begin with its first macroblock has lost its first slice.
            self.broken |= !self.slices && !nal::begins_picture(nal);
            self.slices = true;
            self.key |= kind == nal::IDR;
        }
        // The delimiter would have to be first, before the parameter sets; it says nothing that a decoder needs.
        if kind == nal::DELIMITER {
            return;
        }
        if self.data.len() + self.sets.len() + nal.len() > MAX_BYTES {
            self.broken = true;
            return;
        }
        let part = if is_set { &mut self.sets } else { &mut self.data };
        part.put_slice(&START_CODE);
        part.put_slice(nal);
    }
}
