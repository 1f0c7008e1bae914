//! What the camera sees: a visitor at the door, a lamp that breathes and a car that drives by.

use thiserror::Error;
use vestibule_media::picture::PictureError;

use crate::burn::{self, Stamp};
use crate::canvas::{Area, Canvas, Colour, HEIGHT, WIDTH};
use crate::caption;

/// Frames in a second.
pub const FRAME_RATE: u32 = 25;

/// Edge of a patch, in pixels: whole macroblocks, so that its middle keeps its colour.
pub const PATCH: usize = 64;

/// A flat square in a corner, for checks of what is on a screen. After coding, and with the BT.709 matrix applied, its
/// middle is within 12 of `rgb` in each channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Left edge in the picture of 1280×720.
    pub x: usize,
    /// Upper edge.
    pub y: usize,
    /// Red, green and blue of full range.
    pub rgb: [u8; 3],
}

/// The patches: red upper left, green upper right (both right under the strip of [`burn`]), blue lower left, yellow
/// lower right.
pub const PATCHES: [Patch; 4] = [
    Patch { x: 0, y: burn::BLOCK, rgb: [208, 48, 48] },
    Patch { x: WIDTH - PATCH, y: burn::BLOCK, rgb: [48, 160, 72] },
    Patch { x: 0, y: HEIGHT - PATCH, rgb: [48, 80, 200] },
    Patch { x: WIDTH - PATCH, y: HEIGHT - PATCH, rgb: [224, 192, 48] },
];

static DOOR: &[u8] = include_bytes!("../../../assets/door-scene.png");

const LAMP: (usize, usize) = (62, 214);
const LAMP_RADIUS: usize = 140;
/// Frames from bright to bright.
const LAMP_PERIOD: u32 = 100;
/// How much the lamp adds to the luma in its middle when it is brightest.
const LAMP_GAIN: f32 = 40.0;

/// Rows of the street, and what of them the car may cover.
const STREET: std::ops::Range<usize> = 496..548;
const CAR_WIDTH: usize = 128;
const CAR_SPEED: usize = 6;
/// Frames from one car to the next.
const CAR_PERIOD: u32 = 320;

