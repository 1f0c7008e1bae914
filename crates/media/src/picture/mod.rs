//! Pictures: what an H.264 stream decodes to and is encoded from, and JPEGs of it.

mod decoder;
mod encoder;
mod jpeg;

pub use self::{
    decoder::Decoder,
    encoder::{Encoded, Encoder, EncoderSettings},
    jpeg::jpeg,
};

/// Rows from which on a stream without colour description is taken as BT.709 rather than BT.601, as browsers do.
const HIGH_DEFINITION: u16 = 720;

/// Why a picture cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The planes do not fit the dimensions.
    #[error("{bytes} bytes are no {width}×{height} picture")]
    Size {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
        /// Bytes that there are.
        bytes: usize,
    },
    /// The codec refused.
    #[error("the H.264 codec refused: {0}")]
    Codec(#[from] openh264::Error),
    /// The JPEG could not be written.
    #[error("the JPEG could not be written: {0}")]
    Jpeg(#[from] jpeg_encoder::EncodingError),
}

/// A picture in YCbCr 4:2:0 with limited range (luma 16 to 235): the luma plane, then Cb, then Cr, each without
/// padding. Chroma planes have half the width and height, rounded up. In BT.709 from 720 rows on, in BT.601 below.
#[derive(Clone, PartialEq, Eq)]
pub struct I420 {
    width: u16,
    height: u16,
    data: Vec<u8>,
}

impl std::fmt::Debug for I420 {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "I420({}×{})", self.width, self.height)
    }
}

/// One plane of a picture: its bytes and the length of a row in memory.
pub(crate) type Plane<'a> = (&'a [u8], usize);

impl I420 {
    /// A picture of `width` × `height` pixels from its three planes one after the other.
    ///
    /// # Errors
    /// `data` has another length than the planes together, or a dimension is 0.
    pub fn new(width: u16, height: u16, data: Vec<u8>) -> Result<Self, PictureError> {
        let (luma, chroma) = plane_lengths(width, height);
        if width == 0 || height == 0 || data.len() != luma + 2 * chroma {
            return Err(size(width.into(), height.into(), data.len()));
        }
        Ok(Self { width, height, data })
    }

    /// Converts interleaved 8-bit RGB, full range.
    ///
    /// # Errors
    /// `rgb` is not `width × height × 3` bytes long, or a dimension is 0.
    pub fn from_rgb(width: u16, height: u16, rgb: &[u8]) -> Result<Self, PictureError> {
        let (columns, rows) = (usize::from(width), usize::from(height));
        if rgb.is_empty() || rgb.len() != columns * rows * 3 {
            return Err(size(columns, rows, rgb.len()));
        }
        let matrix = Matrix::of(height);
        let (luma, chroma) = plane_lengths(width, height);
        let mut data = Vec::with_capacity(luma + 2 * chroma);
        let (pixels, _) = rgb.as_chunks::<3>();
        data.extend(pixels.iter().map(|&pixel| limited(matrix.luma(pixel.map(f32::from)), 219.0, 16.0)));

        let pairs: Vec<_> =
            pixels.chunks(columns * 2).map(|rows| rows.split_at(columns.min(rows.len()))).collect();
        let mut red = Vec::with_capacity(chroma);
        for (upper, lower) in pairs {
            let lower = if lower.is_empty() { upper } else { lower };
            for (a, b) in upper.chunks(2).zip(lower.chunks(2)) {
                let count = (a.len() + b.len()) as f32;
                let mean = |channel: usize| {
                    let sum: f32 =
                        a.iter().chain(b).filter_map(|pixel| pixel.get(channel)).map(|&v| f32::from(v)).sum();
                    sum / count
                };
                let pixel = [mean(0), mean(1), mean(2)];
                let (cb, cr) = matrix.chroma(pixel);
                data.push(limited(cb, 224.0, 128.0));
                red.push(limited(cr, 224.0, 128.0));
            }
        }
        data.extend(red);
        Self::new(width, height, data)
    }

