use std::time::Duration;

use crate::rtcp::Reporter;
use crate::rtp::{Source, StreamSender};

/// Counts of one stream since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StreamStats {
    /// RTP packets that came in.
    pub packets: u64,
    /// Bytes of RTP payload that came in.
    pub bytes: u64,
    /// Packets that have not come.
    pub lost: u64,
    /// Packets that came after their place had been given up.
    pub late: u64,
    /// Packets that came after a later one.
    pub reordered: u64,
    /// Packets that came twice.
    pub duplicates: u64,
    /// Packets that were no RTP or RTCP, or whose payload was damaged.
    pub malformed: u64,
    /// Packets from somebody else than the peer, or of a payload type that was not negotiated.
    pub strangers: u64,
    /// Interarrival jitter (RFC 3550 section 6.4.1).
    pub jitter: Duration,
    /// Round trip, once the peer has reported on our packets.
    pub round_trip: Option<Duration>,
    /// RTP packets that went out.
    pub packets_sent: u64,
    /// Bytes of RTP payload that went out.
    pub bytes_sent: u64,
    /// Share of our packets that the peer says it lost lately, 0 to 1.
    pub remote_loss: f32,
}

/// Counts of a leg since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stats {
    /// Sound.
    pub audio: StreamStats,
    /// Video.
    pub video: StreamStats,
    /// Whole pictures that were handed on.
    pub frames: u64,
    /// Key frames among them.
    pub keyframes: u64,
    /// Pictures that were given up: damaged, or not decodable for the loss of an earlier one.
    pub frames_broken: u64,
    /// Whole pictures that nobody was there to take.
    pub frames_unread: u64,
    /// Pictures of ours that were not sent, because the network was too slow.
    pub frames_unsent: u64,
    /// Other events that nobody was there to take.
    pub events_unread: u64,
    /// Blocks of 20 ms of sound that were made up for want of a packet.
    pub concealed: u64,
    /// Blocks of 20 ms of sound that were left out to keep the delay down.
    pub skipped: u64,
    /// How much received sound waits to be played.
    pub audio_delay: Duration,
}

impl StreamStats {
    /// What the parts of a stream count; the rest is the caller's.
    pub(super) fn of(source: &Source, sender: &StreamSender, reporter: &Reporter) -> Self {
        let (packets, bytes, lost, reordered) = source.totals();
        Self {
            packets,
            bytes,
            lost,
            reordered,
            jitter: source.jitter(),
            round_trip: reporter.round_trip(),
            packets_sent: sender.packets(),
            bytes_sent: sender.bytes(),
            remote_loss: reporter.remote_loss(),
            ..Self::default()
        }
    }
}
