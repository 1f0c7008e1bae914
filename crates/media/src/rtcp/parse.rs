use rtc_rtcp::goodbye::Goodbye;
use rtc_rtcp::header::{FORMAT_FIR, FORMAT_PLI};
use rtc_rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc_rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc_rtcp::receiver_report::ReceiverReport;
use rtc_rtcp::reception_report::ReceptionReport;
use rtc_rtcp::sender_report::SenderReport;
use rtc_shared::marshal::Unmarshal;
use thiserror::Error;

/// Why a datagram is no compound RTCP packet.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ParseError {
    /// A header or a body goes beyond the end.
    #[error("the packet is cut off")]
    CutOff,
    /// A packet in it has another version than 2.
    #[error("RTCP version is not 2")]
    Version,
    /// A packet in it contradicts itself.
    #[error("packet type {0} is damaged")]
    Body(u8),
}

/// What a peer says by RTCP, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// It sends, and when.
    SenderReport {
        /// Whose report.
        ssrc: u32,
        /// Wall clock as 64-bit NTP timestamp.
        ntp_time: u64,
    },
    /// How it receives one stream.
    Reception(ReceptionReport),
    /// It leaves.
    Goodbye(Vec<u32>),
    /// It lost a picture and wants a key frame of this SSRC.
    PictureLoss(u32),
    /// It wants a key frame.
    FullIntra {
        /// Of this SSRC.
        ssrc: u32,
        /// A repeated request has the same number (RFC 5104 section 4.3.1.2).
        sequence: u8,
    },
}

/// Reads a compound RTCP packet (RFC 3550 section 6.1). Types that do not matter here are passed over, and so is a
/// reduced size (RFC 5506) let pass.
pub fn parse(datagram: &[u8]) -> Result<Vec<Control>, ParseError> {
    let mut found = Vec::new();
    let mut rest = datagram;
    if rest.is_empty() {
        return Err(ParseError::CutOff);
    }
    while let [first, kind, high, low, ..] = *rest {
        if first >> 6 != 2 {
            return Err(ParseError::Version);
        }
        let length = (usize::from(u16::from_be_bytes([high, low])) + 1) * 4;
        let (packet, after) = rest.split_at_checked(length).ok_or(ParseError::CutOff)?;
        rest = after;
        one(first & 0x1f, kind, packet, &mut found).map_err(|_| ParseError::Body(kind))?;
    }
    if rest.is_empty() { Ok(found) } else { Err(ParseError::CutOff) }
}

fn one(
    count: u8,
    kind: u8,
    mut packet: &[u8],
    found: &mut Vec<Control>,
) -> Result<(), rtc_shared::error::Error> {
    match (kind, count) {
        (200, _) => {
            let report = SenderReport::unmarshal(&mut packet)?;
            found.push(Control::SenderReport { ssrc: report.ssrc, ntp_time: report.ntp_time });
            found.extend(report.reports.into_iter().map(Control::Reception));
        }
        (201, _) => {
            let report = ReceiverReport::unmarshal(&mut packet)?;
            found.extend(report.reports.into_iter().map(Control::Reception));
        }
        (203, _) => found.push(Control::Goodbye(Goodbye::unmarshal(&mut packet)?.sources)),
        (206, FORMAT_PLI) => {
            found.push(Control::PictureLoss(PictureLossIndication::unmarshal(&mut packet)?.media_ssrc));
        }
        (206, FORMAT_FIR) => {
            let request = FullIntraRequest::unmarshal(&mut packet)?;
            let entries = request.fir.into_iter();
            found.extend(
                entries.map(|fir| Control::FullIntra { ssrc: fir.ssrc, sequence: fir.sequence_number }),
            );
        }
        _ => {}
    }
    Ok(())
}
