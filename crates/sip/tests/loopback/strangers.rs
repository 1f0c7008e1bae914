use vestibule_model::SipTransport;
use vestibule_sip::{Arrival, Cancelled, Config};

use crate::harness::{OFFER, Raw, config, header, house, ring, soon, start};

const TO: &str = "<sip:flat12@127.0.0.1>";

#[tokio::test]
async fn may_not_ring() {
    let (door, mut flat) = house(SipTransport::Udp).await;
    let raw = Raw::open().await;
    let here = flat.agent.local_addr();
    raw.send(&raw.request("INVITE", TO, "stranger", "", ""), here).await;
    let refusal = raw.expect("SIP/2.0 403").await;
    raw.send(&raw.request("ACK", &header(&refusal, "To"), "stranger", "", ""), here).await;
    assert_eq!(flat.agent.counters().strangers, 1);
    assert!(flat.calls.try_recv().is_err());
    ring(&door, &mut flat).await;
    // A device that is not registered and not listed is a stranger, whatever it calls itself.
    let other = start(config()).await;
    let to = format!("flat12@{here}").parse().unwrap();
    let outgoing = other.agent.dial(&to, OFFER).await.unwrap();
    assert_eq!(crate::harness::refused(outgoing).await.0, 403);
    assert_eq!(flat.agent.counters().strangers, 2);
}

#[tokio::test]
async fn may_ring_once_they_are_listed() {
    let mut flat = start(config()).await;
    flat.agent.set_direct_peers(vec![[127, 0, 0, 1].into()]);
    let door = start(config()).await;
    let to = format!("flat12@{}", flat.agent.local_addr()).parse().unwrap();
    let _outgoing = door.agent.dial(&to, OFFER).await.unwrap();
    let incoming = soon("call", flat.calls.recv()).await.unwrap();
    assert_eq!(incoming.caller().arrival, Arrival::Direct);
    assert_eq!(incoming.caller().source, door.agent.local_addr());
}

#[tokio::test]
async fn another_device_may_have_answered() {
    let mut flat = start(Config { direct_peers: vec![[127, 0, 0, 1].into()], ..config() }).await;
    let raw = Raw::open().await;
    let here = flat.agent.local_addr();
    for (call_id, reason, expected) in [
        ("c1", "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n", Cancelled::AnsweredElsewhere),
        ("c2", "", Cancelled::GaveUp),
    ] {
        raw.send(&raw.request("INVITE", TO, call_id, "", ""), here).await;
        let mut incoming = soon("call", flat.calls.recv()).await.unwrap();
        assert_eq!((incoming.call_id(), incoming.offer()), (call_id, None));
        incoming.ring(None).await.unwrap();
        raw.expect("SIP/2.0 180").await;
        raw.send(&raw.request("CANCEL", TO, call_id, reason, ""), here).await;
        assert_eq!(soon("CANCEL", incoming.cancelled()).await, expected);
        let ended = raw.expect("SIP/2.0 487").await;
        raw.send(&raw.request("ACK", &header(&ended, "To"), call_id, "", ""), here).await;
    }
}
