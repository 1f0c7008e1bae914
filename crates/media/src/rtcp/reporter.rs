use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use rtc_rtcp::goodbye::Goodbye;
use rtc_rtcp::packet::{self, Packet};
use rtc_rtcp::payload_feedbacks::full_intra_request::{FirEntry, FullIntraRequest};
use rtc_rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc_rtcp::receiver_report::ReceiverReport;
use rtc_rtcp::reception_report::ReceptionReport;
use rtc_rtcp::sender_report::SenderReport;
use rtc_rtcp::source_description::{
    SdesType, SourceDescription, SourceDescriptionChunk, SourceDescriptionItem,
};

use super::{Control, Request};
use crate::rtp::Source;

/// Mean time between reports (RFC 3550 section 6.2: the bandwidth of a call of two would allow more, the minimum
/// does not).
const INTERVAL: Duration = Duration::from_secs(5);
/// Seconds from the epoch of NTP, 1900, to that of Unix, 1970.
const NTP_TO_UNIX: u64 = 2_208_988_800;

/// What was sent, for a sender report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// RTP packets.
    pub packets: u64,
    /// Bytes of their payload.
    pub bytes: u64,
    /// The RTP timestamp that belongs to this very moment.
    pub timestamp: u32,
}

/// Says when a report is due and writes it, and reads what the peer reports.
#[derive(Debug)]
pub struct Reporter {
    ssrc: u32,
    cname: Bytes,
    next_at: Option<Instant>,
    /// Middle of the NTP timestamp of the peer's last sender report, and when it came.
    last_report: Option<(u32, Instant)>,
    packets_at_last: u64,
    round_trip: Option<Duration>,
    remote_loss: f32,
}

impl Reporter {
    /// `cname` is a random name, the same for all streams of a call and new for each call (RFC 7022 section 4.2).
    pub fn new(ssrc: u32, cname: &str) -> Self {
        Self {
            ssrc,
            cname: Bytes::copy_from_slice(cname.as_bytes()),
            next_at: None,
            last_report: None,
            packets_at_last: 0,
            round_trip: None,
            remote_loss: 0.0,
        }
    }

    /// Begins to report: the first comes after half the interval (RFC 3550 section 6.2). `spread` is random in 0..1.
    pub fn start(&mut self, now: Instant, spread: f64) {
        self.next_at.get_or_insert(now + INTERVAL.mul_f64(0.5 * (0.5 + spread)));
    }

    /// When a report is due.
    pub fn deadline(&self) -> Option<Instant> {
        self.next_at
    }

    /// The report, when it is due: SR when something was sent since the last, else RR, with SDES. `spread` is random
    /// in 0..1.
    pub fn poll(
        &mut self,
        now: Instant,
        wall: SystemTime,
        spread: f64,
        source: &mut Source,
        sent: Sent,
    ) -> Option<Bytes> {
        self.next_at.filter(|at| *at <= now)?;
        self.next_at = Some(now + INTERVAL.mul_f64(0.5 + spread));
        let report = self.report(now, wall, source, sent);
        marshal(&[report, self.description()])
    }

    /// A request for a key frame of the stream that is received. Without one to name there is nothing to ask for.
    pub fn request(&self, source: &Source, request: Request) -> Option<Bytes> {
        let ssrc = source.ssrc()?;
        let feedback: Box<dyn Packet> = match request {
            Request::PictureLoss => {
                Box::new(PictureLossIndication { sender_ssrc: self.ssrc, media_ssrc: ssrc })
            }
            Request::FullIntra(sequence_number) => Box::new(FullIntraRequest {
                sender_ssrc: self.ssrc,
                media_ssrc: 0,
                fir: vec![FirEntry { ssrc, sequence_number }],
            }),
            Request::Info => return None,
        };
        // Feedback stands behind an empty report (RFC 4585 section 3.1), lest the regular ones lose their interval.
        let empty = Box::new(ReceiverReport { ssrc: self.ssrc, ..ReceiverReport::default() });
        marshal(&[empty, self.description(), feedback])
    }