    /// Copies three planes whose rows may be padded. Chroma planes may be one row short of an odd height.
    pub(crate) fn from_planes(
        width: usize,
        height: usize,
        planes: [Plane<'_>; 3],
    ) -> Result<Self, PictureError> {
        let bytes = planes.iter().map(|(plane, _)| plane.len()).sum();
        let wrong = || size(width, height, bytes);
        let (Ok(columns), Ok(rows)) = (u16::try_from(width), u16::try_from(height)) else {
            return Err(wrong());
        };
        let (luma, chroma) = plane_lengths(columns, rows);
        let mut data = Vec::with_capacity(luma + 2 * chroma);
        let half = (width.div_ceil(2), height.div_ceil(2));
        for ((plane, stride), (width, height)) in planes.into_iter().zip([(width, height), half, half]) {
            if stride < width || width == 0 {
                return Err(wrong());
            }
            for row in plane.chunks(stride).take(height) {
                data.extend_from_slice(row.get(..width).ok_or_else(wrong)?);
            }
        }
        Self::new(columns, rows, data)
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    /// The three planes one after the other.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The three planes one after the other, without a copy.
    #[must_use]
    pub fn into_data(self) -> Vec<u8> {
        self.data
    }

    /// Luma, Cb and Cr.
    #[must_use]
    pub fn planes(&self) -> [&[u8]; 3] {
        let (luma, chroma) = plane_lengths(self.width, self.height);
        let (y, rest) = self.data.split_at_checked(luma).unwrap_or_default();
        let (u, v) = rest.split_at_checked(chroma).unwrap_or_default();
        [y, u, v]
    }
}

fn size(width: usize, height: usize, bytes: usize) -> PictureError {
    PictureError::Size { width, height, bytes }
}

/// Bytes of the luma plane and of each chroma plane.
fn plane_lengths(width: u16, height: u16) -> (usize, usize) {
    let (width, height) = (usize::from(width), usize::from(height));
    (width * height, width.div_ceil(2) * height.div_ceil(2))
}

/// How colours become luma and chroma.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Matrix {
    red: f32,
    blue: f32,
}

impl Matrix {
    /// ITU-R BT.601, section 2.5.1.
    const BT601: Self = Self { red: 0.299, blue: 0.114 };
    /// ITU-R BT.709, section 3.2.
    const BT709: Self = Self { red: 0.2126, blue: 0.0722 };

    /// The matrix of a stream of this height that describes none.
    fn of(height: u16) -> Self {
        if height < HIGH_DEFINITION { Self::BT601 } else { Self::BT709 }
    }

    /// Luma of 0 to 1 from colours of 0 to 255.
    fn luma(self, [red, green, blue]: [f32; 3]) -> f32 {
        (self.red * red + (1.0 - self.red - self.blue) * green + self.blue * blue) / 255.0
    }

    /// Cb and Cr of −0.5 to 0.5 from colours of 0 to 255.
    fn chroma(self, pixel: [f32; 3]) -> (f32, f32) {
        let [red, _, blue] = pixel.map(|value| value / 255.0);
        let luma = self.luma(pixel);
        ((blue - luma) / (2.0 * (1.0 - self.blue)), (red - luma) / (2.0 * (1.0 - self.red)))
    }
}

fn limited(value: f32, range: f32, offset: f32) -> u8 {
    (value * range + offset).round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_must_fit_the_dimensions() {
        assert!(I420::new(4, 4, vec![0; 24]).is_ok());
        assert!(I420::new(4, 4, vec![0; 23]).is_err());
        assert!(I420::new(0, 4, vec![]).is_err());
        assert!(I420::new(3, 3, vec![0; 9 + 2 * 4]).is_ok(), "odd dimensions round the chroma planes up");
    }

    #[test]
    fn padded_rows_are_packed() {
        let luma = [1, 2, 9, 9, 3, 4, 9, 9];
        let picture = I420::from_planes(2, 2, [(&luma, 4), (&[5, 9], 2), (&[6, 9], 2)]).unwrap();
        assert_eq!(picture.data(), [1, 2, 3, 4, 5, 6]);
        assert_eq!(picture.planes(), [[1, 2, 3, 4].as_slice(), &[5], &[6]]);

        assert!(
            I420::from_planes(2, 3, [(&luma, 4), (&[5, 9], 2), (&[6, 9], 2)]).is_err(),
            "rows are missing"
        );
        assert!(
            I420::from_planes(5, 2, [(&luma, 4), (&[5; 3], 3), (&[6; 3], 3)]).is_err(),
            "rows are too short"
        );
    }

    #[test]
    fn colours_have_the_values_of_the_standards() {
        // ITU-R BT.709: 100 % colour bars; BT.601 likewise.
        let of = |height: u16, pixel: [u8; 3]| {
            let rgb = pixel.repeat(2 * usize::from(height));
            let picture = I420::from_rgb(2, height, &rgb).unwrap();
            picture.planes().map(|plane| plane[0])
        };
        assert_eq!(of(720, [255, 255, 255]), [235, 128, 128]);
        assert_eq!(of(720, [0, 0, 0]), [16, 128, 128]);
        assert_eq!(of(720, [255, 0, 0]), [63, 102, 240]);
        assert_eq!(of(480, [255, 0, 0]), [81, 90, 240]);
        assert_eq!(of(480, [0, 0, 255]), [41, 240, 110]);
    }

    #[test]
    fn odd_sizes_keep_their_last_row_and_column() {
        let rgb = [200u8; 3 * 3 * 3];
        let picture = I420::from_rgb(3, 3, &rgb).unwrap();
        assert_eq!(picture.planes().map(<[u8]>::len), [9, 4, 4]);
        assert!(I420::from_rgb(3, 3, &rgb[1..]).is_err());
    }
}
