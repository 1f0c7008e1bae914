use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::events::AccessUnit;
use super::sockets::Sockets;
use crate::h264::{Packetizer, RATE};
use crate::rtcp::Sent;
use crate::rtp::{StreamSender, duration_to_ticks};

/// Packets that go out at once, and the pause after them: a key frame in one burst overflows the receiver's socket
/// buffer, which holds some ninety packets by Linux's default.
const BURST: usize = 16;
const PAUSE: Duration = Duration::from_millis(1);

/// Makes packets of the pictures that we send.
#[derive(Debug)]
pub(super) struct VideoOut {
    sender: StreamSender,
    mode: u8,
    packetizer: Packetizer,
    first_timestamp: u32,
    last: Option<(u32, Instant)>,
}

/// The packets of one picture.
#[derive(Debug)]
pub(super) struct Burst {
    pub(super) packets: Vec<Bytes>,
    pub(super) to: SocketAddr,
}

impl VideoOut {
    pub(super) fn new(ssrc: u32, first_sequence: u16, first_timestamp: u32) -> Self {
        let sender = StreamSender::new(ssrc, first_sequence);
        Self { sender, mode: 0, packetizer: Packetizer::new(0), first_timestamp, last: None }
    }

    pub(super) fn set_mode(&mut self, packetization_mode: u8) {
        if self.mode != packetization_mode {
            self.mode = packetization_mode;
            self.packetizer = Packetizer::new(packetization_mode);
        }
    }

    /// The packets of a picture; the last has the marker.
    pub(super) fn packets(&mut self, now: Instant, payload_type: u8, unit: &AccessUnit) -> Vec<Bytes> {
        let timestamp = self.first_timestamp.wrapping_add(duration_to_ticks(unit.timestamp, RATE));
        self.last = Some((timestamp, now));
        let payloads = self.packetizer.payloads(&unit.data);
        let last = payloads.len().saturating_sub(1);
        let sender = &mut self.sender;
        let numbered = payloads.iter().enumerate();
        numbered
            .map(|(index, payload)| sender.packet(payload_type, index == last, timestamp, payload))
            .collect()
    }

    pub(super) fn sender(&self) -> &StreamSender {
        &self.sender
    }

    /// What a sender report says: the RTP clock has gone on since the last picture.
    pub(super) fn sent(&self, now: Instant) -> Sent {
        let timestamp = self.last.map_or(self.first_timestamp, |(timestamp, at)| {
            timestamp.wrapping_add(duration_to_ticks(now.saturating_duration_since(at), RATE))
        });
        Sent { packets: self.sender.packets(), bytes: self.sender.bytes(), timestamp }
    }
}

impl Burst {
    pub(super) async fn send(self, sockets: &Sockets) {
        for burst in self.packets.chunks(BURST) {
            for packet in burst {
                if let Err(error) = sockets.send_rtp(packet, self.to) {
                    tracing::trace!(%error, to = %self.to, "video not sent");
                }
            }
            if burst.len() == BURST {
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
