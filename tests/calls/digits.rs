//! The door's code: by telephone-events, by INFO, by both.

use vestibule_ipc::{Answer, ErrorCode, OpenDoor, SwitchState};
use vestibule_model::{DtmfMode, Outcome, SwitchId};
use vestibule_tests::{Kamailio, Phone, PhoneOptions};

use super::door;

/// What baresip prints of a digit that came in RTP, and in INFO.
fn by_event(digit: char) -> String {
    format!("received event: '{digit}'")
}

async fn opens(dtmf: DtmfMode, expected: &[String]) {
    let kamailio = Kamailio::start(Default::default());
    let mut options = PhoneOptions::at(&kamailio);
    if let Some((account, _)) = &mut options.account {
        account.dtmf = dtmf;
    }
    let mut phone = Phone::start(options).await;
    phone.until_registered().await;
    let mut door = door(&kamailio).await;
    door.command("dial", "sip:flat12@site.test").await;
    let ringing = phone.until_ringing().await;
    let (call, switch) = (ringing.id, ringing.switches[0].id);
    phone.app.answer(Answer { call }).await.unwrap();
    door.event("CALL_ESTABLISHED").await;
    phone.app.open_door(OpenDoor { call, switch }).await.unwrap();
    let state = |view: &vestibule_ipc::CallView| view.switches[0].state;
    phone.until_call("sent", |view| matches!(state(view), SwitchState::CodeSent { .. })).await;
    for text in expected {
        door.logged(text).await;
    }
    phone
        .until_call("no confirmation", |view| matches!(state(view), SwitchState::NoConfirmation { .. }))
        .await;
    let row =
        phone.until_history("the press", |row| row.actions.iter().any(|a| a.outcome == Outcome::Sent)).await;
    assert_eq!(row.actions.len(), 1);
    assert_eq!(row.actions[0].switch_name, "Main door");
}

#[tokio::test(flavor = "multi_thread")]
async fn go_as_telephone_events() {
    opens(DtmfMode::Rfc4733, &[by_event('0'), by_event('*')]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn go_as_info() {
    opens(DtmfMode::Info, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn open_the_door_of_a_ringing_call_by_answering_it_muted() {
    let kamailio = Kamailio::start(Default::default());
    let mut phone = Phone::registered(&kamailio).await;
    let mut door = door(&kamailio).await;
    door.command("dial", "sip:flat12@site.test").await;
    let ringing = phone.until_ringing().await;
    let (call, switch) = (ringing.id, ringing.switches[0].id);
    phone.app.open_door(OpenDoor { call, switch }).await.unwrap();
    let sent =
        phone.until_call("sent", |view| matches!(view.switches[0].state, SwitchState::CodeSent { .. })).await;
    assert_eq!(sent.audio.microphone, vestibule_ipc::MicrophoneState::Muted);
    door.logged(&by_event('*')).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn are_refused_for_a_switch_of_another_intercom() {
    let kamailio = Kamailio::start(Default::default());
    let mut phone = Phone::registered(&kamailio).await;
    let mut door = door(&kamailio).await;
    door.command("dial", "sip:flat12@site.test").await;
    let call = phone.until_ringing().await.id;
    let refused = phone.app.open_door(OpenDoor { call, switch: SwitchId(4711) }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NoSuchSwitch);
}
