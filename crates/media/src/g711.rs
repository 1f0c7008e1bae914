//! G.711, octet by octet (ITU-T G.711; RFC 3551 section 4.5.14).

use audio_codec_algorithms::{decode_alaw, decode_ulaw, encode_alaw, encode_ulaw};
use vestibule_model::AudioCodec;

/// One sample of 16-bit PCM.
pub fn decode(codec: AudioCodec, octet: u8) -> i16 {
    match codec {
        AudioCodec::Pcma => decode_alaw(octet),
        AudioCodec::Pcmu => decode_ulaw(octet),
    }
}

/// One octet of G.711.
pub fn encode(codec: AudioCodec, sample: i16) -> u8 {
    match codec {
        AudioCodec::Pcma => encode_alaw(sample),
        AudioCodec::Pcmu => encode_ulaw(sample),
    }
}
