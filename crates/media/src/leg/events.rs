use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::mpsc;

/// Events that may wait to be read.
const CAPACITY: usize = 256;
/// So many places are kept for events that are no pictures.
const RESERVED: usize = 64;

/// One coded picture (H.264 access unit).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessUnit {
    /// Its NAL units in Annex B form. A key frame begins with all known SPS and PPS.
    pub data: Bytes,
    /// Whether decoding can start here: it holds an IDR slice.
    pub key: bool,
    /// Whether pictures that it builds on were lost: it can be shown, with flaws, by decoders that conceal them. Ignored
    /// when sending.
    pub flawed: bool,
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
    /// The peer asks for a key frame by PLI or FIR: for whoever calls [`super::Leg::send_video`].
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

/// The way out for events. It never waits: what nobody reads is counted.
#[derive(Debug)]
pub(super) struct Outlet {
    sender: mpsc::Sender<LegEvent>,
    frames_unread: AtomicU64,
    events_unread: AtomicU64,
}

impl Outlet {
    pub(super) fn new() -> (Self, mpsc::Receiver<LegEvent>) {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        (Self { sender, frames_unread: AtomicU64::new(0), events_unread: AtomicU64::new(0) }, receiver)
    }

    /// Says whether the picture was taken.
    pub(super) fn picture(&self, unit: AccessUnit) -> bool {
        let taken = self.sender.capacity() > RESERVED && self.sender.try_send(LegEvent::Video(unit)).is_ok();
        if !taken {
            self.frames_unread.fetch_add(1, Ordering::Relaxed);
        }
        taken
    }

    pub(super) fn tell(&self, event: LegEvent) {
        if let Err(error) = self.sender.try_send(event) {
            self.events_unread.fetch_add(1, Ordering::Relaxed);
            tracing::debug!(%error, "nobody reads the events of a leg");
        }
    }

    pub(super) fn unread(&self) -> (u64, u64) {
        (self.frames_unread.load(Ordering::Relaxed), self.events_unread.load(Ordering::Relaxed))
    }
}
