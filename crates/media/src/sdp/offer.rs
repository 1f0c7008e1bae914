use std::fmt::Write as _;

use bytes::Bytes;

use super::{Direction, Local, Preferences, audio};

/// Payload type of `telephone-event` in our offers.
const TELEPHONE_EVENT: u8 = 101;
/// H.264 as it is offered by whoever only receives: payload type, profile and level, packetization mode. All of these
/// decode here; level 3.1 is 720p at 30 frames a second. Fragments come before single NAL units, because key frames
/// need them, and the common profile before the rarer ones.
const RECEIVED: [(u8, &str, u8); 4] =
    [(96, "42e01f", 1), (97, "4d001f", 1), (98, "64001f", 1), (99, "42e01f", 0)];
/// H.264 as it is offered by whoever sends: the one profile that openh264 encodes.
const SENT: [(u8, &str, u8); 2] = [(96, "42e01f", 1), (97, "42e01f", 0)];

/// Makes an offer (RFC 3264 section 5) of all wanted audio codecs with telephone-events, and of H.264 in both
/// packetization modes unless video is not wanted.
pub fn offer(local: &Local, preferences: &Preferences) -> Bytes {
    let mut text = head(local);
    write_audio(&mut text, local, preferences);
    if let Some(direction) = preferences.video {
        write_video(&mut text, local, direction);
    }
    Bytes::from(text)
}

/// The lines that come before the first m-line.
pub(super) fn head(local: &Local) -> String {
    let family = if local.address.is_ipv4() { "IP4" } else { "IP6" };
    let Local { address, session_id, version, .. } = local;
    format!(
        "v=0\r\no=- {session_id} {version} IN {family} {address}\r\ns=Vestibule\r\nc=IN {family} {address}\r\nt=0 0\r\n"
    )
}

fn write_audio(text: &mut String, local: &Local, preferences: &Preferences) {
    let _ = write!(text, "m=audio {} RTP/AVP", local.audio_port);
    for codec in &preferences.audio {
        let _ = write!(text, " {}", audio::static_payload_type(*codec));
    }
    let _ = write!(text, " {TELEPHONE_EVENT}\r\n");
    for codec in &preferences.audio {
        let _ =
            write!(text, "a=rtpmap:{} {}/8000\r\n", audio::static_payload_type(*codec), audio::name(*codec));
    }
    let _ =
        write!(text, "a=rtpmap:{TELEPHONE_EVENT} telephone-event/8000\r\na=fmtp:{TELEPHONE_EVENT} 0-15\r\n");
    let _ = write!(text, "a=ptime:20\r\na={}\r\n", Direction::SendRecv.attribute());
}

fn write_video(text: &mut String, local: &Local, direction: Direction) {
    let formats: &[_] = if direction.sends() { &SENT } else { &RECEIVED };
    let _ = write!(text, "m=video {} RTP/AVP", local.video_port);
    for (number, _, _) in formats {
        let _ = write!(text, " {number}");
    }
    text.push_str("\r\n");
    for (number, profile, mode) in formats {
        let _ = write!(
            text,
            "a=rtpmap:{number} H264/90000\r\n\
             a=fmtp:{number} profile-level-id={profile};level-asymmetry-allowed=1;packetization-mode={mode}\r\n"
        );
    }
    let _ = write!(text, "a=rtcp-fb:* nack pli\r\na=rtcp-fb:* ccm fir\r\na={}\r\n", direction.attribute());
}
