//! Whole descriptions: nonsense, holds, and both ends of an exchange.

use super::*;

#[test]
fn nonsense_is_a_bad_request() {
    for text in [
        "",
        "\r\n",
        "v=1\r\nm=audio 4000 RTP/AVP 8\r\n",
        "o=- 1 1 IN IP4 192.0.2.9\r\n",
        "v=0\r\n",
        "v=0\r\nm=audio\r\n",
        "v=0\r\nm=audio x RTP/AVP 8\r\n",
        "v=0\r\nm=audio 70000 RTP/AVP 8\r\n",
        "v=0\r\nm=audio 4000 RTP/AVP\r\n",
        "v=0\r\nc=IN\r\nm=audio 4000 RTP/AVP 8\r\n",
        "v=0\r\nc=IN IP5 192.0.2.9\r\nm=audio 4000 RTP/AVP 8\r\n",
        "v=0\r\nmm=audio 4000 RTP/AVP 8\r\n",
        "v=0\r\nhello\r\n",
    ] {
        let refusal = answer(text.as_bytes(), &local(), &Preferences::default()).unwrap_err();
        assert_eq!(refusal.status, 400, "{text:?}");
        assert!(refusal.warning.starts_with("399 vestibule \"") && refusal.warning.is_ascii(), "{refusal}");
    }
    let many = "m=audio 4000 RTP/AVP 8\r\n".repeat(40);
    assert_eq!(
        answer(format!("v=0\r\n{many}").as_bytes(), &local(), &Preferences::default()).unwrap_err().status,
        400
    );
    assert_eq!(answer(&vec![b'a'; 70_000], &local(), &Preferences::default()).unwrap_err().status, 400);
}

#[test]
fn reads_what_door_stations_write() {
    // No o=, s= and t= lines, lone line feeds, an attribute before c=, a range of ports, a space before a value.
    let text =
        "v=0\na=recvonly\nc=IN IP4 192.0.2.9\nm=audio 4000/2 RTP/AVP 8\na=rtpmap: 8 PCMA/8000\nb=AS:x\n";
    let session = answer(text.as_bytes(), &local(), &Preferences::default()).unwrap().session;
    let audio = session.audio.unwrap();
    assert_eq!(audio.direction, Direction::SendOnly);
    assert_eq!(audio.remote, "192.0.2.9:4000".parse().unwrap());
}

#[test]
fn hold_is_answered_in_kind() {
    for (session_level, media_level, connection, expected) in [
        ("", "", "192.0.2.9", Direction::SendRecv),
        ("", "a=sendonly", "192.0.2.9", Direction::RecvOnly),
        ("", "a=recvonly", "192.0.2.9", Direction::SendOnly),
        ("", "a=inactive", "192.0.2.9", Direction::Inactive),
        ("a=sendonly", "", "192.0.2.9", Direction::RecvOnly),
        ("a=sendonly", "a=sendrecv", "192.0.2.9", Direction::SendRecv),
        ("", "", "0.0.0.0", Direction::RecvOnly),
        ("", "a=recvonly", "0.0.0.0", Direction::Inactive),
    ] {
        let text = format!(
            "v=0\r\n{session_level}\r\nm=audio 4000 RTP/AVP 8\r\nc=IN IP4 {connection}\r\n{media_level}\r\n\
             m=video 4002 RTP/AVP 96\r\nc=IN IP4 {connection}\r\na=rtpmap:96 H264/90000\r\n{media_level}\r\n"
        );
        let negotiated = answer(text.as_bytes(), &local(), &Preferences::default()).unwrap();
        let audio = negotiated.session.audio.unwrap();
        assert_eq!(audio.direction, expected, "{text}");
        assert_eq!(audio.remote.ip().to_string(), connection);
        let video = negotiated.session.video.unwrap();
        assert_eq!(video.direction, expected.and(Direction::RecvOnly), "no camera here");
        let said = parse(&negotiated.sdp).unwrap();
        assert_eq!(
            said.media.iter().map(|m| m.direction).collect::<Vec<_>>(),
            [audio.direction, video.direction]
        );
    }
}

