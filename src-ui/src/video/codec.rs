//! The name of an H.264 stream for WebCodecs, read from its sequence parameter set.

/// NAL unit type of a sequence parameter set (H.264 table 7-1).
const SPS: u8 = 7;

/// `avc1.PPCCLL` (RFC 6381 section 3.3): profile, constraint flags and level, the first three bytes of the first
/// sequence parameter set in an Annex B access unit. `None` where there is no such set.
pub(crate) fn codec_string(access_unit: &[u8]) -> Option<String> {
    access_unit.windows(7).find_map(|window| match *window {
        [0, 0, 1, header, profile, constraints, level] if header & 0x1f == SPS => {
            Some(format!("avc1.{profile:02X}{constraints:02X}{level:02X}"))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_profile_constraints_and_level() {
        // An access unit delimiter, then a Constrained Baseline 3.1 sequence parameter set.
        let unit = [0, 0, 0, 1, 9, 0xf0, 0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1f, 0xd9];
        assert_eq!(codec_string(&unit).as_deref(), Some("avc1.42C01F"));
        let high = [0, 0, 1, 0x27, 0x64, 0x00, 0x28, 0xac];
        assert_eq!(codec_string(&high).as_deref(), Some("avc1.640028"));
    }

    #[test]
    fn a_unit_without_a_parameter_set_has_no_name() {
        assert_eq!(codec_string(&[0, 0, 0, 1, 0x41, 0x9a, 0x24, 0x6c, 0x41]), None);
        assert_eq!(codec_string(&[0, 0, 1, 0x67, 0x42]), None);
        assert_eq!(codec_string(&[]), None);
    }
}
