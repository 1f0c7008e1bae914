//! A stamp in the picture that a program can read back after coding and decoding.
//!
//! The uppermost row of macroblocks holds 80 blocks of 16×16 pixels, black for 0 and white for 1: the frame counter
//! (32 bits), the wall clock (42 bits) and a checksum (6 bits), each with its highest bit on the left. Whole
//! macroblocks of one luma cost an encoder next to nothing and stay far from the threshold at any sensible bit rate.

use crate::canvas::{Area, Canvas, Colour, WIDTH};

/// Edge of a block in the picture as it is sent, in pixels.
pub const BLOCK: usize = 16;
/// Blocks in the strip.
pub const BITS: usize = WIDTH / BLOCK;

const CLOCK_BITS: u32 = 42;
const CHECK_BITS: u32 = 6;

/// What is burnt into a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Number of the frame since the camera was switched on.
    pub frame: u32,
    /// When it was drawn: milliseconds since 1970-01-01T00:00:00Z, below 2⁴² (the year 2109).
    pub unix_ms: u64,
}

impl Stamp {
    fn to_bits(self) -> u128 {
        let payload =
            u128::from(self.frame) << CLOCK_BITS | u128::from(self.unix_ms & ((1 << CLOCK_BITS) - 1));
        payload << CHECK_BITS | u128::from(checksum(payload))
    }

    fn from_bits(bits: u128) -> Option<Self> {
        let payload = bits >> CHECK_BITS;
        if u128::from(checksum(payload)) != bits & ((1 << CHECK_BITS) - 1) {
            return None;
        }
        let frame = u32::try_from(payload >> CLOCK_BITS).ok()?;
        let unix_ms = u64::try_from(payload & ((1 << CLOCK_BITS) - 1)).ok()?;
        Some(Self { frame, unix_ms })
    }
}

/// Paints the strip over the uppermost 16 rows.
pub fn write(canvas: &mut Canvas, stamp: Stamp) {
    let bits = stamp.to_bits();
    for block in 0..BITS {
        let colour = if bits >> (BITS - 1 - block) & 1 == 1 { Colour::WHITE } else { Colour::BLACK };
        canvas.fill(Area { x: block * BLOCK, y: 0, width: BLOCK, height: BLOCK }, colour);
    }
}

/// Reads the strip of a picture that was decoded.
///
/// `luma` is the luma plane, row by row without padding, or a whole packed I420 picture; `width` is its width in
/// pixels. The picture may have been scaled with its proportions kept, down to 320 pixels. `None` when some block is
/// neither black nor white or the checksum is wrong: then this is no picture of ours.
pub fn read(luma: &[u8], width: usize) -> Option<Stamp> {
    let edge = width / BITS;
    if edge < 4 {
        return None;
    }
    let mut bits = 0_u128;
    for block in 0..BITS {
        // The rim of a block is left out: that is where deblocking and scaling blur it.
        let left = (2 * block + 1) * width / (2 * BITS) - edge / 4;
        let (mut sum, mut count) = (0_u32, 0_u32);
        for y in edge / 4..edge - edge / 4 {
            for sample in luma.get(y * width + left..y * width + left + edge / 2)? {
                sum += u32::from(*sample);
                count += 1;
            }
        }
        let bit = match sum.checked_div(count)? {
            0..=80 => 0,
            170.. => 1,
            _ => return None,
        };
        bits = bits << 1 | bit;
    }
    Stamp::from_bits(bits)
}

/// CRC-6 of ITU-T G.704 (x⁶ + x + 1) over the 74 bits, begun with all ones so that an all black strip is not valid.
fn checksum(payload: u128) -> u8 {
    let mut crc = 0x3f_u8;
    for at in (0..32 + CLOCK_BITS).rev() {
        let bit = u8::from(payload >> at & 1 == 1);
        let carry = (crc >> 5 & 1) ^ bit;
        crc = (crc << 1 & 0x3f) ^ (carry * 0x03);
    }
    crc
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAMP: Stamp = Stamp { frame: 4_000_000_123, unix_ms: 1_795_328_725_123 };

    #[test]
    fn reads_what_it_wrote() {
        for stamp in
            [STAMP, Stamp { frame: 0, unix_ms: 0 }, Stamp { frame: u32::MAX, unix_ms: (1 << 42) - 1 }]
        {
            let mut canvas = Canvas::black();
            write(&mut canvas, stamp);
            assert_eq!(read(canvas.as_bytes(), WIDTH), Some(stamp));
        }
    }

    #[test]
    fn reads_a_picture_of_half_the_size() {
        let mut canvas = Canvas::black();
        write(&mut canvas, STAMP);
        let half: Vec<u8> = (0..360)
            .flat_map(|y| (0..640).map(move |x| (x, y)))
            .map(|(x, y)| canvas.luma(2 * x, 2 * y))
            .collect();
        assert_eq!(read(&half, 640), Some(STAMP));
    }

    #[test]
    fn takes_no_other_picture_for_its_own() {
        assert_eq!(read(Canvas::black().as_bytes(), WIDTH), None);
        assert_eq!(read(&[128; WIDTH * 16], WIDTH), None);
        assert_eq!(read(&[], WIDTH), None);
        assert_eq!(read(&[16; 100], 1), None);
    }

    #[test]
    fn a_flipped_block_is_noticed() {
        for block in 0..BITS {
            let mut canvas = Canvas::black();
            write(&mut canvas, STAMP);
            let was = canvas.luma(block * BLOCK, 0);
            let colour = if was == 16 { Colour::WHITE } else { Colour::BLACK };
            canvas.fill(Area { x: block * BLOCK, y: 0, width: BLOCK, height: BLOCK }, colour);
            assert_eq!(read(canvas.as_bytes(), WIDTH), None, "block {block}");
        }
    }
}