/// The still picture was not what it has to be.
#[derive(Debug, Error)]
pub enum SceneError {
    /// It is no PNG.
    #[error("the scene cannot be decoded")]
    Png(#[from] png::DecodingError),
    /// It has another size or colour type.
    #[error("the scene is {0}×{1} {2:?}, not 1280×720 RGB or RGBA")]
    Shape(u32, u32, png::ColorType),
    /// Its pixels are not as many as they should be.
    #[error("the scene cannot be converted")]
    Picture(#[from] PictureError),
}

/// The scene, decoded once.
#[derive(Debug)]
pub struct Scene {
    still: Canvas,
    /// Pixels around the lamp, with their share of its light.
    glow: Vec<(usize, usize, f32)>,
    /// Pixels of the bare street: what stands before it also stands before the car.
    street: Vec<(usize, usize)>,
}

impl Scene {
    /// The scene of the demo, which is part of the binary.
    pub fn door() -> Result<Self, SceneError> {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(DOOR));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let mut pixels = vec![0; reader.output_buffer_size().unwrap_or(0)];
        let info = reader.next_frame(&mut pixels)?;
        let channels = match (info.width, info.height, info.color_type) {
            (1280, 720, png::ColorType::Rgb) => 3,
            (1280, 720, png::ColorType::Rgba) => 4,
            (width, height, colour) => return Err(SceneError::Shape(width, height, colour)),
        };
        let rgb: Vec<u8> =
            pixels.chunks_exact(channels).flat_map(|pixel| pixel.iter().take(3).copied()).collect();
        Self::from_rgb(&rgb)
    }

    fn from_rgb(rgb: &[u8]) -> Result<Self, SceneError> {
        let mut still = Canvas::from_rgb(rgb)?;
        for patch in PATCHES {
            let area = Area { x: patch.x, y: patch.y, width: PATCH, height: PATCH };
            still.fill(area, Colour::from_rgb(patch.rgb));
        }
        let near = |y: usize| (0..LAMP.0 + LAMP_RADIUS).map(move |x| (x, y));
        let glow = (LAMP.1 - LAMP_RADIUS + 8..LAMP.1 + LAMP_RADIUS)
            .flat_map(near)
            .filter_map(|(x, y)| {
                let (dx, dy) = (x.abs_diff(LAMP.0) as f32, y.abs_diff(LAMP.1) as f32);
                let share = 1.0 - dx.hypot(dy) / LAMP_RADIUS as f32;
                (share > 0.0).then_some((x, y, share * share))
            })
            .collect();
        let street = STREET
            .flat_map(|y| (0..WIDTH).map(move |x| (x, y)))
            .filter(|(x, y)| is_street(still.colour(*x, *y)));
        let street = street.collect();
        Ok(Self { still, glow, street })
    }

    /// Draws the frame that the stamp names.
    pub fn draw(&self, stamp: Stamp) -> Canvas {
        let mut canvas = self.still.clone();
        self.light(stamp.frame, &mut canvas);
        self.drive(stamp.frame, &mut canvas);
        caption::write(&mut canvas, PATCH + 16, burn::BLOCK + 16, stamp);
        burn::write(&mut canvas, stamp);
        canvas
    }

    fn light(&self, frame: u32, canvas: &mut Canvas) {
        let turn = (frame % LAMP_PERIOD) as f32 / LAMP_PERIOD as f32;
        let gain = LAMP_GAIN * 0.5 * (1.0 - (turn * std::f32::consts::TAU).cos());
        for &(x, y, share) in &self.glow {
            let lit = f32::from(self.still.luma(x, y)) + gain * share;
            canvas.set_luma(x, y, lit.clamp(16.0, 235.0) as u8);
        }
    }

    fn drive(&self, frame: u32, canvas: &mut Canvas) {
        let Ok(step) = usize::try_from(frame % CAR_PERIOD) else {
            return;
        };
        let front = step * CAR_SPEED;
        for &(x, y) in &self.street {
            let along = (x + CAR_WIDTH).checked_sub(front);
            if let Some(colour) = along.filter(|at| *at < CAR_WIDTH).and_then(|at| car(at, y)) {
                canvas.set(x, y, colour);
            }
        }
    }
}

/// Grey of the middle range; coat, wall, bicycle and door are darker or have a colour.
fn is_street(colour: Colour) -> bool {
    (125..=215).contains(&colour.y) && colour.cb.abs_diff(128) <= 10 && colour.cr.abs_diff(128) <= 10
}

/// The colour of the car at a distance from its tail, if it is there at all.
fn car(along: usize, y: usize) -> Option<Colour> {
    let wheel = |centre: usize| along.abs_diff(centre).pow(2) + y.abs_diff(537).pow(2) <= 81;
    if wheel(28) || wheel(100) {
        return Some(Colour::from_rgb([38, 40, 46]));
    }
    match (along, y) {
        (122.., 518..526) => Some(Colour::from_rgb([255, 236, 190])),
        (..4, 518..526) => Some(Colour::from_rgb([190, 40, 40])),
        (_, 514..538) => Some(Colour::from_rgb([150, 52, 56])),
        (32..92, 502..514) => Some(Colour::from_rgb([70, 84, 104])),
        (28..96, 498..514) => Some(Colour::from_rgb([150, 52, 56])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(frame: u32) -> Canvas {
        Scene::door().unwrap().draw(Stamp { frame, unix_ms: 1_795_328_725_123 })
    }

    #[test]
    fn the_patches_are_in_the_corners_of_every_frame() {
        for frame in [0, 50, 160] {
            let canvas = drawn(frame);
            for patch in PATCHES {
                for (x, y) in [(patch.x, patch.y), (patch.x + PATCH - 1, patch.y + PATCH - 1)] {
                    assert_eq!(
                        canvas.colour(x, y),
                        Colour::from_rgb(patch.rgb),
                        "{patch:?} in frame {frame}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_lamp_breathes() {
        assert!(drawn(50).luma(100, 214) > drawn(0).luma(100, 214) + 10);
        assert_eq!(drawn(100).luma(100, 214), drawn(0).luma(100, 214));
    }

    #[test]
    fn the_car_drives_behind_the_visitor() {
        // At frame 60 the car's body spans x = 232…360, at frame 128 x = 640…768, where the visitor stands.
        assert_ne!(drawn(60).colour(240, 530), drawn(0).colour(240, 530));
        assert_eq!(drawn(128).colour(700, 530), drawn(0).colour(700, 530));
    }
}
