use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use tokio::sync::{Notify, mpsc};

use super::events::{AccessUnit, LegEvent, Outlet};
use super::latch::Latch;
use super::sockets::{Sockets, Stream};
use super::stats::StreamStats;
use super::video_out::{Burst, VideoOut};
use crate::h264::{Picture, RATE};
use crate::jitter::VideoBuffer;
use crate::rtcp::{self, Control, KeyframeRequester, Reporter, Request};
use crate::rtp::{self, Kind, TimestampUnwrapper, ticks_to_duration};
use crate::sdp;

/// Pictures that may wait to be sent; with more the network is slower than the camera.
const QUEUE: usize = 8;
/// An empty datagram keeps a NAT's way open for what we only receive (RFC 6263 section 4.1).
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The video stream: its sockets, and behind one short lock what its tasks share.
#[derive(Debug)]
pub(super) struct VideoLeg {
    sockets: Sockets,
    changed: Notify,
    events: Arc<Outlet>,
    queue: mpsc::Sender<Burst>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    stream: Option<sdp::VideoStream>,
    latch: Option<Latch>,
    rtcp_from: Option<SocketAddr>,
    buffer: VideoBuffer,
    clock: TimestampUnwrapper,
    clock_of: Option<u32>,
    keyframes: KeyframeRequester,
    full_intra: Option<u8>,
    keep_alive_at: Option<Instant>,
    out: VideoOut,
    reporter: Reporter,
    heard_at: Option<Instant>,
    pictures: Vec<Picture>,
    frames: u64,
    key_frames: u64,
    unsent: u64,
    malformed: u64,
    strangers: u64,
}

impl VideoLeg {
    pub(super) fn new(sockets: Sockets, events: Arc<Outlet>, cname: &str) -> (Self, mpsc::Receiver<Burst>) {
        let out = VideoOut::new(rand::random(), rand::random(), rand::random());
        let reporter = Reporter::new(out.sender().ssrc(), cname);
        let (queue, bursts) = mpsc::channel(QUEUE);
        let state = State {
            stream: None,
            latch: None,
            rtcp_from: None,
            buffer: VideoBuffer::new(&[]),
            clock: TimestampUnwrapper::default(),
            clock_of: None,
            keyframes: KeyframeRequester::new(sdp::Feedback::default()),
            full_intra: None,
            keep_alive_at: None,
            out,
            reporter,
            heard_at: None,
            pictures: Vec::new(),
            frames: 0,
            key_frames: 0,
            unsent: 0,
            malformed: 0,
            strangers: 0,
        };
        (Self { sockets, changed: Notify::new(), events, queue, state: Mutex::new(state) }, bursts)
    }

    pub(super) fn port(&self) -> u16 {
        self.sockets.port()
    }

    pub(super) fn apply(&self, now: Instant, stream: Option<sdp::VideoStream>) {
        let mut state = self.state();
        let received_before = state.stream.as_ref().is_some_and(|stream| stream.direction.receives());
        if let Some(stream) = &stream {
            state.latch.get_or_insert_with(|| Latch::new(stream.remote, now)).signal(stream.remote, now);
            state.buffer.learn(&stream.parameter_sets);
            state.keyframes.set_feedback(stream.feedback);
            state.out.set_mode(stream.packetization_mode);
            state.reporter.start(now, rand::random());
            state.keep_alive_at = stream.direction.receives().then_some(now);
            if stream.direction.receives() && !received_before && state.heard_at.is_some() {
                // Back from hold: what the decoder has is old.
                state.buffer.spoil();
                state.keyframes.want(now);
            }
        } else {
            state.keep_alive_at = None;
            state.keyframes.satisfied();
        }
        state.stream = stream;
        drop(state);
        self.changed.notify_one();
    }

    /// Whether video should be coming in.
    pub(super) fn expects(&self) -> bool {
        self.state().stream.as_ref().is_some_and(|stream| stream.direction.receives())
    }

    pub(super) fn heard_at(&self) -> Option<Instant> {
        self.state().heard_at
    }

    pub(super) fn request_keyframe(&self, now: Instant) {
        let mut state = self.state();
        if state.stream.as_ref().is_some_and(|stream| stream.direction.receives()) {
            state.keyframes.want(now);
        }
        drop(state);
        self.changed.notify_one();
    }

    pub(super) fn send(&self, now: Instant, unit: &AccessUnit) {
        let mut state = self.state();
        let state = &mut *state;
        let (Some(stream), Some(latch)) = (&state.stream, &state.latch) else {
            return;
        };
        if !stream.direction.sends() || stream.remote.ip().is_unspecified() {
            return;
        }
        let to = latch.destination();
        let Ok(place) = self.queue.try_reserve() else {
            state.unsent += 1;
            return;
        };
        let packets = state.out.packets(now, stream.payload_type, unit);
        place.send(Burst { packets, to });
    }

    /// Sends what is queued, until the leg is gone.
    pub(super) async fn pace(self: Arc<Self>, mut bursts: mpsc::Receiver<Burst>) {
        while let Some(burst) = bursts.recv().await {
            burst.send(&self.sockets).await;
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
            late: state.buffer.late(),
            duplicates: state.buffer.duplicates(),
            malformed: state.malformed + state.buffer.malformed(),
            strangers: state.strangers,
            ..StreamStats::of(state.buffer.source(), state.out.sender(), &state.reporter)
        }
    }

