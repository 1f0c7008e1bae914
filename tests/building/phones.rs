//! Phones that the building configures.

use reqwest::Method;
use serde_json::{Value, json};
use vestibule_ipc::{
    Answer, DeleteIntercom, ErrorCode, GetState, RenewConfiguration, SaveAccount, SaveIntercom, SignIn,
    SignOut,
};
use vestibule_model::api::ConfigurationMode;
use vestibule_model::{Intercom, PhoneSetup, PhoneState, Registration, SipAccount, Unsupported};
use vestibule_tests::{Kamailio, KamailioOptions, Phone, PhoneOptions, intercom, wait_until};

use crate::house::Building;

async fn building() -> Building {
    let building = Building::new(KamailioOptions::default()).await;
    building.set_button("at_once", &building.flats).await;
    building
}

async fn setup(phone: &Phone) -> PhoneSetup {
    phone.app.get_state(GetState {}).await.unwrap().site.unwrap().phone
}

async fn account(phone: &Phone) -> Option<SipAccount> {
    phone.app.get_state(GetState {}).await.unwrap().settings.account
}

async fn intercoms(phone: &Phone) -> Vec<Intercom> {
    phone.app.get_state(GetState {}).await.unwrap().intercoms
}

async fn until(phone: &Phone, state: PhoneState) {
    wait_until("the configuration", || async { setup(phone).await.state == state }).await;
}

/// The template of all phones, as the office leaves it.
async fn set_template(building: &Building, mode: &str, transport: &str) {
    let template = json!({
        "mode": mode, "transport": transport, "encryption": "none", "dtmf": "info",
        "codecs": ["pcmu", "h264"], "refresh_minutes": 99_999,
    });
    building.office(Method::PUT, &format!("sites/{}/templates/phone", building.site.0), &template).await;
}

