//! Tones in WAV files, made and measured.

use std::f64::consts::TAU;
use std::path::Path;

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

const RATE: u32 = 8_000;

/// Writes a steady tone at half of full scale, mono, 16 bits, 8 kHz.
pub fn write_tone(path: &Path, hertz: f64, seconds: u32) {
    let spec =
        WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut wav = WavWriter::create(path, spec).expect("a WAV file can be made");
    for sample in 0..RATE * seconds {
        let phase = TAU * hertz * f64::from(sample) / f64::from(RATE);
        wav.write_sample((phase.sin() * 16_000.0) as i16).expect("a WAV file can be written");
    }
    wav.finalize().expect("a WAV file can be closed");
}

/// How much of a recording is this tone: the loudest second's share of its energy, 0 to 1 (Goertzel's algorithm).
///
/// A file that is missing, empty or not whole yet holds nothing of it.
pub fn tone_level(path: &Path, hertz: f64) -> f64 {
    let Ok(wav) = WavReader::open(path) else {
        return 0.0;
    };
    let (rate, channels) = (wav.spec().sample_rate, usize::from(wav.spec().channels));
    let samples: Vec<f64> =
        wav.into_samples::<i16>().map_while(Result::ok).step_by(channels).map(f64::from).collect();
    samples
        .chunks_exact(rate as usize / 2)
        .map(|half| share(half, hertz / f64::from(rate)))
        .fold(0.0, f64::max)
}

/// How many seconds a recording holds; 0 when it is missing or not whole yet.
pub fn seconds(path: &Path) -> f64 {
    WavReader::open(path).map_or(0.0, |wav| f64::from(wav.duration()) / f64::from(wav.spec().sample_rate))
}

fn share(samples: &[f64], cycles: f64) -> f64 {
    let turn = 2.0 * (TAU * cycles).cos();
    let (one, two) = samples.iter().fold((0.0, 0.0), |(one, two), sample| (sample + turn * one - two, one));
    let power = one * one + two * two - turn * one * two;
    let energy: f64 = samples.iter().map(|sample| sample * sample).sum();
    // Below this there is silence with a click in it.
    if energy < samples.len() as f64 * 1_000.0 { 0.0 } else { 2.0 * power / (samples.len() as f64 * energy) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_told_from_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tone.wav");
        write_tone(&path, 440.0, 2);
        assert!(tone_level(&path, 440.0) > 0.95);
        assert!(tone_level(&path, 1_000.0) < 0.05);
    }
}
