//! Stills of a call.

use jpeg_encoder::{ImageBuffer, JpegColorType, SamplingFactor};

use super::{I420, Matrix, PictureError};

/// Quality of 1 to 100: no visible artefacts in a face at the size of the history's pictures.
const QUALITY: u8 = 80;

/// Writes a JPEG (ITU-T T.81, JFIF), scaled down to `max_width` pixels where the picture is wider.
///
/// # Errors
/// `max_width` is 0.
pub fn jpeg(picture: &I420, max_width: u16) -> Result<Vec<u8>, PictureError> {
    let matrix = Matrix::of(picture.height());
    let scaled;
    let picture = if picture.width() > max_width {
        scaled = scale_down(picture, max_width)?;
        &scaled
    } else {
        picture
    };
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode_image(Jfif { picture, conversion: Conversion::from(matrix) })?;
    Ok(bytes)
}

/// Scales by the mean of the pixels that fall into each new one.
fn scale_down(picture: &I420, width: u16) -> Result<I420, PictureError> {
    let ratio = f64::from(width) / f64::from(picture.width());
    let height = ((f64::from(picture.height()) * ratio).round() as u16).max(1);
    let half = |size: u16| usize::from(size).div_ceil(2);
    let full = [
        (usize::from(picture.width()), usize::from(width)),
        (usize::from(picture.height()), usize::from(height)),
    ];
    let chroma = [(half(picture.width()), half(width)), (half(picture.height()), half(height))];
    let mut data = Vec::new();
    for (plane, [columns, rows]) in picture.planes().into_iter().zip([full, chroma, chroma]) {
        box_filter(plane, columns, rows, &mut data);
    }
    I420::new(width, height, data)
}

/// Appends `plane` to `output`, scaled from the first to the second number of `columns` and `rows`.
fn box_filter(plane: &[u8], columns: (usize, usize), rows: (usize, usize), output: &mut Vec<u8>) {
    let mut sums = vec![0u32; columns.1];
    for row in 0..rows.1 {
        let (first, last) = share(row, rows);
        sums.fill(0);
        for source in plane.chunks_exact(columns.0).take(last).skip(first) {
            for (column, sum) in sums.iter_mut().enumerate() {
                let (from, to) = share(column, columns);
                *sum += source.iter().take(to).skip(from).map(|&value| u32::from(value)).sum::<u32>();
            }
        }
        for (column, sum) in sums.iter().enumerate() {
            let (from, to) = share(column, columns);
            let count = ((last - first) * (to - from)) as u32;
            output.push(u8::try_from((sum + count / 2) / count.max(1)).unwrap_or(u8::MAX));
        }
    }
}

/// Where the old pixels that make up the new one at `index` begin and end.
fn share(index: usize, (old, new): (usize, usize)) -> (usize, usize) {
    (index * old / new, ((index + 1) * old).div_ceil(new))
}

/// A picture as JPEG wants it: full range, BT.601 (JFIF 1.02, page 3).
struct Jfif<'a> {
    picture: &'a I420,
    conversion: Conversion,
}

impl ImageBuffer for Jfif<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.picture.width()
    }

    fn height(&self) -> u16 {
        self.picture.height()
    }

    fn fill_buffers(&self, y: u16, [luma, blue, red, _]: &mut [Vec<u8>; 4]) {
        let row = usize::from(y);
        let width = usize::from(self.picture.width());
        let [y, u, v] = self.picture.planes();
        let rows = (
            y.chunks_exact(width).nth(row),
            u.chunks_exact(width.div_ceil(2)).nth(row / 2),
            v.chunks_exact(width.div_ceil(2)).nth(row / 2),
        );
        let (Some(y), Some(u), Some(v)) = rows else { return };
        for (pair, (&u, &v)) in y.chunks(2).zip(u.iter().zip(v)) {
            for &y in pair {
                let [y, cb, cr] = self.conversion.apply(y, u, v);
                luma.push(y);
                blue.push(cb);
                red.push(cr);
            }
        }
    }
}

/// From limited range in any matrix to full range in BT.601, in steps of 1/65536.
#[derive(Debug, Clone, Copy)]
struct Conversion {
    luma: [i32; 3],
    blue: [i32; 2],
    red: [i32; 2],
}

