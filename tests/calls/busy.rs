//! A second call while one is up.

use vestibule_ipc::{Answer, CallPhase, EndReason};
use vestibule_model::{CallStatus, HistoryEntry, SecondCall};
use vestibule_tests::{Baresip, BaresipOptions, Kamailio, Phone, PhoneOptions, intercom, wait_until};

use super::{door, door_options};

async fn two_doors(second_call: SecondCall) -> (Kamailio, Phone, Baresip, Baresip) {
    let kamailio = Kamailio::start(Default::default());
    let mut options = PhoneOptions::at(&kamailio);
    options.settings.second_call = second_call;
    let mut gate = intercom("gate@site.test");
    gate.name = "Courtyard gate".to_owned();
    options.intercoms.push(gate);
    let mut phone = Phone::start(options).await;
    phone.until_registered().await;
    let mut first = door(&kamailio).await;
    let gate = BaresipOptions { user: "gate".to_owned(), ..door_options(&kamailio) };
    let second = Baresip::start(gate).await;
    first.command("dial", "sip:flat12@site.test").await;
    let call = phone.until_ringing().await.id;
    phone.app.answer(Answer { call }).await.unwrap();
    first.event("CALL_ESTABLISHED").await;
    (kamailio, phone, first, second)
}

#[tokio::test(flavor = "multi_thread")]
async fn hears_that_we_are_busy_where_the_setting_says_so() {
    let (_kamailio, phone, _first, mut second) = two_doors(SecondCall::Busy).await;
    second.command("dial", "sip:flat12@site.test").await;
    let closed = second.event("CALL_CLOSED").await;
    assert!(closed["param"].as_str().is_some_and(|reason| reason.contains("486")), "{closed}");
    let row = phone.until_history("a missed call", |row| row.status == CallStatus::Missed).await;
    assert_eq!(row.caller.name, "Courtyard gate");
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_and_ends_the_first_when_it_is_answered() {
    let (_kamailio, mut phone, _first, mut second) = two_doors(SecondCall::Waiting).await;
    second.command("dial", "sip:flat12@site.test").await;
    let waiting = phone.until_call("waiting", |view| view.waiting).await;
    assert_eq!(waiting.caller.name, "Courtyard gate");
    phone.app.answer(Answer { call: waiting.id }).await.unwrap();
    second.event("CALL_ESTABLISHED").await;
    let has_ended = |row: &HistoryEntry| row.caller.name == "Main entrance" && row.ended.is_some();
    let phone = &phone;
    wait_until("the first call has ended", || async { phone.history().await.iter().any(has_ended) }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rings_aloud_when_the_first_is_over() {
    let (_kamailio, mut phone, mut first, mut second) = two_doors(SecondCall::Waiting).await;
    second.command("dial", "sip:flat12@site.test").await;
    let waiting = phone.until_call("waiting", |view| view.waiting).await.id;
    first.command("hangup", "").await;
    let promoted = phone.until_call("on the screen", |view| view.id == waiting && !view.waiting).await;
    assert_eq!(promoted.phase, CallPhase::Ringing);
    second.command("hangup", "").await;
    let gone =
        phone.until_call("given up", |view| view.id == waiting && view.phase != CallPhase::Ringing).await;
    assert_eq!(gone.phase, CallPhase::Ended { reason: EndReason::CallerGaveUp });
}
