//! Digits in the picture that a person can read.

use crate::burn::Stamp;
use crate::canvas::{Area, Canvas, Colour};

/// Edge of one dot of a letter, in pixels.
const DOT: usize = 3;
/// From one letter to the next, in dots.
const ADVANCE: usize = 6;
const ROWS: usize = 7;
const MARGIN: usize = 6;

/// Writes time of day (UTC) and frame counter on a black panel whose upper left corner is given.
pub(crate) fn write(canvas: &mut Canvas, x: usize, y: usize, stamp: Stamp) {
    let text = text(stamp);
    let width = text.chars().count() * ADVANCE * DOT + 2 * MARGIN;
    canvas.fill(Area { x, y, width, height: ROWS * DOT + 2 * MARGIN }, Colour::BLACK);
    for (index, letter) in text.chars().enumerate() {
        let left = x + MARGIN + index * ADVANCE * DOT;
        for (row, dots) in glyph(letter).into_iter().enumerate() {
            for column in (0..5).filter(|column| dots >> (4 - column) & 1 == 1) {
                let dot = Area { x: left + column * DOT, y: y + MARGIN + row * DOT, width: DOT, height: DOT };
                canvas.fill(dot, Colour::WHITE);
            }
        }
    }
}

fn text(stamp: Stamp) -> String {
    let (seconds, ms) = (stamp.unix_ms / 1000, stamp.unix_ms % 1000);
    let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}.{ms:03} #{:06}", seconds % 60, stamp.frame)
}

/// Seven rows of five dots each, the leftmost in bit 4.
fn glyph(letter: char) -> [u8; ROWS] {
    match letter {
        '0' => [0x0e, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0e],
        '1' => [0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e],
        '2' => [0x0e, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1f],
        '3' => [0x1f, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0e],
        '4' => [0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02],
        '5' => [0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e],
        '6' => [0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e],
        '7' => [0x1f, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08],
        '8' => [0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e],
        '9' => [0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c],
        ':' => [0x00, 0x04, 0x04, 0x00, 0x04, 0x04, 0x00],
        '.' => [0x00, 0x00, 0x00, 0x00, 0x00, 0x0c, 0x0c],
        '#' => [0x0a, 0x0a, 0x1f, 0x0a, 0x1f, 0x0a, 0x0a],
        _ => [0; ROWS],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_time_of_day_and_the_frame() {
        let stamp = Stamp { frame: 42, unix_ms: 86_400_000 * 20_000 + 3_723_004 };
        assert_eq!(text(stamp), "01:02:03.004 #000042");
    }

    #[test]
    fn every_letter_of_it_has_a_shape() {
        assert!("0123456789:.#".chars().all(|letter| glyph(letter) != [0; ROWS]));
    }
}
