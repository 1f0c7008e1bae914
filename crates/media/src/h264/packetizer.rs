use bytes::Bytes;
use rtc_rtp::codec::h264::H264Payloader;
use rtc_rtp::packetizer::Payloader;

use super::nal;

/// Largest RTP payload that we make, in bytes: with all headers it passes a link of 1280 bytes, tunnels included.
///
/// In packetization mode 0 a NAL unit cannot be split, so the encoder has to keep its slices within this.
pub const MAX_PAYLOAD: usize = 1_200;

/// Makes RTP payloads of access units.
#[derive(Debug)]
pub struct Packetizer {
    mode: Mode,
}

#[derive(Debug)]
enum Mode {
    SingleNal,
    NonInterleaved(H264Payloader),
}

impl Packetizer {
    /// For a negotiated packetization mode (RFC 6184 section 6); what is not 1 is 0.
    pub fn new(packetization_mode: u8) -> Self {
        let mode = if packetization_mode == 1 {
            Mode::NonInterleaved(H264Payloader::default())
        } else {
            Mode::SingleNal
        };
        Self { mode }
    }

    /// The payloads of one access unit in Annex B form, in order; the last one takes the marker.
    ///
    /// In mode 0 a NAL unit larger than [`MAX_PAYLOAD`] is one payload all the same, and left to IP to split.
    pub fn payloads(&mut self, access_unit: &Bytes) -> Vec<Bytes> {
        match &mut self.mode {
            Mode::SingleNal => {
                let mut units = nal::split_annex_b(access_unit);
                units.retain(|unit| nal::kind(unit) != nal::DELIMITER);
                units
            }
            Mode::NonInterleaved(payloader) => {
                payloader.payload(MAX_PAYLOAD, access_unit).unwrap_or_default()
            }
        }
    }
}