    /// Pictures handed on, key frames among them, and pictures given up.
    pub(super) fn picture_stats(&self) -> (u64, u64, u64) {
        let state = self.state();
        (state.frames, state.key_frames, state.buffer.broken())
    }

    /// Pictures that were not sent because the network was too slow.
    pub(super) fn unsent(&self) -> u64 {
        self.state().unsent
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands pictures on. When one is not taken, nothing after it can be decoded.
    fn hand_on(&self, now: Instant, state: &mut State) {
        for picture in std::mem::take(&mut state.pictures) {
            let unit = AccessUnit {
                timestamp: state.time_of(picture.timestamp),
                data: picture.data,
                key: picture.key,
                flawed: picture.flawed,
                last_packet_at: picture.last_packet_at,
            };
            let key = unit.key;
            if !self.events.picture(unit) {
                state.buffer.spoil();
                state.keyframes.want(now);
                return;
            }
            state.frames += 1;
            if key {
                state.key_frames += 1;
                state.keyframes.satisfied();
            }
        }
    }

    fn ask(&self, now: Instant, state: &mut State) {
        // RTCP has to name the stream that is meant; until its first packet there is nothing to ask of.
        let nameless = state.buffer.source().ssrc().is_none() && state.keyframes.by_rtcp();
        if nameless {
            return;
        }
        let Some(request) = state.keyframes.poll(now) else {
            return;
        };
        tracing::debug!(?request, "asking for a key frame");
        if request == Request::Info {
            self.events.tell(LegEvent::KeyframeByInfo);
        } else if let Some(packet) = state.reporter.request(state.buffer.source(), request)
            && let Some(to) = state.rtcp_destination()
        {
            self.sockets.send_rtcp(&packet, to);
        }
    }
}

impl Stream for VideoLeg {
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
        let state = &mut *state;
        let Ok(packet) = rtp::parse(datagram) else {
            state.malformed += 1;
            return;
        };
        let (Some(stream), Some(latch)) = (&state.stream, &mut state.latch) else {
            state.strangers += 1;
            return;
        };
        if packet.header.payload_type != stream.payload_type || !latch.accept(now, from) {
            state.strangers += 1;
            return;
        }
        state.heard_at = Some(now);
        let broken = state.buffer.broken();
        let ssrc = state.buffer.source().ssrc();
        state.buffer.push(now, packet, &mut state.pictures);
        if state.buffer.source().ssrc() != ssrc {
            state.keyframes.begun(now);
        }
        self.hand_on(now, state);
        state.want_if_broken(now, broken);
        self.ask(now, state);
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
        let ours = state.out.sender().ssrc();
        for control in &controls {
            state.reporter.heard(now, wall, control);
            let wanted = match control {
                Control::PictureLoss(ssrc) => *ssrc == ours,
                Control::FullIntra { ssrc, sequence } => {
                    *ssrc == ours && state.full_intra.replace(*sequence) != Some(*sequence)
                }
                _ => false,
            };
            if wanted {
                self.events.tell(LegEvent::KeyframeWanted);
            }
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let state = self.state();
        let requests = state.keyframes.deadline().filter(|_| {
            // Without a stream to name a request has to wait for the first packet, not for a time.
            state.buffer.source().ssrc().is_some() || !state.keyframes.by_rtcp()
        });
        [state.buffer.deadline(), requests, state.reporter.deadline(), state.keep_alive_at]
            .into_iter()
            .flatten()
            .min()
    }

    fn on_deadline(&self, now: Instant) {
        let mut state = self.state();
        let state = &mut *state;
        let broken = state.buffer.broken();
        state.buffer.expire(now, &mut state.pictures);
        self.hand_on(now, state);
        state.want_if_broken(now, broken);
        self.ask(now, state);
        let sent = state.out.sent(now);
        let source = state.buffer.source_mut();
        let report = state.reporter.poll(now, SystemTime::now(), rand::random(), source, sent);
        if let (Some(report), Some(to)) = (report, state.rtcp_destination()) {
            self.sockets.send_rtcp(&report, to);
        }
        if state.keep_alive_at.is_some_and(|at| at <= now) {
            state.keep_alive_at = Some(now + KEEP_ALIVE);
            if let Some(latch) = state.latch.filter(|latch| !latch.destination().ip().is_unspecified())
                && let Err(error) = self.sockets.send_rtp(&[], latch.destination())
            {
                tracing::trace!(%error, "keep-alive not sent");
            }
        }
    }
}

impl State {
    /// When a picture was sampled, since the first one of its stream.
    fn time_of(&mut self, timestamp: u32) -> Duration {
        let ssrc = self.buffer.source().ssrc();
        if self.clock_of != ssrc {
            self.clock_of = ssrc;
            self.clock = TimestampUnwrapper::default();
        }
        ticks_to_duration(self.clock.unwrap(timestamp), RATE)
    }

    /// A picture was lost: all until the next key frame build on it.
    fn want_if_broken(&mut self, now: Instant, broken_before: u64) {
        if self.buffer.broken() > broken_before && self.buffer.needs_key() {
            self.keyframes.want(now);
        }
    }

    fn rtcp_destination(&self) -> Option<SocketAddr> {
        let stream = self.stream.as_ref().filter(|stream| !stream.rtcp.ip().is_unspecified())?;
        Some(self.rtcp_from.unwrap_or(stream.rtcp))
    }
}
