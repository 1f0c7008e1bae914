//! Calls from nobody that is known: refused, and never given a code.

use vestibule_ipc::{Answer, ErrorCode, OpenDoor};
use vestibule_model::SwitchId;
use vestibule_tests::{Baresip, BaresipOptions, Kamailio, Phone, PhoneOptions};

use super::door_options;

#[tokio::test(flavor = "multi_thread")]
async fn past_the_registrar_are_refused() {
    let kamailio = Kamailio::start(Default::default());
    let mut options = PhoneOptions::at(&kamailio);
    options.intercoms.clear();
    let mut phone = Phone::start(options).await;
    phone.until_registered().await;
    let listens = phone.app.sip_address().expect("it listens");
    // It says that it is the intercom of the site, and comes straight to the phone.
    let mut stranger =
        Baresip::start(BaresipOptions { domain: Kamailio::DOMAIN.to_owned(), ..BaresipOptions::default() })
            .await;
    stranger.command("dial", &format!("sip:flat12@{listens}")).await;
    let closed = stranger.event("CALL_CLOSED").await;
    assert!(closed["param"].as_str().is_some_and(|reason| reason.contains("403")), "{closed}");
    assert!(phone.history().await.is_empty());
    assert_eq!(phone.app.strangers_refused(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn through_the_registrar_ring_without_a_door() {
    let kamailio = Kamailio::start(Default::default());
    let mut phone = Phone::registered(&kamailio).await;
    let unknown = BaresipOptions { user: "reception".to_owned(), ..door_options(&kamailio) };
    let mut unknown = Baresip::start(unknown).await;
    unknown.command("dial", "sip:flat12@site.test").await;
    let ringing = phone.until_ringing().await;
    let call = ringing.id;
    assert_eq!((ringing.caller.intercom, ringing.switches.len()), (None, 0));
    phone.app.answer(Answer { call }).await.unwrap();
    unknown.event("CALL_ESTABLISHED").await;
    for switch in [1, 2] {
        let refused = phone.app.open_door(OpenDoor { call, switch: SwitchId(switch) }).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::NoSuchSwitch);
    }
    assert!(!unknown.log().contains("received event"), "a code was sent");
}