    /// The last words (RFC 3550 section 6.6).
    pub fn goodbye(&self) -> Option<Bytes> {
        let empty = Box::new(ReceiverReport { ssrc: self.ssrc, ..ReceiverReport::default() });
        let goodbye = Box::new(Goodbye { sources: vec![self.ssrc], reason: Bytes::new() });
        marshal(&[empty, self.description(), goodbye])
    }

    /// Takes in what the peer says.
    pub fn heard(&mut self, now: Instant, wall: SystemTime, control: &Control) {
        match control {
            Control::SenderReport { ntp_time, .. } => self.last_report = Some((middle(*ntp_time), now)),
            Control::Reception(report) if report.ssrc == self.ssrc => {
                self.remote_loss = f32::from(report.fraction_lost) / 256.0;
                if report.last_sender_report != 0 {
                    let ticks =
                        middle(ntp(wall)).wrapping_sub(report.last_sender_report).wrapping_sub(report.delay);
                    // Less than nothing, by a clock that was set: no measurement.
                    if ticks < 1 << 31 {
                        self.round_trip = Some(Duration::from_secs_f64(f64::from(ticks) / 65_536.0));
                    }
                }
            }
            _ => {}
        }
    }

    /// Round trip by the peer's last report (RFC 3550 section 6.4.1).
    pub fn round_trip(&self) -> Option<Duration> {
        self.round_trip
    }

    /// Share of our packets that the peer missed before its last report, 0 to 1.
    pub fn remote_loss(&self) -> f32 {
        self.remote_loss
    }

    fn report(&mut self, now: Instant, wall: SystemTime, source: &mut Source, sent: Sent) -> Box<dyn Packet> {
        let (last_sender_report, delay) = self
            .last_report
            .map_or((0, 0), |(ntp, at)| (ntp, (now.duration_since(at).as_secs_f64() * 65_536.0) as u32));
        let reports: Vec<ReceptionReport> = source
            .report()
            .map(|reception| ReceptionReport {
                ssrc: reception.ssrc,
                fraction_lost: reception.fraction_lost,
                total_lost: reception.total_lost,
                last_sequence_number: reception.highest,
                jitter: reception.jitter,
                last_sender_report,
                delay,
            })
            .into_iter()
            .collect();
        let quiet = sent.packets == self.packets_at_last;
        self.packets_at_last = sent.packets;
        if quiet {
            return Box::new(ReceiverReport { ssrc: self.ssrc, reports, ..ReceiverReport::default() });
        }
        Box::new(SenderReport {
            ssrc: self.ssrc,
            ntp_time: ntp(wall),
            rtp_time: sent.timestamp,
            packet_count: sent.packets as u32,
            octet_count: sent.bytes as u32,
            reports,
            ..SenderReport::default()
        })
    }

    fn description(&self) -> Box<dyn Packet> {
        let item = SourceDescriptionItem { sdes_type: SdesType::SdesCname, text: self.cname.clone() };
        Box::new(SourceDescription {
            chunks: vec![SourceDescriptionChunk { source: self.ssrc, items: vec![item] }],
        })
    }
}

fn marshal(packets: &[Box<dyn Packet>]) -> Option<Bytes> {
    packet::marshal(packets).ok().map(bytes::BytesMut::freeze)
}

/// 64-bit NTP timestamp (RFC 3550 section 4).
fn ntp(wall: SystemTime) -> u64 {
    let since = wall.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let fraction = (u64::from(since.subsec_nanos()) << 32) / 1_000_000_000;
    since.as_secs().wrapping_add(NTP_TO_UNIX) << 32 | fraction
}

/// The middle 32 bits, as reports quote them.
fn middle(ntp: u64) -> u32 {
    (ntp >> 16) as u32
}
