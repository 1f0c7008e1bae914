//! I420 pictures to the RGBA that a canvas takes.

/// Converts one packed I420 picture (planes Y, U, V; U and V of half the size, rounded up) to RGBA.
///
/// BT.601 in studio range, which is what H.264 means where it does not say otherwise, in fixed point with 8 bits.
/// `None` when the picture has fewer bytes than its size asks for, or no size.
pub(crate) fn rgba(width: usize, height: usize, picture: &[u8]) -> Option<Vec<u8>> {
    if width == 0 || height == 0 {
        return None;
    }
    let chroma_width = width.div_ceil(2);
    let chroma_len = chroma_width * height.div_ceil(2);
    let (luma, chroma) = picture.split_at_checked(width * height)?;
    let (u, v) = chroma.split_at_checked(chroma_len)?;
    let v = v.get(..chroma_len)?;

    let mut out = Vec::with_capacity(width * height * 4);
    for (row, line) in luma.chunks_exact(width).enumerate() {
        let start = (row / 2) * chroma_width;
        let u_line = u.get(start..start + chroma_width)?;
        let v_line = v.get(start..start + chroma_width)?;
        for ((pair, u), v) in line.chunks(2).zip(u_line).zip(v_line) {
            let (u, v) = (i32::from(*u) - 128, i32::from(*v) - 128);
            let (red, green, blue) = (409 * v + 128, 128 - 100 * u - 208 * v, 516 * u + 128);
            for y in pair {
                let y = 298 * (i32::from(*y) - 16);
                out.extend_from_slice(&[channel(y + red), channel(y + green), channel(y + blue), 255]);
            }
        }
    }
    Some(out)
}

fn channel(scaled: i32) -> u8 {
    u8::try_from((scaled >> 8).clamp(0, 255)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One colour over 3 × 3 pixels, which has odd edges on both sides.
    fn flat(y: u8, u: u8, v: u8) -> Vec<u8> {
        [vec![y; 9], vec![u; 4], vec![v; 4]].concat()
    }

    #[test]
    fn known_colours_come_out() {
        for (y, u, v, expected) in [
            (16, 128, 128, [0, 0, 0]),
            (235, 128, 128, [255, 255, 255]),
            (81, 90, 240, [255, 0, 0]),
            (145, 54, 34, [0, 255, 0]),
            (41, 240, 110, [0, 0, 255]),
        ] {
            let out = rgba(3, 3, &flat(y, u, v)).unwrap();
            assert_eq!(out.len(), 36);
            for pixel in out.chunks(4) {
                for (got, wanted) in pixel.iter().zip(expected) {
                    assert!(got.abs_diff(wanted) <= 2, "{pixel:?} is not {expected:?}");
                }
                assert_eq!(pixel[3], 255);
            }
        }
    }

    #[test]
    fn each_chroma_sample_covers_its_own_square() {
        // Left half grey, right half red, 4 × 2.
        let picture = [[81; 8].as_slice(), &[128, 90], &[128, 240]].concat();
        let out = rgba(4, 2, &picture).unwrap();
        let pixel = |x: usize, y: usize| [out[(y * 4 + x) * 4], out[(y * 4 + x) * 4 + 1]];
        assert_eq!(pixel(1, 1), pixel(0, 0));
        assert!(pixel(1, 0)[1] > 60 && pixel(2, 0)[1] < 5 && pixel(3, 1)[0] > 250);
    }

    #[test]
    fn a_short_picture_is_refused() {
        let mut picture = flat(16, 128, 128);
        picture.pop();
        assert_eq!(rgba(3, 3, &picture), None);
        assert_eq!(rgba(0, 3, &picture), None);
        assert_eq!(rgba(1000, 1000, &picture), None);
    }
}
