use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use vestibule_model::SipTransport;
use vestibule_sip::{CallEvent, Config};

use crate::harness::{ANSWER, OFFER, Raw, config, event, house, soon, start, talk};

const TO: &str = "<sip:flat12@127.0.0.1>";

#[tokio::test]
async fn ends_no_call() {
    let (door, mut flat) = house(SipTransport::Udp).await;
    let (mut caller, callee) = talk(&door, &mut flat).await;
    let raw = Raw::open().await;
    let here = flat.agent.local_addr();
    for junk in ["junk", "INVITE\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", "\0\0\0\r\n\r\n"] {
        raw.send(junk, here).await;
    }
    let without_contact = raw.request("INVITE", TO, "bad", "", "").replace("Contact:", "X-Contact:");
    raw.send(&without_contact, here).await;
    raw.expect("SIP/2.0 400").await;
    raw.send(&raw.request("RING", TO, "bad2", "", ""), here).await;
    raw.expect("SIP/2.0 501").await;
    assert_eq!(flat.agent.counters().malformed, 6);
    assert_eq!(callee.control().send_info("application/dtmf-relay", OFFER).await, Ok(200));
    assert!(matches!(event(&mut caller).await, CallEvent::Info { .. }));
}

#[tokio::test]
async fn does_not_close_a_connection_that_stays_in_step() {
    let flat = start(config()).await;
    let raw = Raw::open().await;
    let mut stream = TcpStream::connect(flat.agent.local_addr()).await.unwrap();
    let bad = raw.request("INVITE", TO, "bad", "", "").replace("Contact:", "X-Contact:");
    let options = raw.request("OPTIONS", TO, "good", "", "").replace("/UDP", "/TCP");
    stream.write_all(format!("{bad}\r\n\r\n{options}").as_bytes()).await.unwrap();
    let mut text = String::new();
    while !(text.contains("SIP/2.0 400") && text.contains("SIP/2.0 200") && text.contains("Allow: INVITE")) {
        let mut buffer = vec![0; 4096];
        let length = soon("answer", stream.read(&mut buffer)).await.unwrap();
        assert_ne!(length, 0, "closed after {text}");
        text.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
    }
    assert_eq!(flat.agent.counters().malformed, 1);
}

#[tokio::test]
async fn what_is_not_understood_is_refused_with_its_name() {
    let mut flat = start(Config { direct_peers: vec![[127, 0, 0, 1].into()], ..config() }).await;
    let raw = Raw::open().await;
    let here = flat.agent.local_addr();
    for (method, more, body, start) in [
        ("OPTIONS", "", "", "SIP/2.0 200"),
        ("BYE", "", "", "SIP/2.0 481"),
        ("INFO", "", "", "SIP/2.0 481"),
        ("MESSAGE", "", "", "SIP/2.0 405"),
        ("REGISTER", "", "", "SIP/2.0 405"),
        ("INVITE", "Require: 100rel\r\n", "", "SIP/2.0 420"),
        ("INVITE", "Content-Type: text/plain\r\n", "hello", "SIP/2.0 415"),
    ] {
        let call_id = format!("{method}{}", start.len() + more.len());
        raw.send(&raw.request(method, TO, &call_id, more, body), here).await;
        raw.expect(start).await;
    }
    assert!(flat.calls.try_recv().is_err());
}

#[tokio::test]
async fn a_repeated_invite_rings_once() {
    let mut flat = start(Config { direct_peers: vec![[127, 0, 0, 1].into()], ..config() }).await;
    let raw = Raw::open().await;
    let here = flat.agent.local_addr();
    let invite = raw.request("INVITE", TO, "twice", "", "");
    raw.send(&invite, here).await;
    raw.send(&invite, here).await;
    // The same call by another way (RFC 3261 section 8.2.2.2).
    raw.send(&invite.replace("z9hG4bK", "z9hG4bKother"), here).await;
    raw.expect("SIP/2.0 482").await;
    let incoming = soon("call", flat.calls.recv()).await.unwrap();
    assert!(flat.calls.try_recv().is_err());
    assert_eq!(flat.agent.counters().retransmissions, 1);
    let _call = incoming.answer(ANSWER).await.unwrap();
    raw.expect("SIP/2.0 200").await;
}
