//! A picture that can be drawn on.

use vestibule_media::picture::{I420, PictureError};

/// Width of the intercom's picture, in pixels.
pub const WIDTH: usize = 1280;
/// Height of the intercom's picture, in pixels.
pub const HEIGHT: usize = 720;

const LUMA: usize = WIDTH * HEIGHT;
const CHROMA: usize = LUMA / 4;

/// A colour in BT.709 limited range, as pictures of 720 rows have it: luma 16 to 235, chroma 16 to 240 around 128.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// Luma.
    pub y: u8,
    /// Blue difference.
    pub cb: u8,
    /// Red difference.
    pub cr: u8,
}

impl Colour {
    /// Black.
    pub const BLACK: Self = Self { y: 16, cb: 128, cr: 128 };
    /// White.
    pub const WHITE: Self = Self { y: 235, cb: 128, cr: 128 };

    /// From red, green and blue of full range (ITU-R BT.709-6 sections 3 and 4, in 8 bits).
    pub fn from_rgb(rgb: [u8; 3]) -> Self {
        let [r, g, b] = rgb.map(|value| f32::from(value) / 255.0);
        let luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        let limited =
            |value: f32, range: f32, zero: f32| (value * range + zero).round().clamp(0.0, 255.0) as u8;
        Self {
            y: limited(luma, 219.0, 16.0),
            cb: limited((b - luma) / 1.8556, 224.0, 128.0),
            cr: limited((r - luma) / 1.5748, 224.0, 128.0),
        }
    }
}

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Left edge.
    pub x: usize,
    /// Upper edge.
    pub y: usize,
    /// Width.
    pub width: usize,
    /// Height.
    pub height: usize,
}

/// A picture of [`WIDTH`] by [`HEIGHT`] pixels as packed I420: luma, then both chroma planes of half the size.
#[derive(Clone, Debug)]
pub struct Canvas {
    data: Vec<u8>,
}

impl Canvas {
    /// An all black picture.
    pub fn black() -> Self {
        let mut data = vec![Colour::BLACK.y; LUMA];
        data.resize(LUMA + 2 * CHROMA, Colour::BLACK.cb);
        Self { data }
    }

    /// From interleaved red, green and blue of full range, [`WIDTH`] times [`HEIGHT`] pixels.
    ///
    /// # Errors
    /// There are fewer or more bytes.
    pub fn from_rgb(rgb: &[u8]) -> Result<Self, PictureError> {
        let picture = I420::from_rgb(WIDTH as u16, HEIGHT as u16, rgb)?;
        Ok(Self { data: picture.into_data() })
    }

    /// The picture as packed I420.
    pub fn as_bytes(&self) -> &[u8] {
        &self.data
    }

    /// The picture as the encoder takes it.
    ///
    /// # Errors
    /// None in practice: the planes always fit.
    pub fn into_picture(self) -> Result<I420, PictureError> {
        I420::new(WIDTH as u16, HEIGHT as u16, self.data)
    }

    /// Luma at a pixel; black outside of the picture.
    pub fn luma(&self, x: usize, y: usize) -> u8 {
        if x < WIDTH {
            self.data.get(y * WIDTH + x).copied().unwrap_or(Colour::BLACK.y)
        } else {
            Colour::BLACK.y
        }
    }

    /// The colour at a pixel; black outside of the picture.
    pub fn colour(&self, x: usize, y: usize) -> Colour {
        if x >= WIDTH || y >= HEIGHT {
            return Colour::BLACK;
        }
        let chroma = |at| self.data.get(at).copied().unwrap_or(128);
        let at = Self::chroma_at(x, y);
        Colour { y: self.luma(x, y), cb: chroma(at), cr: chroma(at + CHROMA) }
    }

    /// Sets the luma of a pixel; nothing happens outside of the picture.
    pub fn set_luma(&mut self, x: usize, y: usize, luma: u8) {
        if x < WIDTH && y < HEIGHT {
            self.put(y * WIDTH + x, luma);
        }
    }

    /// Paints a pixel; its chroma is shared with its three neighbours.
    pub fn set(&mut self, x: usize, y: usize, colour: Colour) {
        if x >= WIDTH || y >= HEIGHT {
            return;
        }
        self.put(y * WIDTH + x, colour.y);
        self.put(Self::chroma_at(x, y), colour.cb);
        self.put(Self::chroma_at(x, y) + CHROMA, colour.cr);
    }

    /// Fills a rectangle.
    pub fn fill(&mut self, area: Area, colour: Colour) {
        for y in area.y..area.y + area.height {
            for x in area.x..area.x + area.width {
                self.set(x, y, colour);
            }
        }
    }

    fn chroma_at(x: usize, y: usize) -> usize {
        LUMA + y / 2 * (WIDTH / 2) + x / 2
    }

    fn put(&mut self, at: usize, value: u8) {
        if let Some(sample) = self.data.get_mut(at) {
            *sample = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_a_converted_picture() {
        for rgb in [[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255], [208, 48, 48]] {
            let canvas = Canvas::from_rgb(&rgb.repeat(WIDTH * HEIGHT)).unwrap();
            assert_eq!(canvas.colour(640, 360), Colour::from_rgb(rgb), "{rgb:?}");
        }
    }

    #[test]
    fn paints_inside_of_the_picture_only() {
        let mut canvas = Canvas::black();
        let red = Colour::from_rgb([255, 0, 0]);
        canvas.fill(Area { x: 1270, y: 710, width: 100, height: 100 }, red);
        assert_eq!(canvas.colour(1279, 719), red);
        assert_eq!(canvas.colour(0, 711), Colour::BLACK);
        assert_eq!(canvas.as_bytes().len(), 1280 * 720 * 3 / 2);
    }
}
