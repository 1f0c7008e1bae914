//! H.264 decoding for windows that cannot do it themselves, and for stills.

use openh264::formats::YUVSource;

use super::{I420, PictureError};

/// Decodes H.264 with OpenH264. One stream each.
pub struct Decoder(openh264::decoder::Decoder);

impl std::fmt::Debug for Decoder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Decoder")
    }
}

impl Decoder {
    /// A decoder that waits for its first key frame.
    ///
    /// # Errors
    /// OpenH264 cannot be set up.
    pub fn new() -> Result<Self, PictureError> {
        Ok(Self(openh264::decoder::Decoder::new()?))
    }

    /// Decodes one access unit in Annex B byte-stream format (ITU-T H.264, annex B). The picture is cropped as the
    /// stream says. `None`: there is nothing to show yet.
    ///
    /// # Errors
    /// The access unit is damaged or refers to what was lost. The decoder can be used on; pictures return with the
    /// next key frame.
    pub fn decode(&mut self, access_unit: &[u8]) -> Result<Option<I420>, PictureError> {
        // To OpenH264 no bytes mean the end of the stream.
        if access_unit.is_empty() {
            return Ok(None);
        }
        let Some(picture) = self.0.decode(access_unit)? else {
            return Ok(None);
        };
        let (width, height) = picture.dimensions();
        let (y, u, v) = picture.strides();
        I420::from_planes(width, height, [(picture.y(), y), (picture.u(), u), (picture.v(), v)]).map(Some)
    }
}
