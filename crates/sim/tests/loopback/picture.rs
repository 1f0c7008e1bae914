//! What arrives at the phone.

use bytes::Bytes;
use vestibule_sim::Setup;
use vestibule_sim::offer::Poverty;
use vestibule_sim::report::{Report, unix_ms};

use crate::phone::{Ear, Phone, Sim, Talk, setup};

#[tokio::test]
async fn pictures_come_in_order_with_a_stamp_in_both_packetization_modes() {
    for mode in [0, 1] {
        let poverty = Poverty { packetization_mode: Some(mode), ..Poverty::default() };
        let mut talk = Talk::begin(Setup { poverty, ..setup() }).await;
        let (first, key) = talk.ear.see().await;
        assert!(key, "a stream begins with a key frame");
        let mut last = first;
        for _ in 0..10 {
            let (stamp, _) = talk.ear.see().await;
            assert!(stamp.frame > last.frame && stamp.unix_ms >= last.unix_ms, "{last:?} {stamp:?}");
            last = stamp;
        }
        assert!(last.unix_ms <= unix_ms());
        let Report::Ended { frames_sent, .. } = talk.end().await else { panic!("no end") };
        assert!(frames_sent >= 11);
    }
}

#[tokio::test]
async fn a_key_frame_comes_when_it_is_asked_for() {
    let mut talk = Talk::begin(setup()).await;
    assert!(talk.ear.see().await.1);
    let wanted = |report: &Report| match report {
        Report::KeyframeWanted { by } => Some(*by),
        _ => None,
    };

    talk.ear.leg.request_keyframe();
    assert_eq!(talk.sim.until("the PLI", wanted).await, "rtcp");
    while !talk.ear.see().await.1 {}

    let body = "<?xml version=\"1.0\"?><media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder>\
                </vc_primitive></media_control>";
    talk.call.control().send_info("application/media_control+xml", Bytes::from(body)).await.unwrap();
    let by_info = |report: &Report| wanted(report).filter(|by| *by == "info");
    talk.sim.until("the INFO", by_info).await;
    talk.ear.see_key().await;
    talk.end().await;
}

#[tokio::test]
async fn early_media_shows_the_visitor_before_the_answer() {
    let mut sim = Sim::start(Setup { early_media: true, ..setup() }).await;
    let mut phone = Phone::register(sim.intercom.local_addr()).await;
    let mut ringing = phone.rung().await;
    let mut ear = Ear::open().await;
    let negotiated = ear.answer(ringing.offer().unwrap());
    ear.leg.apply(negotiated.session.clone());
    ringing.ring(Some(negotiated.sdp.clone())).await.unwrap();
    let early =
        |report: &Report| matches!(report, Report::Provisional { status: 183, early_media: true, .. });
    sim.until("183", |report| early(report).then_some(())).await;
    let (before, key) = ear.see().await;
    assert!(key);

    let call = ringing.answer(negotiated.sdp).await.unwrap();
    sim.until("the answer", |report| matches!(report, Report::Answered { .. }).then_some(())).await;
    ear.begin(negotiated.session);
    let (after, _) = ear.see().await;
    assert!(after.frame > before.frame, "the same camera goes on");
    while !ear.see().await.1 {}
    Talk { sim, phone, call, ear }.end().await;
}

#[tokio::test]
async fn nothing_is_shown_before_the_answer_unless_it_is_set() {
    let mut sim = Sim::start(setup()).await;
    let mut phone = Phone::register(sim.intercom.local_addr()).await;
    let mut ringing = phone.rung().await;
    let ear = Ear::open().await;
    let negotiated = ear.answer(ringing.offer().unwrap());
    ringing.ring(Some(negotiated.sdp)).await.unwrap();
    let late =
        |report: &Report| matches!(report, Report::Provisional { status: 183, early_media: false, .. });
    sim.until("183", |report| late(report).then_some(())).await;
}