fn switches(name: &str) -> Value {
    json!([{ "name": name, "kind": "gate", "code": "12#" }])
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_is_rung_and_has_the_doors() {
    let building = building().await;
    let mut phone = building.phone("resident").await;
    let PhoneSetup { state, mode, .. } = setup(&phone).await;
    assert_eq!((state, mode), (PhoneState::Configured, ConfigurationMode::Automatic));
    let [entrance] = intercoms(&phone).await.try_into().unwrap();
    assert_eq!((&*entrance.name, &*entrance.switches[0].name), ("Main entrance", "Door"));
    let devices = phone.app.get_state(GetState {}).await.unwrap().site.unwrap().devices;
    assert_eq!(devices.iter().find(|it| it.name == "Main entrance").unwrap().intercom, Some(entrance.id));

    let mut door = building.door(&building.entrance).await;
    door.command("dial", &format!("sip:{}-1@site.test", building.entrance.user)).await;
    let call = phone.until_ringing().await;
    assert_eq!(call.caller.intercom, Some(entrance.id));
    assert_eq!(call.switches.len(), 1);
    phone.app.answer(Answer { call: call.id }).await.unwrap();
    door.event("CALL_ESTABLISHED").await;
    // Its household sees that it is there.
    wait_until("the status of the phone", || async {
        building.device("resident").await["status"] == "ready"
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_automatic_mode_the_building_has_the_last_word() {
    let building = building().await;
    let phone = building.phone("resident").await;
    let before = account(&phone).await.unwrap();
    let [entrance] = intercoms(&phone).await.try_into().unwrap();
    let locked = SaveAccount { account: SipAccount { expires: 60, ..before.clone() }, password: None };
    assert_eq!(phone.app.save_account(locked).await.unwrap_err().code, ErrorCode::SetByBuilding);
    let renamed = SaveIntercom { intercom: Intercom { name: "Mine".into(), ..entrance.clone() } };
    assert_eq!(phone.app.save_intercom(renamed).await.unwrap_err().code, ErrorCode::SetByBuilding);
    let gone = DeleteIntercom { intercom: entrance.id };
    assert_eq!(phone.app.delete_intercom(gone).await.unwrap_err().code, ErrorCode::SetByBuilding);
    // One that was entered here stays the resident's own.
    let own = SaveIntercom { intercom: Intercom { name: "Cellar".into(), ..intercom("cellar@192.0.2.7") } };
    let own = phone.app.save_intercom(own).await.unwrap();

    building.set_doors(&switches("Gate")).await;
    set_template(&building, "automatic", "tcp").await;
    assert_eq!(phone.app.renew_configuration(RenewConfiguration {}).await, Ok(PhoneState::Configured));
    let after = account(&phone).await.unwrap();
    assert_eq!((&after.user, &after.servers), (&before.user, &before.servers));
    assert_eq!(serde_json::to_value(&after).unwrap()["transport"], "tcp");
    assert_eq!(serde_json::to_value(&after).unwrap()["dtmf"], "info");
    assert_eq!(serde_json::to_value(&after).unwrap()["codecs"], json!(["pcmu"]));
    assert_eq!(setup(&phone).await.refresh_minutes, 99_999);
    let now = intercoms(&phone).await;
    let same = now.iter().find(|it| it.id == entrance.id).unwrap();
    assert_eq!((&*same.switches[0].name, same.switches[0].code.reveal()), ("Gate", "12#"));
    assert!(now.iter().any(|it| it.id == own));

    building.office(Method::DELETE, &building.entrance_path(), &Value::Null).await;
    phone.app.renew_configuration(RenewConfiguration {}).await.unwrap();
    assert_eq!(intercoms(&phone).await.iter().map(|it| it.id).collect::<Vec<_>>(), [own]);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_manual_mode_what_was_changed_here_survives() {
    let building = building().await;
    set_template(&building, "manual", "udp").await;
    let mut phone = building.phone("resident").await;
    let changed =
        SipAccount { expires: 60, display_name: Some("Kitchen".into()), ..account(&phone).await.unwrap() };
    phone.app.save_account(SaveAccount { account: changed.clone(), password: None }).await.unwrap();
    let [entrance] = intercoms(&phone).await.try_into().unwrap();
    let renamed = Intercom { name: "Front door".into(), ..entrance };
    phone.app.save_intercom(SaveIntercom { intercom: renamed.clone() }).await.unwrap();

    building.set_doors(&switches("Gate")).await;
    set_template(&building, "manual", "tcp").await;
    assert_eq!(phone.app.renew_configuration(RenewConfiguration {}).await, Ok(PhoneState::Configured));
    assert_eq!(account(&phone).await, Some(changed));
    assert_eq!(intercoms(&phone).await, [renamed]);
    phone.until_registered().await;

    // Whom the building rings there is its own affair in both modes.
    building.office(Method::DELETE, &building.entrance_path(), &Value::Null).await;
    phone.app.renew_configuration(RenewConfiguration {}).await.unwrap();
    assert_eq!(intercoms(&phone).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_ones_own_stays_until_the_resident_wants_the_buildings() {
    let building = building().await;
    let own = SipAccount {
        user: "flat12".into(),
        domain: "elsewhere.test".into(),
        servers: vec!["127.0.0.1:1".into()],
        auth_user: None,
        display_name: None,
        transport: Default::default(),
        dtmf: Default::default(),
        codecs: SipAccount::default_codecs(),
        expires: 60,
    };
    let options =
        PhoneOptions { account: Some((own.clone(), "a password".into())), ..PhoneOptions::default() };
    let mut phone = Phone::start(options).await;
    phone.app.sign_in(SignIn { with: building.account_of("resident") }).await.unwrap();
    until(&phone, PhoneState::OwnAccount).await;
    assert_eq!(account(&phone).await, Some(own));
    assert_eq!(intercoms(&phone).await, []);

    phone.app.renew_configuration(RenewConfiguration {}).await.unwrap();
    assert_eq!(account(&phone).await.unwrap().domain, Kamailio::DOMAIN);
    phone.until_registered().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_this_app_cannot_do_is_said_and_nothing_is_changed() {
    let building = building().await;
    let phone = building.phone("resident").await;
    let before = account(&phone).await;
    set_template(&building, "automatic", "tls").await;
    let state = phone.app.renew_configuration(RenewConfiguration {}).await.unwrap();
    assert_eq!(state, PhoneState::Unsupported(Unsupported::Transport));
    assert_eq!(account(&phone).await, before);

    let new = Phone::start(PhoneOptions::default()).await;
    new.app.sign_in(SignIn { with: building.account_of("neighbour") }).await.unwrap();
    until(&new, PhoneState::Unsupported(Unsupported::Transport)).await;
    assert_eq!(account(&new).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_the_building_took_off_comes_back_when_the_resident_says_so() {
    let building = building().await;
    let mut phone = building.phone("resident").await;
    let id = building.device("resident").await["id"].clone();
    building.office(Method::DELETE, &format!("devices/{id}"), &Value::Null).await;
    phone.restart().await;
    until(&phone, PhoneState::Removed).await;
    phone.until_registration(|now| matches!(now, Registration::Failed { .. })).await;
    assert_eq!(phone.app.renew_configuration(RenewConfiguration {}).await, Ok(PhoneState::Configured));
    phone.until_registered().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_apartment_has_no_more_devices_than_it_may() {
    let building = building().await;
    let mut phones = Vec::new();
    for _ in 0..4 {
        phones.push(building.phone("resident").await);
    }
    let fifth = Phone::start(PhoneOptions::default()).await;
    fifth.app.sign_in(SignIn { with: building.account_of("resident") }).await.unwrap();
    until(&fifth, PhoneState::DeviceLimit).await;

    phones[0].app.sign_out(SignOut {}).await.unwrap();
    assert_eq!(account(&phones[0]).await, None);
    assert_eq!(intercoms(&phones[0]).await, []);
    assert_eq!(fifth.app.renew_configuration(RenewConfiguration {}).await, Ok(PhoneState::Configured));
}
