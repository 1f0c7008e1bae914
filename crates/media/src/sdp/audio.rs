use std::fmt::Write as _;

use vestibule_model::AudioCodec;

use super::Media;

/// What an m-line of kind audio has for us.
pub(super) struct AudioChoice {
    pub(super) codec: AudioCodec,
    pub(super) payload_type: u8,
    pub(super) telephone_event: Option<TelephoneEvent>,
}

/// An offered `telephone-event/8000` (RFC 4733 section 7.1.1).
pub(super) struct TelephoneEvent {
    pub(super) payload_type: u8,
    /// The events that are answered: those of a telephone's keys, with the flash hook where it was offered.
    pub(super) events: &'static str,
}

/// The first of the wanted codecs that the m-line has, at the payload type that it has there.
pub(super) fn choose(media: &Media, wanted: &[AudioCodec]) -> Option<AudioChoice> {
    let (codec, payload_type) = wanted.iter().find_map(|codec| {
        let payload_type = media.payload_types().find(|number| codec_of(media, *number) == Some(*codec))?;
        Some((*codec, payload_type))
    })?;
    Some(AudioChoice { codec, payload_type, telephone_event: telephone_event(media) })
}

/// Writes the attributes of the chosen formats.
pub(super) fn write(text: &mut String, choice: &AudioChoice) {
    let _ = write!(text, "a=rtpmap:{} {}/8000\r\n", choice.payload_type, name(choice.codec));
    if let Some(event) = &choice.telephone_event {
        let number = event.payload_type;
        let _ =
            write!(text, "a=rtpmap:{number} telephone-event/8000\r\na=fmtp:{number} {}\r\n", event.events);
    }
    text.push_str("a=ptime:20\r\n");
}

/// The name that RFC 3551 gives it.
pub(super) fn name(codec: AudioCodec) -> &'static str {
    match codec {
        AudioCodec::Pcma => "PCMA",
        AudioCodec::Pcmu => "PCMU",
    }
}

/// The payload type that RFC 3551 gives it.
pub(super) fn static_payload_type(codec: AudioCodec) -> u8 {
    match codec {
        AudioCodec::Pcma => 8,
        AudioCodec::Pcmu => 0,
    }
}

pub(super) fn codec_of(media: &Media, payload_type: u8) -> Option<AudioCodec> {
    let codecs = [AudioCodec::Pcma, AudioCodec::Pcmu];
    match media.of_payload_type("rtpmap", payload_type) {
        Some(encoding) => codecs.into_iter().find(|codec| is_encoding(encoding, name(*codec))),
        // Static payload types need no rtpmap (RFC 3551 section 6).
        None => codecs.into_iter().find(|codec| static_payload_type(*codec) == payload_type),
    }
}

fn telephone_event(media: &Media) -> Option<TelephoneEvent> {
    let payload_type = media.payload_types().find(|number| {
        media
            .of_payload_type("rtpmap", *number)
            .is_some_and(|encoding| is_encoding(encoding, "telephone-event"))
    })?;
    let flash = media
        .of_payload_type("fmtp", payload_type)
        .is_some_and(|events| events.split(',').any(|range| range.trim() == "0-16" || range.trim() == "16"));
    Some(TelephoneEvent { payload_type, events: if flash { "0-16" } else { "0-15" } })
}

/// Whether an rtpmap's text is this codec at 8000 Hz and one channel.
fn is_encoding(text: &str, name: &str) -> bool {
    let mut parts = text.split('/').map(str::trim);
    let same_name = parts.next().is_some_and(|part| part.eq_ignore_ascii_case(name));
    same_name && parts.next() == Some("8000") && parts.next().is_none_or(|channels| channels == "1")
}
