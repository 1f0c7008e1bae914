use std::net::IpAddr;

use super::*;

/// What baresip 1.0.0 offers.
const BARESIP: &str = "v=0\r\no=- 1515598608 351990264 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n\
    a=tool:baresip 1.0.0\r\nm=audio 45838 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n\
    a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\na=label:1\r\na=rtcp-rsize\r\n\
    a=ssrc:2566140664 cname:sip:door@127.0.0.1:15070\r\na=minptime:20\r\na=ptime:20\r\n\
    m=video 21640 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=0;profile-level-id=42e01f\r\n\
    a=sendrecv\r\na=label:2\r\na=rtcp-rsize\r\na=framerate:25.00\r\na=rtcp-fb:* nack pli\r\na=content:main\r\n";

fn local() -> Local {
    let address = IpAddr::from([192, 0, 2, 1]);
    Local {
        address,
        audio_port: 5000,
        video_port: 5002,
        session_id: 77,
        version: 1,
    }
}

/// An offer with these lines behind a usual head.
fn offer_of(lines: &[&str]) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n{}\r\n",
        lines.join("\r\n")
    )
}

fn answered(lines: &[&str]) -> Result<(Session, Vec<String>), Refusal> {
    let negotiated = answer(offer_of(lines).as_bytes(), &local(), &Preferences::default())?;
    let text = String::from_utf8(negotiated.sdp.to_vec()).unwrap();
    parse(text.as_bytes()).expect("an answer is a description");
    Ok((
        negotiated.session,
        text.lines().skip(5).map(str::to_owned).collect(),
    ))
}

#[test]
fn answers_baresip_line_by_line() {
    let negotiated = answer(BARESIP.as_bytes(), &local(), &Preferences::default()).unwrap();
    let expected = "v=0\r\no=- 77 1 IN IP4 192.0.2.1\r\ns=Vestibule\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
        m=audio 5000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n\
        a=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n\
        m=video 5002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n\
        a=fmtp:96 profile-level-id=42e01f;packetization-mode=0\r\na=rtcp-fb:96 nack pli\r\na=recvonly\r\n";
    assert_eq!(std::str::from_utf8(&negotiated.sdp).unwrap(), expected);
    assert_eq!(
        negotiated.session,
        Session {
            audio: Some(AudioStream {
                remote: "192.0.2.2:45838".parse().unwrap(),
                rtcp: "192.0.2.2:45839".parse().unwrap(),
                codec: AudioCodec::Pcma,
                payload_type: 8,
                telephone_event: Some(101),
                direction: Direction::SendRecv,
            }),
            video: Some(VideoStream {
                remote: "192.0.2.2:21640".parse().unwrap(),
                rtcp: "192.0.2.2:21641".parse().unwrap(),
                payload_type: 96,
                packetization_mode: 0,
                profile_level_id: "42e01f".to_owned(),
                parameter_sets: Vec::new(),
                feedback: Feedback {
                    pli: true,
                    fir: false
                },
                direction: Direction::RecvOnly,
            }),
        }
    );
}

#[test]
fn chooses_the_codec_by_our_order_and_its_payload_type_by_theirs() {
    for (lines, codec, payload_type, event) in [
        (&["m=audio 4000 RTP/AVP 0 8"][..], AudioCodec::Pcma, 8, None),
        (&["m=audio 4000 RTP/AVP 0"][..], AudioCodec::Pcmu, 0, None),
        (
            &[
                "m=audio 4000 RTP/AVPF 97 98",
                "a=rtpmap:97 pcma/8000/1",
                "a=rtpmap:98 PCMU/8000",
            ][..],
            AudioCodec::Pcma,
            97,
            None,
        ),
        // A static number that is mapped to something else is that something.
        (
            &["m=audio 4000 RTP/AVP 8 0", "a=rtpmap:8 opus/48000/2"][..],
            AudioCodec::Pcmu,
            0,
            None,
        ),
        (
            &["m=audio 4000 RTP/AVP 96 8", "a=rtpmap:96 telephone-event/8000"][..],
            AudioCodec::Pcma,
            8,
            Some(96),
        ),
        (
            &["m=audio 4000 RTP/AVP 8 110", "a=rtpmap:110 telephone-event/48000"][..],
            AudioCodec::Pcma,
            8,
            None,
        ),
    ] {
        let (session, _) = answered(lines).unwrap();
        let audio = session.audio.unwrap();
        assert_eq!(
            (audio.codec, audio.payload_type, audio.telephone_event),
            (codec, payload_type, event),
            "{lines:?}"
        );
    }
    let preferences = Preferences {
        audio: vec![AudioCodec::Pcmu, AudioCodec::Pcma],
        video: None,
    };
    let negotiated = answer(
        offer_of(&["m=audio 4000 RTP/AVP 8 0"]).as_bytes(),
        &local(),
        &preferences,
    )
    .unwrap();
    assert_eq!(negotiated.session.audio.unwrap().codec, AudioCodec::Pcmu);
}

