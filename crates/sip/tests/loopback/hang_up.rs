use vestibule_model::SipTransport;
use vestibule_sip::{CallError, CallEvent, Cancelled, Config, HangUp};

use crate::harness::{ANSWER, OFFER, Raw, config, event, header, house, refused, ring, soon, start, talk};

#[tokio::test]
async fn either_side_can() {
    for transport in [SipTransport::Udp, SipTransport::Tcp] {
        for swap in [false, true] {
            let (door, mut flat) = house(transport).await;
            let (caller, callee) = talk(&door, &mut flat).await;
            let (mut first, mut second) = if swap { (callee, caller) } else { (caller, callee) };
            first.control().hang_up().await;
            assert!(matches!(event(&mut first).await, CallEvent::Ended(HangUp::Local)));
            assert!(matches!(event(&mut second).await, CallEvent::Ended(HangUp::Remote)));
            assert_eq!(second.control().send_info("a/b", OFFER).await, Err(CallError::Over));
            assert!(matches!(event(&mut second).await, CallEvent::Ended(HangUp::Remote)));
        }
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_is_ended() {
    let (door, mut flat) = house(SipTransport::Udp).await;
    let (caller, mut callee) = talk(&door, &mut flat).await;
    drop(caller);
    assert!(matches!(event(&mut callee).await, CallEvent::Ended(HangUp::Remote)));
}

#[tokio::test]
async fn stopping_ends_the_calls() {
    let (door, mut flat) = house(SipTransport::Udp).await;
    let (mut caller, mut callee) = talk(&door, &mut flat).await;
    flat.agent.stop().await;
    assert!(matches!(event(&mut callee).await, CallEvent::Ended(HangUp::Local)));
    assert!(matches!(event(&mut caller).await, CallEvent::Ended(HangUp::Remote)));
    assert!(matches!(
        flat.agent.dial(&"a@127.0.0.1".parse().unwrap(), OFFER).await.err(),
        Some(CallError::Over)
    ));
}

#[tokio::test]
async fn a_peer_that_is_gone_is_noticed() {
    let mut flat = start(Config { direct_peers: vec![[127, 0, 0, 1].into()], ..config() }).await;
    let raw = Raw::open().await;
    let here = flat.agent.local_addr();
    let invite =
        raw.request("INVITE", "<sip:flat12@127.0.0.1>", "gone", "Content-Type: application/sdp\r\n", "v=0");
    raw.send(&invite, here).await;
    let incoming = soon("call", flat.calls.recv()).await.unwrap();
    let mut call = incoming.answer(ANSWER).await.unwrap();
    let ok = raw.expect("SIP/2.0 200").await;
    // The 200 comes again until it is acknowledged (RFC 3261 section 13.3.1.4).
    assert_eq!(raw.expect("SIP/2.0 200").await, ok);
    raw.send(&raw.request("ACK", &header(&ok, "To"), "gone", "", ""), here).await;
    let control = call.control();
    let asked = tokio::spawn(async move { control.send_info("application/dtmf-relay", OFFER).await });
    assert!(matches!(event(&mut call).await, CallEvent::Ended(HangUp::Lost)));
    assert_eq!(soon("answer", asked).await.unwrap(), Err(CallError::Timeout));
}

#[tokio::test]
async fn stopping_ends_what_still_rings() {
    let (door, mut flat) = house(SipTransport::Udp).await;
    let (outgoing, mut incoming) = ring(&door, &mut flat).await;
    flat.agent.stop().await;
    assert_eq!(soon("end", incoming.cancelled()).await, Cancelled::GaveUp);
    assert_eq!(refused(outgoing).await.0, 480);
}

#[tokio::test]
async fn stopping_gives_up_what_was_dialled() {
    let (door, mut flat) = house(SipTransport::Udp).await;
    let (_outgoing, mut incoming) = ring(&door, &mut flat).await;
    door.agent.stop().await;
    assert_eq!(soon("CANCEL", incoming.cancelled()).await, Cancelled::GaveUp);
}
