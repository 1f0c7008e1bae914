use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use tokio::sync::Notify;
use vestibule_model::AudioCodec;

use super::Sending;
use super::clock::Clock;
use super::events::{LegEvent, Outlet};
use super::latch::Latch;
use super::sockets::{Sockets, Stream};
use super::stats::StreamStats;
use crate::audio::{BLOCK, Block};
use crate::digits::{Event, EventReceiver};
use crate::jitter::Playout;
use crate::rtcp::{self, Reporter, Sent};
use crate::rtp::{self, Arrival, Kind, StreamSender};
use crate::{g711, sdp};

/// The audio stream: its sockets, and behind one short lock all that its receiving task, the two sound threads and
/// the sender of digits share.
#[derive(Debug)]
pub(super) struct AudioLeg {
    sockets: Sockets,
    changed: Notify,
    events: Arc<Outlet>,
    state: Mutex<State>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) stream: Option<sdp::AudioStream>,
    latch: Option<Latch>,
    rtcp_from: Option<SocketAddr>,
    pub(super) sending: Sending,
    pub(super) sender: StreamSender,
    pub(super) clock: Clock,
    /// The next packet begins a talk spurt.
    pub(super) marker: bool,
    pub(super) digits: bool,
    pub(super) open_event: Option<(u32, Event)>,
    playout: Playout,
    keys: EventReceiver,
    reporter: Reporter,
    heard_at: Option<Instant>,
    volume: u8,
    malformed: u64,
    strangers: u64,
}

impl AudioLeg {
    pub(super) fn new(sockets: Sockets, events: Arc<Outlet>, cname: &str) -> Self {
        let sender = StreamSender::new(rand::random(), rand::random());
        let reporter = Reporter::new(sender.ssrc(), cname);
        let state = State {
            stream: None,
            latch: None,
            rtcp_from: None,
            sending: Sending::Nothing,
            sender,
            clock: Clock::new(rand::random(), Instant::now()),
            marker: true,
            digits: false,
            open_event: None,
            playout: Playout::new(AudioCodec::Pcma),
            keys: EventReceiver::default(),
            reporter,
            heard_at: None,
            volume: 100,
            malformed: 0,
            strangers: 0,
        };
        Self { sockets, changed: Notify::new(), events, state: Mutex::new(state) }
    }

    pub(super) fn port(&self) -> u16 {
        self.sockets.port()
    }

    pub(super) fn apply(&self, now: Instant, stream: Option<sdp::AudioStream>) {
        let mut state = self.state();
        if let Some(stream) = &stream {
            state.latch.get_or_insert_with(|| Latch::new(stream.remote, now)).signal(stream.remote, now);
            state.playout.set_codec(stream.codec);
            state.reporter.start(now, rand::random());
        }
        state.stream = stream;
        state.marker = true;
        drop(state);
        self.changed.notify_one();
    }

    pub(super) fn set_sending(&self, sending: Sending) {
        let mut state = self.state();
        state.marker |= state.sending == Sending::Nothing;
        state.sending = sending;
    }

    pub(super) fn set_volume(&self, percent: u8) {
        self.state().volume = percent.min(100);
    }

    /// Whether sound should be coming in.
    pub(super) fn expects(&self) -> bool {
        let state = self.state();
        state.sending != Sending::Nothing
            && state.stream.as_ref().is_some_and(|stream| stream.direction.receives())
    }

    pub(super) fn answered(&self) -> bool {
        self.state().sending != Sending::Nothing
    }

    pub(super) fn heard_at(&self) -> Option<Instant> {
        self.state().heard_at
    }

    /// Fills a block for the loudspeaker.
    pub(super) fn play(&self, block: &mut Block) {
        let (sound, volume) = {
            let mut state = self.state();
            (state.playout.pull(), state.volume)
        };
        // Loudness follows the square of the slider's place well enough.
        let gain = i32::from(volume) * i32::from(volume);
        for (out, sample) in block.iter_mut().zip(sound) {
            *out = (i32::from(sample) * gain / 10_000) as i16;
        }
    }

    /// Sends a block of the microphone's.
    pub(super) fn captured(&self, block: &Block) {
        let now = Instant::now();
        let mut state = self.state();
        let timestamp = state.clock.block(now);
        if state.digits {
            return;
        }
        let sound = match state.sending {
            Sending::Nothing => return,
            Sending::Silence => &[0; BLOCK],
            Sending::Microphone => block,
        };
        let marker = std::mem::take(&mut state.marker);
        if let Some((packet, to)) = state.sound(sound, timestamp, marker) {
            drop(state);
            self.transmit(&packet, to);
        }
    }

    pub(super) fn goodbye(&self) {
        let state = self.state();
        if let (Some(packet), Some(to)) = (state.reporter.goodbye(), state.rtcp_destination()) {
            self.sockets.send_rtcp(&packet, to);
        }
    }

