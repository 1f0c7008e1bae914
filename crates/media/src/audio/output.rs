//! The thread that keeps an output supplied.

use std::{
    thread,
    time::{Duration, Instant},
};

use rtrb::Producer;

use super::{
    Sink, Status,
    callback::{Lost, Watch},
    clock::Clock,
    devices::{self, DeviceError, Open},
    resample::{Converter, ResampleFailure},
    wav::{Recording, WavError},
    worker::Stop,
};

/// How long a thread sleeps that its device does not wake.
const LOOK: Duration = Duration::from_millis(100);

/// Fills the next 20 ms with mono samples.
pub(super) type Fill = dyn FnMut(&mut [f32]) + Send;

/// What an output plays.
pub(super) struct Feed {
    /// Sample rate in Hz.
    pub(super) rate: u32,
    /// Where the samples come from.
    pub(super) fill: Box<Fill>,
}

/// Why an output ends before its time.
#[derive(Debug, thiserror::Error)]
enum OutputError {
    #[error(transparent)]
    Device(#[from] DeviceError),
    #[error(transparent)]
    Lost(#[from] Lost),
    #[error(transparent)]
    Rate(#[from] ResampleFailure),
    #[error("the recording cannot be written: {0}")]
    Wav(#[from] WavError),
}

/// Plays `feed` to `sink` until `stop`, and to nobody where the sink does not work.
pub(super) fn run(sink: &Sink, mut feed: Feed, status: &Status, stop: &Stop) {
    let mut block = vec![0.0; (feed.rate / 50) as usize];
    let result = match sink {
        Sink::Silence => Ok(()),
        Sink::Wav(path) => Recording::create(path, feed.rate)
            .map_err(OutputError::from)
            .and_then(|recording| record(recording, &mut feed, &mut block, status, stop)),
        Sink::Default => device(None, &mut feed, &mut block, status, stop),
        Sink::Named(name) => device(Some(name.clone()), &mut feed, &mut block, status, stop),
    };
    status.set(false);
    if let Err(error) = result
        && !stop.requested()
    {
        tracing::warn!(%error, ?sink, "no sound output: going on in silence");
    }
    let mut clock = Clock::new(Instant::now());
    while stop.sleep_until(clock.due()) {
        clock.tick(Instant::now());
        (feed.fill)(&mut block);
    }
}

fn record(
    mut recording: Recording,
    feed: &mut Feed,
    block: &mut [f32],
    status: &Status,
    stop: &Stop,
) -> Result<(), OutputError> {
    status.set(true);
    let mut clock = Clock::new(Instant::now());
    while stop.sleep_until(clock.due()) {
        // A place in the file is a moment of the call, also after a stall.
        let skipped = clock.tick(Instant::now());
        block.fill(0.0);
        for _ in 0..skipped {
            recording.write(block)?;
        }
        (feed.fill)(block);
        recording.write(block)?;
    }
    Ok(())
}

fn device(
    name: Option<String>,
    feed: &mut Feed,
    block: &mut [f32],
    status: &Status,
    stop: &Stop,
) -> Result<(), OutputError> {
    let mut device = devices::open_output(name, thread::current(), stop)?;
    let result = supply(&mut device, feed, block, status, stop);
    tracing::debug!(missed = device.health.missed(), "sound output closed");
    if result.is_err() {
        device.abandon();
    }
    result
}

fn supply(
    device: &mut Open<Producer<f32>>,
    feed: &mut Feed,
    block: &mut [f32],
    status: &Status,
    stop: &Stop,
) -> Result<(), OutputError> {
    let mut supply = Supply { converter: Converter::new(feed.rate, device.rate)?, converted: Vec::new() };
    supply.top_up(device, feed, block, stop)?;
    device.start()?;
    status.set(true);
    let mut watch = Watch::new(device.health.clone(), device.rate, Instant::now());
    while !stop.requested() {
        watch.check(Instant::now())?;
        supply.top_up(device, feed, block, stop)?;
        thread::park_timeout(LOOK);
    }
    Ok(())
}

/// Converts blocks into what a device's ring takes.
struct Supply {
    converter: Converter,
    converted: Vec<f32>,
}

impl Supply {
    /// Fills the ring up to two of the device's periods, at least 20 ms: enough to be late for one callback, and the
    /// bound of the delay that can build up here.
    fn top_up(
        &mut self,
        device: &mut Open<Producer<f32>>,
        feed: &mut Feed,
        block: &mut [f32],
        stop: &Stop,
    ) -> Result<(), ResampleFailure> {
        let capacity = device.ring.buffer().capacity();
        let period = device.rate as usize / 50;
        let wanted = (device.health.longest() * 2).max(period).min(capacity.saturating_sub(period * 2));
        while capacity - device.ring.slots() < wanted && !stop.requested() {
            (feed.fill)(block);
            self.converted.clear();
            self.converter.feed(block, &mut self.converted)?;
            for &sample in &self.converted {
                if device.ring.push(sample).is_err() {
                    break;
                }
            }
        }
        Ok(())
    }
}
