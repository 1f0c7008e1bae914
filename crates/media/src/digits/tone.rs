use std::f64::consts::TAU;

use crate::audio::{Block, RATE};

/// Frequencies of the keypad's rows, in Hz (ITU-T Q.23).
const ROWS: [f64; 4] = [697.0, 770.0, 852.0, 941.0];
/// Frequencies of the keypad's columns, in Hz.
const COLUMNS: [f64; 4] = [1_209.0, 1_336.0, 1_477.0, 1_633.0];
/// The keys, row by row, as event codes.
const KEYS: [[u8; 4]; 4] = [[1, 2, 3, 12], [4, 5, 6, 13], [7, 8, 9, 14], [10, 0, 11, 15]];
/// Amplitude of each of the two tones: −9 dBm0 each, within the range of ITU-T Q.24.
const AMPLITUDE: f64 = 8_200.0;

/// The sound of a key, block by block.
#[derive(Clone, Debug)]
pub struct Tone {
    low: f64,
    high: f64,
    sample: u32,
}

impl Tone {
    /// The sound of the key with this event code, 0 to 15.
    pub fn new(code: u8) -> Option<Self> {
        ROWS.into_iter().zip(KEYS).find_map(|(low, keys)| {
            let high = COLUMNS.into_iter().zip(keys).find(|(_, key)| *key == code)?.0;
            Some(Self { low, high, sample: 0 })
        })
    }

    /// The next 20 ms.
    pub fn block(&mut self) -> Block {
        std::array::from_fn(|_| {
            let time = f64::from(self.sample) / f64::from(RATE);
            self.sample += 1;
            (AMPLITUDE * ((TAU * self.low * time).sin() + (TAU * self.high * time).sin())) as i16
        })
    }
}
