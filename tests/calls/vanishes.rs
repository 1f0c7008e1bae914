//! The intercom loses its power in mid-call.

use vestibule_ipc::{Answer, CallPhase, EndReason};
use vestibule_model::CallStatus;

use super::ringing;

#[tokio::test(flavor = "multi_thread")]
async fn the_call_ends_and_the_history_says_so() {
    let (_kamailio, mut phone, mut door) = ringing().await;
    let call = phone.until_ringing().await.id;
    phone.app.answer(Answer { call }).await.unwrap();
    door.event("CALL_ESTABLISHED").await;
    phone.until_call("live", |view| view.phase == CallPhase::Live).await;
    door.kill();
    let ended = phone.until_ended().await;
    assert_eq!(ended.phase, CallPhase::Ended { reason: EndReason::Vanished });
    let row = phone.until_history("its end", |row| row.ended.is_some()).await;
    assert_eq!(row.status, CallStatus::Answered);
    assert!(row.failure.is_some());
}
