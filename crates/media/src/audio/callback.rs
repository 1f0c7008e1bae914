//! What runs in a device's callback: samples through a ring, counters, nothing that waits or allocates.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread::Thread,
    time::{Duration, Instant},
};

use cpal::{ErrorKind, FromSample, Sample};
use rtrb::{Consumer, Producer};

/// A device that asks for nothing and brings nothing for this long is gone, whatever it says. A wireless headset
/// takes some seconds to change from music to voice.
const STALL: Duration = Duration::from_secs(5);

/// How far a device may run ahead of the time that went by, before it counts as one without a clock: half a
/// second covers the largest buffers that are filled at once.
const HEAD_START: Duration = Duration::from_millis(500);

/// What a device's callbacks tell the thread that works for them.
#[derive(Debug, Clone)]
pub(super) struct Health(Arc<Counters>);

#[derive(Debug)]
struct Counters {
    worker: Thread,
    frames: AtomicU64,
    longest: AtomicUsize,
    missed: AtomicU64,
    lost: OnceLock<ErrorKind>,
}

/// Why a device is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Lost {
    #[error("the device is gone: {0}")]
    Gone(ErrorKind),
    #[error("the device does not move any more")]
    Stalled,
    #[error("the device has no clock: it takes or brings samples as fast as it can")]
    NoClock,
}

impl Health {
    /// The callbacks will wake `worker`.
    pub(super) fn new(worker: Thread) -> Self {
        Self(Arc::new(Counters {
            worker,
            frames: AtomicU64::new(0),
            longest: AtomicUsize::new(0),
            missed: AtomicU64::new(0),
            lost: OnceLock::new(),
        }))
    }

    /// The stream reports an error.
    pub(super) fn failed(&self, kind: ErrorKind) {
        match kind {
            // The stream goes on after these by itself.
            ErrorKind::Xrun
            | ErrorKind::DeviceChanged
            | ErrorKind::DeviceBusy
            | ErrorKind::RealtimeDenied
            | ErrorKind::BackendError
            | ErrorKind::Other => {
                self.0.missed.fetch_add(1, Ordering::Relaxed);
            }
            kind => {
                let _ = self.0.lost.set(kind);
                self.0.worker.unpark();
            }
        }
    }

    /// Frames in the longest callback so far.
    pub(super) fn longest(&self) -> usize {
        self.0.longest.load(Ordering::Relaxed)
    }

    /// Frames that were not there in time, and errors that the stream survived.
    pub(super) fn missed(&self) -> u64 {
        self.0.missed.load(Ordering::Relaxed)
    }

    fn moved(&self, frames: usize, missed: usize) {
        self.0.longest.fetch_max(frames, Ordering::Relaxed);
        self.0.frames.fetch_add(frames as u64, Ordering::Relaxed);
        if missed > 0 {
            self.0.missed.fetch_add(missed as u64, Ordering::Relaxed);
        }
        self.0.worker.unpark();
    }
}

/// The loudspeaker's callback.
pub(super) struct Playback {
    ring: Consumer<f32>,
    channels: usize,
    health: Health,
}

impl Playback {
    pub(super) fn new(ring: Consumer<f32>, channels: u16, health: Health) -> Self {
        Self { ring, channels: usize::from(channels).max(1), health }
    }

    pub(super) fn health(&self) -> &Health {
        &self.health
    }

    /// Fills an interleaved buffer: the same sample in every channel, silence where the ring is empty.
    pub(super) fn fill<T: Sample + FromSample<f32>>(&mut self, data: &mut [T]) {
        let frames = data.len() / self.channels;
        let missed = frames.saturating_sub(self.ring.slots());
        for frame in data.chunks_mut(self.channels) {
            frame.fill(T::from_sample(self.ring.pop().unwrap_or(0.0)));
        }
        self.health.moved(frames, missed);
    }
}

/// The microphone's callback.
pub(super) struct Capture {
    ring: Producer<f32>,
    channels: usize,
    health: Health,
}

impl Capture {
    pub(super) fn new(ring: Producer<f32>, channels: u16, health: Health) -> Self {
        Self { ring, channels: usize::from(channels).max(1), health }
    }

    pub(super) fn health(&self) -> &Health {
        &self.health
    }

    /// Takes an interleaved buffer, mixed down to one channel. What the ring has no room for is lost.
    pub(super) fn take<T: Sample>(&mut self, data: &[T])
    where
        f32: FromSample<T>,
    {
        let frames = data.len() / self.channels;
        let missed = frames.saturating_sub(self.ring.slots());
        let count = self.channels as f32;
        for frame in data.chunks_exact(self.channels) {
            let sum: f32 = frame.iter().map(|&sample| f32::from_sample(sample)).sum();
            if self.ring.push(sum / count).is_err() {
                break;
            }
        }
        self.health.moved(frames, missed);
    }
}

/// Tells from the counters whether a device still works.
#[derive(Debug)]
pub(super) struct Watch {
    health: Health,
    rate: u32,
    started: Instant,
    frames: u64,
    moved: Instant,
}

impl Watch {
    /// Watches a device of `rate` Hz that started at `now`.
    pub(super) fn new(health: Health, rate: u32, now: Instant) -> Self {
        Self { health, rate, started: now, frames: 0, moved: now }
    }

