//! Sound devices by name, opened in bounded time.

use std::{
    collections::HashMap,
    sync::mpsc::{self, RecvTimeoutError},
    thread::{self, Thread},
    time::{Duration, Instant},
};

use cpal::{
    BufferSize, FromSample, SampleFormat, SizedSample, StreamConfig, SupportedBufferSize,
    SupportedStreamConfig,
    traits::{DeviceTrait, HostTrait, StreamTrait},
};
use rtrb::{Consumer, Producer, RingBuffer};

use super::{
    OPEN_LIMIT,
    callback::{Capture, Health, Playback},
    platform,
    worker::Stop,
};

/// How often a thread that waits for a device looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(20);

/// Names of the devices that sound can come from and go to, without the default ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceNames {
    /// Microphones.
    pub inputs: Vec<String>,
    /// Loudspeakers.
    pub outputs: Vec<String>,
}

/// Why a device is not there.
#[derive(Debug, thiserror::Error)]
pub(super) enum DeviceError {
    #[error("there is no device of that name")]
    Missing,
    #[error("there is no default device")]
    NoDefault,
    #[error("the device does not open within {} ms", OPEN_LIMIT.as_millis())]
    Slow,
    #[error("the stream was closed while its device was being opened")]
    Closed,
    #[error("the thread that opens the device ended: {0}")]
    Thread(String),
    #[error("samples as {0} are not supported")]
    Format(SampleFormat),
    #[error("the sound system refuses: {0}")]
    Host(#[from] cpal::Error),
}

/// A stream that is open and waits for [`Open::start`].
pub(super) struct Open<R> {
    /// This side's end of the ring of mono samples.
    pub(super) ring: R,
    /// Sample rate in Hz.
    pub(super) rate: u32,
    /// What the callbacks tell.
    pub(super) health: Health,
    stream: cpal::Stream,
}

impl<R> Open<R> {
    /// Lets the device's clock run.
    pub(super) fn start(&self) -> Result<(), DeviceError> {
        Ok(self.stream.play()?)
    }
}

impl<R: Send + 'static> Open<R> {
    /// Closes a device that failed, without waiting for it: its driver may hang.
    pub(super) fn abandon(self) {
        let close = thread::Builder::new().name("audio-close".to_owned()).spawn(move || drop(self));
        if let Err(error) = close {
            tracing::warn!(%error, "a failed device was closed in place");
        }
    }
}

/// Lists the devices. Asks the sound system, which can take a second: not for a thread that must not block.
/// Empty when there is no sound system, or when it does not answer in time.
#[must_use]
pub fn list() -> DeviceNames {
    let names = || {
        let host = cpal::default_host();
        Ok(DeviceNames {
            inputs: labelled(host.input_devices()?).map(|(label, _)| label).collect(),
            outputs: labelled(host.output_devices()?).map(|(label, _)| label).collect(),
        })
    };
    bounded(names, || false)
        .inspect_err(|error| tracing::warn!(%error, "no list of sound devices"))
        .unwrap_or_default()
}

/// Opens the loudspeaker called `name`, or the default one. Its callbacks wake `worker`.
pub(super) fn open_output(
    name: Option<String>,
    worker: Thread,
    stop: &Stop,
) -> Result<Open<Producer<f32>>, DeviceError> {
    let open = move || {
        let host = cpal::default_host();
        let device = match name {
            None => host.default_output_device().ok_or(DeviceError::NoDefault)?,
            Some(name) => named(host.output_devices()?, &name)?,
        };
        let supported = device.default_output_config()?;
        with_short_periods(&supported, |config| {
            let (ring, source) = RingBuffer::new(capacity(config.sample_rate));
            let health = Health::new(worker.clone());
            let playback = Playback::new(source, config.channels, health.clone());
            let stream = build_output(&device, supported.sample_format(), config, playback)?;
            Ok(Open { ring, rate: config.sample_rate, health, stream })
        })
    };
    bounded(open, || stop.requested())
}

/// Opens the microphone called `name`, or the default one. Its callbacks wake `worker`.
pub(super) fn open_input(
    name: Option<String>,
    worker: Thread,
    stop: &Stop,
) -> Result<Open<Consumer<f32>>, DeviceError> {
    let open = move || {
        let host = cpal::default_host();
        let device = match name {
            None => host.default_input_device().ok_or(DeviceError::NoDefault)?,
            Some(name) => named(host.input_devices()?, &name)?,
        };
        let supported = device.default_input_config()?;
        with_short_periods(&supported, |config| {
            let (sink, ring) = RingBuffer::new(capacity(config.sample_rate));
            let health = Health::new(worker.clone());
            let capture = Capture::new(sink, config.channels, health.clone());
            let stream = build_input(&device, supported.sample_format(), config, capture)?;
            Ok(Open { ring, rate: config.sample_rate, health, stream })
        })
    };
    bounded(open, || stop.requested())
}

/// Half a second: room for the longest period that a device may have.
fn capacity(rate: u32) -> usize {
    rate as usize / 2
}

