//! The ringtone.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use bytes::Bytes;

use super::{
    Sink, Status,
    output::{self, Feed},
    spawn,
    wav::{Clip, Loop},
    worker::Worker,
};

/// Plays a ringtone again and again until it is dropped.
#[derive(Debug)]
pub struct Ringer {
    volume: Arc<AtomicU8>,
    _worker: Option<Worker>,
}

impl Ringer {
    /// Starts to play the WAV file in `wav` on `sink`, at `volume` percent. Returns at once: the device opens on a
    /// thread of its own. Where it does not, or where `wav` is none, nothing is heard and the log says why.
    #[must_use = "the ringing ends when this is dropped"]
    pub fn start(wav: Bytes, sink: &Sink, volume: u8) -> Self {
        let volume = Arc::new(AtomicU8::new(volume));
        let wanted = Arc::clone(&volume);
        let sink = sink.clone();
        let worker = spawn("audio-ring", move |stop| {
            let clip = match Clip::parse(&wav) {
                Ok(clip) => clip,
                Err(error) => return tracing::warn!(%error, "the ringtone cannot be played"),
            };
            let rate = clip.rate();
            let mut tone = Loop::new(clip);
            let fill = move |block: &mut [f32]| {
                tone.fill(block);
                let gain = gain(wanted.load(Ordering::Relaxed));
                for sample in block {
                    *sample *= gain;
                }
            };
            let (status, _) = Status::new();
            output::run(&sink, Feed { rate, fill: Box::new(fill) }, &status, stop);
        });
        Self { volume, _worker: worker }
    }

    /// Changes the volume, in percent; more than 100 counts as 100.
    pub fn set_volume(&self, percent: u8) {
        self.volume.store(percent, Ordering::Relaxed);
    }
}

/// The factor for a volume in percent. Its square follows the ear better than the percentage itself: half way is
/// −12 dB.
fn gain(percent: u8) -> f32 {
    let share = f32::from(percent.min(100)) / 100.0;
    share * share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_volume_runs_from_nothing_to_everything() {
        assert_eq!([gain(0), gain(50), gain(100), gain(200)], [0.0, 0.25, 1.0, 1.0]);
    }
}
