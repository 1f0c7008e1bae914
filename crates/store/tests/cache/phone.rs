use vestibule_model::api::{ConfigurationMode, DeviceId, SipProfile};
use vestibule_model::{
    DoorSwitch, Intercom, IntercomId, PhoneSetup, PhoneState, Settings, SipAccount, SwitchId, SwitchKind,
    Theme, Timestamp,
};
use vestibule_store::{Configuration, Known, Store};

use crate::Fixture;

fn account(user: &str) -> SipAccount {
    serde_json::from_value(serde_json::json!({ "user": user, "domain": "site.example" })).unwrap()
}

fn setup(mode: ConfigurationMode) -> PhoneSetup {
    PhoneSetup {
        state: PhoneState::Configured,
        mode,
        profile: Some(SipProfile { user: "d7".into(), domain: "site.example".into(), servers: Vec::new() }),
        refresh_minutes: 10,
        read_at: Some(Timestamp(1)),
    }
}

fn intercom(device: Option<i64>, name: &str, switches: &[(&str, &str)]) -> Intercom {
    let switch = |(name, code): &(&str, &str)| DoorSwitch {
        id: SwitchId(0),
        name: (*name).to_owned(),
        kind: SwitchKind::Door,
        code: code.parse().unwrap(),
    };
    Intercom {
        id: IntercomId(0),
        name: name.to_owned(),
        address: format!("d{}@site.example", device.unwrap_or(3)).parse().unwrap(),
        direct: false,
        device: device.map(DeviceId),
        switches: switches.iter().map(switch).collect(),
    }
}

fn take(store: &Store, intercoms: &[Intercom], known: Known) {
    let (setup, account) = (&setup(ConfigurationMode::Automatic), &account("d7"));
    store.take_configuration(Configuration { setup, account: Some(account), intercoms, known }).unwrap();
}

fn named(store: &Store, name: &str) -> Intercom {
    store.intercoms().unwrap().into_iter().find(|intercom| intercom.name == name).unwrap()
}

#[test]
fn account_intercoms_and_how_far_it_came_are_taken_together() {
    let Fixture { store, .. } = &Fixture::new();
    assert_eq!(store.phone().unwrap(), PhoneSetup::default());
    let settings = Settings { theme: Theme::Dark, account: Some(account("flat12")), ..Settings::default() };
    store.save_settings(&settings).unwrap();
    take(store, &[intercom(Some(3), "Main entrance", &[("Door", "00*")])], Known::Overwrite);
    assert_eq!(store.phone().unwrap(), setup(ConfigurationMode::Automatic));
    let now = store.settings().unwrap();
    assert_eq!(now, Settings { account: Some(account("d7")), ..settings }, "the rest is the resident's");
    assert_eq!(named(store, "Main entrance").device, Some(DeviceId(3)));
}

#[test]
fn an_intercom_keeps_its_id_and_a_switch_of_the_same_name_too() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &[intercom(Some(3), "Gate", &[("Door", "00*"), ("Light", "1#")])], Known::Overwrite);
    let before = named(store, "Gate");
    take(store, &[intercom(Some(3), "Entrance", &[("Light", "2#"), ("Door", "00*")])], Known::Overwrite);
    let after = named(store, "Entrance");
    assert_eq!(after.id, before.id);
    let ids: Vec<_> = after.switches.iter().map(|switch| (switch.id, switch.code.reveal())).collect();
    assert_eq!(ids, [(before.switches[1].id, "2#"), (before.switches[0].id, "00*")]);
}

#[test]
fn what_was_entered_by_hand_stays_and_the_same_address_is_the_same_intercom() {
    let Fixture { store, .. } = &Fixture::new();
    let mine = store.save_intercom(&intercom(None, "My door", &[("Door", "7#")])).unwrap();
    let cellar = Intercom { address: "cellar@192.0.2.7".parse().unwrap(), ..intercom(None, "Cellar", &[]) };
    let cellar = store.save_intercom(&cellar).unwrap();
    take(store, &[intercom(Some(3), "Main entrance", &[("Door", "00*")])], Known::Overwrite);
    assert_eq!(named(store, "Main entrance").id, mine);
    assert_eq!(named(store, "Cellar").id, cellar);
    take(store, &[], Known::Overwrite);
    assert_eq!(store.intercoms().unwrap().len(), 1, "what the building put there goes with it");
}

#[test]
fn in_manual_mode_those_that_are_known_stay_as_they_are() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &[intercom(Some(3), "Gate", &[("Door", "00*")])], Known::Overwrite);
    let renamed = Intercom { name: "My gate".into(), device: None, ..named(store, "Gate") };
    store.save_intercom(&renamed).unwrap();
    take(store, &[intercom(Some(3), "Gate", &[]), intercom(Some(4), "Garage", &[])], Known::Keep);
    let kept = named(store, "My gate");
    assert_eq!((kept.device, kept.switches), (Some(DeviceId(3)), renamed.switches));
    assert_eq!(named(store, "Garage").device, Some(DeviceId(4)));
}

#[test]
fn signing_out_takes_along_what_the_building_gave() {
    let Fixture { store, .. } = &Fixture::new();
    store.save_intercom(&intercom(None, "My door", &[])).unwrap();
    take(store, &[intercom(Some(4), "Garage", &[])], Known::Overwrite);
    store.forget_building().unwrap();
    assert_eq!(store.phone().unwrap(), PhoneSetup::default());
    assert_eq!(store.intercoms().unwrap().len(), 1);
}