/// Runs `work`, which may hang in a driver, on a thread of its own. What comes too late is dropped there.
fn bounded<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DeviceError> + Send + 'static,
    cancelled: impl Fn() -> bool,
) -> Result<T, DeviceError> {
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("audio-open".to_owned())
        .spawn(move || {
            let result = platform::with_messages_logged(work);
            // Nobody waits any more: the device closes again here.
            drop(sender.send(result));
        })
        .map_err(|error| DeviceError::Thread(error.to_string()))?;

    let deadline = Instant::now() + OPEN_LIMIT;
    loop {
        match receiver.recv_timeout(LOOK) {
            Ok(result) => return result,
            Err(RecvTimeoutError::Disconnected) => return Err(DeviceError::Thread("panicked".to_owned())),
            Err(RecvTimeoutError::Timeout) if cancelled() => return Err(DeviceError::Closed),
            Err(RecvTimeoutError::Timeout) if Instant::now() >= deadline => return Err(DeviceError::Slow),
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// The devices with the names that people see. Where two have the same, the identifier tells them apart.
fn labelled(devices: impl Iterator<Item = cpal::Device>) -> impl Iterator<Item = (String, cpal::Device)> {
    let devices: Vec<_> = devices
        .filter_map(|device| {
            let identifier = device.id().ok()?.id().to_owned();
            let name = device.description().ok()?.name().to_owned();
            platform::is_for_people(&identifier).then_some((name, identifier, device))
        })
        .collect();
    let mut count: HashMap<String, usize> = HashMap::new();
    for (name, ..) in &devices {
        *count.entry(name.clone()).or_default() += 1;
    }
    devices.into_iter().map(move |(name, identifier, device)| {
        let unique = count.get(&name) == Some(&1);
        (if unique { name } else { format!("{name} ({identifier})") }, device)
    })
}

fn named(devices: impl Iterator<Item = cpal::Device>, name: &str) -> Result<cpal::Device, DeviceError> {
    labelled(devices)
        .find_map(|(label, device)| (label == name).then_some(device))
        .ok_or(DeviceError::Missing)
}

/// Asks for periods of 10 ms, and takes the device's own where it does not have these.
fn with_short_periods<T>(
    supported: &SupportedStreamConfig,
    build: impl Fn(StreamConfig) -> Result<T, DeviceError>,
) -> Result<T, DeviceError> {
    let config = supported.config();
    let short = config.sample_rate / 100;
    let buffer_size = match supported.buffer_size() {
        SupportedBufferSize::Range { min, max } if min <= max => BufferSize::Fixed(short.clamp(*min, *max)),
        _ => BufferSize::Default,
    };
    build(StreamConfig { buffer_size, ..config })
        .or_else(|_| build(StreamConfig { buffer_size: BufferSize::Default, ..config }))
}

/// Calls a generic function with the sample type that belongs to a format.
macro_rules! for_format {
    ($format:expr, $function:ident($($argument:expr),*)) => {
        match $format {
            SampleFormat::I8 => $function::<i8>($($argument),*),
            SampleFormat::I16 => $function::<i16>($($argument),*),
            SampleFormat::I24 => $function::<cpal::I24>($($argument),*),
            SampleFormat::I32 => $function::<i32>($($argument),*),
            SampleFormat::U8 => $function::<u8>($($argument),*),
            SampleFormat::U16 => $function::<u16>($($argument),*),
            SampleFormat::U24 => $function::<cpal::U24>($($argument),*),
            SampleFormat::U32 => $function::<u32>($($argument),*),
            SampleFormat::F32 => $function::<f32>($($argument),*),
            SampleFormat::F64 => $function::<f64>($($argument),*),
            other => Err(DeviceError::Format(other)),
        }
    };
}

fn build_output(
    device: &cpal::Device,
    format: SampleFormat,
    config: StreamConfig,
    playback: Playback,
) -> Result<cpal::Stream, DeviceError> {
    for_format!(format, output_of(device, config, playback))
}

fn build_input(
    device: &cpal::Device,
    format: SampleFormat,
    config: StreamConfig,
    capture: Capture,
) -> Result<cpal::Stream, DeviceError> {
    for_format!(format, input_of(device, config, capture))
}

fn output_of<T: SizedSample + FromSample<f32>>(
    device: &cpal::Device,
    config: StreamConfig,
    mut playback: Playback,
) -> Result<cpal::Stream, DeviceError> {
    let health = playback.health().clone();
    let failed = move |error: cpal::Error| health.failed(error.kind());
    let fill = move |data: &mut [T], _: &_| playback.fill(data);
    Ok(device.build_output_stream(config, fill, failed, Some(OPEN_LIMIT))?)
}

fn input_of<T: SizedSample>(
    device: &cpal::Device,
    config: StreamConfig,
    mut capture: Capture,
) -> Result<cpal::Stream, DeviceError>
where
    f32: FromSample<T>,
{
    let health = capture.health().clone();
    let failed = move |error: cpal::Error| health.failed(error.kind());
    let take = move |data: &[T], _: &_| capture.take(data);
    Ok(device.build_input_stream(config, take, failed, Some(OPEN_LIMIT))?)
}
