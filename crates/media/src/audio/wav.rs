//! WAV files: a clip read whole, and a recording written while a call runs.

use std::{
    fs::File,
    io::{BufWriter, Cursor},
    path::Path,
};

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

use super::{
    convert,
    resample::{self, ResampleFailure},
};

/// Frames that a clip may have: 20 minutes at 48 kHz. A longer file is no source for a call.
const LONGEST: u32 = 20 * 60 * 48_000;

/// Sample rates that a clip may have, in Hz.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=384_000;

/// Blocks between two updates of a recording's header: what an abrupt end of the process can cost at most.
const FLUSH_EVERY: u32 = 10;

/// Why a WAV file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WavError {
    /// It could not be read or written, or is no WAV file of a known encoding.
    #[error("the WAV file could not be used")]
    Format(#[from] hound::Error),
    /// The file could not be read.
    #[error("the WAV file could not be read")]
    Io(#[from] std::io::Error),
    /// A rate, a channel count or a length that no clip has.
    #[error("a WAV file of {frames} frames in {channels} channels at {rate} Hz is not supported")]
    Shape {
        /// Sample rate in Hz.
        rate: u32,
        /// Channels.
        channels: u16,
        /// Samples per channel.
        frames: u32,
    },
    /// The sample rate cannot be converted.
    #[error("the WAV file's sample rate cannot be converted")]
    Rate(#[from] ResampleFailure),
}

/// A WAV file in memory, mixed down to one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Clip {
    rate: u32,
    samples: Vec<f32>,
}

impl Clip {
    /// Reads a WAV file: integers of 8 to 32 bits or 32-bit floats, any rate from 1 to 384 kHz, any channel count.
    ///
    /// # Errors
    /// The bytes are no such file, or hold no or too many samples.
    pub fn parse(bytes: &[u8]) -> Result<Self, WavError> {
        let mut reader = WavReader::new(Cursor::new(bytes))?;
        let WavSpec { channels, sample_rate: rate, bits_per_sample: bits, sample_format } = reader.spec();
        let frames = if channels == 0 { 0 } else { reader.duration() };
        if frames == 0 || frames > LONGEST || !RATES.contains(&rate) || !(1..=32).contains(&bits) {
            return Err(WavError::Shape { rate, channels, frames });
        }
        let interleaved: Vec<f32> = match sample_format {
            SampleFormat::Float => reader.samples::<f32>().collect::<Result<_, _>>()?,
            SampleFormat::Int => {
                let full_scale = 2f32.powi(i32::from(bits) - 1);
                let scale = |sample: Result<i32, _>| sample.map(|value| value as f32 / full_scale);
                reader.samples::<i32>().map(scale).collect::<Result<_, _>>()?
            }
        };
        let count = f32::from(channels);
        let mono = |frame: &[f32]| finite(frame.iter().sum::<f32>() / count);
        Ok(Self { rate, samples: interleaved.chunks_exact(usize::from(channels)).map(mono).collect() })
    }

    /// Reads the WAV file at `path`.
    ///
    /// # Errors
    /// The file cannot be read, or as for [`Clip::parse`].
    pub fn open(path: &Path) -> Result<Self, WavError> {
        Self::parse(&std::fs::read(path)?)
    }

    /// The same clip at `rate` Hz.
    ///
    /// # Errors
    /// The rates cannot be converted into each other.
    pub fn at_rate(&self, rate: u32) -> Result<Self, WavError> {
        Ok(Self { rate, samples: resample::clip(&self.samples, self.rate, rate)? })
    }

    /// Sample rate in Hz.
    #[must_use]
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// The samples, −1 to 1. Never empty.
    #[must_use]
    pub fn samples(&self) -> &[f32] {
        &self.samples
    }
}

/// A float file may hold NaN or infinity, which would stay in a resampler's filter for ever.
fn finite(sample: f32) -> f32 {
    if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 }
}

/// Plays a clip again and again.
#[derive(Debug)]
pub(super) struct Loop {
    clip: Clip,
    position: usize,
}

impl Loop {
    pub(super) fn new(clip: Clip) -> Self {
        Self { clip, position: 0 }
    }

    /// Fills `block` with what comes next.
    pub(super) fn fill(&mut self, block: &mut [f32]) {
        for sample in block {
            let next = self.clip.samples.get(self.position).or_else(|| {
                self.position = 0;
                self.clip.samples.first()
            });
            *sample = next.copied().unwrap_or(0.0);
            self.position += 1;
        }
    }
}

