//! A picture that can be drawn on.

/// Width of the intercom's picture, in pixels.
pub const WIDTH: usize = 1280;
/// Height of the intercom's picture, in pixels.
pub const HEIGHT: usize = 720;

const LUMA: usize = WIDTH * HEIGHT;
const CHROMA: usize = LUMA / 4;

/// A colour in BT.601 limited range: luma 16 to 235, chroma 16 to 240 around 128.
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
    pub const BLACK: Self = Self {
        y: 16,
        cb: 128,
        cr: 128,
    };
    /// White.
    pub const WHITE: Self = Self {
        y: 235,
        cb: 128,
        cr: 128,
    };

    /// From red, green and blue of full range (ITU-R BT.601-7 section 2.5, in 8 bits).
    pub fn from_rgb([r, g, b]: [u8; 3]) -> Self {
        let sum = |base: i32, kr: i32, kg: i32, kb: i32| {
            let scaled = kr * i32::from(r) + kg * i32::from(g) + kb * i32::from(b);
            u8::try_from((base + (scaled + 128) / 256).clamp(0, 255)).unwrap_or(u8::MAX)
        };
        Self {
            y: sum(16, 66, 129, 25),
            cb: sum(128, -38, -74, 112),
            cr: sum(128, 112, -94, -18),
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

    /// From red, green and blue bytes, row by row; what is missing stays black.
    pub fn from_rgb(rgb: &[u8]) -> Self {
        let mut canvas = Self::black();
        let pixel = |x: usize, y: usize| match rgb.get((y * WIDTH + x) * 3..(y * WIDTH + x) * 3 + 3) {
            Some(&[r, g, b]) => [r, g, b],
            _ => [0; 3],
        };
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                canvas.put(y * WIDTH + x, Colour::from_rgb(pixel(x, y)).y);
            }
        }
        for y in (0..HEIGHT).step_by(2) {
            for x in (0..WIDTH).step_by(2) {
                let four = [pixel(x, y), pixel(x + 1, y), pixel(x, y + 1), pixel(x + 1, y + 1)];
                let mean = std::array::from_fn(|channel| {
                    let sum: u16 = four
                        .iter()
                        .filter_map(|p| p.get(channel))
                        .map(|v| u16::from(*v))
                        .sum();
                    u8::try_from((sum + 2) / 4).unwrap_or(u8::MAX)
                });
                let colour = Colour::from_rgb(mean);
                canvas.put(Self::chroma_at(x, y), colour.cb);
                canvas.put(Self::chroma_at(x, y) + CHROMA, colour.cr);
            }
        }
        canvas
    }

    /// The picture as packed I420.
    pub fn as_bytes(&self) -> &[u8] {
        &self.data
    }

    /// The picture as packed I420, handed over.
    pub fn into_bytes(self) -> Vec<u8> {
        self.data
    }

    /// Takes over the other picture.
    pub fn copy_from(&mut self, other: &Canvas) {
        self.data.clone_from(&other.data);
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
        Colour {
            y: self.luma(x, y),
            cb: chroma(at),
            cr: chroma(at + CHROMA),
        }
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
    fn converts_as_bt601_says() {
        // The corners of the colour cube, from the table of BT.601 in limited range.
        for (rgb, y, cb, cr) in [
            ([0, 0, 0], 16, 128, 128),
            ([255, 255, 255], 235, 128, 128),
            ([255, 0, 0], 82, 90, 240),
            ([0, 255, 0], 145, 54, 34),
            ([0, 0, 255], 41, 240, 110),
        ] {
            let colour = Colour::from_rgb(rgb);
            for (ours, theirs) in [(colour.y, y), (colour.cb, cb), (colour.cr, cr)] {
                assert!(ours.abs_diff(theirs) <= 1, "{rgb:?}: {colour:?}");
            }
        }
    }

    #[test]
    fn paints_inside_of_the_picture_only() {
        let mut canvas = Canvas::black();
        let red = Colour::from_rgb([255, 0, 0]);
        canvas.fill(
            Area {
                x: 1270,
                y: 710,
                width: 100,
                height: 100,
            },
            red,
        );
        assert_eq!(canvas.colour(1279, 719), red);
        assert_eq!(canvas.colour(0, 711), Colour::BLACK);
        assert_eq!(canvas.as_bytes().len(), 1280 * 720 * 3 / 2);
    }
}