#[test]
fn rtcp_goes_where_it_was_said_to() {
    for (attribute, expected) in [
        ("a=x", "192.0.2.9:4001"),
        ("a=rtcp:5555", "192.0.2.9:5555"),
        ("a=rtcp:5555 IN IP4 192.0.2.10", "192.0.2.10:5555"),
        ("a=rtcp:nonsense", "192.0.2.9:4001"),
    ] {
        let (session, _) = answered(&["m=audio 4000 RTP/AVP 8", attribute, "a=rtcp-mux"]).unwrap();
        assert_eq!(session.audio.unwrap().rtcp, expected.parse().unwrap(), "{attribute}");
    }
    let (session, _) = answered(&["m=audio 65535 RTP/AVP 8"]).unwrap();
    assert_eq!(session.audio.unwrap().rtcp.port(), 65_535);
}

#[test]
fn what_is_offered_is_what_the_other_side_of_us_answers() {
    for (ours, theirs, sends) in [
        (Some(Direction::SendOnly), Some(Direction::RecvOnly), true),
        (Some(Direction::RecvOnly), Some(Direction::SendOnly), false),
    ] {
        let preferences = Preferences { video: ours, ..Preferences::default() };
        let offered = offer(&local(), &preferences);
        let far =
            Local { address: IpAddr::from([192, 0, 2, 50]), audio_port: 7000, video_port: 7002, ..local() };
        let answered =
            answer(&offered, &far, &Preferences { video: theirs, ..Preferences::default() }).unwrap();
        let session = accept(&offered, &answered.sdp).unwrap();
        let (audio, video) = (session.audio.unwrap(), session.video.unwrap());
        let (far_audio, far_video) = (answered.session.audio.unwrap(), answered.session.video.unwrap());
        assert_eq!(audio.remote, "192.0.2.50:7000".parse().unwrap());
        assert_eq!((audio.codec, audio.payload_type), (far_audio.codec, far_audio.payload_type));
        assert_eq!((audio.telephone_event, far_audio.telephone_event), (Some(101), Some(101)));
        assert_eq!(video.packetization_mode, 1);
        assert_eq!(video.payload_type, far_video.payload_type);
        assert_eq!(video.feedback, Feedback { pli: true, fir: true });
        assert_eq!(video.direction.sends(), sends);
        assert_eq!(far_video.direction, video.direction.reversed());
    }
}

#[test]
fn an_answer_is_held_against_the_offer() {
    let offered = offer(&local(), &Preferences::default());
    let head = "v=0\r\nc=IN IP4 192.0.2.50\r\n";
    for (lines, status) in [
        ("m=audio 7000 RTP/AVP 8\r\n", 400),
        ("m=video 0 RTP/AVP 96\r\nm=audio 7000 RTP/AVP 8\r\n", 400),
        ("m=audio 0 RTP/AVP 8\r\nm=video 0 RTP/AVP 96\r\n", 488),
        ("m=audio 7000 RTP/AVP 9\r\nm=video 0 RTP/AVP 96\r\n", 488),
    ] {
        let refusal = accept(&offered, format!("{head}{lines}").as_bytes()).unwrap_err();
        assert_eq!(refusal.status, status, "{lines}");
    }
    let taken = format!("{head}m=audio 7000 RTP/AVP 0\r\na=sendonly\r\nm=video 0 RTP/AVP 96\r\n");
    let session = accept(&offered, taken.as_bytes()).unwrap();
    let audio = session.audio.unwrap();
    assert_eq!((audio.codec, audio.direction), (AudioCodec::Pcmu, Direction::RecvOnly));
    assert_eq!((audio.telephone_event, session.video), (None, None));
}

#[test]
fn garbage_of_every_kind_is_read_without_a_panic() {
    use rand::{Rng, RngExt, SeedableRng};
    let mut random = rand::rngs::StdRng::seed_from_u64(1);
    for _ in 0..5_000 {
        let mut text = BARESIP.as_bytes().to_vec();
        for _ in 0..random.random_range(1..8) {
            let at = random.random_range(0..text.len());
            match random.random_range(0..3) {
                0 => text[at] = random.next_u32() as u8,
                1 => text.truncate(at.max(1)),
                _ => {
                    let from = random.random_range(0..text.len());
                    let piece = text[from.min(at)..from.max(at)].to_vec();
                    text.splice(at..at, piece);
                }
            }
        }
        if let Ok(negotiated) = answer(&text, &local(), &Preferences::default()) {
            parse(&negotiated.sdp).expect("an answer is a description");
        }
        let _ = accept(BARESIP.as_bytes(), &text);
    }
}
