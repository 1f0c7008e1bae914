//! Talking: both sides hear each other, and the picture goes on.

use vestibule_app::VideoDecoder;
use vestibule_ipc::video::{Frame, FrameKind};
use vestibule_ipc::{Answer, CallPhase, EndReason, HangUp, SetMuted};
use vestibule_model::CallStatus;
use vestibule_tests::{Baresip, PATIENCE, Phone, seconds, tone_level, wait_until};

use super::ringing;

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_hear_each_other_and_the_picture_can_be_decoded() {
    let (_kamailio, mut phone, mut door) = ringing().await;
    let mut pictures = phone.app.video(VideoDecoder::Native);
    let call = phone.until_ringing().await.id;
    phone.app.answer(Answer { call }).await.unwrap();
    phone.until_call("live", |view| view.phase == CallPhase::Live).await;
    door.event("CALL_ESTABLISHED").await;

    for _ in 0..25 {
        let message = tokio::time::timeout(PATIENCE, pictures.recv()).await.unwrap().unwrap();
        let frame = Frame::decode(&message).unwrap();
        assert_eq!((frame.kind, frame.width, frame.height), (FrameKind::I420, 1280, 720));
    }
    let heard = phone.heard();
    wait_until("the resident hears the door", || async { tone_level(&heard, Baresip::TONE) > 0.8 }).await;
    wait_until("some talk", || async { seconds(&heard) > 2.0 }).await;
    phone.app.hang_up(HangUp { call }).await.unwrap();
    door.event("CALL_CLOSED").await;
    wait_until("the door heard the resident", || async { tone_level(&door.heard(), Phone::TONE) > 0.8 })
        .await;
    let row = phone.until_history("its end", |row| row.ended.is_some()).await;
    assert_eq!((row.status, row.failure), (CallStatus::Answered, None));
    assert!(row.answered.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_the_resident_is_heard_while_muted() {
    let (_kamailio, mut phone, mut door) = ringing().await;
    let call = phone.until_ringing().await.id;
    phone.app.answer(Answer { call }).await.unwrap();
    phone.app.set_muted(SetMuted { call, muted: true }).await.unwrap();
    door.event("CALL_ESTABLISHED").await;
    let heard = phone.heard();
    wait_until("the resident hears the door", || async { tone_level(&heard, Baresip::TONE) > 0.8 }).await;
    wait_until("some talk", || async { seconds(&heard) > 2.0 }).await;
    door.command("hangup", "").await;
    let ended = phone.until_ended().await;
    assert_eq!(ended.phase, CallPhase::Ended { reason: EndReason::RemoteHungUp });
    wait_until("the recording is closed", || async { seconds(&door.heard()) > 0.5 }).await;
    assert!(tone_level(&door.heard(), Phone::TONE) < 0.5, "the door heard the resident");
}