/// A mono 16-bit WAV file that is valid at any moment, but for its last 200 ms.
pub(super) struct Recording {
    writer: WavWriter<BufWriter<File>>,
    unflushed: u32,
}

impl Recording {
    /// Creates the file at `path`, or empties it.
    pub(super) fn create(path: &Path, rate: u32) -> Result<Self, WavError> {
        let spec =
            WavSpec { channels: 1, sample_rate: rate, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let mut writer = WavWriter::create(path, spec)?;
        writer.flush()?;
        Ok(Self { writer, unflushed: 0 })
    }

    /// Appends one block.
    pub(super) fn write(&mut self, block: &[f32]) -> Result<(), WavError> {
        for &sample in block {
            self.writer.write_sample(convert::to_i16(sample))?;
        }
        self.unflushed += 1;
        if self.unflushed >= FLUSH_EVERY {
            self.writer.flush()?;
            self.unflushed = 0;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(spec: WavSpec, write: impl FnOnce(&mut WavWriter<Cursor<&mut Vec<u8>>>)) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = WavWriter::new(Cursor::new(&mut bytes), spec).unwrap();
        write(&mut writer);
        writer.finalize().unwrap();
        bytes
    }

    fn spec(channels: u16, bits: u16, sample_format: SampleFormat) -> WavSpec {
        WavSpec { channels, sample_rate: 16_000, bits_per_sample: bits, sample_format }
    }

    #[test]
    fn every_encoding_reads_as_the_same_samples() {
        for bits in [8u16, 16, 24, 32] {
            let bytes = file(spec(1, bits, SampleFormat::Int), |writer| {
                for value in [0i64, 1 << (bits - 2), -(1 << (bits - 1))] {
                    writer.write_sample(i32::try_from(value).unwrap()).unwrap();
                }
            });
            assert_eq!(Clip::parse(&bytes).unwrap().samples(), [0.0, 0.5, -1.0], "{bits} bits");
        }
        let bytes = file(spec(1, 32, SampleFormat::Float), |writer| {
            for value in [0.5f32, f32::NAN, f32::INFINITY, 7.0] {
                writer.write_sample(value).unwrap();
            }
        });
        assert_eq!(Clip::parse(&bytes).unwrap().samples(), [0.5, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn channels_are_mixed_down() {
        let bytes = file(spec(2, 16, SampleFormat::Int), |writer| {
            for value in [16_384i16, 0, 8_192, 8_192] {
                writer.write_sample(value).unwrap();
            }
        });
        let clip = Clip::parse(&bytes).unwrap();
        assert_eq!((clip.rate(), clip.samples()), (16_000, [0.25, 0.25].as_slice()));
    }

    #[test]
    fn damaged_files_are_errors_and_never_panics() {
        let good = file(spec(2, 16, SampleFormat::Int), |writer| {
            for value in 0..64i16 {
                writer.write_sample(value * 100).unwrap();
            }
        });
        for length in 0..good.len() {
            let _ = Clip::parse(&good[..length]);
        }
        for position in 0..good.len() {
            for value in [0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff] {
                let mut bad = good.clone();
                bad[position] = value;
                let _ = Clip::parse(&bad);
            }
        }
        assert!(Clip::parse(b"").is_err());
        assert!(Clip::parse(b"RIFF\0\0\0\0WAVE").is_err());
        assert!(Clip::open(Path::new("there is no such file.wav")).is_err());
    }

    #[test]
    fn an_empty_file_is_an_error() {
        let bytes = file(spec(1, 16, SampleFormat::Int), |_| {});
        assert!(matches!(Clip::parse(&bytes), Err(WavError::Shape { frames: 0, .. })));
    }

    #[test]
    fn a_loop_starts_again_at_its_end() {
        let clip = Clip { rate: 8_000, samples: vec![0.1, 0.2, 0.3] };
        let mut block = [0.0; 8];
        Loop::new(clip).fill(&mut block);
        assert_eq!(block, [0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2]);
    }

    #[test]
    fn a_recording_is_a_valid_file_before_it_is_closed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("recording.wav");
        let mut recording = Recording::create(&path, 8_000).unwrap();
        assert!(matches!(Clip::open(&path), Err(WavError::Shape { frames: 0, .. })), "valid, though empty");
        for _ in 0..FLUSH_EVERY {
            recording.write(&[0.5; 160]).unwrap();
        }
        // The process ends here without a chance to close the file.
        std::mem::forget(recording);
        assert_eq!(Clip::open(&path).unwrap().samples(), [0.5; 1_600]);
    }
}
