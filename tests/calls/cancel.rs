//! The caller gives up, or another device of the household answers.

use vestibule_ipc::{Answer, CallPhase, EndReason};
use vestibule_model::CallStatus;
use vestibule_tests::Phone;

use super::ringing;

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_the_visitor_gives_up_is_missed() {
    let (_kamailio, mut phone, mut door) = ringing().await;
    phone.until_ringing().await;
    door.command("hangup", "").await;
    let ended = phone.until_ended().await;
    assert_eq!(ended.phase, CallPhase::Ended { reason: EndReason::CallerGaveUp });
    let row = phone.until_history("a missed call", |row| row.status == CallStatus::Missed).await;
    assert!(!row.seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_another_device_answers_is_not_missed() {
    let (kamailio, mut first) = {
        let kamailio = vestibule_tests::Kamailio::start(Default::default());
        let phone = Phone::registered(&kamailio).await;
        (kamailio, phone)
    };
    let mut second = Phone::registered(&kamailio).await;
    let mut door = super::door(&kamailio).await;
    door.command("dial", "sip:flat12@site.test").await;
    first.until_ringing().await;
    let call = second.until_ringing().await.id;
    second.app.answer(Answer { call }).await.unwrap();
    let ended = first.until_ended().await;
    assert_eq!(ended.phase, CallPhase::Ended { reason: EndReason::AnsweredElsewhere });
    let row = first.until_history("its end", |row| row.ended.is_some()).await;
    assert_eq!(row.status, CallStatus::AnsweredElsewhere);
}
