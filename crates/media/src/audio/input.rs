//! The thread that takes what an input brings.

use std::{
    thread,
    time::{Duration, Instant},
};

use rtrb::Consumer;

use super::{
    BLOCK, Block, RATE, Source, Status,
    callback::{Lost, Watch},
    clock::Clock,
    convert,
    devices::{self, DeviceError, Open},
    resample::{Converter, ResampleFailure},
    wav::{Clip, Loop, WavError},
    worker::Stop,
};

/// How long a thread sleeps that its device does not wake.
const LOOK: Duration = Duration::from_millis(100);

/// The longest backlog that is still sent; an older one is dropped, so that the delay does not grow.
const BACKLOG: Duration = Duration::from_millis(200);

/// Why an input ends before its time.
#[derive(Debug, thiserror::Error)]
enum InputError {
    #[error(transparent)]
    Device(#[from] DeviceError),
    #[error(transparent)]
    Lost(#[from] Lost),
    #[error(transparent)]
    Rate(#[from] ResampleFailure),
    #[error("the file cannot be played: {0}")]
    Wav(#[from] WavError),
}

/// Hands the blocks of `source` to `captured` until `stop`, and silence where the source does not work.
pub(super) fn run(source: &Source, mut captured: impl FnMut(&Block), status: &Status, stop: &Stop) {
    let result = match source {
        Source::Silence => Ok(()),
        Source::Wav(path) => Clip::open(path)
            .and_then(|clip| clip.at_rate(RATE))
            .map(|clip| play_file(clip, &mut captured, status, stop))
            .map_err(InputError::from),
        Source::Default => device(None, &mut captured, status, stop),
        Source::Named(name) => device(Some(name.clone()), &mut captured, status, stop),
    };
    status.set(false);
    if let Err(error) = result
        && !stop.requested()
    {
        tracing::warn!(%error, ?source, "no sound input: going on in silence");
    }
    let mut clock = Clock::new(Instant::now());
    while stop.sleep_until(clock.due()) {
        clock.tick(Instant::now());
        captured(&[0; BLOCK]);
    }
}

fn play_file(clip: Clip, captured: &mut impl FnMut(&Block), status: &Status, stop: &Stop) {
    status.set(true);
    let mut file = Loop::new(clip);
    let mut samples = [0.0; BLOCK];
    let mut clock = Clock::new(Instant::now());
    while stop.sleep_until(clock.due()) {
        for _ in 0..=clock.tick(Instant::now()) {
            file.fill(&mut samples);
        }
        captured(&samples.map(convert::to_i16));
    }
}

fn device(
    name: Option<String>,
    captured: &mut impl FnMut(&Block),
    status: &Status,
    stop: &Stop,
) -> Result<(), InputError> {
    let mut device = devices::open_input(name, thread::current(), stop)?;
    let result = listen(&mut device, captured, status, stop);
    tracing::debug!(missed = device.health.missed(), "sound input closed");
    if result.is_err() {
        device.abandon();
    }
    result
}

fn listen(
    device: &mut Open<Consumer<f32>>,
    captured: &mut impl FnMut(&Block),
    status: &Status,
    stop: &Stop,
) -> Result<(), InputError> {
    let mut intake =
        Intake { converter: Converter::new(device.rate, RATE)?, fresh: Vec::new(), ready: Vec::new() };
    device.start()?;
    status.set(true);
    let mut watch = Watch::new(device.health.clone(), device.rate, Instant::now());
    while !stop.requested() {
        watch.check(Instant::now())?;
        intake.drain(device, captured)?;
        thread::park_timeout(LOOK);
    }
    Ok(())
}

/// Converts what a device's ring holds into blocks.
struct Intake {
    converter: Converter,
    fresh: Vec<f32>,
    ready: Vec<f32>,
}

impl Intake {
    fn drain(
        &mut self,
        device: &mut Open<Consumer<f32>>,
        captured: &mut impl FnMut(&Block),
    ) -> Result<(), ResampleFailure> {
        let waiting = device.ring.slots();
        let bound = (f64::from(device.rate) * BACKLOG.as_secs_f64()) as usize;
        let period = device.rate as usize / 50;
        if waiting > bound.max(device.health.longest() * 2) {
            for _ in 0..waiting - period {
                let _ = device.ring.pop();
            }
        }
        self.fresh.clear();
        self.fresh.extend(std::iter::from_fn(|| device.ring.pop().ok()).take(waiting));
        self.converter.feed(&self.fresh, &mut self.ready)?;
        let blocks = self.ready.as_chunks::<BLOCK>().0;
        let used = blocks.len() * BLOCK;
        for block in blocks {
            captured(&block.map(convert::to_i16));
        }
        self.ready.drain(..used);
        Ok(())
    }
}
