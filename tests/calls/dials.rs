//! The resident calls an intercom.

use vestibule_ipc::{CallPhase, Dial, EndReason, HangUp, VideoState};
use vestibule_model::{CallStatus, Direction, IntercomId};
use vestibule_tests::{Baresip, BaresipOptions, Kamailio, Phone, seconds, tone_level, wait_until};

use super::door_options;

async fn registered_door(kamailio: &Kamailio) -> Baresip {
    let password = Some(Kamailio::PASSWORD.to_owned());
    let door = Baresip::start(BaresipOptions { password, ..door_options(kamailio) }).await;
    door.logged("1 binding").await;
    door
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_with_picture_and_sound() {
    let kamailio = Kamailio::start(Default::default());
    let mut door = registered_door(&kamailio).await;
    let mut phone = Phone::registered(&kamailio).await;
    let call = phone.app.dial(Dial { intercom: IntercomId(1) }).await.unwrap();
    door.event("CALL_INCOMING").await;
    door.command("accept", "").await;
    phone.until_call("a picture", |view| view.video == VideoState::Live).await;
    let heard = phone.heard();
    wait_until("the resident hears the door", || async { tone_level(&heard, Baresip::TONE) > 0.8 }).await;
    wait_until("some talk", || async { seconds(&heard) > 2.0 }).await;
    phone.app.hang_up(HangUp { call }).await.unwrap();
    door.event("CALL_CLOSED").await;
    wait_until("the door heard the resident", || async { tone_level(&door.heard(), Phone::TONE) > 0.8 })
        .await;
    let row = phone.until_history("its end", |row| row.ended.is_some()).await;
    assert_eq!((row.status, row.direction), (CallStatus::Answered, Direction::Outgoing));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_given_up_before_the_answer() {
    let kamailio = Kamailio::start(Default::default());
    let mut door = registered_door(&kamailio).await;
    let phone = Phone::registered(&kamailio).await;
    let call = phone.app.dial(Dial { intercom: IntercomId(1) }).await.unwrap();
    door.event("CALL_INCOMING").await;
    phone.app.hang_up(HangUp { call }).await.unwrap();
    door.event("CALL_CLOSED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_that_is_not_there_is_said_to_be() {
    let kamailio = Kamailio::start(Default::default());
    let mut phone = Phone::registered(&kamailio).await;
    phone.app.dial(Dial { intercom: IntercomId(1) }).await.unwrap();
    let ended = phone.until_ended().await;
    assert_eq!(ended.phase, CallPhase::Ended { reason: EndReason::Refused });
    let row = phone.until_history("its end", |row| row.ended.is_some()).await;
    assert!(row.failure.is_some_and(|why| why.contains("404")));
}
