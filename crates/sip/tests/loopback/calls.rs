use bytes::Bytes;
use vestibule_model::SipTransport;
use vestibule_sip::{Arrival, CallError, CallEvent, Cancelled, HangUp, Progress};

use crate::harness::{ANSWER, OFFER, answered, event, house, refused, ring, soon, talk};

const BOTH: [SipTransport; 2] = [SipTransport::Udp, SipTransport::Tcp];

#[tokio::test]
async fn rings_and_is_answered() {
    for transport in BOTH {
        let (door, mut flat) = house(transport).await;
        let (outgoing, incoming) = ring(&door, &mut flat).await;
        let caller = incoming.caller();
        assert_eq!(caller.address, "door@127.0.0.1");
        assert_eq!(caller.display_name.as_deref(), Some("Main entrance"));
        assert_eq!((caller.source, caller.arrival), (door.agent.local_addr(), Arrival::Registrar));
        assert_eq!(incoming.offer(), Some(&OFFER));
        let _callee = incoming.answer(ANSWER).await.unwrap();
        answered(outgoing).await;
        assert_eq!((door.agent.counters().retransmissions, flat.agent.counters().retransmissions), (0, 0));
    }
}

#[tokio::test]
async fn shows_the_visitor_before_the_answer() {
    let (door, mut flat) = house(SipTransport::Udp).await;
    let mut outgoing = door.agent.dial(&"flat12@127.0.0.1".parse().unwrap(), OFFER).await.unwrap();
    let mut incoming = soon("call", flat.calls.recv()).await.unwrap();
    incoming.ring(Some(ANSWER)).await.unwrap();
    loop {
        match soon("early media", outgoing.next()).await {
            Progress::Trying => {}
            Progress::Ringing { early } => break assert_eq!(early, Some(ANSWER)),
            _ => panic!("no early media"),
        }
    }
}

#[tokio::test]
async fn stops_ringing_when_the_caller_gives_up() {
    for transport in BOTH {
        let (door, mut flat) = house(transport).await;
        let (outgoing, mut incoming) = ring(&door, &mut flat).await;
        let (_, why) = tokio::join!(outgoing.cancel(), soon("CANCEL", incoming.cancelled()));
        assert_eq!(why, Cancelled::GaveUp);
        assert_eq!(incoming.answer(ANSWER).await.err(), Some(CallError::Cancelled));
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_is_cancelled() {
    let (door, mut flat) = house(SipTransport::Udp).await;
    let (outgoing, mut incoming) = ring(&door, &mut flat).await;
    drop(outgoing);
    assert_eq!(soon("CANCEL", incoming.cancelled()).await, Cancelled::GaveUp);
}

#[tokio::test]
async fn is_declined_with_the_reason() {
    for (status, warning) in
        [(486, None), (603, None), (488, Some("305 vestibule \"Incompatible media format\""))]
    {
        let (door, mut flat) = house(SipTransport::Udp).await;
        let (outgoing, incoming) = ring(&door, &mut flat).await;
        incoming.reject(status, warning.map(str::to_owned)).await.unwrap();
        assert_eq!(refused(outgoing).await.0, status);
    }
}

#[tokio::test]
async fn one_that_nobody_takes_is_not_left_ringing() {
    let (door, mut flat) = house(SipTransport::Udp).await;
    let (outgoing, incoming) = ring(&door, &mut flat).await;
    drop(incoming);
    assert_eq!(refused(outgoing).await.0, 480);
}

#[tokio::test]
async fn a_user_who_is_not_registered_cannot_be_called() {
    let (door, flat) = house(SipTransport::Udp).await;
    flat.agent.stop().await;
    let failed = door.agent.dial(&"flat12@127.0.0.1".parse().unwrap(), OFFER).await.err();
    assert!(
        failed.is_some_and(|error| matches!(error, CallError::Unreachable(_))) || {
            door.agent.bindings().borrow().is_empty()
        }
    );
}

#[tokio::test]
async fn the_session_changes_from_either_side() {
    for transport in BOTH {
        let (door, mut flat) = house(transport).await;
        let (mut caller, mut callee) = talk(&door, &mut flat).await;
        for swap in [false, true] {
            let (from, to) = if swap { (&callee, &mut caller) } else { (&caller, &mut callee) };
            let control = from.control();
            let offered = tokio::spawn(async move { control.reinvite(Bytes::from_static(b"hold")).await });
            let CallEvent::Offer(offer) = event(to).await else { panic!("no offer") };
            assert_eq!(offer.sdp().map(Bytes::as_ref), Some(b"hold".as_slice()));
            offer.accept(Bytes::from_static(b"held")).await.unwrap();
            assert_eq!(soon("answer", offered).await.unwrap(), Ok(Bytes::from_static(b"held")));
        }
        let control = caller.control();
        let offered = tokio::spawn(async move { control.reinvite(Bytes::from_static(b"strange")).await });
        let CallEvent::Offer(offer) = event(&mut callee).await else { panic!("no offer") };
        offer.refuse(488, Some("no codec".into())).await.unwrap();
        let refused = soon("refusal", offered).await.unwrap();
        assert!(matches!(refused, Err(CallError::Refused { status: 488, .. })), "{refused:?}");
        callee.control().hang_up().await;
        assert!(matches!(event(&mut caller).await, CallEvent::Ended(HangUp::Remote)));
    }
}

#[tokio::test]
async fn messages_pass_from_either_side() {
    for transport in BOTH {
        let (door, mut flat) = house(transport).await;
        let (mut caller, mut callee) = talk(&door, &mut flat).await;
        let body = Bytes::from_static(b"Signal=5\r\nDuration=160\r\n");
        assert_eq!(callee.control().send_info("application/dtmf-relay", body.clone()).await, Ok(200));
        let CallEvent::Info { content_type, body: got } = event(&mut caller).await else { panic!("no INFO") };
        assert_eq!((content_type.as_str(), got), ("application/dtmf-relay", body));
        let keyframe = Bytes::from_static(b"<media_control/>");
        assert_eq!(caller.control().send_info("application/media_control+xml", keyframe).await, Ok(200));
        assert!(matches!(event(&mut callee).await, CallEvent::Info { .. }));
        let bad = callee.control().send_info("a/b\r\nX: y", Bytes::new()).await;
        assert!(matches!(bad, Err(CallError::BadValue(_))));
    }
}