const ONE: f32 = 65_536.0;

impl From<Matrix> for Conversion {
    /// Composes YCbCr → RGB of `from` with RGB → YCbCr of BT.601; in both, luma has no part in chroma.
    fn from(from: Matrix) -> Self {
        let to = Matrix::BT601;
        let fixed = |value: f32| (value * ONE).round() as i32;
        // RGB that full Cb or Cr of the source stands for, at luma 0.
        let green = 1.0 - from.red - from.blue;
        let (blue_gain, red_gain) = (2.0 * (1.0 - from.blue), 2.0 * (1.0 - from.red));
        let of_blue = [0.0, -from.blue * blue_gain / green, blue_gain].map(|value| value * 255.0);
        let of_red = [red_gain, -from.red * red_gain / green, 0.0].map(|value| value * 255.0);
        let (range, chroma_range) = (255.0 / 219.0, 255.0 / 224.0);
        let (bb, rb) = to.chroma(of_blue);
        let (br, rr) = to.chroma(of_red);
        Self {
            luma: [
                fixed(range),
                fixed(to.luma(of_blue) * chroma_range),
                fixed(to.luma(of_red) * chroma_range),
            ],
            blue: [fixed(bb * chroma_range), fixed(br * chroma_range)],
            red: [fixed(rb * chroma_range), fixed(rr * chroma_range)],
        }
    }
}

impl Conversion {
    fn apply(self, y: u8, u: u8, v: u8) -> [u8; 3] {
        let (y, u, v) = (i32::from(y) - 16, i32::from(u) - 128, i32::from(v) - 128);
        let [ly, lu, lv] = self.luma;
        let ([bu, bv], [ru, rv]) = (self.blue, self.red);
        let round = |value: i32| ((value + 32_768) >> 16).clamp(0, 255) as u8;
        let middle = 128 << 16;
        [round(ly * y + lu * u + lv * v), round(middle + bu * u + bv * v), round(middle + ru * u + rv * v)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Width and height from the frame header (ITU-T T.81, section B.2.2).
    fn dimensions(jpeg: &[u8]) -> (u16, u16) {
        let header = jpeg.windows(4).position(|bytes| bytes[..2] == [0xff, 0xc0]).expect("a baseline frame");
        let number = |at: usize| u16::from_be_bytes([jpeg[header + at], jpeg[header + at + 1]]);
        (number(7), number(5))
    }

    #[test]
    fn a_wide_picture_is_scaled_down_and_a_narrow_one_is_not() {
        let picture = I420::from_rgb(64, 36, &[90; 64 * 36 * 3]).unwrap();
        assert_eq!(dimensions(&jpeg(&picture, 32).unwrap()), (32, 18));
        assert_eq!(dimensions(&jpeg(&picture, 33).unwrap()), (33, 19));
        assert_eq!(dimensions(&jpeg(&picture, 640).unwrap()), (64, 36));
        assert!(jpeg(&picture, 0).is_err());
    }

    #[test]
    fn scaling_takes_the_mean() {
        let mut output = Vec::new();
        box_filter(&[0, 100, 10, 10, 100, 200, 30, 30], (4, 2), (2, 1), &mut output);
        assert_eq!(output, [100, 20]);
        output.clear();
        box_filter(&[10, 20, 30], (3, 2), (1, 1), &mut output);
        assert_eq!(output, [15, 25]);
    }

    #[test]
    fn colours_come_out_as_jfif_has_them() {
        for height in [480, 720] {
            let matrix = Matrix::of(height);
            for pixel in [[255u8, 255, 255], [0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255], [40, 120, 200]]
            {
                let picture = I420::from_rgb(2, height, &pixel.repeat(2 * usize::from(height))).unwrap();
                let [y, u, v] = picture.planes().map(|plane| plane[0]);
                let found = Conversion::from(matrix).apply(y, u, v);
                let (y, u, v) = jpeg_encoder::rgb_to_ycbcr(pixel[0], pixel[1], pixel[2]);
                for (found, wanted) in found.into_iter().zip([y, u, v]) {
                    assert!(found.abs_diff(wanted) <= 2, "{pixel:?} at {height}: {found} for {wanted}");
                }
            }
        }
    }
}
