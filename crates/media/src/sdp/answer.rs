use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;

use super::{
    AudioStream, Connection, Direction, Local, Media, Negotiated, Preferences, Refusal, Session, Unusable,
    VideoStream, audio, offer, parse, video,
};

/// Answers an offer (RFC 3264 section 6): the first audio line with a codec we want, the first H.264 line, everything
/// else refused with port 0, in the order of the offer.
///
/// # Errors
///
/// 400 for what is no session description; 488 when there is no line that can be taken, or when sound was offered
/// only in ways that we cannot do.
pub fn answer(offer: &[u8], local: &Local, preferences: &Preferences) -> Result<Negotiated, Refusal> {
    let offer = parse(offer).map_err(|error| Refusal::malformed(&error))?;
    // A video line that is left out is no reason to refuse a call with sound in it.
    let with_sound = offer.media.iter().any(|media| media.kind == "audio" && media.port != 0);
    let mut session = Session::default();
    let mut why_not = Unusable::Media;
    let mut text = offer::head(local);
    for media in &offer.media {
        let taken = match media.kind.as_str() {
            "audio" if session.audio.is_none() => take_audio(media, local, preferences, &mut session),
            "video" if session.video.is_none() => take_video(media, local, preferences, &mut session),
            _ => Err(Unusable::Media),
        };
        match taken {
            Ok(lines) => text.push_str(&lines),
            Err(reason) => {
                if media.kind == "audio" || !with_sound {
                    why_not = why_not.max(reason);
                }
                let _ = write!(text, "m={} 0 {} {}\r\n", media.kind, media.protocol, media.formats.join(" "));
            }
        }
    }
    if session.audio.is_none() && (with_sound || session.video.is_none()) {
        return Err(Refusal::not_acceptable(why_not));
    }
    Ok(Negotiated { sdp: Bytes::from(text), session })
}

fn take_audio(
    media: &Media,
    local: &Local,
    preferences: &Preferences,
    session: &mut Session,
) -> Result<String, Unusable> {
    let (remote, rtcp) = addresses(media, local.address)?;
    let choice = audio::choose(media, &preferences.audio).ok_or(Unusable::Format)?;
    let direction = direction(media, remote, Direction::SendRecv);
    let mut text = format!("m=audio {} {} {}", local.audio_port, media.protocol, choice.payload_type);
    if let Some(event) = &choice.telephone_event {
        let _ = write!(text, " {}", event.payload_type);
    }
    text.push_str("\r\n");
    audio::write(&mut text, &choice);
    let _ = write!(text, "a={}\r\n", direction.attribute());
    session.audio = Some(AudioStream {
        remote,
        rtcp,
        codec: choice.codec,
        payload_type: choice.payload_type,
        telephone_event: choice.telephone_event.map(|event| event.payload_type),
        direction,
    });
    Ok(text)
}

fn take_video(
    media: &Media,
    local: &Local,
    preferences: &Preferences,
    session: &mut Session,
) -> Result<String, Unusable> {
    let (remote, rtcp) = addresses(media, local.address)?;
    let ours = preferences.video.ok_or(Unusable::Media)?;
    let choice = video::choose(media).ok_or(Unusable::Format)?;
    let direction = direction(media, remote, ours);
    let mut text = format!("m=video {} {} {}\r\n", local.video_port, media.protocol, choice.payload_type);
    video::write(&mut text, &choice);
    let _ = write!(text, "a={}\r\n", direction.attribute());
    session.video = Some(VideoStream {
        remote,
        rtcp,
        payload_type: choice.payload_type,
        packetization_mode: choice.packetization_mode,
        profile_level_id: choice.profile_level_id(),
        parameter_sets: choice.parameter_sets,
        feedback: choice.feedback,
        direction,
    });
    Ok(text)
}

/// Our direction. `c=0.0.0.0` is how hold was written before directions were (RFC 3264 section 8.4): nothing can be
/// sent there, whatever the attribute says.
pub(super) fn direction(media: &Media, remote: SocketAddr, ours: Direction) -> Direction {
    let direction = media.direction.reversed().and(ours);
    if remote.ip().is_unspecified() { direction.and(Direction::RecvOnly) } else { direction }
}

/// Where the other side receives RTP and RTCP: `c=` and `m=`, and `a=rtcp` (RFC 3605) where RTCP is not one port up.
pub(super) fn addresses(media: &Media, ours: IpAddr) -> Result<(SocketAddr, SocketAddr), Unusable> {
    if media.port == 0 {
        return Err(Unusable::Media);
    }
    if !["RTP/AVP", "RTP/AVPF"].iter().any(|known| media.protocol.eq_ignore_ascii_case(known)) {
        return Err(Unusable::Transport);
    }
    let Some(Connection::Address(address)) = media.connection else {
        return Err(Unusable::Address);
    };
    if address.is_ipv4() != ours.is_ipv4() {
        return Err(Unusable::Address);
    }
    if address.is_multicast() {
        return Err(Unusable::Multicast);
    }
    let mut rtcp = SocketAddr::new(address, media.port.saturating_add(1));
    if let Some(value) = media.attributes("rtcp").next() {
        let mut fields = value.split_ascii_whitespace();
        if let Some(port) = fields.next().and_then(|port| port.parse().ok()) {
            rtcp.set_port(port);
        }
        if let Some(ip) = fields.nth(2).and_then(|ip| ip.parse::<IpAddr>().ok()) {
            rtcp.set_ip(ip);
        }
    }
    Ok((SocketAddr::new(address, media.port), rtcp))
}
