use super::*;

const INVITE: &str = "INVITE sip:flat12@127.0.0.1 SIP/2.0\r\n\
    Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bKa;rport\r\n\
    From: <sip:door@127.0.0.1>;tag=1\r\n\
    To: <sip:flat12@127.0.0.1>\r\n\
    Call-ID: a1\r\nCSeq: 1 INVITE\r\n\
    Contact: <sip:door@127.0.0.1:5070>\r\n\
    Content-Type: application/sdp\r\nContent-Length: 4\r\n\r\nv=0\n";

fn source() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 5070))
}

#[test]
fn a_sound_message_passes() {
    let (SipMessage::Request(request), _) = normalise(INVITE.as_bytes()).unwrap() else {
        panic!("no request")
    };
    assert_eq!((request.method, request.body.as_slice()), (Method::Invite, b"v=0\n".as_slice()));
}

#[test]
fn a_datagram_needs_no_content_length() {
    let bare = INVITE.replace("Content-Length: 4\r\n", "");
    let (SipMessage::Request(request), _) = normalise(bare.as_bytes()).unwrap() else { panic!("no request") };
    assert_eq!(request.body, b"v=0\n");
}

#[test]
fn a_name_in_another_encoding_does_not_hide_the_headers_after_it() {
    let mut bytes = INVITE.replace("From: <", "From: \"T@r\" <").into_bytes();
    let at = bytes.iter().position(|b| *b == b'"').unwrap() + 2;
    bytes[at] = 0xFC;
    assert_eq!(check(&bytes), Ok(()));
}

#[test]
fn every_lack_is_named() {
    for (from, to, why) in [
        ("CSeq: 1 INVITE", "CSeq: x INVITE", Malformed::Header("CSeq")),
        ("CSeq: 1 INVITE", "CSeq: 1 BYE", Malformed::Header("CSeq")),
        ("CSeq: 1 INVITE", "CSeq: 4294967295 INVITE", Malformed::Header("CSeq")),
        (";branch=z9hG4bKa", "", Malformed::Header("Via")),
        ("Call-ID: a1\r\n", "", Malformed::Header("Call-ID")),
        (";tag=1", "", Malformed::Header("the tag of From")),
        ("Contact: <sip:door@127.0.0.1:5070>\r\n", "", Malformed::Header("Contact")),
        ("Content-Length: 4", "Content-Length: -4", Malformed::Header("Content-Length")),
        ("Content-Length: 4", "Content-Length: 5", Malformed::Truncated),
        ("INVITE sip", "RING sip", Malformed::Method),
    ] {
        let message = INVITE.replacen(from, to, 1);
        assert_eq!(check(message.as_bytes()), Err(why), "{to:?}");
    }
    assert!(matches!(check(b"\x00\xff\r\n\r\n"), Err(Malformed::Syntax(_))));
    assert!(matches!(check(b""), Err(Malformed::Syntax(_))));
}

#[test]
fn an_unsound_request_is_answered_and_an_unsound_ack_is_not() {
    let broken = INVITE.replace("Contact: <sip:door@127.0.0.1:5070>\r\n", "");
    let why = check(broken.as_bytes()).unwrap_err();
    let answer = String::from_utf8(refusal(broken.as_bytes(), &why, source(), "test").unwrap()).unwrap();
    assert!(
        answer
            .starts_with("SIP/2.0 400 Bad Request\r\nVia: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bKa;rport")
    );
    assert!(answer.contains("\r\nCall-ID: a1\r\n") && answer.contains("\r\nTo: <sip:flat12@127.0.0.1>;tag="));
    assert_eq!(check(answer.as_bytes()), Ok(()));
    let ack = broken.replace("INVITE", "ACK");
    assert_eq!(refusal(ack.as_bytes(), &why, source(), "test"), None);
    assert_eq!(refusal(b"GET / HTTP/1.1\r\n\r\n", &why, source(), "test"), None);
    assert_eq!(refusal(b"", &why, source(), "test"), None);
}

#[test]
fn an_unknown_method_is_not_implemented() {
    let request = INVITE.replace("INVITE", "RING");
    let why = check(request.as_bytes()).unwrap_err();
    let answer = String::from_utf8(refusal(request.as_bytes(), &why, source(), "test").unwrap()).unwrap();
    assert!(answer.starts_with("SIP/2.0 501 Not Implemented\r\n"), "{answer}");
}

#[test]
fn a_stream_is_cut_into_messages_wherever_its_segments_end() {
    let stream = format!("\r\n\r\n{INVITE}{INVITE}\r\n");
    for size in [1, 7, 100, stream.len()] {
        let mut framer = Framer::default();
        let mut frames = Vec::new();
        for segment in stream.as_bytes().chunks(size) {
            framer.push(segment);
            while let Some(frame) = framer.next_frame().unwrap() {
                frames.push(frame);
            }
        }
        let messages = frames.iter().filter(|f| matches!(f, Frame::Message(m) if m == INVITE.as_bytes()));
        assert_eq!(messages.count(), 2, "segments of {size}");
        assert_eq!(frames.last(), Some(&Frame::Pong));
    }
}

#[test]
fn a_stream_without_an_end_is_given_up() {
    let mut framer = Framer::default();
    framer.push(&vec![b'x'; LONGEST_HEAD + 4]);
    assert_eq!(framer.next_frame(), Err(Malformed::TooLong));
    let mut framer = Framer::default();
    framer.push(INVITE.replace("Length: 4", "Length: 99999999").as_bytes());
    assert_eq!(framer.next_frame(), Err(Malformed::TooLong));
}

#[test]
fn damaged_messages_never_panic() {
    let mut state = 7u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..20_000 {
        let mut bytes = INVITE.as_bytes().to_vec();
        for _ in 0..=random(4) {
            let at = random(bytes.len());
            match random(3) {
                0 => bytes[at] = random(256) as u8,
                1 => drop(bytes.drain(at..(at + random(20)).min(bytes.len()))),
                _ => bytes.insert(at, b"\r\n<>\";:,=@\\\0"[random(12)]),
            }
        }
        if let Err(why) = check(&bytes) {
            refusal(&bytes, &why, source(), "test");
        }
    }
}
