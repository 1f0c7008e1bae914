//! The other side puts the call on hold, and takes it back (re-INVITE).

use vestibule_ipc::{Answer, CallPhase};
use vestibule_tests::{Baresip, tone_level, wait_until};

use super::ringing;

#[tokio::test(flavor = "multi_thread")]
async fn is_shown_and_is_taken_back() {
    let (_kamailio, mut phone, mut door) = ringing().await;
    let call = phone.until_ringing().await.id;
    phone.app.answer(Answer { call }).await.unwrap();
    door.event("CALL_ESTABLISHED").await;
    phone.until_call("live", |view| view.phase == CallPhase::Live).await;
    door.command("hold", "").await;
    phone.until_call("on hold", |view| view.phase == CallPhase::OnHold).await;
    door.command("resume", "").await;
    phone.until_call("live again", |view| view.phase == CallPhase::Live).await;
    let heard = phone.heard();
    wait_until("the resident hears the door", || async { tone_level(&heard, Baresip::TONE) > 0.8 }).await;
}