#[test]
fn answers_the_events_that_were_offered() {
    for (events, expected) in [
        ("0-15", "0-15"),
        ("0-16", "0-16"),
        ("0-15,16", "0-16"),
        ("0-11", "0-15"),
    ] {
        let fmtp = format!("a=fmtp:101 {events}");
        let (_, lines) = answered(&[
            "m=audio 4000 RTP/AVP 8 101",
            "a=rtpmap:101 telephone-event/8000",
            &fmtp,
        ])
        .unwrap();
        assert!(
            lines.contains(&format!("a=fmtp:101 {expected}")),
            "{events}: {lines:?}"
        );
    }
}

#[test]
fn answers_h264_as_it_was_offered() {
    let audio = "m=audio 4000 RTP/AVP 8";
    let sprop = "a=fmtp:97 packetization-mode=1; sprop-parameter-sets=Z0LgHtoCgPRA,aM4xUg==,!!; profile-level-id=64001F";
    for (lines, payload_type, mode, profile, sets) in [
        (
            vec!["m=video 4002 RTP/AVP 96", "a=rtpmap:96 H264/90000"],
            96,
            0,
            "42000A",
            0,
        ),
        (
            vec!["m=video 4002 RTP/AVP 31 97", "a=rtpmap:97 h264/90000", sprop],
            97,
            1,
            "64001F",
            2,
        ),
        // Interleaved mode is passed over for the next format.
        (
            vec![
                "m=video 4002 RTP/AVP 98 99",
                "a=rtpmap:98 H264/90000",
                "a=fmtp:98 packetization-mode=2",
                "a=rtpmap:99 H264/90000",
                "a=fmtp:99 profile-level-id=4d001f;packetization-mode=1;level-asymmetry-allowed=1",
            ],
            99,
            1,
            "4d001f",
            0,
        ),
        // Payload types are per m-line: the same number for a telephone-event above is another's.
        (
            vec![
                "m=video 4002 RTP/AVP 8",
                "a=rtpmap:8 H264/90000",
                "a=fmtp:8 packetization-mode=1",
            ],
            8,
            1,
            "42000A",
            0,
        ),
    ] {
        let all: Vec<&str> = std::iter::once(audio).chain(lines).collect();
        let (session, text) = answered(&all).unwrap();
        let video = session.video.unwrap();
        assert_eq!(
            (
                video.payload_type,
                video.packetization_mode,
                video.profile_level_id.as_str(),
                video.parameter_sets.len()
            ),
            (payload_type, mode, profile, sets),
            "{all:?}"
        );
        let said = text
            .iter()
            .find(|line| line.starts_with(&format!("a=fmtp:{payload_type} ")))
            .unwrap();
        assert!(said.ends_with(&format!("packetization-mode={mode}")), "{said}");
        assert_eq!(said.contains("profile-level-id"), profile != "42000A", "{said}");
    }
}

#[test]
fn takes_the_feedback_that_was_offered_for_the_format() {
    for (lines, pli, fir) in [
        (&[][..], false, false),
        (&["a=rtcp-fb:* nack pli", "a=rtcp-fb:* ccm fir"][..], true, true),
        (
            &["a=rtcp-fb:96 ccm fir", "a=rtcp-fb:97 nack pli"][..],
            false,
            true,
        ),
        (&["a=rtcp-fb:96 nack"][..], false, false),
    ] {
        let mut all = vec![
            "m=audio 4000 RTP/AVP 8",
            "m=video 4002 RTP/AVPF 96",
            "a=rtpmap:96 H264/90000",
        ];
        all.extend(lines);
        let (session, text) = answered(&all).unwrap();
        assert_eq!(
            session.video.unwrap().feedback,
            Feedback { pli, fir },
            "{lines:?}"
        );
        assert_eq!(text.iter().any(|line| line == "a=rtcp-fb:96 nack pli"), pli);
        assert_eq!(text.iter().any(|line| line == "a=rtcp-fb:96 ccm fir"), fir);
        assert!(text.iter().any(|line| line == "m=video 5002 RTP/AVPF 96"));
    }
}

#[test]
fn refuses_line_by_line_and_keeps_their_order() {
    let (session, text) = answered(&[
        "m=video 4002 RTP/AVP 34",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "m=audio 4000 RTP/SAVP 8",
        "m=audio 4004 RTP/AVP 8",
        "m=audio 4006 RTP/AVP 0",
        "m=hologram 4008 RTP/AVP 100 101",
        "m=image 4010 udptl t38",
    ])
    .unwrap();
    let media: Vec<&String> = text.iter().filter(|line| line.starts_with("m=")).collect();
    assert_eq!(
        media,
        [
            "m=video 0 RTP/AVP 34",
            "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
            "m=audio 0 RTP/SAVP 8",
            "m=audio 5000 RTP/AVP 8",
            "m=audio 0 RTP/AVP 0",
            "m=hologram 0 RTP/AVP 100 101",
            "m=image 0 udptl t38",
        ]
    );
    assert_eq!(session.video, None);
}

