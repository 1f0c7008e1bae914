//! Ringing, and what may come of it.

use vestibule_sim::Order;
use vestibule_sim::report::{Ending, Report};
use vestibule_sip::{Arrival, CallEvent, Cancelled, HangUp};

use crate::phone::{Ear, Phone, Sim, Talk, setup, soon};

#[tokio::test]
async fn tells_the_whole_way_of_a_call() {
    let mut sim = Sim::start(setup()).await;
    let sip = sim.intercom.local_addr().to_string();
    sim.until("listening", |report| (*report == Report::Listening { sip: sip.clone() }).then_some(())).await;
    let mut phone = Phone::register(sim.intercom.local_addr()).await;
    let flat12 = Report::Registered { user: "flat12".to_owned() };
    sim.until("the resident", |report| (*report == flat12).then_some(())).await;
    sim.until("the button", |report| matches!(report, Report::InviteSent { .. }).then_some(())).await;

    let mut ringing = phone.rung().await;
    let caller = ringing.caller();
    assert_eq!((caller.address.as_str(), caller.arrival), ("door@127.0.0.1", Arrival::Registrar));
    assert_eq!(caller.display_name.as_deref(), Some("Main entrance"));
    ringing.ring(None).await.unwrap();
    let rings =
        |report: &Report| matches!(report, Report::Provisional { status: 180, early_media: false, .. });
    sim.until("180", |report| rings(report).then_some(())).await;

    let ear = Ear::open().await;
    let negotiated = ear.answer(ringing.offer().unwrap());
    let call = ringing.answer(negotiated.sdp).await.unwrap();
    ear.begin(negotiated.session);
    sim.until("the answer", |report| matches!(report, Report::Answered { .. }).then_some(())).await;
    let media = Report::Media {
        audio: Some("PCMA"),
        telephone_event: true,
        packetization_mode: Some(1),
        sends_video: true,
    };
    sim.until("the media", |report| (*report == media).then_some(())).await;
    let talk = Talk { sim, phone, call, ear };
    let Report::Ended { why, status, .. } = talk.end().await else { panic!("no end") };
    assert_eq!((why, status), (Ending::Remote, None));
}

#[tokio::test]
async fn gives_up_when_told() {
    let mut sim = Sim::start(setup()).await;
    let mut phone = Phone::register(sim.intercom.local_addr()).await;
    let mut ringing = phone.rung().await;
    ringing.ring(None).await.unwrap();
    sim.until("180", |report| matches!(report, Report::Provisional { status: 180, .. }).then_some(())).await;
    sim.intercom.order(Order::Cancel).await;
    assert_eq!(soon("the CANCEL", ringing.cancelled()).await, Cancelled::GaveUp);
    let cancelled = |report: &Report| matches!(report, Report::Ended { why: Ending::Cancelled, .. });
    sim.until("the end", |report| cancelled(report).then_some(())).await;
}

#[tokio::test]
async fn is_refused() {
    for (status, warning) in
        [(486, None), (603, None), (488, Some("305 vestibule \"Incompatible media format\""))]
    {
        let mut sim = Sim::start(setup()).await;
        let mut phone = Phone::register(sim.intercom.local_addr()).await;
        phone.rung().await.reject(status, warning.map(str::to_owned)).await.unwrap();
        let ended = |report: &Report| match report {
            Report::Ended { why, status, .. } => Some((*why, *status)),
            _ => None,
        };
        assert_eq!(sim.until("the end", ended).await, (Ending::Refused, Some(status)));
    }
}

#[tokio::test]
async fn hangs_up_when_told_and_when_it_stops() {
    let mut talk = Talk::begin(setup()).await;
    talk.sim.intercom.order(Order::HangUp).await;
    let CallEvent::Ended(HangUp::Remote) = soon("the BYE", talk.call.next()).await else { panic!("no BYE") };
    let ended = |report: &Report| matches!(report, Report::Ended { why: Ending::Local, .. }).then_some(());
    talk.sim.until("the end", ended).await;

    let mut talk = Talk::begin(setup()).await;
    let last = talk.sim.stop().await;
    assert!(matches!(last.last(), Some(Report::Ended { why: Ending::Local, .. })), "{last:?}");
    let CallEvent::Ended(HangUp::Remote) = soon("the BYE", talk.call.next()).await else { panic!("no BYE") };
}

#[tokio::test]
async fn rings_again_on_the_button_only() {
    let mut talk = Talk::begin(setup()).await;
    talk.sim.intercom.order(Order::Call).await;
    talk.sim.until("a refusal", |report| matches!(report, Report::NotDone { .. }).then_some(())).await;
    talk.call.control().hang_up().await;
    talk.sim.until("the end", |report| matches!(report, Report::Ended { .. }).then_some(())).await;
    talk.sim.intercom.order(Order::HangUp).await;
    talk.sim.until("a refusal", |report| matches!(report, Report::NotDone { .. }).then_some(())).await;
    talk.sim.intercom.order(Order::Call).await;
    talk.phone.rung().await.reject(486, None).await.unwrap();
    talk.sim.until("the end", |report| matches!(report, Report::Ended { .. }).then_some(())).await;
}