    /// Looks at the counters.
    pub(super) fn check(&mut self, now: Instant) -> Result<(), Lost> {
        if let Some(&kind) = self.health.0.lost.get() {
            return Err(Lost::Gone(kind));
        }
        let frames = self.health.0.frames.load(Ordering::Relaxed);
        if frames != self.frames {
            self.frames = frames;
            self.moved = now;
        } else if now.saturating_duration_since(self.moved) > STALL {
            return Err(Lost::Stalled);
        }
        let elapsed = now.saturating_duration_since(self.started);
        let plausible = elapsed.mul_f64(1.5) + HEAD_START + self.period();
        if frames as f64 > plausible.as_secs_f64() * f64::from(self.rate) {
            return Err(Lost::NoClock);
        }
        Ok(())
    }

    /// Both halves of a double buffer of the longest callback.
    fn period(&self) -> Duration {
        Duration::from_secs_f64(2.0 * self.health.longest() as f64 / f64::from(self.rate.max(1)))
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use rtrb::RingBuffer;

    use super::*;

    fn health() -> Health {
        Health::new(thread::current())
    }

    fn played<T: Sample + FromSample<f32>>(channels: u16) -> Vec<T> {
        let (mut ring, source) = RingBuffer::new(8);
        for sample in [0.0, 0.5, -0.5] {
            ring.push(sample).unwrap();
        }
        let mut playback = Playback::new(source, channels, health());
        let mut data = vec![T::from_sample(0.9f32); 4 * usize::from(channels)];
        playback.fill(&mut data);
        assert_eq!(playback.health().missed(), 1);
        data
    }

    #[test]
    fn every_format_and_channel_gets_the_samples_and_silence_after_them() {
        assert_eq!(played::<f32>(1), [0.0, 0.5, -0.5, 0.0]);
        assert_eq!(played::<i16>(2), [0, 0, 16_384, 16_384, -16_384, -16_384, 0, 0]);
        assert_eq!(played::<u16>(1), [32_768, 49_152, 16_384, 32_768]);
        assert_eq!(played::<u8>(3), [128, 128, 128, 192, 192, 192, 64, 64, 64, 128, 128, 128]);
        assert_eq!(played::<i32>(1), [0, 1 << 30, -(1 << 30), 0]);
    }

    fn taken<T: Sample>(channels: u16, data: &[T]) -> (Vec<f32>, u64)
    where
        f32: FromSample<T>,
    {
        let (sink, mut ring) = RingBuffer::new(3);
        let mut capture = Capture::new(sink, channels, health());
        capture.take(data);
        (std::iter::from_fn(|| ring.pop().ok()).collect(), capture.health().missed())
    }

    #[test]
    fn every_format_is_taken_and_channels_are_mixed() {
        assert_eq!(taken::<f32>(1, &[0.0, 0.5, -1.0]), (vec![0.0, 0.5, -1.0], 0));
        assert_eq!(taken::<i16>(2, &[16_384, 0, -16_384, -16_384]), (vec![0.25, -0.5], 0));
        assert_eq!(taken::<u16>(1, &[32_768, 49_152]), (vec![0.0, 0.5], 0));
    }

    #[test]
    fn what_does_not_fit_is_lost_and_counted() {
        assert_eq!(taken::<f32>(1, &[0.1, 0.2, 0.3, 0.4, 0.5]), (vec![0.1, 0.2, 0.3], 2));
    }

    #[test]
    fn a_device_at_its_own_pace_is_fine() {
        let health = health();
        let start = Instant::now();
        let mut watch = Watch::new(health.clone(), 48_000, start);
        for period in 0..1_000 {
            // A little fast, and its buffers filled at the beginning.
            health.moved(if period == 0 { 4_800 } else { 485 }, 0);
            assert_eq!(watch.check(start + Duration::from_millis(10) * period), Ok(()));
        }
    }

    #[test]
    fn a_device_that_stands_still_is_lost() {
        let health = health();
        let start = Instant::now();
        let mut watch = Watch::new(health.clone(), 48_000, start);
        assert_eq!(watch.check(start + STALL), Ok(()));
        health.moved(480, 0);
        assert_eq!(watch.check(start + STALL * 2), Ok(()));
        assert_eq!(watch.check(start + STALL * 3), Ok(()));
        assert_eq!(watch.check(start + STALL * 4), Err(Lost::Stalled));
    }

    #[test]
    fn a_device_that_runs_away_is_lost() {
        let health = health();
        let start = Instant::now();
        let mut watch = Watch::new(health.clone(), 48_000, start);
        for _ in 0..100 {
            health.moved(480, 0);
        }
        assert_eq!(watch.check(start + Duration::from_millis(20)), Err(Lost::NoClock));
    }

    #[test]
    fn errors_that_a_stream_survives_are_counted_and_others_end_it() {
        let health = health();
        let start = Instant::now();
        let mut watch = Watch::new(health.clone(), 48_000, start);
        health.failed(ErrorKind::Xrun);
        assert_eq!((watch.check(start), health.missed()), (Ok(()), 1));
        health.failed(ErrorKind::DeviceNotAvailable);
        health.failed(ErrorKind::StreamInvalidated);
        assert_eq!(watch.check(start), Err(Lost::Gone(ErrorKind::DeviceNotAvailable)));
    }
}
