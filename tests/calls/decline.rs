//! Declining.

use vestibule_ipc::{CallPhase, Decline, EndReason};
use vestibule_model::CallStatus;

use super::ringing;

#[tokio::test(flavor = "multi_thread")]
async fn tells_the_door_and_the_history() {
    let (_kamailio, mut phone, mut door) = ringing().await;
    let call = phone.until_ringing().await.id;
    phone.app.decline(Decline { call }).await.unwrap();
    let ended = phone.until_ended().await;
    assert_eq!(ended.phase, CallPhase::Ended { reason: EndReason::Declined });
    let closed = door.event("CALL_CLOSED").await;
    assert!(closed["param"].as_str().is_some_and(|reason| reason.contains("486")), "{closed}");
    phone.until_history("a declined call", |row| row.status == CallStatus::Declined).await;
}
