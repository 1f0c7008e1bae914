use bytes::{BufMut, Bytes, BytesMut};
use thiserror::Error;

/// Aggregation of several NAL units of one picture (RFC 6184 section 5.7.1).
const STAP_A: u8 = 24;
/// Fragment of a NAL unit (RFC 6184 section 5.8).
const FU_A: u8 = 28;
/// A NAL unit larger than this is not put together: 4 MiB are some hundred times a large key frame.
const MAX_NAL: usize = 4 << 20;

/// Why a payload gives no NAL unit.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PayloadError {
    /// There is nothing in it, or a length goes beyond its end.
    #[error("the payload is cut off")]
    CutOff,
    /// A type that neither packetization mode 0 nor 1 has.
    #[error("NAL unit type {0} is of no packetization mode that was agreed")]
    Type(u8),
    /// A fragment whose first one is missing.
    #[error("a fragment without its beginning")]
    Orphan,
    /// A fragmented NAL unit that never ends.
    #[error("a NAL unit is too large")]
    TooLarge,
}

/// Takes RTP payloads in order and gives whole NAL units (RFC 6184 section 7).
///
/// The depacketizer of rtc-rtp is not used: it panics on a cut-off aggregate, and it joins fragments over a loss.
#[derive(Debug, Default)]
pub struct Depacketizer {
    fragments: Option<BytesMut>,
}

impl Depacketizer {
    /// Takes the payload of the next packet and appends what it completes to `units`, without start codes.
    ///
    /// # Errors
    ///
    /// When the payload is damaged; units that came before the damage are appended nevertheless.
    pub fn push(&mut self, payload: &Bytes, units: &mut Vec<Bytes>) -> Result<(), PayloadError> {
        let header = *payload.first().ok_or(PayloadError::CutOff)?;
        let kind = header & 0x1f;
        // Whatever else comes while a unit is in pieces, the rest of it was lost at its sender.
        if kind != FU_A && self.fragments.take().is_some() {
            self.whole(header, payload, units)?;
            return Err(PayloadError::CutOff);
        }
        if kind == FU_A { self.fragment(header, payload, units) } else { self.whole(header, payload, units) }
    }

    /// Tells that packets before the next one are missing.
    pub fn lost(&mut self) {
        self.fragments = None;
    }

    fn whole(&mut self, header: u8, payload: &Bytes, units: &mut Vec<Bytes>) -> Result<(), PayloadError> {
        match header & 0x1f {
            1..=23 => {
                units.push(payload.clone());
                Ok(())
            }
            STAP_A => aggregate(payload, units),
            other => Err(PayloadError::Type(other)),
        }
    }

    fn fragment(
        &mut self,
        indicator: u8,
        payload: &Bytes,
        units: &mut Vec<Bytes>,
    ) -> Result<(), PayloadError> {
        let header = *payload.get(1).ok_or(PayloadError::CutOff)?;
        let (start, end) = (header & 0x80 != 0, header & 0x40 != 0);
        let cut_before = start && self.fragments.is_some();
        if start {
            let mut unit = BytesMut::with_capacity(payload.len() * 8);
            // The header of the unit is spread over the two: NRI in the indicator, type in the FU header.
            unit.put_u8(indicator & 0xe0 | header & 0x1f);
            self.fragments = Some(unit);
        }
        let unit = self.fragments.as_mut().ok_or(PayloadError::Orphan)?;
        unit.put_slice(payload.get(2..).unwrap_or_default());
        if unit.len() > MAX_NAL {
            self.fragments = None;
            return Err(PayloadError::TooLarge);
        }
        if end && let Some(unit) = self.fragments.take() {
            units.push(unit.freeze());
        }
        if cut_before { Err(PayloadError::CutOff) } else { Ok(()) }
    }
}

fn aggregate(payload: &Bytes, units: &mut Vec<Bytes>) -> Result<(), PayloadError> {
    let mut rest = payload.slice(1..);
    while !rest.is_empty() {
        let Some((length, _)) = rest.split_first_chunk::<2>() else {
            return Err(PayloadError::CutOff);
        };
        let length = usize::from(u16::from_be_bytes(*length));
        let mut body = rest.split_off(2);
        if length > body.len() {
            return Err(PayloadError::CutOff);
        }
        rest = body.split_off(length);
        if !body.is_empty() {
            units.push(body);
        }
    }
    Ok(())
}
