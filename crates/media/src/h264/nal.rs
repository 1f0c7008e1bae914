use bytes::Bytes;

/// What goes before a NAL unit in Annex B form.
pub(super) const START_CODE: [u8; 4] = [0, 0, 0, 1];

/// Coded slice of a non-IDR picture; 2 to 4 are its data partitions.
pub(super) const SLICE: u8 = 1;
/// Coded slice of an IDR picture.
pub(super) const IDR: u8 = 5;
/// Sequence parameter set.
pub(super) const SPS: u8 = 7;
/// Picture parameter set.
pub(super) const PPS: u8 = 8;
/// Access unit delimiter.
pub(super) const DELIMITER: u8 = 9;

/// `nal_unit_type` (ITU-T H.264 section 7.4.1); 0, which is unspecified, for nothing.
pub(super) fn kind(nal: &[u8]) -> u8 {
    nal.first().map_or(0, |header| header & 0x1f)
}

/// Whether the unit holds coded picture data.
pub(super) fn is_slice(nal: &[u8]) -> bool {
    (SLICE..=IDR).contains(&kind(nal))
}

/// Whether a slice is the first of its picture in raster order: `first_mb_in_slice` is 0, which is a single set bit
/// (ITU-T H.264 section 7.3.3).
pub(super) fn begins_picture(slice: &[u8]) -> bool {
    slice.get(1).is_some_and(|byte| byte & 0x80 != 0)
}

/// The NAL units of an Annex B byte stream, without start codes and trailing zeros.
pub fn split_annex_b(stream: &Bytes) -> Vec<Bytes> {
    let mut units = Vec::new();
    let mut begin: Option<usize> = None;
    let mut zeros = 0_usize;
    for (at, byte) in stream.iter().enumerate() {
        match byte {
            0 => zeros += 1,
            1 if zeros >= 2 => {
                if let Some(begin) = begin {
                    push(&mut units, stream, begin, at - zeros);
                }
                begin = Some(at + 1);
                zeros = 0;
            }
            _ => zeros = 0,
        }
    }
    if let Some(begin) = begin {
        push(&mut units, stream, begin, stream.len() - zeros);
    }
    units
}

fn push(units: &mut Vec<Bytes>, stream: &Bytes, begin: usize, end: usize) {
    if begin < end && end <= stream.len() {
        units.push(stream.slice(begin..end));
    }
}
