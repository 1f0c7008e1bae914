//! Which formats and lines are taken.

use super::*;

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
                feedback: Feedback { pli: true, fir: false },
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
            &["m=audio 4000 RTP/AVPF 97 98", "a=rtpmap:97 pcma/8000/1", "a=rtpmap:98 PCMU/8000"][..],
            AudioCodec::Pcma,
            97,
            None,
        ),
        // A static number that is mapped to something else is that something.
        (&["m=audio 4000 RTP/AVP 8 0", "a=rtpmap:8 opus/48000/2"][..], AudioCodec::Pcmu, 0, None),
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
    let preferences = Preferences { audio: vec![AudioCodec::Pcmu, AudioCodec::Pcma], video: None };
    let negotiated =
        answer(offer_of(&["m=audio 4000 RTP/AVP 8 0"]).as_bytes(), &local(), &preferences).unwrap();
    assert_eq!(negotiated.session.audio.unwrap().codec, AudioCodec::Pcmu);
}

#[test]
fn answers_the_events_that_were_offered() {
    for (events, expected) in [("0-15", "0-15"), ("0-16", "0-16"), ("0-15,16", "0-16"), ("0-11", "0-15")] {
        let fmtp = format!("a=fmtp:101 {events}");
        let (_, lines) =
            answered(&["m=audio 4000 RTP/AVP 8 101", "a=rtpmap:101 telephone-event/8000", &fmtp]).unwrap();
        assert!(lines.contains(&format!("a=fmtp:101 {expected}")), "{events}: {lines:?}");
    }
}

#[test]
fn answers_h264_as_it_was_offered() {
    let audio = "m=audio 4000 RTP/AVP 8";
    let sprop = "a=fmtp:97 packetization-mode=1; sprop-parameter-sets=Z0LgHtoCgPRA,aM4xUg==,!!; profile-level-id=64001F";
    for (lines, payload_type, mode, profile, sets) in [
        (vec!["m=video 4002 RTP/AVP 96", "a=rtpmap:96 H264/90000"], 96, 0, "42000A", 0),
        (vec!["m=video 4002 RTP/AVP 31 97", "a=rtpmap:97 h264/90000", sprop], 97, 1, "64001F", 2),
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
            vec!["m=video 4002 RTP/AVP 8", "a=rtpmap:8 H264/90000", "a=fmtp:8 packetization-mode=1"],
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
        let said = text.iter().find(|line| line.starts_with(&format!("a=fmtp:{payload_type} "))).unwrap();
        assert!(said.ends_with(&format!("packetization-mode={mode}")), "{said}");
        assert_eq!(said.contains("profile-level-id"), profile != "42000A", "{said}");
    }
}

#[test]
fn takes_the_feedback_that_was_offered_for_the_format() {
    for (lines, pli, fir) in [
        (&[][..], false, false),
        (&["a=rtcp-fb:* nack pli", "a=rtcp-fb:* ccm fir"][..], true, true),
        (&["a=rtcp-fb:96 ccm fir", "a=rtcp-fb:97 nack pli"][..], false, true),
        (&["a=rtcp-fb:96 nack"][..], false, false),
    ] {
        let mut all = vec!["m=audio 4000 RTP/AVP 8", "m=video 4002 RTP/AVPF 96", "a=rtpmap:96 H264/90000"];
        all.extend(lines);
        let (session, text) = answered(&all).unwrap();
        assert_eq!(session.video.unwrap().feedback, Feedback { pli, fir }, "{lines:?}");
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
        (&["m=audio 4000 RTP/AVP 9 18"][..], "305 vestibule \"Incompatible media format\""),
        (&["m=audio 4000 RTP/AVP 9", video[0], video[1]][..], "305 vestibule \"Incompatible media format\""),
        (&["m=audio 4000 RTP/SAVP 8"][..], "302 vestibule \"Incompatible transport protocol\""),
        (&["m=audio 4000 UDP/TLS/RTP/SAVPF 8"][..], "302 vestibule \"Incompatible transport protocol\""),
        (&["m=image 4000 udptl t38"][..], "304 vestibule \"Media type not available\""),
        (&["m=audio 0 RTP/AVP 8"][..], "304 vestibule \"Media type not available\""),
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
        assert_eq!((refusal.status, refusal.warning.as_str()), (488, warning), "{lines:?}");
    }
    assert!(
        answered(&["m=audio 0 RTP/AVP 8", video[0], video[1]]).unwrap().0.video.is_some(),
        "video alone is a call"
    );
}