#[test]
fn says_why_a_call_is_refused() {
    let video = ["m=video 4002 RTP/AVP 96", "a=rtpmap:96 H264/90000"];
    for (lines, warning) in [
        (
            &["m=audio 4000 RTP/AVP 9 18"][..],
            "305 vestibule \"Incompatible media format\"",
        ),
        (
            &["m=audio 4000 RTP/AVP 9", video[0], video[1]][..],
            "305 vestibule \"Incompatible media format\"",
        ),
        (
            &["m=audio 4000 RTP/SAVP 8"][..],
            "302 vestibule \"Incompatible transport protocol\"",
        ),
        (
            &["m=audio 4000 UDP/TLS/RTP/SAVPF 8"][..],
            "302 vestibule \"Incompatible transport protocol\"",
        ),
        (
            &["m=image 4000 udptl t38"][..],
            "304 vestibule \"Media type not available\"",
        ),
        (
            &["m=audio 0 RTP/AVP 8"][..],
            "304 vestibule \"Media type not available\"",
        ),
        (
            &["m=audio 4000 RTP/AVP 8", "c=IN IP6 2001:db8::1"][..],
            "301 vestibule \"Incompatible network address formats\"",
        ),
        (
            &["m=audio 4000 RTP/AVP 8", "c=IN IP4 door.example"][..],
            "301 vestibule \"Incompatible network address formats\"",
        ),
        (
            &["m=audio 4000 RTP/AVP 8", "c=IN IP4 224.2.1.1/127/3"][..],
            "330 vestibule \"Multicast not available\"",
        ),
    ] {
        let refusal = answered(lines).unwrap_err();
        assert_eq!(
            (refusal.status, refusal.warning.as_str()),
            (488, warning),
            "{lines:?}"
        );
    }
    assert!(
        answered(&["m=audio 0 RTP/AVP 8", video[0], video[1]])
            .unwrap()
            .0
            .video
            .is_some(),
        "video alone is a call"
    );
}

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
        assert!(
            refusal.warning.starts_with("399 vestibule \"") && refusal.warning.is_ascii(),
            "{refusal}"
        );
    }
    let many = "m=audio 4000 RTP/AVP 8\r\n".repeat(40);
    assert_eq!(
        answer(
            format!("v=0\r\n{many}").as_bytes(),
            &local(),
            &Preferences::default()
        )
        .unwrap_err()
        .status,
        400
    );
    assert_eq!(
        answer(&vec![b'a'; 70_000], &local(), &Preferences::default())
            .unwrap_err()
            .status,
        400
    );
}

#[test]
fn reads_what_door_stations_write() {
    // No o=, s= and t= lines, lone line feeds, an attribute before c=, a range of ports, a space before a value.
    let text =
        "v=0\na=recvonly\nc=IN IP4 192.0.2.9\nm=audio 4000/2 RTP/AVP 8\na=rtpmap: 8 PCMA/8000\nb=AS:x\n";
    let session = answer(text.as_bytes(), &local(), &Preferences::default())
        .unwrap()
        .session;
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
        assert_eq!(
            video.direction,
            expected.and(Direction::RecvOnly),
            "no camera here"
        );
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
        assert_eq!(
            session.audio.unwrap().rtcp,
            expected.parse().unwrap(),
            "{attribute}"
        );
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
        let preferences = Preferences {
            video: ours,
            ..Preferences::default()
        };
        let offered = offer(&local(), &preferences);
        let far = Local {
            address: IpAddr::from([192, 0, 2, 50]),
            audio_port: 7000,
            video_port: 7002,
            ..local()
        };
        let answered = answer(
            &offered,
            &far,
            &Preferences {
                video: theirs,
                ..Preferences::default()
            },
        )
        .unwrap();
        let session = accept(&offered, &answered.sdp).unwrap();
        let (audio, video) = (session.audio.unwrap(), session.video.unwrap());
        let (far_audio, far_video) = (answered.session.audio.unwrap(), answered.session.video.unwrap());
        assert_eq!(audio.remote, "192.0.2.50:7000".parse().unwrap());
        assert_eq!(
            (audio.codec, audio.payload_type),
            (far_audio.codec, far_audio.payload_type)
        );
        assert_eq!(
            (audio.telephone_event, far_audio.telephone_event),
            (Some(101), Some(101))
        );
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
    assert_eq!(
        (audio.codec, audio.direction),
        (AudioCodec::Pcmu, Direction::RecvOnly)
    );
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
