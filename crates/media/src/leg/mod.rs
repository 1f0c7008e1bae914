//! One call's media: four UDP sockets and the tasks that serve them.

mod audio;
mod clock;
mod digits;
mod events;
mod latch;
mod sockets;
mod stats;
mod video;
mod video_out;
mod watch;

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use digits::{DigitMode, DigitsError, DigitsSent};
pub use events::{AccessUnit, LegEvent};
pub use latch::Latch;
pub use stats::{Stats, StreamStats};

use crate::audio::{Devices, Duplex, Opened};
use crate::sdp;
use audio::AudioLeg;
use events::Outlet;
use sockets::Sockets;
use video::VideoLeg;
use watch::LinkWatch;

/// How often it is looked whether anything comes in.
const WATCH: Duration = Duration::from_millis(250);

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

/// The media of one call.
///
/// It lives from [`Leg::bind`] to [`Leg::close`]; dropping it closes the sockets too, without a goodbye. Whose packets
/// are taken, and where ours go, is said at [`Latch`].
#[derive(Debug)]
pub struct Leg {
    shared: Arc<Shared>,
    local: Mutex<sdp::Local>,
    duplex: Mutex<Option<Duplex>>,
    digits: tokio::sync::Mutex<()>,
    tasks: JoinSet<()>,
    cancel: CancellationToken,
}

#[derive(Debug)]
struct Shared {
    audio: Arc<AudioLeg>,
    video: Arc<VideoLeg>,
    events: Arc<Outlet>,
}

impl Leg {
    /// Opens the sockets at this address, RTP on even ports and RTCP on the next, and starts to listen. Nothing is
    /// taken in before [`Leg::apply`].
    ///
    /// The receiver holds 256 events; pictures stop at 192, and are then dropped up to a key frame.
    ///
    /// # Errors
    ///
    /// When the address is not this machine's, or no pair of ports is free.
    pub async fn bind(address: IpAddr) -> io::Result<(Self, mpsc::Receiver<LegEvent>)> {
        let (events, receiver) = Outlet::new();
        let events = Arc::new(events);
        let cname = format!("{:016x}", rand::random::<u64>());
        let audio = Arc::new(AudioLeg::new(Sockets::bind(address)?, events.clone(), &cname));
        let (video, bursts) = VideoLeg::new(Sockets::bind(address)?, events.clone(), &cname);
        let video = Arc::new(video);
        let local = sdp::Local {
            address,
            audio_port: audio.port(),
            video_port: video.port(),
            // It has to fit 63 bits to be read by everybody (RFC 3264 section 5).
            session_id: rand::random::<u64>() >> 2,
            version: 0,
        };
        let shared = Arc::new(Shared { audio: audio.clone(), video: video.clone(), events });
        let cancel = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(sockets::serve(audio, cancel.clone()));
        tasks.spawn(sockets::serve(video.clone(), cancel.clone()));
        tasks.spawn(video.pace(bursts));
        tasks.spawn(watch(shared.clone()));
        let leg = Self {
            shared,
            local: Mutex::new(local),
            duplex: Mutex::default(),
            digits: tokio::sync::Mutex::default(),
            tasks,
            cancel,
        };
        Ok((leg, receiver))
    }

    /// Our end, as it was last described.
    pub fn local(&self) -> sdp::Local {
        self.local.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Our end, for a new description: its version has grown (RFC 3264 section 8).
    pub fn next_local(&self) -> sdp::Local {
        let mut local = self.local.lock().unwrap_or_else(PoisonError::into_inner);
        local.version += 1;
        local.clone()
    }

    /// Starts the streams, or changes them after a new negotiation (hold, other port, other codec).
    pub fn apply(&self, session: sdp::Session) {
        let now = Instant::now();
        self.shared.audio.apply(now, session.audio);
        self.shared.video.apply(now, session.video);
    }

    /// Sets what is sent as sound. With anything but `Nothing` the call counts as answered.
    pub fn set_sending(&self, audio: Sending) {
        self.shared.audio.set_sending(audio);
    }

    /// Sets the level of the sound that is heard, 0 to 100.
    pub fn set_volume(&self, percent: u8) {
        self.shared.audio.set_volume(percent);
    }

    /// Opens sound devices, or other ones. What cannot be opened is replaced by silence, as the result tells.
    ///
    /// This blocks for as long as the devices need, up to some seconds.
    pub fn open_audio(&self, devices: &Devices) -> Opened {
        let mut duplex = self.duplex.lock().unwrap_or_else(PoisonError::into_inner);
        // A device may be had only once: the former ones are closed first.
        *duplex = None;
        let (player, recorder) = (self.shared.audio.clone(), self.shared.audio.clone());
        let (opened, result) =
            Duplex::open(devices, move |block| player.play(block), move |block| recorder.captured(block));
        *duplex = Some(opened);
        result
    }

    /// Sends a picture, packetised as was negotiated. It is dropped where no video is sent, and when eight pictures
    /// are waiting already.
    pub fn send_video(&self, unit: AccessUnit) {
        self.shared.video.send(Instant::now(), &unit);
    }

    /// Sends digits, `0-9`, `*`, `#` and `A-D`, each 100 ms long with 60 ms between them; returns when all are sent.
    /// Meanwhile no sound is sent. Calls one after the other wait for each other.
    ///
    /// # Errors
    ///
    /// When nothing was sent, or not all of it: see [`DigitsError`].
    pub async fn send_digits(&self, digits: &str, mode: DigitMode) -> Result<DigitsSent, DigitsError> {
        let _turn = self.digits.lock().await;
        digits::send(&self.shared.audio, digits, mode).await
    }

    /// Asks the peer for a key frame until one comes: by PLI, FIR, or [`LegEvent::KeyframeByInfo`], as negotiated.
    pub fn request_keyframe(&self) {
        self.shared.video.request_keyframe(Instant::now());
    }

    /// Counts since the leg began.
    pub fn stats(&self) -> Stats {
        let (frames, keyframes, frames_broken) = self.shared.video.picture_stats();
        let (frames_unread, events_unread) = self.shared.events.unread();
        let (concealed, skipped, audio_delay) = self.shared.audio.playout_stats();
        Stats {
            audio: self.shared.audio.stats(),
            video: self.shared.video.stats(),
            frames,
            keyframes,
            frames_broken,
            frames_unread,
            frames_unsent: self.shared.video.unsent(),
            events_unread,
            concealed,
            skipped,
            audio_delay,
        }
    }

    /// Says goodbye by RTCP and closes the sockets and the devices.
    pub async fn close(mut self) {
        self.shared.audio.goodbye();
        self.shared.video.goodbye();
        self.cancel.cancel();
        self.tasks.shutdown().await;
    }
}

async fn watch(shared: Arc<Shared>) {
    let mut ticks = tokio::time::interval(WATCH);
    let mut watch = LinkWatch::new(Instant::now());
    loop {
        let now = ticks.tick().await.into_std();
        let expects = shared.audio.answered() && (shared.audio.expects() || shared.video.expects());
        let heard_at = shared.audio.heard_at().max(shared.video.heard_at());
        let (audio, video) = (shared.audio.stats(), shared.video.stats());
        let quiet = watch.listen(now, expects, heard_at);
        let weak = watch.count(now, audio.packets + video.packets, audio.lost + video.lost);
        for event in quiet.into_iter().chain(weak) {
            shared.events.tell(event);
        }
    }
}
