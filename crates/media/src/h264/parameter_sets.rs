use bytes::{BufMut, Bytes, BytesMut};

use super::nal::{self, START_CODE};

/// A set longer than this does not come from an encoder.
const MAX_BYTES: usize = 4_096;

/// The SPS and PPS of a stream, the latest of each id, from SDP and from the stream itself.
#[derive(Clone, Debug, Default)]
pub struct ParameterSets {
    sps: Vec<(u32, Bytes)>,
    pps: Vec<(u32, Bytes)>,
}

impl ParameterSets {
    /// Keeps a NAL unit if it is a parameter set; says whether it was one.
    pub fn keep(&mut self, unit: &Bytes) -> bool {
        // seq_parameter_set_id follows profile, constraints and level; pic_parameter_set_id is first (ITU-T H.264
        // sections 7.3.2.1.1 and 7.3.2.2).
        let (list, id, limit) = match nal::kind(unit) {
            nal::SPS => (&mut self.sps, unit.get(4..).and_then(exp_golomb), 31),
            nal::PPS => (&mut self.pps, unit.get(1..).and_then(exp_golomb), 255),
            _ => return false,
        };
        let Some(id) = id.filter(|id| *id <= limit && unit.len() <= MAX_BYTES) else {
            return true;
        };
        match list.iter_mut().find(|(known, _)| *known == id) {
            Some((_, known)) => *known = unit.clone(),
            None => list.push((id, unit.clone())),
        }
        true
    }

    /// Whether a decoder could begin: there is at least one of each.
    pub fn complete(&self) -> bool {
        !self.sps.is_empty() && !self.pps.is_empty()
    }

    /// All sets in Annex B form, SPS first.
    pub fn annex_b(&self) -> BytesMut {
        let mut out = BytesMut::new();
        for (_, set) in self.sps.iter().chain(&self.pps) {
            out.put_slice(&START_CODE);
            out.put_slice(set);
        }
        out
    }
}

/// Reads an unsigned Exp-Golomb number (ITU-T H.264 section 9.1) of at most 17 bits from the front.
fn exp_golomb(bytes: &[u8]) -> Option<u32> {
    let mut window = [0; 4];
    for (to, from) in window.iter_mut().zip(bytes) {
        *to = *from;
    }
    let bits = u32::from_be_bytes(window);
    let zeros = bits.leading_zeros();
    if zeros > 8 || bytes.len() * 8 < (2 * zeros + 1) as usize {
        return None;
    }
    Some((bits >> (31 - 2 * zeros)) - 1)
}
