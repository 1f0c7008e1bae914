//! Codecs: µ-law, no camera, and nothing in common.

use vestibule_ipc::{Answer, VideoState};
use vestibule_model::{AudioCodec, CallStatus};
use vestibule_tests::{
    Baresip, BaresipOptions, Kamailio, Phone, PhoneOptions, seconds, tone_level, wait_until,
};

use super::door_options;

#[tokio::test(flavor = "multi_thread")]
async fn a_door_without_a_camera_that_speaks_mu_law_is_heard() {
    let kamailio = Kamailio::start(Default::default());
    let mut phone = Phone::registered(&kamailio).await;
    let options =
        BaresipOptions { audio_codecs: "PCMU/8000/1".to_owned(), video: false, ..door_options(&kamailio) };
    let mut door = Baresip::start(options).await;
    door.command("dial", "sip:flat12@site.test").await;
    let ringing = phone.until_ringing().await;
    assert_eq!(ringing.video, VideoState::None);
    phone.app.answer(Answer { call: ringing.id }).await.unwrap();
    let heard = phone.heard();
    wait_until("the resident hears the door", || async { tone_level(&heard, Baresip::TONE) > 0.8 }).await;
    wait_until("some talk", || async { seconds(&heard) > 2.0 }).await;
    door.command("hangup", "").await;
    phone.until_ended().await;
    wait_until("the door heard the resident", || async { tone_level(&door.heard(), Phone::TONE) > 0.8 })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_common_is_refused_with_488() {
    let kamailio = Kamailio::start(Default::default());
    let mut options = PhoneOptions::at(&kamailio);
    if let Some((account, _)) = &mut options.account {
        account.codecs = vec![AudioCodec::Pcmu];
    }
    let mut phone = Phone::start(options).await;
    phone.until_registered().await;
    let mut door = Baresip::start(door_options(&kamailio)).await;
    door.command("dial", "sip:flat12@site.test").await;
    let closed = door.event("CALL_CLOSED").await;
    assert!(closed["param"].as_str().is_some_and(|reason| reason.contains("488")), "{closed}");
    phone.until_history("a failed call", |row| row.status == CallStatus::Failed).await;
}
