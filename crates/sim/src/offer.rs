//! Makes an offer poorer than ours, as older intercoms make it.

use bytes::Bytes;

/// What the intercom leaves out of its offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Poverty {
    /// No telephone-events: digits come by INFO.
    pub no_telephone_event: bool,
    /// Only this packetization mode of H.264 (RFC 6184 section 6.2), 0 or 1.
    pub packetization_mode: Option<u8>,
}

/// Takes the formats out of our own offer, with their `rtpmap` and `fmtp` lines. The order of the rest stays.
pub fn impoverish(offer: &Bytes, poverty: Poverty) -> Bytes {
    let Ok(text) = std::str::from_utf8(offer) else {
        return offer.clone();
    };
    let mut sections: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.lines() {
        if line.starts_with("m=") {
            sections.push(Vec::new());
        }
        if let Some(section) = sections.last_mut() {
            section.push(line);
        }
    }
    let mut poorer = String::with_capacity(text.len());
    for section in sections {
        let unwanted: Vec<&str> = section.iter().filter_map(|line| unwanted(line, poverty)).collect();
        for line in section {
            if format_of(line).is_some_and(|format| unwanted.contains(&format)) {
                continue;
            }
            let mut words = line.split(' ');
            if line.starts_with("m=") {
                // `m=video 4002 RTP/AVP 96 97`: the formats begin at the fourth word (RFC 8866 section 5.14).
                let head: Vec<&str> = words.by_ref().take(3).collect();
                poorer.push_str(&head.join(" "));
                for format in words.filter(|format| !unwanted.contains(format)) {
                    poorer.push(' ');
                    poorer.push_str(format);
                }
            } else {
                poorer.push_str(line);
            }
            poorer.push_str("\r\n");
        }
    }
    Bytes::from(poorer)
}

/// The format that an attribute line is about.
fn format_of(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("a=rtpmap:").or_else(|| line.strip_prefix("a=fmtp:"))?;
    rest.split(' ').next()
}

/// The format that a line shows to be one that is left out.
fn unwanted(line: &str, poverty: Poverty) -> Option<&str> {
    let event =
        poverty.no_telephone_event && line.starts_with("a=rtpmap:") && line.contains(" telephone-event/");
    let mode = line.split([';', ' ']).find_map(|parameter| parameter.strip_prefix("packetization-mode="));
    let other_mode = match (mode, poverty.packetization_mode) {
        (Some(mode), Some(only)) => mode.parse() != Ok(only),
        _ => false,
    };
    if event || other_mode { format_of(line) } else { None }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use vestibule_media::sdp::{self, Direction, Local, Preferences};

    use super::*;

    fn rich() -> Bytes {
        let local = Local {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            audio_port: 4000,
            video_port: 4002,
            session_id: 1,
            version: 1,
        };
        sdp::offer(&local, &Preferences { video: Some(Direction::SendOnly), ..Preferences::default() })
    }

    fn modes(offer: &Bytes) -> Vec<u8> {
        let text = String::from_utf8_lossy(offer).into_owned();
        text.split("packetization-mode=").skip(1).map(|rest| rest.as_bytes()[0] - b'0').collect()
    }

    #[test]
    fn keeps_everything_that_is_not_left_out() {
        assert_eq!(impoverish(&rich(), Poverty::default()), rich());
    }

    #[test]
    fn offers_one_packetization_mode_only() {
        for only in [0, 1] {
            let poverty = Poverty { packetization_mode: Some(only), ..Poverty::default() };
            let poorer = impoverish(&rich(), poverty);
            assert_eq!(modes(&poorer), [only]);
            let video =
                sdp::parse(&poorer).unwrap().media.into_iter().find(|media| media.kind == "video").unwrap();
            assert_eq!(video.payload_types().count(), 1);
        }
    }

    #[test]
    fn offers_no_telephone_event() {
        let poorer = impoverish(&rich(), Poverty { no_telephone_event: true, ..Poverty::default() });
        let text = String::from_utf8(poorer.to_vec()).unwrap();
        assert!(!text.contains("telephone-event") && !text.contains(" 101"), "{text}");
        assert_eq!(modes(&poorer), modes(&rich()));
    }
}
