//! Ringing: who it is, with the picture before anybody answers.

use vestibule_ipc::{CallPhase, DeleteIntercom, GetState, VideoState};
use vestibule_model::{CallStatus, Direction, IntercomId, QuietHours, Settings};
use vestibule_tests::{PhoneOptions, intercom};

use super::ringing;

#[tokio::test(flavor = "multi_thread")]
async fn it_shows_who_rings_and_the_live_picture_before_the_answer() {
    let (_kamailio, mut phone, mut door) = ringing().await;
    let call = phone.until_ringing().await;
    assert_eq!(call.caller.intercom, Some(IntercomId(1)));
    assert_eq!(call.caller.name, "Main entrance");
    assert_eq!(call.direction, Direction::Incoming);
    let names: Vec<&str> = call.switches.iter().map(|switch| switch.name.as_str()).collect();
    assert_eq!(names, ["Main door", "Light"]);

    let seen = phone.until_call("a picture", |view| view.video == VideoState::Live).await;
    assert_eq!(seen.phase, CallPhase::Ringing);

    let row = phone.until_history("a picture in the history", |row| row.has_picture).await;
    assert_eq!((row.id, row.status), (call.id, CallStatus::Ringing));
    let jpeg = phone.app.picture(call.id).await.unwrap().unwrap();
    assert!(jpeg.starts_with(&[0xff, 0xd8]), "it is a JPEG");
    door.command("hangup", "").await;
    phone.until_ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn do_not_disturb_logs_the_call_as_missed() {
    logs_the_call_as_missed(Settings { do_not_disturb: true, ..Settings::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_hours_log_the_call_as_missed() {
    let always = QuietHours { on: true, days: (1..=7).collect(), from: 0, until: 0 };
    logs_the_call_as_missed(Settings { quiet_hours: always, ..Settings::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_intercom_is_logged_as_missed() {
    logs_the_call_as_missed(Settings { silent: vec![IntercomId(1)], ..Settings::default() }).await;
}

async fn logs_the_call_as_missed(settings: Settings) {
    let kamailio = vestibule_tests::Kamailio::start(Default::default());
    let mut options = PhoneOptions::at(&kamailio);
    options.settings = settings;
    let mut phone = vestibule_tests::Phone::start(options).await;
    phone.until_registered().await;
    let mut door = super::door(&kamailio).await;
    door.command("dial", "sip:flat12@site.test").await;
    door.event("CALL_CLOSED").await;
    let row = phone.until_history("a missed call", |row| row.status == CallStatus::Missed).await;
    assert_eq!(row.caller.name, "Main entrance");
    assert!(!row.seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_intercom_that_takes_the_place_of_a_silent_one_rings() {
    let settings = Settings { silent: vec![IntercomId(1)], ..Settings::default() };
    let options =
        PhoneOptions { intercoms: vec![intercom("door@site.test")], settings, ..Default::default() };
    let phone = vestibule_tests::Phone::start(options).await;
    phone.app.delete_intercom(DeleteIntercom { intercom: IntercomId(1) }).await.unwrap();
    assert_eq!(phone.app.get_state(GetState {}).await.unwrap().settings.silent, []);
}
