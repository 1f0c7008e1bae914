use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::h264::{Assembler, Picture, RATE};
use crate::rtp::{Arrival, Packet, Source};

/// A missing packet is waited for at least so long.
const MIN_WAIT: Duration = Duration::from_millis(40);
/// A missing packet is waited for at most so long.
const MAX_WAIT: Duration = Duration::from_millis(80);
/// With so many packets behind a gap, what is missing will not come.
const MAX_PACKETS: usize = 1_024;

/// Puts the packets of a video stream in order and gives whole pictures.
///
/// Packets in order pass straight through: a picture is there when its last packet is. Only behind a gap do they
/// wait, for 40 to 80 ms, by how late packets were found to come lately.
#[derive(Debug)]
pub struct VideoBuffer {
    source: Source,
    assembler: Assembler,
    sets: Vec<Bytes>,
    /// The place that is waited for.
    next: Option<u64>,
    waiting: BTreeMap<u64, (Instant, Packet)>,
    /// How late the latest of the reordered packets came, fading.
    lateness: Duration,
    /// When the gap before `waiting` was found.
    gap_since: Option<Instant>,
    late: u64,
    duplicates: u64,
}

impl VideoBuffer {
    /// `parameter_sets` are those from SDP.
    pub fn new(parameter_sets: &[Bytes]) -> Self {
        Self {
            source: Source::new(RATE),
            assembler: Assembler::new(parameter_sets),
            sets: parameter_sets.to_vec(),
            next: None,
            waiting: BTreeMap::new(),
            lateness: Duration::ZERO,
            gap_since: None,
            late: 0,
            duplicates: 0,
        }
    }

    /// Takes parameter sets from a new SDP in.
    pub fn learn(&mut self, parameter_sets: &[Bytes]) {
        self.sets = parameter_sets.to_vec();
        self.assembler.learn(parameter_sets);
    }

    /// Takes a packet of the negotiated payload type; appends the pictures that it completes to `out`.
    pub fn push(&mut self, now: Instant, packet: Packet, out: &mut Vec<Picture>) {
        let header = &packet.header;
        let (ssrc, sequence, timestamp) = (header.ssrc, header.sequence_number, header.timestamp);
        let place = match self.source.arrived(now, ssrc, sequence, timestamp, packet.payload.len()) {
            Arrival::At(place) => place,
            Arrival::Began(place) => {
                self.begin(place);
                place
            }
            Arrival::Unconfirmed | Arrival::Former => {
                self.late += 1;
                return;
            }
        };
        let next = *self.next.get_or_insert(place);
        if place < next {
            self.late += 1;
            return;
        }
        if self.waiting.contains_key(&place) {
            self.duplicates += 1;
            return;
        }
        if let Some(since) = self.gap_since.filter(|_| place == next) {
            self.lateness = self.lateness.max(now.duration_since(since));
        }
        self.waiting.insert(place, (now, packet));
        self.drain(out);
        while self.waiting.len() > MAX_PACKETS {
            self.skip(out);
        }
        self.watch_gap(now);
    }

    /// Gives up what has been waited for long enough; appends what that sets free to `out`.
    pub fn expire(&mut self, now: Instant, out: &mut Vec<Picture>) {
        while self.deadline().is_some_and(|deadline| deadline <= now) {
            self.skip(out);
            self.watch_gap(now);
        }
    }

    /// When [`VideoBuffer::expire`] has something to do.
    pub fn deadline(&self) -> Option<Instant> {
        self.gap_since.map(|since| since + self.wait())
    }

    /// Whether a key frame is needed for whole pictures.
    pub fn needs_key(&self) -> bool {
        self.assembler.needs_key()
    }

    /// Drops everything up to the next key frame: a picture was not taken.
    pub fn spoil(&mut self) {
        self.assembler.spoil();
    }

    /// What is counted about the stream.
    pub fn source(&self) -> &Source {
        &self.source
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

    pub(crate) fn broken(&self) -> u64 {
        self.assembler.broken()
    }

    pub(crate) fn malformed(&self) -> u64 {
        self.assembler.malformed()
    }

    /// A new stream shares nothing with the former but what SDP said of both.
    fn begin(&mut self, place: u64) {
        self.assembler.restart(&self.sets);
        self.next = Some(place);
        self.waiting.clear();
        self.gap_since = None;
    }

    fn wait(&self) -> Duration {
        (self.lateness * 2).clamp(MIN_WAIT, MAX_WAIT)
    }

    fn drain(&mut self, out: &mut Vec<Picture>) {
        while let Some(entry) = self.waiting.first_entry()
            && self.next == Some(*entry.key())
        {
            let (place, (arrived, packet)) = entry.remove_entry();
            self.next = Some(place + 1);
            self.assembler.push(arrived, &packet, out);
        }
    }

    /// Gives up what is missing before the first packet that is there.
    fn skip(&mut self, out: &mut Vec<Picture>) {
        let Some((place, (arrived, _))) = self.waiting.first_key_value() else {
            return;
        };
        self.next = Some(*place);
        self.assembler.lost(*arrived);
        self.lateness = self.lateness * 3 / 4;
        self.drain(out);
    }

    fn watch_gap(&mut self, now: Instant) {
        // The gap is as old as the first packet behind it.
        self.gap_since = self.waiting.first_key_value().map(|(_, (arrived, _))| (*arrived).min(now));
    }
}
