use std::net::SocketAddr;

use vestibule_model::AudioCodec;

use super::answer::{addresses, direction};
use super::{
    AudioStream, Connection, Description, Media, Refusal, Session, Unusable, VideoStream, audio, parse, video,
};

/// Reads the answer to our own offer (RFC 3264 section 7).
///
/// # Errors
///
/// 400 when it is no session description or has other m-lines than the offer; 488 when nothing of the offer was taken,
/// or only with a codec that was not offered.
pub fn accept(offer: &[u8], answer: &[u8]) -> Result<Session, Refusal> {
    let parse = |text| parse(text).map_err(|error| Refusal::malformed(&error));
    let (offer, answer) = (parse(offer)?, parse(answer)?);
    if !same_kinds(&offer, &answer) {
        let warning = "399 vestibule \"The answer has other media lines than the offer\"".to_owned();
        return Err(Refusal { status: 400, warning });
    }
    let mut session = Session::default();
    let mut why_not = Unusable::Media;
    for (offered, answered) in offer.media.iter().zip(&answer.media) {
        let taken = match offered.kind.as_str() {
            "audio" => take_audio(offered, answered).map(|stream| session.audio = Some(stream)),
            "video" => take_video(offered, answered).map(|stream| session.video = Some(stream)),
            _ => Err(Unusable::Media),
        };
        if let Err(reason) = taken {
            why_not = why_not.max(reason);
        }
    }
    if session.audio.is_none() && session.video.is_none() {
        return Err(Refusal::not_acceptable(why_not));
    }
    Ok(session)
}

fn same_kinds(offer: &Description, answer: &Description) -> bool {
    let kinds =
        |description: &Description| description.media.iter().map(|m| m.kind.clone()).collect::<Vec<_>>();
    kinds(offer) == kinds(answer)
}

fn take_audio(offered: &Media, answered: &Media) -> Result<AudioStream, Unusable> {
    let (remote, rtcp) = usable_addresses(offered, answered)?;
    let ours: Vec<AudioCodec> =
        offered.payload_types().filter_map(|number| audio::codec_of(offered, number)).collect();
    // The answerer's first codec is the one that it wants to hear.
    let first = answered.payload_types().find_map(|number| audio::codec_of(answered, number));
    let codec = first.filter(|codec| ours.contains(codec)).ok_or(Unusable::Format)?;
    let choice = audio::choose(answered, &[codec]).ok_or(Unusable::Format)?;
    let offered_event = audio::choose(offered, &ours).is_some_and(|choice| choice.telephone_event.is_some());
    Ok(AudioStream {
        remote,
        rtcp,
        codec,
        payload_type: choice.payload_type,
        telephone_event: choice.telephone_event.filter(|_| offered_event).map(|event| event.payload_type),
        direction: direction(answered, remote, offered.direction),
    })
}

fn take_video(offered: &Media, answered: &Media) -> Result<VideoStream, Unusable> {
    let (remote, rtcp) = usable_addresses(offered, answered)?;
    let choice = video::choose(answered).ok_or(Unusable::Format)?;
    let wanted = video::choose(offered).map(|choice| choice.feedback).unwrap_or_default();
    let mut feedback = choice.feedback;
    feedback.pli &= wanted.pli;
    feedback.fir &= wanted.fir;
    Ok(VideoStream {
        remote,
        rtcp,
        payload_type: choice.payload_type,
        packetization_mode: choice.packetization_mode,
        profile_level_id: choice.profile_level_id(),
        parameter_sets: choice.parameter_sets,
        feedback,
        direction: direction(answered, remote, offered.direction),
    })
}

fn usable_addresses(offered: &Media, answered: &Media) -> Result<(SocketAddr, SocketAddr), Unusable> {
    let Some(Connection::Address(ours)) = offered.connection else {
        return Err(Unusable::Address);
    };
    addresses(answered, ours)
}
