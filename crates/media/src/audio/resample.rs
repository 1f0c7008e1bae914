//! Sample rate conversion of mono streams.

use rubato::{
    Async, FixedAsync, Indexing, ResampleError, Resampler, ResamplerConstructionError,
    SincInterpolationParameters, SincInterpolationType, WindowFunction,
    audioadapter_buffers::{SizeError, direct::InterleavedSlice},
};

/// Length of the anti-aliasing filter in samples of the lower of the two rates: 32 samples, 4 ms at 8 kHz, are
/// its delay.
const FILTER_LENGTH: usize = 64;

/// The longest filter, for devices that run at an extreme rate.
const FILTER_LIMIT: usize = 2048;

/// Why a conversion is not possible.
#[derive(Debug, thiserror::Error)]
pub enum ResampleFailure {
    /// The two rates cannot be converted into each other.
    #[error("no conversion from {from} Hz to {to} Hz")]
    Rates {
        /// Sample rate of the input in Hz.
        from: u32,
        /// Sample rate of the output in Hz.
        to: u32,
        /// What the resampler says.
        source: ResamplerConstructionError,
    },
    /// The resampler refused a block.
    #[error("the resampler refused a block")]
    Process(#[from] ResampleError),
    /// A buffer does not hold what the resampler asks for.
    #[error("a buffer of the resampler is too small")]
    Buffer(#[from] SizeError),
}

/// Converts a mono stream from one sample rate to another, keeping its state between calls.
pub(super) struct Converter {
    /// None when both rates are the same.
    resampler: Option<Async<f32>>,
    pending: Vec<f32>,
    chunk: usize,
    scratch: Vec<f32>,
}

impl Converter {
    /// A converter from `from` Hz to `to` Hz that works in steps of 10 ms.
    pub(super) fn new(from: u32, to: u32) -> Result<Self, ResampleFailure> {
        let chunk = (from as usize / 100).max(1);
        let resampler = if from == to { None } else { Some(sinc(from, to, chunk)?) };
        let longest = resampler.as_ref().map_or(0, Resampler::output_frames_max);
        Ok(Self { resampler, pending: Vec::with_capacity(chunk * 4), chunk, scratch: vec![0.0; longest] })
    }

    /// Takes `input` and appends what comes out of it to `output`; up to 10 ms stay inside.
    pub(super) fn feed(&mut self, input: &[f32], output: &mut Vec<f32>) -> Result<(), ResampleFailure> {
        let Some(resampler) = &mut self.resampler else {
            output.extend_from_slice(input);
            return Ok(());
        };
        self.pending.extend_from_slice(input);
        let chunks = self.pending.chunks_exact(self.chunk);
        let rest = chunks.remainder().len();
        for chunk in chunks {
            let source = InterleavedSlice::new(chunk, 1, chunk.len())?;
            let frames = self.scratch.len();
            let mut sink = InterleavedSlice::new_mut(&mut self.scratch, 1, frames)?;
            let (_, written) = resampler.process_into_buffer(&source, &mut sink, None::<&Indexing>)?;
            output.extend(self.scratch.iter().take(written));
        }
        self.pending.drain(..self.pending.len() - rest);
        Ok(())
    }
}

/// Converts a whole clip, without the resampler's delay at its beginning.
pub(super) fn clip(samples: &[f32], from: u32, to: u32) -> Result<Vec<f32>, ResampleFailure> {
    if from == to || samples.is_empty() {
        return Ok(samples.to_vec());
    }
    let mut resampler = sinc(from, to, (from as usize / 100).max(1))?;
    let source = InterleavedSlice::new(samples, 1, samples.len())?;
    let mut output = vec![0.0; resampler.process_all_needed_output_len(samples.len())];
    let frames = output.len();
    let mut sink = InterleavedSlice::new_mut(&mut output, 1, frames)?;
    let (_, written) = resampler.process_all_into_buffer(&source, &mut sink, samples.len(), None)?;
    output.truncate(written);
    Ok(output)
}

fn sinc(from: u32, to: u32, chunk: usize) -> Result<Async<f32>, ResampleFailure> {
    let rates = |source| ResampleFailure::Rates { from, to, source };
    if from == 0 || to == 0 {
        return Err(rates(ResamplerConstructionError::InvalidSampleRate {
            input: from as usize,
            output: to as usize,
        }));
    }
    let length = (FILTER_LENGTH * from.div_ceil(to) as usize).min(FILTER_LIMIT);
    let parameters = SincInterpolationParameters::new(length, WindowFunction::Blackman2)
        .interpolation(SincInterpolationType::Quadratic);
    let ratio = f64::from(to) / f64::from(from);
    Async::new_sinc(ratio, 1.0, &parameters, chunk, 1, FixedAsync::Input).map_err(rates)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: u32, hertz: f32, samples: usize) -> Vec<f32> {
        let step = std::f32::consts::TAU * hertz / rate as f32;
        (0..samples).map(|n| 0.5 * (step * n as f32).sin()).collect()
    }

    fn convert(from: u32, to: u32, hertz: f32) -> Vec<f32> {
        let mut converter = Converter::new(from, to).unwrap();
        let mut output = Vec::new();
        // Uneven pieces, as callbacks bring them.
        for piece in tone(from, hertz, from as usize).chunks(137) {
            converter.feed(piece, &mut output).unwrap();
        }
        output
    }

    fn level(samples: &[f32]) -> f32 {
        let middle = &samples[samples.len() / 4..samples.len() * 3 / 4];
        (middle.iter().map(|s| s * s).sum::<f32>() / middle.len() as f32).sqrt()
    }

    #[test]
    fn a_voice_tone_keeps_its_level_and_length_at_every_usual_rate() {
        for rate in [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000] {
            for (from, to) in [(rate, 8_000), (8_000, rate)] {
                let output = convert(from, to, 1_000.0);
                let missing = to as usize - output.len().min(to as usize);
                assert!(missing <= to as usize / 40, "{from} to {to}: {missing} samples missing");
                let level = level(&output);
                assert!((level - 0.3536).abs() < 0.01, "{from} to {to}: level {level}");
            }
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_carry_is_filtered_out() {
        for rate in [16_000, 44_100, 48_000] {
            let level = level(&convert(rate, 8_000, 6_000.0));
            assert!(level < 0.001, "{rate}: level {level}");
        }
    }

    #[test]
    fn a_clip_keeps_its_duration() {
        let output = clip(&tone(22_050, 440.0, 22_050 * 3), 22_050, 8_000).unwrap();
        assert_eq!(output.len(), 24_000);
    }

    #[test]
    fn no_rate_at_all_is_an_error() {
        assert!(Converter::new(0, 8_000).is_err());
        assert!(Converter::new(8_000, 0).is_err());
    }
}
