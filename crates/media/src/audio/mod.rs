//! The sound of a call: devices, files and silence behind one seam of 8 kHz mono 16-bit blocks of 20 ms.
//!
//! Each direction has a thread of its own. A device's callback only moves samples through a lock-free ring; the
//! thread resamples and calls the closures. A device drives its thread by its own clock; files and silence follow
//! an absolute schedule. A device that is missing, does not open in time or goes away leaves silence behind, so
//! that a call never depends on one.

mod callback;
mod clock;
mod convert;
mod devices;
mod input;
mod output;
mod platform;
mod resample;
mod ringer;
pub mod wav;
mod worker;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

pub use self::{
    devices::{DeviceNames, list},
    resample::ResampleFailure,
    ringer::Ringer,
};
use self::{
    output::Feed,
    worker::{Stop, Worker},
};

/// Sample rate at the seam in Hz: that of G.711 (RFC 3551, section 4.5.14).
pub const RATE: u32 = 8_000;

/// Samples in a block.
pub const BLOCK: usize = 160;

/// 20 ms of mono PCM at 8 kHz.
pub type Block = [i16; BLOCK];

/// How long a device may take to open. Opening goes on without the caller when it takes longer, and in vain.
const OPEN_LIMIT: Duration = Duration::from_millis(1_500);

/// What a call listens to and speaks through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Devices {
    /// Where the microphone's sound comes from.
    pub input: Source,
    /// Where the loudspeaker's sound goes.
    pub output: Sink,
}

/// Where sound comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The system's default microphone.
    Default,
    /// A microphone by its name in [`DeviceNames`].
    Named(String),
    /// Nothing.
    Silence,
    /// A WAV file, again and again.
    Wav(PathBuf),
}

/// Where sound goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sink {
    /// The system's default loudspeaker.
    Default,
    /// A loudspeaker by its name in [`DeviceNames`].
    Named(String),
    /// Nowhere.
    Silence,
    /// A WAV file, which is overwritten.
    Wav(PathBuf),
}

/// Which directions have something real: a device or a file. The others are silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// The input is real.
    pub microphone: bool,
    /// The output is real.
    pub speaker: bool,
}

/// Both directions of a call's sound. Closes them when dropped.
#[derive(Debug)]
pub struct Duplex {
    microphone: Status,
    speaker: Status,
    _workers: [Option<Worker>; 2],
}

impl Duplex {
    /// Opens `devices`. From then on `play` is asked for each block that the output needs and `captured` gets each
    /// block of the input, each from a thread of its own, until this is dropped. They must not block.
    ///
    /// Waits until the devices are open or given up, as a rule some 10 ms and never more than 3 s: from asynchronous
    /// code call it on a blocking thread. What cannot be opened is silent, which `Opened` tells and the log explains.
    pub fn open(
        devices: &Devices,
        mut play: impl FnMut(&mut Block) + Send + 'static,
        captured: impl FnMut(&Block) + Send + 'static,
    ) -> (Self, Opened) {
        let (microphone, input_opened) = Status::new();
        let (speaker, output_opened) = Status::new();

        let source = devices.input.clone();
        let status = microphone.clone();
        let input = spawn("audio-in", move |stop| input::run(&source, captured, &status, stop));

        let sink = devices.output.clone();
        let status = speaker.clone();
        let mut block = [0; BLOCK];
        let fill = move |samples: &mut [f32]| {
            play(&mut block);
            for (sample, pcm) in samples.iter_mut().zip(&block) {
                *sample = convert::from_i16(*pcm);
            }
        };
        let output = spawn("audio-out", move |stop| {
            output::run(&sink, Feed { rate: RATE, fill: Box::new(fill) }, &status, stop);
        });

        let deadline = Instant::now() + OPEN_LIMIT * 2;
        for opened in [input_opened, output_opened] {
            // Too late or not at all: its status says that it is not real.
            let _ = opened.recv_timeout(deadline.saturating_duration_since(Instant::now()));
        }
        let duplex = Self { microphone, speaker, _workers: [input, output] };
        let opened = duplex.opened();
        (duplex, opened)
    }

    /// Which directions are real now: a device may have gone away since it was opened.
    #[must_use]
    pub fn opened(&self) -> Opened {
        Opened { microphone: self.microphone.is_real(), speaker: self.speaker.is_real() }
    }
}

/// Whether a direction is real, as its thread tells it.
#[derive(Debug, Clone)]
struct Status {
    real: Arc<AtomicBool>,
    decided: mpsc::SyncSender<()>,
}

impl Status {
    fn new() -> (Self, mpsc::Receiver<()>) {
        let (decided, receiver) = mpsc::sync_channel(1);
        (Self { real: Arc::new(AtomicBool::new(false)), decided }, receiver)
    }

    fn set(&self, real: bool) {
        self.real.store(real, Ordering::Release);
        // Only the first one is waited for.
        let _ = self.decided.try_send(());
    }

    fn is_real(&self) -> bool {
        self.real.load(Ordering::Acquire)
    }
}

fn spawn(name: &str, run: impl FnOnce(&Stop) + Send + 'static) -> Option<Worker> {
    Worker::spawn(name, run)
        .inspect_err(|error| tracing::error!(%error, name, "the audio thread could not be started"))
        .ok()
}
