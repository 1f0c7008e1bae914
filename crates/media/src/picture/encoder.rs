//! H.264 encoding, for those who play an intercom.

use std::time::Duration;

use openh264::{
    OpenH264API, Timestamp,
    encoder::{
        BitRate, Complexity, EncoderConfig, FrameRate, FrameType, IntraFramePeriod, Level, Profile,
        RateControlMode, UsageType, VuiConfig,
    },
    formats::YUVSource,
};

use super::{HIGH_DEFINITION, I420, PictureError};

/// What an encoder aims at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EncoderSettings {
    /// Bits per second.
    pub bitrate: u32,
    /// Pictures per second.
    pub frame_rate: f32,
    /// Pictures between two key frames; 0: only the first one and those asked for.
    pub key_interval: u32,
    /// Bytes that a NAL unit may have, without its start code. For packetization-mode 0, which sends each in one
    /// packet of its own (RFC 6184, section 6.2). `None`: one slice to a picture.
    pub max_nal: Option<u16>,
}

impl Default for EncoderSettings {
    /// 1280×720 at 25 pictures a second, as intercoms send it.
    fn default() -> Self {
        Self { bitrate: 1_500_000, frame_rate: 25.0, key_interval: 250, max_nal: None }
    }
}

/// One coded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// Access unit in Annex B byte-stream format; SPS and PPS lead every key frame.
    pub data: Vec<u8>,
    /// Whether decoding can start here (an IDR picture).
    pub key: bool,
}

/// Encodes Constrained Baseline with OpenH264, without reordering and without skipping pictures.
pub struct Encoder {
    codec: openh264::encoder::Encoder,
    settings: EncoderSettings,
    /// Size of the pictures so far: OpenH264 is only set up by the first one.
    size: Option<(u16, u16)>,
    key_wanted: bool,
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Encoder").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Encoder {
    /// An encoder whose first picture is a key frame.
    ///
    /// # Errors
    /// OpenH264 cannot be set up.
    pub fn new(settings: EncoderSettings) -> Result<Self, PictureError> {
        Ok(Self { codec: codec(settings, HIGH_DEFINITION)?, settings, size: None, key_wanted: false })
    }

    /// Encodes `picture`, `timestamp` after the stream's beginning. A change of size starts with a key frame.
    ///
    /// # Errors
    /// OpenH264 refuses the picture: a dimension is odd or less than 16, or the picture is larger than level 5.2
    /// allows.
    pub fn encode(&mut self, picture: &I420, timestamp: Duration) -> Result<Encoded, PictureError> {
        let size = (picture.width(), picture.height());
        if !size.0.is_multiple_of(2) || !size.1.is_multiple_of(2) {
            return Err(super::size(size.0.into(), size.1.into(), picture.data().len()));
        }
        if self.size != Some(size) {
            self.codec = codec(self.settings, size.1)?;
            self.size = Some(size);
        } else if self.key_wanted {
            self.codec.force_intra_frame();
        }
        self.key_wanted = false;
        let milliseconds = u64::try_from(timestamp.as_millis()).unwrap_or_default();
        let coded = self.codec.encode_at(&Planes::of(picture), Timestamp::from_millis(milliseconds))?;
        Ok(Encoded { data: coded.to_vec(), key: coded.frame_type() == FrameType::IDR })
    }

    /// Makes the next picture a key frame.
    pub fn request_key_frame(&mut self) {
        self.key_wanted = true;
    }

    /// Changes the bit rate, from the next picture on, which is a key frame.
    pub fn set_bitrate(&mut self, bitrate: u32) {
        self.settings.bitrate = bitrate;
        // OpenH264 cannot be asked for this in safe code: the next picture sets up a new one.
        self.size = None;
    }
}

fn codec(settings: EncoderSettings, height: u16) -> Result<openh264::encoder::Encoder, PictureError> {
    let colours = if height < HIGH_DEFINITION { VuiConfig::bt601() } else { VuiConfig::bt709() };
    let mut config = EncoderConfig::new()
        .profile(Profile::Baseline)
        .level(Level::Level_3_1)
        .usage_type(UsageType::CameraVideoRealTime)
        .rate_control_mode(RateControlMode::Bitrate)
        .bitrate(BitRate::from_bps(settings.bitrate))
        .max_frame_rate(FrameRate::from_hz(settings.frame_rate))
        .intra_frame_period(IntraFramePeriod::from_num_frames(settings.key_interval))
        .skip_frames(false)
        .scene_change_detect(false)
        .complexity(Complexity::Low)
        .num_threads(1)
        .vui(colours);
    if let Some(bytes) = settings.max_nal {
        config = config.max_slice_len(bytes.into());
    }
    Ok(openh264::encoder::Encoder::with_api_config(OpenH264API::from_source(), config)?)
}

/// A picture as OpenH264 takes it.
struct Planes<'a> {
    size: (usize, usize),
    planes: [&'a [u8]; 3],
}

impl<'a> Planes<'a> {
    fn of(picture: &'a I420) -> Self {
        Self { size: (picture.width().into(), picture.height().into()), planes: picture.planes() }
    }
}

impl YUVSource for Planes<'_> {
    fn dimensions(&self) -> (usize, usize) {
        self.size
    }

    fn strides(&self) -> (usize, usize, usize) {
        (self.size.0, self.size.0 / 2, self.size.0 / 2)
    }

    fn y(&self) -> &[u8] {
        let [y, _, _] = self.planes;
        y
    }

    fn u(&self) -> &[u8] {
        let [_, u, _] = self.planes;
        u
    }

    fn v(&self) -> &[u8] {
        let [_, _, v] = self.planes;
        v
    }
}