    pub(super) fn stats(&self) -> StreamStats {
        let state = self.state();
        StreamStats {
            late: state.playout.late(),
            duplicates: state.playout.duplicates(),
            malformed: state.malformed,
            strangers: state.strangers,
            ..StreamStats::of(state.playout.source(), &state.sender, &state.reporter)
        }
    }

    /// Blocks made up, blocks left out, and how much waits to be played.
    pub(super) fn playout_stats(&self) -> (u64, u64, Duration) {
        let state = self.state();
        (state.playout.concealed(), state.playout.skipped(), state.playout.delay())
    }

    pub(super) fn try_transmit(&self, packet: &[u8], to: SocketAddr) -> io::Result<()> {
        self.sockets.send_rtp(packet, to)
    }

    pub(super) fn transmit(&self, packet: &[u8], to: SocketAddr) {
        if let Err(error) = self.try_transmit(packet, to) {
            tracing::trace!(%error, %to, "sound not sent");
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stream for AudioLeg {
    fn sockets(&self) -> &Sockets {
        &self.sockets
    }

    fn changed(&self) -> &Notify {
        &self.changed
    }

    fn on_rtp(&self, now: Instant, from: SocketAddr, datagram: Bytes) {
        match rtp::kind(&datagram) {
            Kind::Rtp => {}
            Kind::Rtcp => return self.on_rtcp(now, from, &datagram),
            Kind::Other => {
                self.state().malformed += u64::from(!datagram.is_empty());
                return;
            }
        }
        let mut state = self.state();
        let Ok(packet) = rtp::parse(datagram) else {
            state.malformed += 1;
            return;
        };
        let key = state.take(now, from, &packet);
        drop(state);
        if let Some(key) = key {
            self.events.tell(LegEvent::Digit(key));
        }
    }

    fn on_rtcp(&self, now: Instant, from: SocketAddr, datagram: &[u8]) {
        let wall = SystemTime::now();
        let mut state = self.state();
        if !state.latch.is_some_and(|latch| latch.is_peer(from.ip())) {
            state.strangers += 1;
            return;
        }
        let Ok(controls) = rtcp::parse(datagram) else {
            state.malformed += 1;
            return;
        };
        state.heard_at = Some(now);
        state.rtcp_from = Some(from);
        for control in &controls {
            state.reporter.heard(now, wall, control);
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.state().reporter.deadline()
    }

    fn on_deadline(&self, now: Instant) {
        let mut state = self.state();
        let state = &mut *state;
        let sent = Sent {
            packets: state.sender.packets(),
            bytes: state.sender.bytes(),
            timestamp: state.clock.now(now),
        };
        let source = state.playout.source_mut();
        let report = state.reporter.poll(now, SystemTime::now(), rand::random(), source, sent);
        if let (Some(report), Some(to)) = (report, state.rtcp_destination()) {
            self.sockets.send_rtcp(&report, to);
        }
    }
}

impl State {
    /// Takes a packet in; gives the key when it tells of a new press.
    fn take(&mut self, now: Instant, from: SocketAddr, packet: &rtp::Packet) -> Option<char> {
        let payload_type = packet.header.payload_type;
        let (Some(stream), Some(latch)) = (&self.stream, &mut self.latch) else {
            self.strangers += 1;
            return None;
        };
        let is_sound = payload_type == stream.payload_type;
        let is_key = Some(payload_type) == stream.telephone_event;
        if !(is_sound || is_key) || !latch.accept(now, from) {
            self.strangers += 1;
            return None;
        }
        self.heard_at = Some(now);
        if is_sound {
            self.playout.push(now, packet);
            return None;
        }
        match self.playout.pass(now, packet) {
            Arrival::Began(_) => self.keys.restart(),
            Arrival::At(_) => {}
            Arrival::Unconfirmed | Arrival::Former => return None,
        }
        self.keys.push(packet.header.timestamp, &packet.payload).unwrap_or_else(|_| {
            self.malformed += 1;
            None
        })
    }

    /// Where RTP goes, while we send at all.
    pub(super) fn destination(&self) -> Option<SocketAddr> {
        let stream = self.stream.as_ref()?;
        let to = self.latch.as_ref()?.destination();
        (stream.direction.sends() && !stream.remote.ip().is_unspecified()).then_some(to)
    }

    /// Where RTCP goes: where it comes from, else where SDP says. Nowhere while held by `0.0.0.0` (RFC 3264 section
    /// 8.4).
    fn rtcp_destination(&self) -> Option<SocketAddr> {
        let stream = self.stream.as_ref().filter(|stream| !stream.rtcp.ip().is_unspecified())?;
        Some(self.rtcp_from.unwrap_or(stream.rtcp))
    }

    pub(super) fn sound(
        &mut self,
        block: &Block,
        timestamp: u32,
        marker: bool,
    ) -> Option<(Bytes, SocketAddr)> {
        let to = self.destination()?;
        let stream = self.stream.as_ref()?;
        let (codec, payload_type) = (stream.codec, stream.payload_type);
        let coded = block.map(|sample| g711::encode(codec, sample));
        Some((self.sender.packet(payload_type, marker, timestamp, &coded), to))
    }
}
