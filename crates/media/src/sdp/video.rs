use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::{Feedback, Media};

/// The profile that RFC 6184 section 8.1 infers where none is said: Baseline, level 1.
const INFERRED_PROFILE: &str = "42000A";
/// `sprop-parameter-sets` longer than this is not what an encoder writes.
const MAX_PARAMETER_SETS: usize = 16;

/// What an m-line of kind video has for us.
pub(super) struct VideoChoice {
    pub(super) payload_type: u8,
    pub(super) packetization_mode: u8,
    /// As it was written; `None` where it was left out.
    pub(super) profile_level_id: Option<String>,
    pub(super) asymmetric_level: bool,
    pub(super) parameter_sets: Vec<Bytes>,
    pub(super) feedback: Feedback,
}

impl VideoChoice {
    pub(super) fn profile_level_id(&self) -> String {
        self.profile_level_id.clone().unwrap_or_else(|| INFERRED_PROFILE.to_owned())
    }
}

/// The first H.264 format of the m-line whose packetization mode we have (RFC 6184 section 8.2.2: the mode is part of
/// what a payload type means, so it is never changed in an answer).
pub(super) fn choose(media: &Media) -> Option<VideoChoice> {
    media.payload_types().find_map(|number| format(media, number))
}

/// Writes the attributes of the chosen format.
pub(super) fn write(text: &mut String, choice: &VideoChoice) {
    let number = choice.payload_type;
    let _ = write!(text, "a=rtpmap:{number} H264/90000\r\na=fmtp:{number} ");
    if let Some(profile) = &choice.profile_level_id {
        let _ = write!(text, "profile-level-id={profile};");
    }
    if choice.asymmetric_level {
        text.push_str("level-asymmetry-allowed=1;");
    }
    let _ = write!(text, "packetization-mode={}\r\n", choice.packetization_mode);
    if choice.feedback.pli {
        let _ = write!(text, "a=rtcp-fb:{number} nack pli\r\n");
    }
    if choice.feedback.fir {
        let _ = write!(text, "a=rtcp-fb:{number} ccm fir\r\n");
    }
}

fn format(media: &Media, payload_type: u8) -> Option<VideoChoice> {
    let encoding = media.of_payload_type("rtpmap", payload_type)?;
    let (name, rate) = encoding.split_once('/')?;
    if !name.trim().eq_ignore_ascii_case("H264") || rate.trim() != "90000" {
        return None;
    }
    let parameters = media.of_payload_type("fmtp", payload_type).unwrap_or_default();
    let packetization_mode = match parameter(parameters, "packetization-mode") {
        None => 0,
        Some(mode) => mode.parse().ok().filter(|mode| *mode <= 1)?,
    };
    let is_profile = |text: &&str| text.len() == 6 && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    Some(VideoChoice {
        payload_type,
        packetization_mode,
        profile_level_id: parameter(parameters, "profile-level-id").filter(is_profile).map(str::to_owned),
        asymmetric_level: parameter(parameters, "level-asymmetry-allowed") == Some("1"),
        parameter_sets: parameter(parameters, "sprop-parameter-sets").map(parameter_sets).unwrap_or_default(),
        feedback: feedback(media, payload_type),
    })
}

/// A parameter of an fmtp line. Only the first `=` parts name from value: base64 ends in more of them.
fn parameter<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
    parameters.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

/// The parameter sets that are whole; one that is damaged is left out, for the stream may repeat it.
fn parameter_sets(text: &str) -> Vec<Bytes> {
    let decoded = text.split(',').take(MAX_PARAMETER_SETS).filter_map(|set| STANDARD.decode(set.trim()).ok());
    decoded
        .filter(|set| set.first().is_some_and(|header| matches!(header & 0x1f, 7 | 8)))
        .map(Bytes::from)
        .collect()
}

/// Feedback is taken wherever it is listed, whether the profile says AVPF or AVP: door stations say AVP and mean it.
fn feedback(media: &Media, payload_type: u8) -> Feedback {
    let mut feedback = Feedback::default();
    for value in media.attributes("rtcp-fb") {
        let mut words = value.split_ascii_whitespace();
        if !words.next().is_some_and(|of| of == "*" || of.parse() == Ok(payload_type)) {
            continue;
        }
        match (words.next(), words.next()) {
            (Some("nack"), Some("pli")) => feedback.pli = true,
            (Some("ccm"), Some("fir")) => feedback.fir = true,
            _ => {}
        }
    }
    feedback
}
