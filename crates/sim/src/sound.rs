//! What the intercom's microphone hears: two tones that swell and fade like somebody speaking.

use std::f32::consts::TAU;
use std::io;
use std::path::Path;

use thiserror::Error;

/// The tones, in Hz. No key of a telephone sounds like either (ITU-T Q.23), so that neither is taken for a digit.
pub const TONES: [f32; 2] = [440.0, 620.0];
/// Samples in a second, as G.711 has them.
pub const RATE: u32 = 8_000;

/// How often it swells in a second.
const SYLLABLES: f32 = 3.0;
/// Each tone's peak: together 12 dB below full scale.
const PEAK: f32 = 4_096.0;

/// The sound could not be kept for the call.
#[derive(Debug, Error)]
pub enum SoundError {
    /// No file could be made.
    #[error("no file can be made for the sound")]
    Io(#[from] io::Error),
    /// The file could not be written.
    #[error("the sound cannot be written")]
    Wav(#[from] hound::Error),
}

/// The sound as a file that can be looped without a click; it is deleted when this is dropped.
#[derive(Debug)]
pub struct Sound {
    file: tempfile::NamedTempFile,
}

impl Sound {
    /// Writes the file.
    ///
    /// # Errors
    /// There is no room for temporary files.
    pub fn write() -> Result<Self, SoundError> {
        let file = tempfile::Builder::new().prefix("vestibule-sim-").suffix(".wav").tempfile()?;
        let format = hound::WavSpec {
            channels: 1,
            sample_rate: RATE,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(file.path(), format)?;
        for sample in second() {
            writer.write_sample(sample)?;
        }
        writer.finalize()?;
        Ok(Self { file })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.file.path()
    }
}

/// One second: whole periods of everything in it.
fn second() -> impl Iterator<Item = i16> {
    (0..RATE).map(|at| {
        let time = at as f32 / RATE as f32;
        let tones: f32 = TONES.iter().map(|tone| (TAU * tone * time).sin()).sum();
        let swell = 0.7 - 0.3 * (TAU * SYLLABLES * time).cos();
        (PEAK * tones * swell) as i16
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goertzel's power of one frequency.
    fn power(samples: &[f32], frequency: f32) -> f32 {
        let turn = 2.0 * (TAU * frequency / RATE as f32).cos();
        let (mut one, mut two) = (0.0, 0.0);
        for sample in samples {
            (one, two) = (sample + turn * one - two, one);
        }
        one * one + two * two - turn * one * two
    }

    #[test]
    fn the_file_holds_both_tones_and_no_digit() {
        let sound = Sound::write().unwrap();
        let mut reader = hound::WavReader::open(sound.path()).unwrap();
        assert_eq!((reader.spec().sample_rate, reader.spec().channels), (RATE, 1));
        let samples: Vec<f32> = reader.samples::<i16>().map(|sample| f32::from(sample.unwrap())).collect();
        assert_eq!(samples.len(), RATE as usize);
        let weakest = TONES.map(|tone| power(&samples, tone)).into_iter().fold(f32::MAX, f32::min);
        for digit in [697.0, 770.0, 852.0, 941.0, 1209.0, 1336.0, 1477.0, 1633.0] {
            assert!(power(&samples, digit) < weakest / 1_000.0, "{digit} Hz");
        }
    }
}
